"""Reads the chains of the trail: their heads for anchors, their lines for export, the latest lines for the auditor's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from warehouse import bulk
from warehouse.engine import engine, without_values

CHAINS = {"access": "access_id", "receipt": "receipt_id"}
_HEAD = """
    SELECT chain.chain_id, chain.row_hash AS genesis, coalesce(entry.access_id, chain.sealed_number) AS entries,
        coalesce(entry.row_hash, chain.row_hash) AS entries_hash,
        coalesce(came.receipt_id, 0) AS deliveries, coalesce(came.row_hash, chain.row_hash) AS deliveries_hash, (SELECT version FROM core.published_version)
    FROM audit.chain AS chain
    LEFT JOIN LATERAL (SELECT access_id, row_hash FROM audit.access WHERE access_id > chain.sealed_number ORDER BY access_id DESC LIMIT 1) AS entry ON true
    LEFT JOIN LATERAL (SELECT receipt_id, row_hash FROM audit.receipt ORDER BY receipt_id DESC LIMIT 1) AS came ON true
"""
_LINES = "SELECT left(audit.canonical(line), -1) || ',\"hash\":\"' || row_hash || '\"}}' FROM audit.{table} AS line WHERE {which} ORDER BY {order}"
_RAW = "COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"
"""A canonical line has no control characters, so nothing is quoted."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where both chains stand: numbers and hashes of their last lines (those of the first line of all when there is none), and what is published."""

    chain_id: str
    genesis: str
    entries: int
    entries_hash: str
    deliveries: int
    deliveries_hash: str
    version: int


def head() -> Head:
    """Where the chains stand now."""
    with without_values(), engine("auditor").connect() as connection:
        return Head(**dict(connection.execute(text(_HEAD)).mappings().one()))


def hash_at(table: str, number: int) -> str | None:
    """The hash of one line of a chain of `CHAINS` (of its first line of all before the first); None where there is no such line."""
    before = "sealed_number" if table == "access" else "0"
    with without_values(), engine("auditor").connect() as connection:
        found = connection.execute(text(f"SELECT row_hash FROM audit.chain WHERE :number = {before} UNION ALL SELECT line.row_hash FROM audit.{table} AS line, "  # noqa: S608
                                        f"audit.chain WHERE {CHAINS[table]} = :number AND :number > {before}"), {"number": number}).scalar()
        return None if found is None else str(found)


def export(folder: Path, *, entries: int, deliveries: int) -> None:
    """Write trail.ndjson and ledger.ndjson up to these numbers, as they are sealed; in bounded memory."""
    numbers = f"access_id > (SELECT sealed_number FROM audit.chain) AND access_id <= {entries}"  # noqa: S608
    first = _LINES.format(table="chain", which="true", order="1")
    with (folder / "trail.ndjson").open("wb") as file:
        for query in (first, _LINES.format(table="access", which=numbers, order="access_id")):
            _copy(query, file)
    with (folder / "ledger.ndjson").open("wb") as file:
        _copy(_LINES.format(table="receipt", which=f"receipt_id <= {deliveries}", order="receipt_id"), file)


def misfits() -> list[str]:
    """Deliveries whose row in the ledger is gone or says otherwise than when it came."""
    with without_values(), engine("auditor").connect() as connection:
        return list(connection.execute(text(
            "SELECT CAST(delivery_id AS text) FROM audit.receipt AS came "
            "FULL JOIN (SELECT * FROM quality.delivery WHERE replay_of IS NULL) AS row USING (delivery_id) "
            "WHERE (came.source, came.sha256, came.size_bytes, came.received_at) IS DISTINCT FROM (row.source, row.sha256, row.size_bytes, row.received_at) "
            "ORDER BY delivery_id")).scalars())


def latest(count: int, action: str | None = None, person: str | None = None) -> list[dict[str, Any]]:
    """The latest lines, newest first, of one action or person when named."""
    with without_values(), engine("auditor").connect() as connection:
        rows = connection.execute(text(
            "SELECT access_id, at, role, person_in_charge, action, subject_named, pupil_id, purpose, ground FROM audit.access "
            "WHERE (CAST(:action AS text) IS NULL OR action = :action) AND (CAST(:person AS text) IS NULL OR person_in_charge = :person) "
            "ORDER BY access_id DESC LIMIT :count"), {"action": action, "person": person, "count": count})
        return [dict(row) for row in rows.mappings()]


def _copy(query: str, file: Any) -> None:
    with without_values(), engine("auditor").connect() as connection, bulk.raw_cursor(connection) as cursor:
        cursor.copy_expert(_RAW.format(query=query), file, 1 << 20)
