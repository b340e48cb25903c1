"""The ledger of deliveries: what came, what became of it, and the proof that nothing was lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import pyarrow as pa
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from schemas.errors import ConfigurationError
from schemas.warehouse import LEDGER_COUNTS
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.tables import METADATA

log = logging.getLogger(__name__)

DELIVERY = METADATA.tables["quality.delivery"]
WAITING = ("received", "staged", "passed", "failed")


class Receipt(Protocol):
    """What the ledger needs to know of a delivery (`connectors.landing.Delivery`)."""

    @property
    def delivery_id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def media(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def received_at(self) -> str: ...
    @property
    def as_of(self) -> str: ...


def register(deliveries: Sequence[Receipt]) -> list[str]:
    """Write deliveries down; returns the ids that are to be read, in order of receipt.

    Known ids are left as they are. The same bytes as the latest delivery of that source and origin, if that was loaded without a refusal and
    nothing of the same sender was changed since, are a duplicate and not read. One with refusals is read again: what was refused may load now.
    """
    fresh = []
    with without_values(), engine().begin() as connection:
        for delivery in sorted(deliveries, key=lambda one: datetime.fromisoformat(one.received_at)):
            if _write(connection, delivery):
                fresh.append(delivery.delivery_id)
    log.info("%d deliveries, %d to be read", len(deliveries), len(fresh))
    return fresh


def pending(source: str) -> list[str]:
    """Deliveries of one source that wait to be loaded (received, staged, passed or failed), in order of receipt."""
    query = select(DELIVERY.c.delivery_id).where(DELIVERY.c.source == source, DELIVERY.c.state.in_(WAITING)).order_by(DELIVERY.c.received_at)
    with without_values(), engine().connect() as connection:
        return list(connection.execute(query).scalars())


def hold(delivery_id: str, code: str, message: str) -> None:
    """Keep a delivery out whole, with the reason; a loaded one stays loaded. `message` has no personal values."""
    _mark(delivery_id, "held", code, message)


def fail(delivery_id: str, code: str, message: str) -> None:
    """Note that reading or loading broke; the delivery stays pending."""
    _mark(delivery_id, "failed", code, message)


def staged(delivery_id: str) -> None:
    """Note that the delivery was read and cleaned."""
    _mark(delivery_id, "staged", None, None, attempts=0)


def begin_reading(delivery_id: str) -> int:
    """Count one more reading, before it begins; returns how many began since one came to its end. ConfigurationError if never registered."""
    with without_values(), engine().begin() as connection:
        read_row(connection, delivery_id, lock=True)
        return int(connection.execute(update(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id).values(attempts=DELIVERY.c.attempts + 1)
                                      .returning(DELIVERY.c.attempts)).scalar_one())


def end_reading(delivery_id: str) -> None:
    """Take back the count of a reading that stopped for a reason outside the delivery (disk full, interrupted)."""
    with without_values(), engine().begin() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id).values(attempts=func.greatest(DELIVERY.c.attempts - 1, 0)))


def delivery(delivery_id: str) -> dict[str, object]:
    """The ledger's row of one delivery; ConfigurationError if it was never registered."""
    with without_values(), engine().connect() as connection:
        return dict(read_row(connection, delivery_id))


def read_row(connection: Connection, delivery_id: str, *, lock: bool = False) -> Mapping[str, object]:
    """The same inside a transaction, locked on request."""
    query = select(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise ConfigurationError("delivery.unknown", f"{delivery_id} was never registered")
    return dict(row)


def totals() -> dict[str, int]:
    """Sums over loaded deliveries and `difference` = received - loaded - unchanged - superseded - refused, which must be 0.

    `refused_rows` counts the refusals listed one by one: it must equal `refused` less those of duplicates; `deliveries` counts all states.
    """
    sums = [func.coalesce(func.sum(DELIVERY.c[name]), 0).label(name) for name in LEDGER_COUNTS]
    done = DELIVERY.c.state.in_(("loaded", "duplicate"))
    with without_values(), engine().connect() as connection:
        row = {name: int(value) for name, value in connection.execute(select(*sums).where(done)).mappings().one().items()}
        listed = connection.execute(text("SELECT count(*) FROM quality.refused_record")).scalar_one()
        states = connection.execute(select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)).tuples().all()
    difference = row["received"] - row["loaded"] - row["unchanged"] - row["superseded"] - row["refused"]
    return {**row, "difference": difference, "refused_rows": int(listed), "deliveries": sum(count for _, count in states),
            **{f"deliveries_{state}": count for state, count in states}}


