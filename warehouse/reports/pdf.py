"""A report as PDF for reading and filing: cover facts, tables, checks, notes; the same report gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, cast

import typst

from warehouse.reports import workbook
from warehouse.reports.model import Report, Table
from warehouse.reports.page import cell
from warehouse.reports.pictures import svg
from warehouse.reports.plots import Plot, of_report
from warehouse.reports.wording import long_day

TEMPLATE = Path(__file__).with_name("report.typ")
FONT = "Libertinus Serif"
"""Comes with the library; it has ү, ө and һ."""
_FONTS = re.compile(r'font-family="[^"]*"')
MOST_ROWS = 150
"""Rows of one table in print; the XLSX has them all."""
MOST_COLUMNS = 17
"""Columns one sheet of A4 can show; wider tables go on below, their first column repeated."""


def save(report: Report, path: Path) -> Path:
    """Write `report` with its charts and without its restricted tables to `path`."""
    plots = list(of_report(report))
    files = {"main": TEMPLATE.read_bytes(), "data.json": json.dumps(document(report, plots), ensure_ascii=False).encode()}
    files |= {f"{place}.svg": _FONTS.sub(f'font-family="{FONT}"', svg(plot)).encode() for place, (_, plot) in enumerate(plots)}
    made = datetime.combine(report.provenance.as_of, time(), tzinfo=UTC)
    path.write_bytes(typst.compile(cast("Any", files), format="pdf", ignore_system_fonts=True, timestamp=int(made.timestamp())))
    return path


def document(report: Report, plots: Sequence[tuple[str, Plot]]) -> dict[str, Any]:
    """What the template prints: every value already worded, so that the template knows no types."""
    made = report.provenance
    tables = [*report.tables, workbook.checks_table(report), workbook.sources_table(report)]
    return {
        "title": report.title, "form": report.form, "lead": report.lead, "notes": list(report.notes),
        "as_of": long_day(made.as_of), "version": str(made.version),
        "facts": [[str(value) for value in row] for row in workbook.cover(report).rows.itertuples(index=False, name=None)][2:],
        "tables": [piece | {"pictures": [{"file": f"{place}.svg", "title": plot.title, "alt": plot.words()} for place, (shown, plot) in enumerate(plots)
                                         if shown == table.name and not number]}
                   for table in tables for number, piece in enumerate(_pieces(table))]}


def _pieces(table: Table) -> Iterator[dict[str, Any]]:
    """The table cut to the width of a sheet and the length of print, its last row kept when it is the total."""
    rows = table.rows
    shown = rows.head(MOST_ROWS)
    if table.is_total_last and len(rows) > MOST_ROWS:
        shown = shown.iloc[:-1]
    worded = [[str(cell(value, column.kind)) for value, column in zip(row, table.columns, strict=True)] for row in shown.itertuples(index=False, name=None)]
    total = rows.tail(1).itertuples(index=False, name=None) if table.is_total_last and len(rows) > MOST_ROWS else ()
    worded += [[str(cell(value, column.kind)) for value, column in zip(row, table.columns, strict=True)] for row in total]
    note = f"Показаны {len(shown)} строк из {len(rows)}; все – в файле XLSX. " if len(rows) > MOST_ROWS else ""
    places = list(range(1, len(table.columns)))
    step = MOST_COLUMNS - 1
    for start in range(0, max(len(places), 1), step):
        chosen = [0, *places[start:start + step]]
        columns = [table.columns[place] for place in chosen]
        yield {"title": table.title if not start else f"{table.title} (продолжение)", "note": note + table.note if not start else "",
               "columns": [{"title": column.title, "width": column.width, "is_text": column.kind == "text"} for column in columns],
               "rows": [[row[place] for place in chosen] for row in worded], "is_total_last": table.is_total_last and bool(worded)}
