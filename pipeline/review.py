"""Clerical review: the work list, a case as one role may see it, and answers that become opinions and decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from connectors.sources import BY_NAME
from pipeline.settings import settings
from schemas.fields import FIELDS
from schemas.review import DECISION_DATA_CHANGED, OPINIONS, Case, Judgement, Need, Opinion, ReviewRefused, Voice, same_person
from transforms import review as rules
from transforms import review_words as words
from transforms.linkage.evidence import evidence
from transforms.linkage.link import BIRTHPLACE_SOURCES
from warehouse import identity
from warehouse import review as store

ROLES = ("steward", "auditor")
HIDDEN = ("asked_source", "asked_key", "family_name_raw", "given_name_raw", "patronymic_raw")
"""Columns that tell a reviewer nothing about the child."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One case of the work list: keys and codes only."""

    case: Case
    need: Need
    proposal: Opinion | None
    """None where a proposal would steer a blind opinion."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    code: str
    title: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the evidence; `weight` in bits, hidden in blind cases."""

    title: str
    level: str
    weight: float | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of both records; the values are there for the steward only."""

    name: str
    title: str
    agreement: rules.Agreement
    left: str | None = None
    right: str | None = None


@dataclass(frozen=True, kw_only=True)
class View:
    """A case as one role sees it."""

    case: Case
    role: str
    need: Need
    proposal: Opinion | None
    reasons: tuple[Reason, ...]
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    records: tuple[tuple[str, str], ...]
    """(source in Russian, key at the source) of the left and of the right record."""


def work_list(person: str | None = None) -> list[Entry]:
    """What is to be decided (by this person: without what they have spoken on), what contradicts a decision first, then the weightiest."""
    given, found = store.voices(), _really_asked(store.cases())
    judged = [(case, _judge(_pair(case), given.get(_pair(case), []))) for case in found]
    return [Entry(case=case, need=judgement.need, proposal=_proposal(case)) for case, judgement in sorted(judged, key=lambda one: _order(one[0]))
            if judgement.need and not (person and any(same_person(voice.person, person) for voice in given.get(_pair(case), [])))]


def look(key: str, role: str, person: str) -> View:
    """One case with the evidence: full values for the steward (the look is recorded), agreement without values for the auditor.

    Raises ReviewRefused for anybody else, and for a case that is not open.
    """
    if role not in ROLES:
        raise ReviewRefused("review.role", "only a steward or an auditor sees a case")
    case = _find(key)
    judgement = _judge(_pair(case), store.voices().get(_pair(case), []))
    is_named = role == "steward"
    rows = store.read_pair(case, person) if is_named else store.read_keys(case)
    valued = rows if is_named else _values(case)
    columns = [column for column in store.COLUMNS if column not in HIDDEN]
    lines = tuple(Line(name=column, title=FIELDS[column].title, agreement=agreement,
                       **({side: words.shown(column, row[column]) for side, row in zip(("left", "right"), rows, strict=True)} if is_named else {}))
                  for column, agreement in rules.compare(valued[0], valued[1], columns).items())
    reasons = tuple(Reason(code=code, title=words.reason(code).title, advice=words.reason(code).advice) for code in case.reasons)
    return View(case=case, role=role, need=judgement.need or "first", proposal=_proposal(case), reasons=reasons, parts=_parts(case), lines=lines,
                records=tuple((_source(row["source"]), row["source_key"]) for row in rows))


def decide(key: str, opinion: str, reason: str, person: str, *, batch: str | None = None, again: bool = False) -> dict[str, Any]:
    """Take one answer; returns what became of it: `state` decided | waiting | unsure | measured, and whose word is needed next.

    `again` takes back what was decided. Raises ReviewRefused in one clear line.
    """
    known = next((known for known in OPINIONS if known == opinion), None)
    if known is None:
        raise ReviewRefused("review.opinion", f"{opinion!r} is no answer: same, different or unsure")
    if not reason.strip() or not person.strip():
        raise ReviewRefused("review.unsigned", "an answer needs a reason and a name")
    settle()
    case = _find(key, again=again)
    said = store.Said(opinion=known, reason=reason.strip(), person=" ".join(person.split()), batch=_batch(case, batch))
    if case.is_blind:
        store.measure(case, said)
        return {"case": case.key, "state": "measured", "need": None}
    judgement = store.speak(case, said, _judge, lambda before: _admit(case, before, said))
    state = "decided" if judgement.verdict else "unsure" if known == "unsure" else "waiting"
    return {"case": case.key, "state": state, "need": judgement.need}


def settle() -> int:
    """Bring into force what a crash left undone; returns how many decisions that made."""
    return store.settle(_judge)


def is_double(case: Case) -> bool:
    """Whether two persons must decide the case."""
    return rules.is_double(case.record_id, case.other_record_id, settings().second_opinions)


def _judge(pair: store.Pair, voices: Sequence[Voice]) -> Judgement:
    return rules.judge(voices, double=rules.is_double(*pair, settings().second_opinions))


def _admit(case: Case, before: Judgement, said: store.Said) -> bool:
    """Whether this is the blind second opinion; ReviewRefused when another person's word is needed."""
    if not before.has_spoken(said.person):
        return before.need == "second"
    if before.need == "third":
        raise ReviewRefused("review.third_needed", f"case {case.key}: two persons disagree, a third one decides")
    if any(voice.opinion == said.opinion for voice in before.standing):
        raise ReviewRefused("review.second_needed", f"case {case.key}: your answer is kept, another person must give the second opinion")
    return False


