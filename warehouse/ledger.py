"""The ledger of deliveries: what came, what became of it, and the proof that nothing was lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, false, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from schemas.errors import ConfigurationError
from schemas.warehouse import LEDGER_COUNTS
from warehouse import ledger_events
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


def hold(delivery_id: str, code: str, message: str, decision: ledger_events.Decision | None = None) -> None:
    """Keep a delivery out whole, with the reason (and who decided it); a loaded one stays loaded. `message` has no personal values."""
    _mark(delivery_id, "held", code, message, decision)


def reopen(delivery_id: str, decision: ledger_events.Decision) -> None:
    """A held delivery is to be read again, as if it had just come; a loaded one stays loaded."""
    _mark(delivery_id, "received", None, None, decision, attempts=0)


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
    query = select(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id if _is_id(delivery_id) else false())
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise ConfigurationError("delivery.unknown", f"{delivery_id} was never registered")
    return dict(row)


def _is_id(told: str) -> bool:
    try:
        return bool(UUID(told))
    except ValueError:
        return False


def totals() -> dict[str, int]:
    """Sums over loaded deliveries, each record once, and `difference` = received - loaded - unchanged - superseded - refused, which must be 0.

    `refused_rows` counts the first refusals listed one by one: it must equal `refused`; `replayed` of them came in later, `open` stand
    (refused = replayed + open); `deliveries` counts all states, without replays.
    """
    sums = [func.coalesce(func.sum(DELIVERY.c[name]), 0).label(name) for name in LEDGER_COUNTS]
    done, first = DELIVERY.c.state.in_(("loaded", "duplicate")), DELIVERY.c.replay_of.is_(None)
    with without_values(), engine().connect() as connection:
        row = {name: int(value) for name, value in connection.execute(select(*sums).where(done, first)).mappings().one().items()}
        lives = connection.execute(text("""
            SELECT count(*) FILTER (WHERE replay_of IS NULL) AS refused_rows, count(*) FILTER (WHERE replayed_by IS NULL) AS open,
                (SELECT coalesce(sum(received - refused), 0) FROM quality.delivery WHERE replay_of IS NOT NULL)::bigint AS replayed
            FROM quality.refused_record JOIN quality.delivery USING (delivery_id)""".replace("::", r"\:\:"))).mappings().one()
        states = connection.execute(select(DELIVERY.c.state, func.count()).where(first).group_by(DELIVERY.c.state)).tuples().all()
    difference = row["received"] - row["loaded"] - row["unchanged"] - row["superseded"] - row["refused"]
    return {**row, "difference": difference, **{name: int(count) for name, count in lives.items()},
            "deliveries": sum(count for _, count in states), **{f"deliveries_{state}": count for state, count in states}}


def _write(connection: Connection, one: Receipt) -> bool:
    row = {"delivery_id": one.delivery_id, "source": one.source, "origin": one.origin, "media": one.media, "sha256": one.sha256,
           "size_bytes": one.size_bytes, "received_at": datetime.fromisoformat(one.received_at), "as_of": date.fromisoformat(one.as_of), "state": "received"}
    written = connection.execute(upsert(DELIVERY).values(row).on_conflict_do_nothing(index_elements=["delivery_id"]))
    if not written.rowcount:
        return False
    twin = _latest(connection, one)
    is_new = (twin is None or twin["sha256"] != one.sha256 or twin["state"] not in ("loaded", "duplicate") or twin["refused"]
              or _disturbed(connection, twin))
    if twin is not None and not is_new:
        _settle_duplicate(connection, one.delivery_id, twin)
    ledger_events.note(connection, one.delivery_id)
    return bool(is_new)


def _latest(connection: Connection, one: Receipt) -> Mapping[str, object] | None:
    """The latest other delivery of the same source and origin that was not held: what the sender last said (a replay is no word of the sender)."""
    row = connection.execute(
        select(DELIVERY).where(DELIVERY.c.source == one.source, DELIVERY.c.origin == one.origin, DELIVERY.c.state != "held",
                               DELIVERY.c.delivery_id != one.delivery_id, DELIVERY.c.replay_of.is_(None))
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


def _mark(delivery_id: str, state: str, code: str | None, message: str | None, decision: ledger_events.Decision | None = None, **more: int) -> None:
    with without_values(), engine().begin() as connection:
        read_row(connection, delivery_id, lock=True)
        marked = connection.execute(update(DELIVERY).where(DELIVERY.c.delivery_id == delivery_id, DELIVERY.c.state.not_in(("loaded", "duplicate")))
                                    .values(state=state, held_code=code, held_message=message, **more))
        if marked.rowcount:
            ledger_events.note(connection, delivery_id, decision)
