"""Why a pupil is one pupil: records, links and their evidence, golden values, decisions, history; said in Russian, as much as the role may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from pipeline import explain_words as say
from transforms import review_words as words
from transforms.linkage.evidence import evidence
from transforms.linkage.link import BIRTHPLACE_SOURCES
from warehouse import explanation, identity
from warehouse.explanation import NAMED, Explanation, Look, Row

GOLDEN = ("family_name", "given_name", "patronymic", "birth_date", "sex", "snils", "citizenship", "death_date", "oktmo", "is_rural", "is_resident")
TOLD = ("family_name", "given_name", "patronymic", "previous_family_name", "birth_date", "birth_date_partial", "sex", "snils", "birth_act_number",
        "birth_certificate", "document", "citizenship", "oktmo", "organisation_key", "death_date")
"""What is told of a record, to those who see values."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the evidence for a link, in bits."""

    code: str
    title: str
    level: str
    weight: str | None


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One golden cell; `value` is None for a role without values and where nothing is known."""

    field: str
    title: str
    value: str | None
    source: str | None = None
    record_id: int | None = None
    rule: str | None = None
    disagreement: int = 0
    sources: int = 0
    others: tuple[str, ...] = ()
    """Who says otherwise: record and source, and the value for those who see values."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record, where it came from, and what holds it here."""

    record_id: int
    source: str
    source_key: str
    received: str | None
    delivery: str
    position: str
    is_sealed: bool
    values: tuple[tuple[str, str], ...]
    rule: str
    weight: str | None
    evidence_record_id: int | None
    status: str
    since: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A person's word on one pair of records or, when it was on whole pupils, on many."""

    pairs: tuple[tuple[int, int], ...]
    verdict: str
    by: str
    at: str | None
    reason: str
    is_overruled: bool

    @property
    def about(self) -> str:
        """The pair, or how many and of which records."""
        if len(self.pairs) == 1:
            return "{} и {}".format(*self.pairs[0])
        return f"{len(self.pairs)} пар из записей {', '.join(map(str, sorted({record for pair in self.pairs for record in pair})))}"


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """An open case of this pupil."""

    pair: str
    candidate_pupil_id: int
    weight: str | None
    reasons: tuple[str, ...]
    since: int


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """What happened in one version."""

    version: int
    as_of: str | None
    written: str | None
    published: str | None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """The explanation as one role sees it. `asked` differs from `pupil_id` when that id was merged into this one."""

    asked: int
    pupil_id: int
    state: str
    version: int
    published_version: int
    role: str
    shows_values: bool
    redirects: tuple[str, ...]
    golden: tuple[Golden, ...]
    records: tuple[Record, ...]
    decisions: tuple[Decision, ...]
    reviews: tuple[Doubt, ...]
    history: tuple[Chapter, ...]


def explain(asked: int, look: Look, version: int | None = None) -> View:
    """The pupil an id leads to; the look is recorded. Raises as `explanation.read`."""
    found = explanation.read(asked, look, version)
    shown = look.role in NAMED
    parts = _parts(found)
    return View(asked=asked, pupil_id=found.pupil_id, state=say.STATES[found.state], version=found.version, published_version=found.published_version,
                role=look.role, shows_values=shown, golden=_golden(found, shown), records=_records(found, parts, shown),
                redirects=tuple(f"{row['pupil_id']} – с версии {row['version']}" + (", больше сюда не ведёт" if row["is_past"] else "")
                                for row in found.redirects),
                decisions=_decisions(found), reviews=tuple(map(_doubt, found.reviews)), history=_history(found))


def _golden(found: Explanation, shown: bool) -> tuple[Golden, ...]:
    cells, others = {cell["field"]: cell for cell in found.cells}, defaultdict(list)
    stated = {row["record_id"]: row for row in found.records}
    for row in found.dissents:
        others[row["field"]].append(_other(row, stated.get(row["record_id"], {}), shown))
    return tuple(_cell(field, cells.get(field), found.pupil.get(field), tuple(others[field])) for field in GOLDEN) if found.cells else ()


def _cell(field: str, cell: Row | None, value: Any, others: tuple[str, ...]) -> Golden:
    empty = Golden(field=field, title=say.title(field), value=None)
    return empty if cell is None else Golden(
        field=field, title=say.title(field), value=say.value(field, value), source=say.source(cell["source"]), record_id=cell["record_id"],
        rule=say.GOLDEN_RULES.get(cell["rule"], cell["rule"]), disagreement=cell["disagreement"], sources=cell["sources"], others=others)


