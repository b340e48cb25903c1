"""What published cells count: each is a sum of atoms, the finest cells of its cube, which nobody may have published."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from schemas.publication import check_chain
from warehouse.disclosure.cells import TOTAL, Axis, Bounds, Shown, Universe


@dataclass(frozen=True, kw_only=True)
class Row:
    """One cell: its table (empty for an atom that no table shows), and its values."""

    table: str
    values: tuple[str, ...]

    @property
    def totals(self) -> int:
        """In how many dimensions the cell is a total."""
        return self.values.count(TOTAL)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Cells (rows) over atoms (columns) of one universe in several releases, and what the margins that cubes share say.

    Values of a dimension are those of any release: where one has not got a value, its count there was zero.
    """

    axes: dict[str, tuple[Axis, ...]]
    """Axes of each table."""
    cells: sparse.csr_matrix
    links: sparse.csr_matrix
    rows: tuple[Row, ...]
    shown: int
    """Rows below are cells of tables; the others are atoms that nobody shows."""
    slices: dict[str, slice]

    def bounds(self, universe: Universe | None) -> tuple[Bounds, Bounds]:
        """What a release says of each row: nothing where it has not got the table."""
        lower, upper = np.zeros(len(self.rows)), np.full(len(self.rows), math.inf)
        for table in universe.tables if universe else ():
            lower[self.slices[table.name]] = _spread(table, self.axes[table.name], table.lower)
            upper[self.slices[table.name]] = _spread(table, self.axes[table.name], table.upper)
        return lower, upper


def layout(universes: Sequence[Universe]) -> Layout:
    """The layout that fits every release of one universe."""
    values = _values(universes)
    tables = {table.name: table for universe in universes for table in universe.tables}
    cubes: dict[str, tuple[str, ...]] = {}
    for table in tables.values():
        cubes[table.cube] = tuple(dict.fromkeys((*cubes.get(table.cube, ()), *(name for name, _ in table.axes))))
    check_chain(universes[0].name, [set(names) for names in cubes.values()])
    blocks, rows, slices = [], list[Row](), dict[str, slice]()
    for table in tables.values():
        kept = tuple(name for name, _ in table.axes)
        blocks.append(_wide(cubes, table.cube, _sums(cubes[table.cube], kept, values, with_totals=True, order=kept), values))
        slices[table.name] = slice(len(rows), len(rows) + blocks[-1].shape[0])
        rows += [Row(table=table.name, values=one) for one in _product([(*values[name], TOTAL) for name in kept])]
    shown = len(rows)
    for cube, names in cubes.items():
        if not any(table.cube == cube and len(table.axes) == len(names) for table in tables.values()):
            blocks.append(_wide(cubes, cube, sparse.identity(_size(names, values), format="csr"), values))
            rows += [Row(table="", values=one) for one in _product([values[name] for name in names])]
    return Layout(axes={name: tuple((one, values[one]) for one, _ in table.axes) for name, table in tables.items()}, cells=sparse.vstack(blocks, format="csr"),
                  links=_links(cubes, values), rows=tuple(rows), shown=shown, slices=slices)


def _values(universes: Iterable[Universe]) -> dict[str, tuple[str, ...]]:
    """The values of each dimension, in the order of the latest release, what older ones had behind."""
    found: dict[str, dict[str, None]] = {}
    for universe in reversed(list(universes)):
        for table in universe.tables:
            for name, values in table.axes:
                found.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in found.items()}


def _size(names: tuple[str, ...], values: dict[str, tuple[str, ...]]) -> int:
    return math.prod(len(values[name]) for name in names)


def _product(parts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return reduce(lambda done, part: [(*one, value) for one in done for value in part], parts, [()])


def _sums(names: tuple[str, ...], kept: tuple[str, ...], values: dict[str, tuple[str, ...]], *, with_totals: bool, order: tuple[str, ...]) -> sparse.csr_matrix:
    """Cells over `kept` (in that `order`) by atoms over `names`."""
    made = sparse.csr_matrix(np.ones((1, 1)))
    for name in names:
        size = len(values[name])
        total = np.ones((1, size))
        part = (np.vstack([np.eye(size), total]) if with_totals else np.eye(size)) if name in kept else total
        made = sparse.kron(made, sparse.csr_matrix(part), format="csr")
    lengths = [len(values[name]) + with_totals for name in names if name in kept]
    left = [name for name in names if name in kept]
    places = np.arange(math.prod(lengths)).reshape(lengths or (1,))
    return made[np.transpose(places, [left.index(name) for name in order]).ravel()] if left else made


def _wide(cubes: dict[str, tuple[str, ...]], cube: str, block: sparse.csr_matrix, values: dict[str, tuple[str, ...]]) -> sparse.csr_matrix:
    """The block over the atoms of all cubes."""
    return sparse.hstack([block if name == cube else sparse.csr_matrix((block.shape[0], _size(names, values))) for name, names in cubes.items()], format="csr")


def _links(cubes: dict[str, tuple[str, ...]], values: dict[str, tuple[str, ...]]) -> sparse.csr_matrix:
    """Rows that are zero when every cube has the same margins as the first before it with which it shares most."""
    names = list(cubes)
    parts = [sparse.csr_matrix((0, sum(_size(one, values) for one in cubes.values())))]
    for place, cube in enumerate(names[1:], 1):
        other = max(names[:place], key=lambda one: len(set(cubes[one]) & set(cubes[cube])))
        shared = tuple(name for name in cubes[cube] if name in cubes[other])
        ours, theirs = (_wide(cubes, one, _sums(cubes[one], shared, values, with_totals=False, order=shared), values) for one in (cube, other))
        parts.append(ours - theirs)
    return sparse.vstack(parts, format="csr")


def _spread(table: Shown, axes: tuple[Axis, ...], bounds: Bounds) -> Bounds:
    """The bounds over the values of all releases: zero where this one has not got a value."""
    places = [[*(ours.index(value) for value in theirs), len(ours)] for (_, theirs), (_, ours) in zip(table.axes, axes, strict=True)]
    wide = np.zeros([len(ours) + 1 for _, ours in axes])
    wide[np.ix_(*places)] = bounds
    return wide.ravel()
