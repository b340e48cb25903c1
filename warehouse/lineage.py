"""What lineage events tell of a step: files, rows by entity, what the gates said; counts and keys only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from warehouse.engine import engine, without_values

Row = dict[str, Any]


def files(delivery_ids: Sequence[str]) -> list[Row]:
    """source, sha256, size_bytes of deliveries, each file once."""
    return _rows("SELECT DISTINCT source, sha256, size_bytes FROM quality.delivery WHERE delivery_id = ANY(CAST(:ids AS uuid[])) ORDER BY source, sha256",
                 ids=list(delivery_ids))


def loaded(delivery_ids: Sequence[str]) -> dict[str, int]:
    """Rows written by entity."""
    rows = _rows("SELECT entity, sum(loaded) AS loaded FROM quality.delivery_entity WHERE delivery_id = ANY(CAST(:ids AS uuid[])) GROUP BY entity",
                 ids=list(delivery_ids))
    return {str(row["entity"]): int(row["loaded"]) for row in rows}


def assertions(subject: str, since: datetime) -> list[Row]:
    """expectation, column_name, success, subject_checked of what the gates said of a source (or `version`) since then."""
    return _rows("SELECT DISTINCT expectation, column_name, success, subject_checked FROM quality.validation_result "
                 "WHERE at >= :since AND split_part(translate(subject_checked, ' ', '/'), '/', 1) = :subject ORDER BY subject_checked, expectation LIMIT 1000",
                 since=since, subject=subject)


def _rows(query: str, **values: Any) -> list[Row]:
    with without_values(), engine().connect() as connection:
        return [dict(row) for row in connection.execute(text(query), values).mappings()]
