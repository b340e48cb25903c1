"""Refusals that stand, and the second life of a record: what a replay takes up, and the ledger row it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from warehouse import bulk
from warehouse.engine import engine, without_values

TAKEN: bulk.Columns = {"entity": "text", "position": "text"}
_OPEN = r"""
    FROM quality.refused_record AS refused JOIN quality.delivery AS life USING (delivery_id)
    JOIN quality.delivery AS original ON original.delivery_id = coalesce(life.replay_of, life.delivery_id)
    LEFT JOIN (SELECT source, max(received_at) AS at FROM quality.delivery WHERE state = 'loaded' GROUP BY source) AS latest ON latest.source = original.source
    LEFT JOIN (SELECT source, left(origin, 13) AS sender, max(received_at) AS at FROM quality.delivery
        WHERE state = 'loaded' AND delivery_id IN (SELECT delivery_id FROM quality.swapped_key) GROUP BY 1, 2) AS doubted
        ON doubted.source = original.source AND doubted.sender = left(original.origin, 13) AND doubted.at > original.received_at
    WHERE refused.replayed_by IS NULL AND refused.position IS NOT NULL AND life.state = 'loaded'
      AND (CAST(:source AS text) IS NULL OR original.source = :source) AND (CAST(:rule AS text) IS NULL OR refused.rule = :rule)
      AND (CAST(:delivery_id AS text) IS NULL OR CAST(original.delivery_id AS text) = :delivery_id)
      AND (NOT :dependents OR refused.rule LIKE '%.person\_unknown')
      AND (CAST(:sender AS text) IS NULL OR original.origin !~ '^\d{13}(/|$)' OR left(original.origin, 13) = :sender)
      AND NOT EXISTS (SELECT FROM quality.delivery_event AS gone WHERE gone.delivery_id = original.delivery_id AND gone.held_code = 'retention.removed')
      AND doubted.source IS NULL AND (refused.entity <> 'organisation' OR original.received_at = latest.at)
"""
"""Not taken up: rows whose bytes went when their time was over (a later row of the same key stands), rows of an earlier register (the later one is the whole
of it), and rows whose keys may since have been given to other children."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of the refusals that stand; what is None does not narrow. `dependents`: only facts whose person was not known."""

    source: str | None = None
    rule: str | None = None
    delivery_id: str | None = None
    sender: str | None = None
    """ОГРН: of this organisation, or of senders that are none."""
    dependents: bool = False


def originals(wanted: Wanted) -> list[str]:
    """Deliveries that refusals of `wanted` stand against, in order of receipt."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text(f"SELECT CAST(original.delivery_id AS text), original.received_at {_OPEN} GROUP BY 1, 2 ORDER BY 2, 1"), asdict(wanted))
        return [str(row[0]) for row in rows]


def standing(delivery_id: str, wanted: Wanted) -> pa.Table:
    """entity, position, rule of the refusals of `wanted` that stand against one delivery."""
    with without_values(), engine().begin() as connection:
        connection.execute(text(f"CREATE TEMPORARY TABLE standing ON COMMIT DROP AS SELECT refused.entity, position, rule {_OPEN} "
                                "AND CAST(original.delivery_id AS text) = :one"), asdict(wanted) | {"one": delivery_id})
        return bulk.read(connection, "SELECT entity, position, rule FROM standing ORDER BY entity, position")


def known_persons(source: str, keys: Sequence[str]) -> set[str]:
    """Those of these keys that name a person of the source."""
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "asked", pa.table({"source_key": pa.array(keys, pa.string())}), {"source_key": "text"})
        found = connection.execute(text("SELECT DISTINCT source_key FROM asked JOIN identity.source_record AS record USING (source_key) "
                                        "WHERE record.source = :source"), {"source": source})
        return {str(row[0]) for row in found}


def open_life(connection: Connection, replay_id: str, original_id: str) -> None:
    """The ledger row of a replay: of the same bytes, in the same place in time as the original."""
    made = connection.execute(text("INSERT INTO quality.delivery (delivery_id, source, origin, media, sha256, size_bytes, received_at, as_of, state, replay_of) "
                                   "SELECT CAST(:replay AS uuid), source, origin, media, sha256, size_bytes, received_at, as_of, 'passed', delivery_id "
                                   "FROM quality.delivery WHERE delivery_id = :original AND state = 'loaded' AND replay_of IS NULL"),
                              {"replay": replay_id, "original": original_id})
    if made.rowcount != 1:
        raise ConfigurationError("replay.not_loaded", f"{original_id} is not a loaded delivery of a sender")


def close_lives(connection: Connection, replay_id: str, folder: Path) -> None:
    """The refusals of `folder/taken.parquet` end with this replay; ConfigurationError if one of them stands no more: somebody was faster."""
    bulk.fill(connection, "taken", folder / "taken.parquet", TAKEN)
    closed = connection.execute(text("""
        UPDATE quality.refused_record AS refused SET replayed_by = CAST(:replay AS uuid)
        FROM taken, quality.delivery AS life, quality.delivery AS own
        WHERE own.delivery_id = :replay AND life.delivery_id = refused.delivery_id AND life.delivery_id <> own.delivery_id
          AND own.replay_of = coalesce(life.replay_of, life.delivery_id)
          AND refused.replayed_by IS NULL AND refused.entity = taken.entity AND refused.position = taken.position"""), {"replay": replay_id})
    received = connection.execute(text("SELECT received FROM quality.delivery WHERE delivery_id = :replay"), {"replay": replay_id}).scalar_one()
    if closed.rowcount != received:
        raise ConfigurationError("replay.overtaken", f"{received} records were to be replayed, {closed.rowcount} of their refusals still stand; try again")
