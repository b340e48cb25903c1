"""Control equalities of the state forms: declared in `schemas/forms/*.yaml`, their two sides read out of a built report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from schemas.errors import ConfigurationError
from warehouse.reports.model import Report, Table


@dataclass(frozen=True, kw_only=True)
class Equality:
    """One rule over one form: a cell and the cells that must add up to it, or two figures the report counts for a check."""

    id: str
    version: int
    severity: Literal["block", "warn"]
    """block: the version is not published · warn: it is published and the result shown."""
    title: str
    advice: str
    ground: str
    section: str = ""
    left: str = ""
    right: tuple[str, ...] = ()
    check: str = ""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The two sides of one equality in one table; a side that the sources say nothing of is missing."""

    equality: Equality
    table: str
    left: int | None
    right: int | None


Lines = dict[str, tuple[dict[str, str], frozenset[str]]]
"""Section → (row title → row name, column names); a section without columns takes those of its table."""


def read(form: str, raw: list[dict[str, Any]], lines: Lines) -> tuple[Equality, ...]:
    """The equalities of one form; ConfigurationError names the rule that is written wrongly, or names a section, row or column that is not there."""
    made = [_equality(form, one) for one in raw]
    ids = [one.id for one in made]
    for equality in made:
        if ids.count(equality.id) > 1:
            raise ConfigurationError("form.equality", f"{form}: {equality.id} is written twice")
        _check_places(form, equality, lines)
    return tuple(made)


def _equality(form: str, raw: dict[str, Any]) -> Equality:
    try:
        made = Equality(**raw | {"right": tuple(raw.get("right", ()))})
    except TypeError as error:
        name = raw.get("id", "without id") if isinstance(raw, dict) else "not a mapping"
        raise ConfigurationError("form.equality", f"{form}: equality {name}: {str(error).removeprefix('Equality.__init__() ')}") from None
    if made.severity not in ("block", "warn"):
        raise ConfigurationError("form.equality", f"{form}: {made.id}: severity is block or warn")
    if not isinstance(made.version, int) or bool(made.check) == bool(made.section and made.left and made.right):
        raise ConfigurationError("form.equality", f"{form}: {made.id}: it has a whole number as version, and either a check or section, left and right")
    return made


def _check_places(form: str, equality: Equality, lines: Lines) -> None:
    if equality.check:
        return
    if equality.section not in lines:
        raise ConfigurationError("form.section_unknown", f"{form}: {equality.id}: there is no section {equality.section}")
    rows, columns = lines[equality.section]
    for cell in (equality.left, *equality.right):
        row, dot, column = cell.partition(".")
        if not dot or not any(fnmatchcase(name, row) for name in rows.values()):
            raise ConfigurationError("form.row_unknown", f"{form}: {equality.id}: {cell} names no row of section {equality.section}")
        if columns and not any(fnmatchcase(name, column) for name in columns):
            raise ConfigurationError("form.column_unknown", f"{form}: {equality.id}: {cell} names no column of section {equality.section}")


def sides(report: Report, equalities: tuple[Equality, ...], lines: Lines) -> Iterator[Sides]:
    """Both sides of each equality in each table of its section."""
    checks = {check.name: check for check in report.checks}
    for equality in equalities:
        if not equality.check:
            yield from (_of_table(table, equality, lines[equality.section][0]) for table in report.tables if table.name.startswith(equality.section))
        elif equality.check in checks:
            yield Sides(equality=equality, table="", left=checks[equality.check].left, right=checks[equality.check].right)
        else:
            raise ConfigurationError("form.check_unknown", f"{equality.id}: report {report.name} has no check {equality.check}; it has {', '.join(checks)}")


def _of_table(table: Table, equality: Equality, names: dict[str, str]) -> Sides:
    cells = _cells(table, names)
    left = [place for place in cells if _is_at(place, equality.left)]
    right = [place for pattern in equality.right for place in cells if _is_at(place, pattern) and place not in left]
    return Sides(equality=equality, table=table.name, left=_sum([cells[place] for place in left]), right=_sum([cells[place] for place in right]))


def _cells(table: Table, names: dict[str, str]) -> dict[tuple[str, str], int | None]:
    """Figures by (row name, column name); rows are known by their titles."""
    titles = table.rows["title"] if "title" in table.rows else table.rows.iloc[:, 0]
    figures = [column.name for column in table.columns if column.kind == "integer"]
    return {(names[title], column): int(value) if isinstance(value, int) or hasattr(value, "item") else None
            for column in figures for title, value in zip(titles, table.rows[column], strict=True) if title in names}


def _is_at(place: tuple[str, str], pattern: str) -> bool:
    row, _, column = pattern.partition(".")
    return fnmatchcase(place[0], row) and fnmatchcase(place[1], column)


def _sum(cells: list[int | None]) -> int | None:
    known = [cell for cell in cells if cell is not None]
    return sum(known) if len(known) == len(cells) and cells else None
