"""A report as JSON for machines: the same figures, columns named in English, dates in ISO form."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.workbook import sources_table


def _table(table: Table) -> dict[str, Any]:
    return {"name": table.name, "sheet": table.sheet, "title": table.title, "note": table.note, "is_filtered": table.is_filtered,
            "is_total_last": table.is_total_last, "columns": [asdict(column) for column in table.columns], "rows": _rows(table)}


def _rows(table: Table) -> list[list[Any]]:
    """Rows as JSON knows them, column by column: a missing value is null, a date its ISO form."""
    plain = {}
    for column in table.columns:
        values = table.rows[column.name].astype(object)
        plain[column.name] = (values.map(_iso) if column.kind == "date" else values).where(values.notna(), None)
    rows: list[list[Any]] = pd.DataFrame(plain, dtype="object").to_numpy().tolist()
    return rows


def _iso(value: Any) -> Any:
    return pd.Timestamp(value).date().isoformat() if isinstance(value, date) else value


def save(report: Report, path: Path) -> Path:
    """Write `report` without its restricted tables to `path`: a name and its value a line, the tables one after another, so that only one is in memory."""
    made = report.provenance
    document = {
        "as_of": made.as_of, "charts": [asdict(chart) for chart in report.charts],
        "checks": [asdict(check) | {"outcome": check.outcome} for check in report.checks], "code_lists": made.code_lists,
        "filters": [list(one) for one in report.filters], "form": report.form, "form_map": made.form_map, "lead": report.lead, "notes": list(report.notes),
        "record_count": made.record_count, "report": report.name, "review_count": made.review_count, "sources": _rows(sources_table(report)),
        "title": report.title, "unresolved_share": round(made.unresolved_share, 6), "version": made.version}
    with path.open("wb") as file:
        for name, value in document.items():
            file.write((b",\n" if file.tell() else b"{") + _json(name) + b": " + _json(value))
        file.write(b',\n"tables": [')
        for number, table in enumerate(report.tables):
            file.write((b",\n" if number else b"\n") + _json(_table(table)))
        file.write(b"]}\n")
    return path


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS)


def read(path: Path) -> Report:
    """The report that `save` wrote, without its restricted tables: all its other shapes come out byte for byte the same."""
    raw = orjson.loads(path.read_bytes())
    sources = pd.DataFrame(raw["sources"], columns=["title", "delivery_count", "latest_delivery"]).astype(object)
    sources["latest_delivery"] = sources["latest_delivery"].map(_day)
    made = Provenance(version=raw["version"], as_of=date.fromisoformat(raw["as_of"]), sources=sources, record_count=raw["record_count"],
                      review_count=raw["review_count"], code_lists=raw["code_lists"], form_map=raw["form_map"])
    return Report(
        name=raw["report"], title=raw["title"], form=raw["form"], lead=raw["lead"], notes=tuple(raw["notes"]), provenance=made,
        tables=tuple(_read_table(table) for table in raw["tables"]), filters=tuple((name, value) for name, value in raw["filters"]),
        checks=tuple(Check(**{name: value for name, value in check.items() if name != "outcome"}) for check in raw["checks"]),
        charts=tuple(Chart(**chart | {"series": tuple(chart["series"])}) for chart in raw["charts"]))


def _read_table(raw: dict[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in raw["columns"])
    rows = pd.DataFrame(raw["rows"], columns=[column.name for column in columns], dtype="object")
    for column in columns:
        if column.kind == "date":
            rows[column.name] = rows[column.name].map(_day)
    return Table(name=raw["name"], sheet=raw["sheet"], title=raw["title"], note=raw["note"], columns=columns, rows=rows, is_filtered=raw["is_filtered"],
                 is_total_last=raw["is_total_last"])


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 and value[4] == "-" else value
