"""Clerical review in the warehouse: the cases, the two records of one (each look recorded), opinions, and decisions that come into force."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, text

from schemas.review import Case, Judgement, Opinion, ReviewRefused, Voice
from schemas.tables import STAGING
from schemas.warehouse import OPEN
from warehouse import trail
from warehouse.engine import engine, without_values
from warehouse.versions import serialise

log = logging.getLogger(__name__)
CASES = Path(__file__).with_name("review_cases.sql")
COLUMNS = STAGING["person"].content
PURPOSE, GROUND = "рассмотрение спорного случая тождества", "273-ФЗ, ст. 98; 152-ФЗ, ст. 6"
VOICES = """
    SELECT given.record_id, given.other_record_id, given.opinion_id, given.opinion, given.decided_by AS person, given.reason
    FROM identity.opinion AS given
    LEFT JOIN (SELECT record_id, other_record_id, max(opinion_id) AS counted, max(decided_at) FILTER (WHERE opinion_id IS NULL) AS direct_at
               FROM identity.decision GROUP BY record_id, other_record_id) AS decided
        ON decided.record_id = given.record_id AND decided.other_record_id = given.other_record_id
    WHERE NOT starts_with(coalesce(given.batch, ''), 'sample') AND given.opinion_id > coalesce(decided.counted, 0)
      AND (decided.direct_at IS NULL OR given.decided_at > decided.direct_at)
    ORDER BY given.opinion_id"""
"""Opinions on each pair since its last decision, in the order given."""
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
Pair = tuple[int, int]
Rule = Callable[[Pair, Sequence[Voice]], Judgement]
"""`transforms.review.judge` with the share of double pairs filled in."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person answered: their word, why, and in which batch."""

    opinion: Opinion
    reason: str
    person: str
    batch: str | None = None


def cases() -> list[Case]:
    """Every pair a person may be asked about now: keys and codes only."""
    with without_values(), engine().connect() as connection:
        found = connection.execute(text(CASES.read_text("utf-8")), {"open": OPEN}).mappings()
        return [Case(**dict(row) | {"weight": None if row["weight"] is None else float(row["weight"]), "reasons": tuple(row["reasons"])}) for row in found]


def decided(record_id: int, other_record_id: int) -> Case | None:
    """A pair with a decision, to be decided anew; None where nobody decided, or a record is sealed."""
    with without_values(), engine().connect() as connection:
        row = connection.execute(text(
            "SELECT decision_id, created_version FROM identity.decision WHERE record_id = :a AND other_record_id = :b "
            "AND NOT EXISTS (SELECT FROM identity.seal WHERE seal.record_id IN (:a, :b) AND seal.lifted_version IS NULL) ORDER BY decision_id DESC LIMIT 1"),
            {"a": record_id, "b": other_record_id}).one_or_none()
    return None if row is None else Case(record_id=record_id, other_record_id=other_record_id, kind="decided", version=row.created_version,
                                         decision_id=row.decision_id)


def verdict(case: Case) -> Opinion:
    """What the latest decision on the pair says; NoResultFound if there is none."""
    with without_values(), engine().connect() as connection:
        found: Opinion = connection.execute(text("SELECT verdict FROM identity.decision WHERE decision_id = :id"), {"id": case.decision_id}).scalar_one()
    return found


def voices() -> dict[Pair, list[Voice]]:
    """Opinions that no decision counts yet, by pair."""
    with without_values(), engine().connect() as connection:
        return _voices(connection)


def speak(case: Case, said: Said, rule: Rule, admit: Callable[[Judgement], bool]) -> Judgement:
    """Write one opinion, as the steward, and the decision if it is enough; `admit` says whether it is a blind second one, or raises ReviewRefused.

    One at a time: nobody is counted twice, and a case decided since `case` was read is refused (ReviewRefused `review.closed`).
    """
    pair = (case.record_id, case.other_record_id)
    with without_values(), engine().begin() as connection:
        serialise(connection)
        before = rule(pair, _voices(connection).get(pair, []))
        if before.verdict or _last_decision(connection, pair) != case.decision_id:
            raise ReviewRefused("review.closed", f"case {case.key} was decided meanwhile")
        _write(pair, said, is_blind=admit(before))
        after = rule(pair, _voices(connection).get(pair, []))
        if after.verdict:
            _decide(connection, pair, after)
    return after


def measure(case: Case, said: Said) -> None:
    """Write one opinion on a sampled pair: it is counted, it decides nothing."""
    with without_values():
        _write((case.record_id, case.other_record_id), said, is_blind=True)