def refused(source: str | None = None, rule: str | None = None) -> pa.Table:
    """Refusals with their delivery: delivery_id, source, origin, sha256, entity, position, source_key, rule, rule_version."""
    with without_values(), engine().connect() as connection:
        where = connection.execute(text("SELECT format('(%L::text IS NULL OR source = %L) AND (%L::text IS NULL OR rule = %L)', "
                                        "cast(:source AS text), cast(:source AS text), cast(:rule AS text), cast(:rule AS text))"),
                                   {"source": source, "rule": rule}).scalar_one()
        return bulk.read(connection, "SELECT delivery_id, source, origin, sha256, entity, position, source_key, rule, rule_version "  # noqa: S608
                                     f"FROM quality.refused_record JOIN quality.delivery USING (delivery_id) WHERE {where} "
                                     "ORDER BY received_at, delivery_id, entity, position")


def _write(connection: Connection, one: Receipt) -> bool:
    row = {"delivery_id": one.delivery_id, "source": one.source, "origin": one.origin, "media": one.media, "sha256": one.sha256,
           "size_bytes": one.size_bytes, "received_at": datetime.fromisoformat(one.received_at), "as_of": date.fromisoformat(one.as_of), "state": "received"}
    written = connection.execute(upsert(DELIVERY).values(row).on_conflict_do_nothing(index_elements=["delivery_id"]))
    if not written.rowcount:
        return False
    twin = _latest(connection, one)
    if twin is None or twin["sha256"] != one.sha256 or twin["state"] not in ("loaded", "duplicate") or twin["refused"] or _disturbed(connection, twin):
        return True
    _settle_duplicate(connection, one.delivery_id, twin)
    return False


def _latest(connection: Connection, one: Receipt) -> Mapping[str, object] | None:
    """The latest other delivery of the same source and origin that was not held: what the sender last said."""
    row = connection.execute(
        select(DELIVERY).where(DELIVERY.c.source == one.source, DELIVERY.c.origin == one.origin, DELIVERY.c.state != "held",
                               DELIVERY.c.delivery_id != one.delivery_id)
        .order_by(DELIVERY.c.received_at.desc(), DELIVERY.c.version.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _disturbed(connection: Connection, twin: Mapping[str, object]) -> bool:
    """Another delivery that may hold the same keys changed or withdrew rows since; keys of two organisations are never the same."""
    return bool(connection.execute(text(r"""
        SELECT EXISTS (SELECT FROM quality.delivery AS other JOIN quality.delivery_entity AS line USING (delivery_id)
        WHERE other.source = :source AND other.state = 'loaded' AND other.version > :version AND line.updated + line.withdrawn > 0
          AND NOT (other.origin ~ '^\d{13}(/|$)' AND :origin ~ '^\d{13}(/|$)' AND left(other.origin, 13) <> left(:origin, 13)))"""),
        {name: twin[name] for name in ("source", "origin", "version")}).scalar())


def _settle_duplicate(connection: Connection, delivery_id: str, twin: Mapping[str, object]) -> None:
    """What a reading would count: rows that lost to a later version lose again, all others are as they were."""
    connection.execute(text("UPDATE quality.delivery AS one SET state = 'duplicate', received = twin.received, superseded = twin.superseded, "
                            "unchanged = twin.received - twin.superseded, version = twin.version FROM quality.delivery AS twin "
                            "WHERE one.delivery_id = :copy AND twin.delivery_id = :twin"), {"copy": delivery_id, "twin": twin["delivery_id"]})
    both = {"copy": delivery_id, "twin": twin["delivery_id"]}
    connection.execute(text("INSERT INTO quality.delivery_entity (delivery_id, entity, received, unchanged, superseded) "
                            "SELECT CAST(:copy AS uuid), entity, received, received - superseded, superseded "
                            "FROM quality.delivery_entity WHERE delivery_id = :twin"), both)
    connection.execute(text("INSERT INTO quality.delivery_scope SELECT CAST(:copy AS uuid), entity, organisation_key, date_from, date_to "
                            "FROM quality.delivery_scope WHERE delivery_id = :twin"), both)


def _mark(delivery_id: str, state: str, code: str | None, message: str | None, **more: int) -> None:
    with without_values(), engine().begin() as connection:
        read_row(connection, delivery_id, lock=True)
        connection.execute(update(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id, DELIVERY.c.state.not_in(("loaded", "duplicate")))
                           .values(state=state, held_code=code, held_message=message, **more))
