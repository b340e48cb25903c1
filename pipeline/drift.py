"""The drift gate: each staged delivery against its sender's own history; what is out of the usual is held, or shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from connectors.sources import Source
from pipeline import gates
from pipeline.drift_words import told
from pipeline.settings import settings
from schemas.drift import DRIFT, severity
from schemas.expectations import Expectation
from transforms.profile import PROFILE, Laid, profile
from transforms.profile_bounds import beyond, bounds
from warehouse import profile as profiles

AT_ONCE = 50
"""Deliveries judged together: bounds the history in memory."""
SCHOOL_YEAR = (9, 1)
"""Organisations begin a new history with the school year: classes, subjects and pupils are other ones."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Why a delivery waits."""

    rule: str
    message: str


def judge(source: Source, staged: Sequence[tuple[str, str]], staging: Path) -> tuple[list[gates.Result], dict[str, Held]]:
    """(results, why it waits by delivery) of the staged deliveries (id, origin); profiles are kept for the deliveries to come."""
    results: list[gates.Result] = []
    held: dict[str, Held] = {}
    known = profiles.sent([one for one, _ in staged], is_organisation=bool(source.per_organisation))
    for some in _pieces([one for one, _ in staged if not known[one].is_replay]):
        measured = profile({one: _laid(staging / one, known[one].as_of) for one in some})
        judged = _against_history(source, measured, known)
        found, waiting = _judged(source, judged)
        marks = [{"delivery_id": one, "entity": "", "measure": profiles.HELD, "code": why.rule, "value": 1.0} for one, why in waiting.items()]
        profiles.keep(source.name, pa.concat_tables([measured, pa.Table.from_pylist(marks, PROFILE)]))
        results += found
        held |= waiting
    return results, held


def _pieces(delivery_ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(delivery_ids), AT_ONCE):
        yield delivery_ids[start:start + AT_ONCE]


def _laid(folder: Path, as_of: date) -> Laid:
    counts = json.loads((folder / "counts.json").read_text("utf-8"))
    return Laid(folder=folder, as_of=as_of, counts={entity: (count["received"], count.get("refused", 0)) for entity, count in counts.items()})


def _against_history(source: Source, measured: pa.Table, known: dict[str, profiles.Sent]) -> pd.DataFrame:
    """Measures that can be judged, with their bounds (`transforms.profile_bounds.COLUMNS`)."""
    rows = measured.to_pandas()
    received = rows[rows["measure"] == "received"].sort_values("entity")
    kinds = received.groupby("delivery_id")["entity"].agg(" ".join)
    present = rows.assign(sender=[known[one].sender for one in rows["delivery_id"]], kind=rows["delivery_id"].map(kinds))
    since = max((_since(known[one].as_of) for one in set(rows["delivery_id"])), default=date.min) if source.per_organisation else date.min
    past = profiles.history(source.name, sorted(set(present["sender"])), is_organisation=bool(source.per_organisation), since=since)
    judged = bounds(pa.Table.from_pandas(present, preserve_index=False), past)
    return judged[~((judged["rule"] == "drift.rows") & source.asks)].reset_index(drop=True)  # how many answer is for us to say: we ask


def _since(day: date) -> date:
    return date(day.year if (day.month, day.day) >= SCHOOL_YEAR else day.year - 1, *SCHOOL_YEAR)


def _judged(source: Source, judged: pd.DataFrame) -> tuple[list[gates.Result], dict[str, Held]]:
    """Great Expectations over the small frame: a column a rule, a row a measure, how far it lies outside its bounds."""
    rules = [rule for rule in DRIFT.values() if (judged["rule"] == rule.id).any()]
    if not rules:
        return [], {}
    outside = beyond(judged)
    frame = pd.DataFrame({rule.id: outside.where(judged["rule"] == rule.id) for rule in rules})
    suite = [Expectation(rule=rule.id, type="expect_column_values_to_be_between", title=rule.title, column=rule.id, arguments={"max_value": 0}) for rule in rules]
    found = [row for result in gates.door(source.name, frame, suite) for row in result.rows]
    broken = judged.loc[sorted(found)]
    places = zip(broken["rule"], broken["entity"], broken["column_name"], strict=True)
    broken = broken.assign(severity=[severity(DRIFT[rule], entity, column) for rule, entity, column in places])
    return [*_of_rules(source, judged, broken), *_of_measures(source, broken)], _why(broken[broken["severity"] == "hold"])


def _of_rules(source: Source, judged: pd.DataFrame, broken: pd.DataFrame) -> Iterator[gates.Result]:
    guilty, holding = _pairs(broken), _pairs(broken[broken["severity"] == "hold"])
    for pair, count in _pairs(judged).items():
        delivery_id, rule = pair
        shown = DRIFT[rule].severity if not guilty[pair] or holding[pair] else "warn"
        yield _result(source, rule, delivery_id, None, None, shown, evaluated=count, unexpected=guilty[pair])


def _pairs(rows: pd.DataFrame) -> Counter[tuple[str, str]]:
    """Measures by delivery and rule."""
    return Counter(zip(rows["delivery_id"].astype(str), rows["rule"].astype(str), strict=True))


def _of_measures(source: Source, broken: pd.DataFrame) -> Iterator[gates.Result]:
    for row in broken.to_dict("records"):
        column = row["column_name"] if isinstance(row["column_name"], str) else None
        yield _result(source, row["rule"], row["delivery_id"], row["entity"], column, row["severity"], evaluated=int(row["rows_seen"]), unexpected=1)


def _result(source: Source, rule: str, delivery_id: str, entity: str | None, column: str | None, shown: str, *, evaluated: int, unexpected: int) -> gates.Result:
    return gates.Result(gate="door", subject=f"{source.name}/{entity}" if entity else source.name, rule=rule, expectation="expect_column_values_to_be_between",
                        column=column, title=DRIFT[rule].title, success=not unexpected, evaluated=evaluated, unexpected=unexpected, severity=shown,
                        source=source.name, entity=entity, delivery_id=delivery_id, rule_version=DRIFT[rule].version, as_of=settings().today)


def _why(holding: pd.DataFrame) -> dict[str, Held]:
    """The first broken rule names the code; the message tells all, in counts and shares."""
    return {str(one): Held(rule=str(rows["rule"].iloc[0]), message="; ".join(map(told, rows.head(5).itertuples())) + (
        f"; and {len(rows) - 5} more" if len(rows) > 5 else "") + "; see quality.validation_result, then release or return it")
        for one, rows in holding.groupby("delivery_id", sort=False)}