def _find(key: str, *, again: bool = False) -> Case:
    first, dash, second = key.partition("-")
    if not (dash and first.isdecimal() and second.isdecimal()):
        raise ReviewRefused("review.case", f"{key!r} is no case: two record numbers like 17-42")
    pair = (min(int(first), int(second)), max(int(first), int(second)))
    found = next((case for case in _really_asked([case for case in store.cases() if _pair(case) == pair])), None)
    found = found or (store.decided(*pair) if again else None)
    if found is None:
        raise ReviewRefused("review.not_open", f"case {key} is not open: it was decided, or linking no longer asks (--again takes a decision back)")
    return found


def _really_asked(found: list[Case]) -> list[Case]:
    """Without decisions whose records changed and still bear them out."""
    suspected = [case for case in found if DECISION_DATA_CHANGED in case.reasons]
    if not suspected:
        return found
    weights, verdicts = _weights(suspected), {_pair(case): store.verdict(case) for case in suspected}
    return [case for case in found if case not in suspected or _pair(case) not in weights
            or rules.is_contradicted(verdicts[_pair(case)], weights[_pair(case)])]


def _weights(found: list[Case]) -> dict[store.Pair, float]:
    total: dict[store.Pair, float] = {}
    for row in _evidence(found):
        pair = (row["record_id_a"], row["record_id_b"])
        total[pair] = total.get(pair, 0.0) + row["weight"]
    return total


def _parts(case: Case) -> tuple[Part, ...]:
    return tuple(Part(title=words.part(row["part"]), level=words.level(row["level"]), weight=None if case.is_blind else row["weight"])
                 for row in _evidence([case]) if not (case.is_blind and row["part"] == "prior"))


def _evidence(found: list[Case]) -> list[dict[str, Any]]:
    """Rows of the engine's own measure."""
    pairs = pa.table({"record_id_a": pa.array([case.record_id for case in found], pa.int64()),
                      "record_id_b": pa.array([case.other_record_id for case in found], pa.int64())})
    rows: list[dict[str, Any]] = evidence(_records(found), pairs, birthplace_sources=BIRTHPLACE_SOURCES).to_pylist()
    return rows


def _records(found: list[Case]) -> pa.Table:
    ids = sorted({record for case in found for record in _pair(case)})
    scope = identity.Touched(version=identity.everything().version, records=pa.table({"record_id": pa.array(ids, pa.int64())}))
    return identity.read_person_records(scope)


def _values(case: Case) -> list[dict[str, Any]]:
    """Both records for comparing only: nothing of them leaves this module but which fields agree."""
    rows = sorted(_records([case]).to_pylist(), key=lambda row: int(row["record_id"]))
    if len(rows) != 2:
        raise ReviewRefused("review.record_gone", f"case {case.key}: a record is no longer there; link again")
    return rows


def _proposal(case: Case) -> Opinion | None:
    return None if case.is_blind else rules.propose(case.reasons, case.weight)


def _batch(case: Case, batch: str | None) -> str | None:
    """A sampled pair is always counted under its sample, whoever handed it out."""
    name = f"sample-{case.version}"
    return (batch if batch and batch.startswith(f"{name}-") else name) if case.is_blind else batch


def _order(case: Case) -> tuple[int, float, bytes]:
    """Sampled pairs last and shuffled, so that neighbours say nothing of each other."""
    place = {"raised": 0, "review": 1, "sample": 2}[case.kind]
    return place, -(case.weight or 0.0) if place < 2 else 0.0, hashlib.sha256(case.key.encode()).digest()


def _pair(case: Case) -> store.Pair:
    return case.record_id, case.other_record_id


def _source(name: str) -> str:
    return BY_NAME[name].title if name in BY_NAME else name

