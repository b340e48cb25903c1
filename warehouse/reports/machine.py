"""A report as JSON for machines: the same figures, columns named in English, dates in ISO form."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.reports.model import Report, Table
from warehouse.reports.workbook import sources_table


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):
        return pd.Timestamp(value).date().isoformat()
    return value.item() if hasattr(value, "item") else value


def _table(table: Table) -> dict[str, Any]:
    return {"name": table.name, "title": table.title, "note": table.note, "columns": [asdict(column) for column in table.columns],
            "rows": [[_value(value) for value in row] for row in table.rows.itertuples(index=False, name=None)]}


def save(report: Report, path: Path) -> Path:
    """Write `report` without its restricted tables to `path`."""
    made = report.provenance
    document = {
        "report": report.name, "title": report.title, "form": report.form, "lead": report.lead,
        "version": made.version, "as_of": made.as_of.isoformat(), "form_map": made.form_map, "code_lists": made.code_lists,
        "record_count": made.record_count, "review_count": made.review_count, "unresolved_share": round(made.unresolved_share, 6),
        "sources": _table(sources_table(report))["rows"],
        "checks": [asdict(check) | {"outcome": check.outcome} for check in report.checks],
        "notes": list(report.notes), "tables": [_table(table) for table in report.tables],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
