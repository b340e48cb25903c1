"""The rows that every report has for one municipality or one organisation, found by the names of columns; lists of children are counted, not shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from warehouse.reports import pictures, plots
from warehouse.reports.model import Column, Report, Table
from warehouse.reports.page import cell
from warehouse.reports.wording import MISSING

MOST_ROWS = 40
"""Rows of one table on such a page; the report has them all."""
_OWN = {"municipality": {"municipality"}, "organisation_key": {"municipality", "organisation_name", "organisation_key"}}
"""What a page says in its heading, and so not in each row."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What one table of a report says of one place: facts when it is one row, otherwise rows."""

    table: Table
    """Only the rows of this place, without the columns that name it."""
    count: int
    """Rows there are; the table holds at most MOST_ROWS."""
    facts: tuple[tuple[str, str, str], ...] = ()
    """(title, here, in the whole republic) of a single row."""
    pictures: tuple[pictures.Picture, ...] = ()


@dataclass(kw_only=True)
class Part:
    """One report on the page of a place."""

    name: str
    title: str
    pieces: list[Piece] = field(default_factory=list)
    listed: list[tuple[str, str, int]] = field(default_factory=list)
    """(title, name of the table, rows) of lists of children that the report has for this place."""


Found = Mapping[str, list[Part]]


def by_place(reports: Iterable[Report], key: str) -> Found:
    """For each value of the column `key` (`municipality` or `organisation_key`) what each report has on it, in the order of the reports."""
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for report in reports:
        parts: dict[str, Part] = {}
        for table in report.tables:
            names = {column.name for column in table.columns}
            if key not in names or (key == "municipality" and "organisation_key" in names):
                continue
            for place, rows in _rows(table, key):
                part = parts.setdefault(place, Part(name=report.name, title=report.title))
                if any(name.endswith("pupil_id") for name in names):
                    part.listed.append((table.title, table.name, len(rows)))
                else:
                    part.pieces.append(_piece(report, table, rows, key))
        for place, part in parts.items():
            found[place].append(part)
    return found


def _rows(table: Table, key: str) -> Iterable[tuple[str, pd.DataFrame]]:
    body = table.rows.iloc[:-1] if table.is_total_last else table.rows
    return ((str(place), rows) for place, rows in body.groupby(key, sort=False) if isinstance(place, str)) if len(body) else ()


def _piece(report: Report, table: Table, rows: pd.DataFrame, key: str) -> Piece:
    columns = tuple(column for column in table.columns if column.name not in _OWN[key])
    shown = replace(table, columns=columns, rows=rows[[column.name for column in columns]].head(MOST_ROWS), is_total_last=False, is_filtered=False, note="")
    if len(rows) == 1:
        whole = table.rows.iloc[-1] if table.is_total_last else None
        return Piece(table=shown, count=1, facts=tuple(_fact(column, rows.iloc[0], whole, key) for column in columns))
    return Piece(table=shown, count=len(rows), pictures=tuple(_drawn(report, shown)))


def _fact(column: Column, row: Any, whole: Any, key: str) -> tuple[str, str, str]:
    """An organisation is set against the republic by shares alone: its counts say nothing there."""
    is_told = whole is not None and column.kind != "text" and (key == "municipality" or column.kind == "share")
    return column.title, str(cell(row[column.name], column.kind)), str(cell(whole[column.name], column.kind)) if is_told else ""


def _drawn(report: Report, table: Table) -> Iterable[pictures.Picture]:
    """The report's own charts of this table, of the rows of this place."""
    names = {column.name for column in table.columns}
    for chart in report.charts:
        if chart.table == table.name and chart.x in names and len(table.rows) > 1:
            plot = plots.read(chart, table)
            if any(value for one in plot.series for value in one.values):
                yield replace(pictures.picture(plot), data="")


def has_whole(piece: Piece) -> bool:
    """Whether some fact is set against the republic."""
    return any(whole not in ("", MISSING) for _, _, whole in piece.facts)
