"""What stands refused or held, in counts and one by one: keys and places, never values."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import text

from warehouse import bulk
from warehouse.engine import engine, without_values

GROUPS = {"source": ("source",), "rule": ("rule", "rule_version", "entity"), "delivery": ("original", "source", "origin")}
_LIVES = """
    SELECT coalesce(life.replay_of, life.delivery_id) AS original, CAST(life.delivery_id AS text) AS delivery_id, source, origin, sha256, received_at, entity,
        position, source_key, rule, rule_version, refused_at_version, replayed_by, life.replay_of IS NOT NULL AS is_replay
    FROM quality.refused_record JOIN quality.delivery AS life USING (delivery_id)
    WHERE (CAST(:source AS text) IS NULL OR source = :source) AND (CAST(:rule AS text) IS NULL OR rule = :rule)
      AND (CAST(:delivery_id AS text) IS NULL OR :delivery_id IN (CAST(life.delivery_id AS text), CAST(life.replay_of AS text)))
      AND (NOT :is_open OR replayed_by IS NULL)
"""


def listed(source: str | None = None, rule: str | None = None, delivery_id: str | None = None, *, is_open: bool = False, limit: int | None = None) -> pa.Table:
    """Refusals in order of receipt: delivery_id, source, origin, sha256, entity, position, source_key, rule, rule_version, replayed_by.

    `is_open`: only those that stand, which no replay took up.
    """
    with without_values(), engine().begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE listed ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY received_at, original, delivery_id, "  # noqa: S608
                                f"entity, position) AS place, lives.* FROM ({_LIVES}) AS lives LIMIT :limit"),
                           _asked(source, rule, delivery_id, is_open) | {"limit": limit})
        return bulk.read(connection, "SELECT delivery_id, source, origin, sha256, entity, position, source_key, rule, rule_version, replayed_by "
                                     "FROM listed ORDER BY place")


def grouped(by: str, source: str | None = None, rule: str | None = None, delivery_id: str | None = None, *, is_open: bool = True) -> list[dict[str, Any]]:
    """Refusals by source, rule or delivery, the most frequent first: the names of the group and `records`, `deliveries`."""
    names = ", ".join(GROUPS[by])
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text(f"SELECT {names}, count(*) AS records, count(DISTINCT original) AS deliveries FROM ({_LIVES}) AS lives "  # noqa: S608
                                       f"GROUP BY {names} ORDER BY records DESC, {names}"), _asked(source, rule, delivery_id, is_open)).mappings().all()
        return [{name: str(value) if name == "original" else value for name, value in row.items()} for row in rows]


_LEFT_OUT = """
    SELECT CAST(delivery_id AS text) AS delivery_id, source, origin, entity, position, source_key, rule, rule_version, received_at
    FROM quality.left_out_value JOIN quality.delivery USING (delivery_id)
    WHERE (CAST(:source AS text) IS NULL OR source = :source) AND (CAST(:rule AS text) IS NULL OR rule = :rule)
      AND (CAST(:delivery_id AS text) IS NULL OR CAST(delivery_id AS text) = :delivery_id)
"""


def left_out(source: str | None = None, rule: str | None = None, delivery_id: str | None = None, *, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Values that were left out of loaded records: (counts by rule and entity, the first `limit` one by one, the latest deliveries first)."""
    asked = {"source": source, "rule": rule, "delivery_id": delivery_id}
    with without_values(), engine().connect() as connection:
        counts = connection.execute(text("SELECT rule, rule_version, entity, count(*) AS values, count(DISTINCT delivery_id) AS deliveries "  # noqa: S608
                                         f"FROM ({_LEFT_OUT}) AS listed GROUP BY 1, 2, 3 ORDER BY values DESC, rule"), asked).mappings().all()
        rows = connection.execute(text(f"{_LEFT_OUT} ORDER BY received_at DESC, delivery_id, entity, position LIMIT :limit"), asked | {"limit": limit}).mappings()
        return [dict(row) for row in counts], [{name: value for name, value in row.items() if name != "received_at"} for row in rows]


def held(source: str | None = None, delivery_id: str | None = None) -> list[dict[str, Any]]:
    """Deliveries that are held, in order of receipt: delivery_id, source, origin, sha256, received_at, held_code, held_message."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text("SELECT CAST(delivery_id AS text) AS delivery_id, source, origin, sha256, received_at, held_code, held_message "
                                       "FROM quality.delivery WHERE state = 'held' AND (CAST(:source AS text) IS NULL OR source = :source) "
                                       "AND (CAST(:one AS text) IS NULL OR CAST(delivery_id AS text) = :one) ORDER BY received_at, delivery_id"),
                                  {"source": source, "one": delivery_id})
        return [dict(row) for row in rows.mappings()]


def _asked(source: str | None, rule: str | None, delivery_id: str | None, is_open: bool) -> dict[str, Any]:
    return {"source": source, "rule": rule, "delivery_id": delivery_id, "is_open": is_open}
