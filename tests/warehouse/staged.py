"""Draws staged deliveries: the folder that `transforms.stage` would write."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import STAGING

ARROW = {"text": pa.string(), "integer": pa.int64(), "decimal": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
REFUSED = pa.schema([("entity", pa.string()), ("position", pa.string()), ("source_key", pa.string()), ("rule", pa.string()), ("rule_version", pa.int64())])
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A delivery as the landing names it; `minute` orders them."""

    source: str = "journal_file"
    origin: str = "school"
    minute: int = 0
    sha256: str = field(default_factory=lambda: uuid.uuid4().hex * 2)
    delivery_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    media: str = "csv"
    size_bytes: int = 1
    as_of: str = "2025-10-24"

    @property
    def received_at(self) -> str:
        return f"2025-10-24T{self.minute // 60:02}:{self.minute % 60:02}:00+08:00"


def person(key: str, sequence: int = 0, **values: Any) -> Row:
    return _row("person", key, sequence, {"record_status": "active"} | values)


def mark(key: str, person_key: str, sequence: int = 0, **values: Any) -> Row:
    return _row("mark", key, sequence, {"person_key": person_key, "organisation_key": "1020300000001", "subject_raw": "Алгебра",
                                        "lesson_date": date(2025, 10, 1), "is_debt": False, "mark_value": 5} | values)


def write(folder: Path, rows: dict[str, list[Row]], *, refused: list[Row] | None = None, scopes: list[Row] | None = None) -> Path:
    """The folder of one delivery."""
    folder.mkdir(parents=True)
    for entity, lines in rows.items():
        pq.write_table(pa.Table.from_pylist(lines, _schema(entity)), folder / f"{entity}.parquet")
    refused = refused or []
    pq.write_table(pa.Table.from_pylist(refused, REFUSED), folder / "refused.parquet")
    (folder / "scopes.json").write_text(json.dumps(scopes or []), "utf-8")
    received = {entity: len(rows.get(entity, [])) + sum(one["entity"] == entity for one in refused)
                for entity in {*rows, *(one["entity"] for one in refused)}}
    counts = {entity: {"received": count, "refused": sum(one["entity"] == entity for one in refused)} for entity, count in received.items()}
    (folder / "counts.json").write_text(json.dumps(counts), "utf-8")
    return folder


def _row(entity: str, key: str, sequence: int, values: Row) -> Row:
    content = json.dumps(values, sort_keys=True, default=str)
    record_hash = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    return {"source_key": key, "sequence": sequence, "record_hash": record_hash, "position": f"row {key}"} | values


def _schema(entity: str) -> pa.Schema:
    return pa.schema([(column, ARROW[STAGING[entity].field(column).type]) for column in STAGING[entity].columns])