def settle(rule: Rule) -> int:
    """Bring into force what opinions amount to and a crash left undone; returns how many decisions that made."""
    with without_values(), engine().begin() as connection:
        serialise(connection)
        ripe = {pair: judgement for pair, given in _voices(connection).items() if (judgement := rule(pair, given)).verdict}
        for pair, judgement in ripe.items():
            _decide(connection, pair, judgement)
    return len(ripe)


def read_pair(case: Case, person: str) -> list[dict[str, Any]]:
    """Both records as they are now, smaller record_id first, read as the steward; a value can be read only after the look stands in the access trail.

    Raises ReviewRefused when a record is gone or is not for the steward to see.
    """
    ids = (case.record_id, case.other_record_id)
    with without_values(), engine("steward").connect() as connection:
        pupils = connection.execute(text("SELECT DISTINCT pupil_id FROM identity.link WHERE version_to = :open AND record_id IN :ids ORDER BY pupil_id")
                                    .bindparams(IDS), {"open": OPEN, "ids": ids}).scalars().all()
        for pupil_id in pupils or [None]:
            trail.note(connection, action="look", by=person, purpose=PURPOSE, ground=GROUND, subject=f"case {case.key}", pupil_id=pupil_id)
        connection.commit()
        columns = ", ".join(("record_id", "source", "source_key", *COLUMNS))
        found = connection.execute(text(f"SELECT {columns} FROM identity.explained_person WHERE record_id IN :ids ORDER BY record_id")  # noqa: S608
                                   .bindparams(IDS), {"ids": ids})
        rows = [dict(row) for row in found.mappings()]
    return _both(case, rows)


def read_keys(case: Case) -> list[dict[str, Any]]:
    """record_id, source, source_key of both records, read as the auditor, who sees no value of a person."""
    with without_values(), engine("auditor").connect() as connection:
        found = connection.execute(text("SELECT record_id, source, source_key FROM identity.source_record WHERE record_id IN :ids ORDER BY record_id")
                                   .bindparams(IDS), {"ids": (case.record_id, case.other_record_id)})
        return _both(case, [dict(row) for row in found.mappings()])


def _both(case: Case, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) != 2:
        raise ReviewRefused("review.record_gone", f"case {case.key}: a record is no longer there; link again")
    return rows


def _voices(connection: Connection) -> dict[Pair, list[Voice]]:
    found: dict[Pair, list[Voice]] = defaultdict(list)
    for row in connection.execute(text(VOICES)):
        found[row.record_id, row.other_record_id].append(Voice(opinion_id=row.opinion_id, opinion=row.opinion, person=row.person, reason=row.reason))
    return dict(found)


def _last_decision(connection: Connection, pair: Pair) -> int | None:
    found = connection.execute(text("SELECT max(decision_id) FROM identity.decision WHERE record_id = :a AND other_record_id = :b"),
                               {"a": pair[0], "b": pair[1]}).scalar()
    return None if found is None else int(found)


def _write(pair: Pair, said: Said, *, is_blind: bool) -> None:
    """The opinion and its line in the chained trail, in one transaction of the steward."""
    with engine("steward").begin() as connection:
        connection.execute(text(
            "INSERT INTO identity.opinion (record_id, other_record_id, opinion, reason, decided_by, batch, is_blind) "
            "VALUES (:a, :b, :opinion, :reason, :person, :batch, :is_blind)"),
            {"a": pair[0], "b": pair[1], "opinion": said.opinion, "reason": said.reason, "person": said.person, "batch": said.batch, "is_blind": is_blind})
        trail.note(connection, action="decide", by=said.person, purpose=PURPOSE, ground=GROUND, subject=f"case {pair[0]}-{pair[1]}: {said.opinion}")


def _decide(connection: Connection, pair: Pair, judgement: Judgement) -> None:
    connection.execute(text(
        "INSERT INTO identity.decision (record_id, other_record_id, verdict, reason, decided_by, created_version, opinion_id) "
        "SELECT :a, :b, :verdict, :reason, :persons, max(version), :opinion FROM quality.version"),
        {"a": pair[0], "b": pair[1], "verdict": judgement.verdict, "reason": "; ".join(dict.fromkeys(voice.reason for voice in judgement.standing)),
         "persons": ", ".join(voice.person for voice in judgement.standing), "opinion": max(voice.opinion_id for voice in judgement.standing)})
    log.info("case %d-%d decided by %d", *pair, len(judgement.standing))
