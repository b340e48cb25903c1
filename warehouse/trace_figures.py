"""From a cell of a report to what it counts: the same marts, row by row, filtered as the report sums them; the count must be the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from warehouse.drills import Measure, drill_of
from warehouse.reports import forms, make
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.model import Table
from warehouse.reports.reader import frame
from warehouse.trace import Finder, Row, TraceRefused
from warehouse.trace_units import UNITS


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One cell and what it is made of: `rows` as the unit's query gives them. `counted` is None where the cell is no count."""

    report: str
    table: str
    row: str
    column: str
    value: str
    counted: int | None
    unit: str
    query: str
    rows: list[Row]
    is_equal: bool


def figure(finder: Finder, name: str, key: str, column: str) -> Figure:
    """The cell `report/<name>/<table>`, row `key` (any value that names it), `column`; TraceRefused when there is none."""
    report_name, _, table_name = name.partition("/")
    table = _table(finder, report_name, table_name)
    drill = drill_of(report_name, table_name)
    row = _row(table, key, drill.named)
    if column not in table.rows.columns:
        raise TraceRefused("trace.column", f"report/{name} has no column {column}: {', '.join(map(str, table.rows.columns))}")
    measure = drill.measures(row, column)
    units = drill.belongs(frame(finder.connection, UNITS[drill.unit].query), row)
    rows = (measure or Measure()).rows(units)
    counted, value = measure.count(rows) if measure else None, row[column]
    shown = "–" if pd.isna(value) else str(value)
    return Figure(report=report_name, table=table_name, row=" / ".join(str(row[one]) for one in drill.named if not pd.isna(row[one])), column=column, value=shown,
                  counted=counted, unit=UNITS[drill.unit].title, query=UNITS[drill.unit].mart, is_equal=counted is None or shown == str(counted),
                  rows=rows.astype(object).where(rows.notna(), None).to_dict("records"))  # type: ignore[arg-type]


def _table(finder: Finder, report_name: str, table_name: str) -> Table:
    as_of = finder.rows("SELECT max(as_of) AS as_of FROM quality.version WHERE version <= :at")[0]["as_of"]
    reports = {report.name: report for report in make(finder.connection, version=finder.version, as_of=as_of)}
    if report_name not in reports:
        raise TraceRefused("trace.table", f"no report {report_name}: {', '.join(reports)}")
    tables = {table.name: table for table in reports[report_name].tables}
    if table_name not in tables:
        raise TraceRefused("trace.table", f"report {report_name} has no table {table_name or '…'}: {', '.join(tables)}")
    return tables[table_name]


def _row(table: Table, key: str, named: tuple[str, ...]) -> pd.Series[Any]:
    rows = table.rows.assign(**{one: table.rows[one].astype("string").fillna("") for one in named})
    words = [part.strip() for part in key.split(" / ")]
    fits = [all(word in {*row, *(name for cell in row for name in _line_names(cell))} for word in words) for row in rows[list(named)].itertuples(index=False)]
    found = table.rows[np.array(fits, dtype=bool)]
    if len(found) != 1:
        raise TraceRefused("trace.key", f"{len(found)} rows of the table are named so; a row is named by {' / '.join(named)}")
    return found.iloc[0]


def _line_names(title: str) -> set[str]:
    """What lines of forms with that title are called in their maps: titles are long."""
    return {line.name for form in {one.form for one in DEFINITIONS if one.form} for section in forms.read(form).sections.values() for line in section.rows
            if line.title == title}
