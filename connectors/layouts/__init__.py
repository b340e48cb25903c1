"""Layouts of files: declarations in `*.yaml` beside this module, found by the header a file has; a new school needs no code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

import yaml

from connectors.tables_reader import Encoding, Lines
from schemas.errors import ConfigurationError, ContractBroken

FOLDER = Path(__file__).parent
HEADER_WITHIN = 10
"""Lines from the top among which a header is looked for."""

PLACES = 20
"""Unknown columns told at most."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One kind of file: where its header is and which raw column each of its columns is."""

    name: str
    table: Literal["organisations", "archive", "contingent", "marks", "finals"]
    encoding: Encoding
    columns: dict[str, str]
    """Header → raw column name."""
    header_line: int = 1
    date_form: str = "%d.%m.%Y"
    """strptime form of the dates, or `iso`."""
    snils_form: Literal["text", "number"] = "text"
    """`number`: a numeric cell that lost its leading zeros."""
    programme: str | None = None
    """Programme of all rows, where no class tells it."""
    ignored: tuple[str, ...] = field(default=())
    """Columns known and not wanted."""

    @property
    def header(self) -> frozenset[str]:
        return frozenset((*self.columns, *self.ignored))


@cache
def layouts() -> tuple[Layout, ...]:
    """All declared layouts; ConfigurationError if two have the same header and encoding."""
    found: dict[tuple[frozenset[str], str], Layout] = {}
    for layout in _declared():
        if found.setdefault((layout.header, layout.encoding), layout) is not layout:
            raise ConfigurationError("layout.ambiguous", f"{layout.name} has the header of {found[layout.header, layout.encoding].name}")
    return tuple(found.values())


def recognise(table: Lines, wanted: tuple[str, ...]) -> tuple[Layout, list[str]]:
    """The layout of a file and its header as ordered in it; `table.lines` then stands at the first row.

    `wanted` names the tables that are expected here. ContractBroken `table.columns` (ours named, others by their place),
    `table.header_place`, `table.encoding`, `table.merged_cells`.
    """
    top = [[cell.strip() for cell in line] for line in islice(table.lines, 1)]
    known = [layout for layout in layouts() if layout.table in wanted]
    for line in range(1, HEADER_WITHIN + 1):
        if not top:
            break
        header = _trimmed(top[-1])
        same = [layout for layout in known if frozenset(header) == layout.header and len(header) == len(layout.header)]
        if same:
            return _agreed(same, line, table), top[-1]
        top.extend([cell.strip() for cell in row] for row in islice(table.lines, 1))
        if len(top) == line:
            break
    raise _nearest(top, known)


def _agreed(same: list[Layout], line: int, table: Lines) -> Layout:
    placed = [layout for layout in same if layout.header_line == line]
    if not placed:
        raise ContractBroken("table.header_place", f"the header stands in line {line}, not {same[0].header_line}: a second header row?")
    fitting = [layout for layout in placed if layout.encoding.removesuffix("-sig") == table.encoding.removesuffix("-sig")]
    if not fitting:
        raise ContractBroken("table.encoding", f"{placed[0].name} is agreed in {placed[0].encoding}, the file is in {table.encoding}")
    if any(row >= line for row in table.merged_rows):
        raise ContractBroken("table.merged_cells", "cells of the header or of rows are merged")
    return fitting[0]


def _nearest(top: list[list[str]], known: list[Layout]) -> ContractBroken:
    pairs = [(len(layout.header & set(line)), line, layout) for line in top for layout in known]
    common, line, layout = max(pairs, key=lambda pair: (pair[0], -len(pair[2].header)), default=(0, [], None))
    if layout is None or common < 2:
        return ContractBroken("table.columns", "no header of a known layout in the first lines")
    return ContractBroken("table.columns", "; ".join([f"nearest layout {layout.name}", *_differences(layout, line)]))


def _differences(layout: Layout, line: list[str]) -> list[str]:
    """What is wrong with a header: our own columns by name, any other by its place only, for it may be a pupil's value."""
    missing = sorted(layout.header - set(line))
    unknown = [str(place) for place, cell in enumerate(_trimmed(line), 1) if cell not in layout.header]
    twice = sorted(cell for cell in layout.header if line.count(cell) > 1)
    more = f" and {len(unknown) - PLACES} more" if len(unknown) > PLACES else ""
    told = ((missing, f"missing: {', '.join(missing)}"),
            (unknown, f"unknown at column{'s' * (len(unknown) > 1)} {', '.join(unknown[:PLACES])}{more}"),
            (twice, f"twice: {', '.join(twice)}"))
    return [said for found, said in told if found]


def _trimmed(line: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    filled = [index for index, cell in enumerate(line) if cell]
    return line[: filled[-1] + 1] if filled else []


def _declared() -> Iterator[Layout]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for declaration in yaml.safe_load(path.read_text("utf-8"))["files"]:
            ignored = tuple(declaration.pop("ignored", ()))
            yield Layout(**declaration, ignored=ignored)
