"""A report as JSON for machines: the same figures, columns named in English, dates in ISO form."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.workbook import sources_table


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):
        return pd.Timestamp(value).date().isoformat()
    return value.item() if hasattr(value, "item") else value


def _table(table: Table) -> dict[str, Any]:
    return {"name": table.name, "sheet": table.sheet, "title": table.title, "note": table.note, "is_filtered": table.is_filtered,
            "is_total_last": table.is_total_last, "columns": [asdict(column) for column in table.columns],
            "rows": [[_value(value) for value in row] for row in table.rows.itertuples(index=False, name=None)]}


def save(report: Report, path: Path) -> Path:
    """Write `report` without its restricted tables to `path`."""
    made = report.provenance
    document = {
        "report": report.name, "title": report.title, "form": report.form, "lead": report.lead,
        "version": made.version, "as_of": made.as_of.isoformat(), "form_map": made.form_map, "code_lists": made.code_lists,
        "record_count": made.record_count, "review_count": made.review_count, "unresolved_share": round(made.unresolved_share, 6),
        "sources": _table(sources_table(report))["rows"], "filters": [list(one) for one in report.filters],
        "checks": [asdict(check) | {"outcome": check.outcome} for check in report.checks],
        "notes": list(report.notes), "tables": [_table(table) for table in report.tables], "charts": [asdict(chart) for chart in report.charts],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Report:
    """The report that `save` wrote, without its restricted tables: all its other shapes come out byte for byte the same."""
    raw = json.loads(path.read_text(encoding="utf-8"))
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