def _other(row: Row, record: Row, shown: bool) -> str:
    value = say.value(row["field"], record.get(row["field"])) if shown else None
    return f"{say.source(row['source'])}, запись {row['record_id']}" + (f": {value}" if value else "")


def _records(found: Explanation, parts: dict[tuple[int, int], tuple[Part, ...]], shown: bool) -> tuple[Record, ...]:
    links = {row["record_id"]: row for row in found.links}
    return tuple(_record(row, links[row["record_id"]], parts, shown) for row in found.records)


def _record(row: Row, link: Row, parts: dict[tuple[int, int], tuple[Part, ...]], shown: bool) -> Record:
    values = tuple((say.title(column), said) for column in TOLD if shown and (said := say.value(column, row[column])) is not None)
    return Record(record_id=row["record_id"], source=say.source(row["source"]), source_key=row["source_key"], received=say.moment(row["received_at"]),
                  delivery=f"{row['delivery_id']} (SHA-256 {row['sha256']})", position=row["position"], is_sealed=row["is_sealed"], values=values,
                  rule=words.part(link["rule"]) if link["rule"] else "–", weight=say.weight(link["weight"]), evidence_record_id=link["evidence_record_id"],
                  status=say.STATUSES[link["link_status"]], since=link["version_from"], parts=parts.get((link["record_id"], link["evidence_record_id"] or 0), ()))


def _decisions(found: Explanation) -> tuple[Decision, ...]:
    """One entry a word, on however many pairs it was."""
    words = groupby(found.decisions, lambda row: (row["decided_at"], row["verdict"], row["decided_by"], row["reason"], row["is_overruled"]))
    return tuple(Decision(pairs=tuple((row["record_id"], row["other_record_id"]) for row in rows), verdict=say.VERDICTS[verdict], by=by, at=say.moment(at),
                          reason=reason, is_overruled=overruled) for (at, verdict, by, reason, overruled), rows in words)


def _doubt(row: Row) -> Doubt:
    pair = f"{row['record_id']} и {row['candidate_record_id']}" if row["candidate_record_id"] else str(row["record_id"])
    return Doubt(pair=pair, candidate_pupil_id=row["candidate_pupil_id"], weight=say.weight(row["weight"]), since=row["version_from"],
                 reasons=tuple(words.reason(code).title for code in row["reasons"]))


def _history(found: Explanation) -> tuple[Chapter, ...]:
    chapters = groupby(found.changes, lambda row: (row["version"], row["as_of"], row["created_at"], row["published_at"]))
    return tuple(Chapter(version=version, as_of=say.value("as_of", as_of), written=say.moment(created), published=say.moment(published), events=_events(rows))
                 for (version, as_of, created, published), rows in chapters)


def _events(rows: Iterable[Row]) -> tuple[str, ...]:
    """One sentence for all records that did the same."""
    same: dict[tuple[str, int | None, int | None], list[int | None]] = defaultdict(list)
    for row in rows:
        same[row["kind"], row["from_pupil_id"], row["to_pupil_id"]].append(row["record_id"])
    return tuple(say.event(kind, sorted(filter(None, records)), old, to) for (kind, old, to), records in same.items())


def _parts(found: Explanation) -> dict[tuple[int, int], tuple[Part, ...]]:
    """(record, evidence record) → parts. Measured by the pipeline's own account: codes and weights leave it, never values."""
    pairs = sorted({(row["record_id"], row["evidence_record_id"]) for row in found.links if row["evidence_record_id"]})
    if not pairs:
        return {}
    ids = sorted({record for pair in pairs for record in pair})
    records = identity.read_person_records(identity.Touched(version=found.version, records=pa.table({"record_id": pa.array(ids, pa.int64())})))
    both = sorted({(min(pair), max(pair)) for pair in pairs})
    asked = pa.table({"record_id_a": pa.array([a for a, _ in both], pa.int64()), "record_id_b": pa.array([b for _, b in both], pa.int64())})
    measured = evidence(records, asked, birthplace_sources=BIRTHPLACE_SOURCES)
    parts: dict[tuple[int, int], tuple[Part, ...]] = defaultdict(tuple)
    for row in measured.to_pylist():
        part = Part(code=row["part"], title=words.part(row["part"]), level=words.level(row["level"]), weight=say.weight(row["weight"]))
        for pair in ((row["record_id_a"], row["record_id_b"]), (row["record_id_b"], row["record_id_a"])):
            parts[pair] += (part,)
    return dict(parts)
