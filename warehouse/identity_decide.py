"""A steward's word on whole pupils: what belongs apart, what belongs together; written as decisions on pairs of records."""

from __future__ import annotations

import itertools
from collections.abc import Collection

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from schemas.warehouse import OPEN
from warehouse import trail
from warehouse.engine import engine, without_values
from warehouse.versions import serialise

PURPOSE, GROUND = "решение о тождестве детей", "273-ФЗ, ст. 98; 152-ФЗ, ст. 6"
MOST_PAIRS = 10_000
"""Pairs of records one word may decide; a pupil of more records is itself a mistake to look into."""


Decided = tuple[int, list[int]]
"""How many pairs were decided, and all records they are about."""


def split(pupil_id: int, apart: Collection[int], reason: str, by: str) -> Decided:
    """Say that these records of a pupil are one other child, for the next linking and all later ones.

    Every pair across is `different`, so that no record between can bridge them; the named records are `same` along a chain.
    Raises ConfigurationError when a record is not the pupil's, or all of them are named.
    """
    with without_values(), engine("steward").begin() as connection:
        serialise(connection)
        records, named = _records(connection, pupil_id), sorted(set(apart))
        if strangers := sorted(set(named) - set(records)):
            raise ConfigurationError("split.not_its_records", f"not records of pupil {pupil_id}: {', '.join(map(str, strangers))}")
        if not named or len(named) == len(records):
            raise ConfigurationError("split.not_a_part", f"name some, not all, of the {len(records)} records of pupil {pupil_id}")
        across = _pairs([record for record in records if record not in named], named)
        chain = list(itertools.pairwise(named))
        decided = _write(connection, across, "different", reason, by) + _write(connection, chain, "same", reason, by)
        trail.note(connection, action="decide", by=by, purpose=PURPOSE, ground=GROUND, subject=f"split of pupil {pupil_id}: {decided} pairs")
        return decided, records


def merge(pupil_id: int, other_pupil_id: int, reason: str, by: str) -> Decided:
    """Say that two pupils are one child, for the next linking and all later ones.

    Every pair across is `same`: that overrules each earlier `different`, and holds when one of the records goes.
    Raises ConfigurationError when they are one already, or an id does not live.
    """
    with without_values(), engine("steward").begin() as connection:
        serialise(connection)
        if pupil_id == other_pupil_id:
            raise ConfigurationError("merge.one_pupil", f"{pupil_id} is one pupil already")
        here, there = _records(connection, pupil_id), _records(connection, other_pupil_id)
        decided = _write(connection, _pairs(here, there), "same", reason, by)
        trail.note(connection, action="decide", by=by, purpose=PURPOSE, ground=GROUND, subject=f"merge of pupils {pupil_id} and {other_pupil_id}: {decided} pairs")
        return decided, [*here, *there]


def _records(connection: Connection, pupil_id: int) -> list[int]:
    """The records of a pupil that lives, in order."""
    records = connection.execute(text("SELECT record_id FROM identity.link WHERE pupil_id = :pupil_id AND version_to = :open ORDER BY record_id"),
                                 {"pupil_id": pupil_id, "open": OPEN}).scalars().all()
    if not records:
        leads, state = connection.execute(text("SELECT * FROM identity.resolve_at(:pupil_id, :open)"), {"pupil_id": pupil_id, "open": OPEN}).one()
        raise ConfigurationError("pupil.not_living", f"pupil {pupil_id} was merged into {leads}" if leads not in (None, pupil_id)
                                 else f"pupil {pupil_id} is {state}")
    return list(records)


def _pairs(here: Collection[int], there: Collection[int]) -> list[tuple[int, int]]:
    if len(here) * len(there) > MOST_PAIRS:
        raise ConfigurationError("decision.too_many", f"{len(here)} × {len(there)} pairs of records: at most {MOST_PAIRS} are decided at once")
    return [(min(a, b), max(a, b)) for a in here for b in there]


def _write(connection: Connection, pairs: Collection[tuple[int, int]], verdict: str, reason: str, by: str) -> int:
    return connection.execute(text(
        "INSERT INTO identity.decision (record_id, other_record_id, verdict, reason, decided_by, created_version) "
        "SELECT a, b, :verdict, :reason, :by, (SELECT max(version) FROM quality.version) "
        "FROM unnest(CAST(:here AS bigint[]), CAST(:there AS bigint[])) AS pair (a, b)"),
        {"here": [a for a, _ in pairs], "there": [b for _, b in pairs], "verdict": verdict, "reason": reason, "by": by}).rowcount
