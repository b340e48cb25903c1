"""Profiles of deliveries: kept when a delivery is judged, read as the history of its sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from sqlalchemy import text

from schemas.drift import HISTORY
from warehouse import bulk
from warehouse.engine import engine, without_values

_COLUMNS: bulk.Columns = {"delivery_id": "text", "entity": "text", "column_name": "text", "measure": "text", "code": "text", "value": "decimal"}
HELD = "held"
"""Measure of a delivery that a drift rule held (`code`): when it is loaded after all, a person said that this is usual from now on."""
_HISTORY = """
    SELECT delivery_id, sender, kind, entity, column_name, measure, code, value, as_of
    FROM (
        SELECT *, row_number() OVER (PARTITION BY sender, kind ORDER BY received_at DESC) AS place,
            max(received_at) FILTER (WHERE was_held) OVER (PARTITION BY sender, kind) AS begins
        FROM (
            SELECT delivery.delivery_id, {sender} AS sender, as_of, received_at, replay_of, min(as_of) OVER (PARTITION BY {sender}) AS first_day,
                (SELECT string_agg(entity, ' ' ORDER BY entity) FROM quality.profile AS one
                    WHERE one.delivery_id = delivery.delivery_id AND measure = 'received') AS kind,
                EXISTS (SELECT FROM quality.profile AS one WHERE one.delivery_id = delivery.delivery_id AND measure = '{held}') AS was_held
            FROM quality.delivery AS delivery
            WHERE source = '{source}' AND state IN ('loaded', 'duplicate') AND {sender} IN (SELECT sender FROM asked)
        ) AS loaded
        WHERE as_of > first_day AND as_of >= (SELECT min(since) FROM asked) AND kind IS NOT NULL AND replay_of IS NULL
    ) AS placed
    JOIN quality.profile USING (delivery_id)
    WHERE place <= {most} AND received_at >= coalesce(begins, received_at) AND measure <> '{held}'
"""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Who sent a delivery, and of which business date it is."""

    sender: str
    as_of: date
    is_replay: bool


def sent(delivery_ids: Sequence[str], *, is_organisation: bool) -> dict[str, Sent]:
    """What the ledger knows of these deliveries; the sender is the organisation, or the source as a whole (empty)."""
    query = text("SELECT delivery_id::text, origin, as_of, replay_of IS NOT NULL FROM quality.delivery "
                 "WHERE delivery_id::text = ANY(:ids)".replace("::", r"\:\:"))
    with without_values(), engine().connect() as connection:
        rows = connection.execute(query, {"ids": list(delivery_ids)}).tuples().all()
    return {one: Sent(sender=origin[:13] if is_organisation else "", as_of=as_of, is_replay=replay) for one, origin, as_of, replay in rows}


def keep(source: str, profile: pa.Table) -> int:
    """Write down profiles (`transforms.profile.PROFILE`) of deliveries that have none yet; returns the rows written."""
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "measured", profile, _COLUMNS)
        return int(connection.execute(text(
            "INSERT INTO quality.profile (delivery_id, source, entity, column_name, measure, code, value) "
            "SELECT CAST(delivery_id AS uuid), :source, entity, column_name, measure, code, value FROM measured WHERE NOT EXISTS "
            "(SELECT FROM quality.profile AS known WHERE known.delivery_id = CAST(measured.delivery_id AS uuid) "
            "AND (known.measure = :held) = (measured.measure = :held))"), {"source": source, "held": HELD}).rowcount)


def history(source: str, senders: Sequence[str], *, is_organisation: bool, since: date) -> pa.Table:
    """Profiles of the last loaded deliveries of each sender and kind, from business date `since`: PROFILE columns, `sender`, `kind`, `as_of`.

    A sender's first day is left out: it brings everything at once. A delivery a person released begins the history anew.
    """
    asked = pa.table({"sender": list(senders), "since": pa.array([since] * len(senders), pa.date32())})
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "asked", asked, {"sender": "text", "since": "date"})
        sender = "left(origin, 13)" if is_organisation else "''"
        return bulk.read(connection, _HISTORY.format(source=source.replace("'", "''"), sender=sender, held=HELD, most=HISTORY))
