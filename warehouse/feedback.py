"""What the ledger can tell a sender of one delivery: its session, counts by entity, and each bad record as it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from warehouse.engine import engine, without_values

ROWS = 5_000
"""Rows in memory at once."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One settled delivery; `settled_at` of the last thing that happened to it or to its refusals, `standing` refusals no replay took up."""

    delivery_id: str
    source: str
    origin: str
    sha256: str
    state: str
    held_code: str | None
    received_at: datetime
    settled_at: datetime
    standing: int


@dataclass(frozen=True, kw_only=True)
class Entity:
    """Counts of one entity, each record once; `replayed` of the invalid came in later."""

    entity: str
    total: int
    invalid: int
    created: int
    updated: int
    replayed: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record that was refused, by the rule that spoke last; `processed`: a replay took it in, or only a value of it was left out (`is_left_out`)."""

    entity: str
    position: str | None
    source_key: str | None
    rule: str
    processed: bool
    is_left_out: bool = False


def settled(source: str) -> list[tuple[str, str, datetime]]:
    """(delivery, origin, time of the last event) of all that is loaded, held or a duplicate, in order of receipt."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text("""
            SELECT CAST(delivery_id AS text), origin, greatest(received_at, max(at)) FROM quality.delivery AS own
            LEFT JOIN LATERAL (SELECT at FROM quality.delivery_event WHERE delivery_id = own.delivery_id UNION ALL SELECT at
                FROM quality.delivery AS life JOIN quality.delivery_event USING (delivery_id) WHERE life.replay_of = own.delivery_id) AS happened ON true
            WHERE source = :source AND own.replay_of IS NULL AND state IN ('loaded', 'held', 'duplicate')
            GROUP BY delivery_id, origin, received_at ORDER BY received_at, delivery_id"""), {"source": source})
        return [(str(row[0]), str(row[1]), row[2]) for row in rows]


@contextmanager
def reading(delivery_id: str) -> Iterator[Ledger]:
    """One state of the ledger of one delivery, of which all is read. ConfigurationError if it is unknown or not settled."""
    with without_values(), engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield Ledger(connection, delivery_id)


class Ledger:
    """What stands in the ledger of one delivery (of a replay: of its original)."""

    def __init__(self, connection: Connection, delivery_id: str) -> None:
        self._connection = connection
        self._at = {"one": delivery_id}
        self.session = self._session()
        self._at = {"one": self.session.delivery_id}
        self.entities = self._entities()

    def records(self) -> Iterator[Record]:
        """Bad records by entity and place, from a cursor of the server: any number in bounded memory."""
        rows = self._connection.execution_options(yield_per=ROWS).execute(text("""
            SELECT * FROM (
            SELECT entity, position, source_key, rule, true AS processed, true AS is_left_out FROM quality.left_out_value
            JOIN quality.delivery AS life USING (delivery_id) WHERE life.delivery_id = :one OR life.replay_of = :one
            UNION
            SELECT entity, position, source_key, rule, replayed_by IS NOT NULL AS processed, false FROM (
                SELECT DISTINCT ON (entity, coalesce(position, CAST(refused.ctid AS text))) refused.* FROM quality.refused_record AS refused
                JOIN quality.delivery AS life USING (delivery_id)
                WHERE life.delivery_id = :one OR life.replay_of = :one
                ORDER BY entity, coalesce(position, CAST(refused.ctid AS text)), replayed_by IS NULL DESC, refused_at_version DESC) AS latest) AS told
            ORDER BY entity, length(position), position, source_key, rule"""), self._at)
        for row in rows.mappings():
            yield Record(**row)

    def _session(self) -> Session:
        row = self._connection.execute(text("""
            SELECT CAST(own.delivery_id AS text) AS delivery_id, own.source, own.origin, own.sha256, own.state, own.held_code, own.received_at,
                (SELECT greatest(own.received_at, max(at)) FROM quality.delivery AS life JOIN quality.delivery_event USING (delivery_id)
                    WHERE life.delivery_id = own.delivery_id OR life.replay_of = own.delivery_id) AS settled_at,
                (SELECT count(*) FROM quality.refused_record JOIN quality.delivery AS life USING (delivery_id)
                    WHERE replayed_by IS NULL AND (life.delivery_id = own.delivery_id OR life.replay_of = own.delivery_id)) AS standing
            FROM quality.delivery AS asked JOIN quality.delivery AS own ON own.delivery_id = coalesce(asked.replay_of, asked.delivery_id)
            WHERE CAST(asked.delivery_id AS text) = :one AND own.state IN ('loaded', 'held', 'duplicate')"""), self._at).mappings().one_or_none()
        if row is None:
            raise ConfigurationError("feedback.not_settled", f"{self._at['one']} is no delivery that was loaded, held or known already")
        return Session(**row)

    def _entities(self) -> list[Entity]:
        rows = self._connection.execute(text("""
            SELECT entity, sum(line.received) FILTER (WHERE replay_of IS NULL) AS total, sum(line.refused) FILTER (WHERE replay_of IS NULL) AS invalid,
                sum(created) FILTER (WHERE replay_of IS NULL) AS created, sum(updated) FILTER (WHERE replay_of IS NULL) AS updated,
                sum(line.received - line.refused) FILTER (WHERE replay_of IS NOT NULL) AS replayed
            FROM quality.delivery_entity AS line JOIN quality.delivery AS life USING (delivery_id)
            WHERE life.delivery_id = :one OR life.replay_of = :one GROUP BY entity ORDER BY entity"""), self._at)
        counts = ("total", "invalid", "created", "updated", "replayed")
        return [Entity(entity=str(row["entity"]), **{name: int(row[name] or 0) for name in counts}) for row in rows.mappings()]
