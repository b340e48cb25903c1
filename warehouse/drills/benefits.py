"""What each cell of the report of benefits counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from schemas.benefit_rules import EVIDENCE, ONE_OF, ONE_OF_TITLE, read
from warehouse.drills.drill import TOTAL, Drill, Frame, Measure, equal, fixed
from warehouse.reports.benefits_meals import MEALS, UNKNOWN_AMOUNT
from warehouse.reports.benefits_words import CONTRADICTIONS, STATUSES
from warehouse.reports.shape import STEPS
from warehouse.reports.titles import SOURCE_TITLES

_BENEFITS = {rule.benefit: rule.title + (" (проект)" if rule.standing == "project" else "") for rule in read()}
_EVIDENCE = {name: word.title for name, word in EVIDENCE.items()} | {ONE_OF: ONE_OF_TITLE}
_NO_SOURCE = {name: "источник молчит" if word.has_source else "источника нет" for name, word in EVIDENCE.items()}


def _titled(units: Frame) -> Frame:
    """Benefits, evidence, sources and contradictions as the report names them."""
    named = units.assign(benefit_title=units["benefit"].map(_BENEFITS))
    if "organisation_key" in units:
        named = named.assign(organisation_key=units["organisation_key"].fillna("–"))
    if "evidence" in units:
        silent = units["evidence"].map(_NO_SOURCE).fillna("источника нет")
        named = named.assign(evidence_title=units["evidence"].map(_EVIDENCE), source_title=units["source"].map(SOURCE_TITLES).fillna(silent),
                             contradiction_title=units["contradiction"].map(CONTRADICTIONS))
    return named


def _same(**columns: str) -> Any:
    same = equal(**columns)
    return lambda units, row: same(_titled(units), row)


def _in_state(status: str, column: str) -> Measure:
    return Measure(fits=lambda units: units[column] == status)


def _states(column: str) -> dict[str, Measure]:
    return {f"{status}_count": _in_state(status, column) for status in STATUSES}


_RIGHTS = fixed(right_count=Measure(), saved_count=Measure(total="saved_count"), needed_count=Measure(total="needed_count"),
                expiring_count=Measure(fits=lambda units: units["is_expiring"]), **_states("benefit_status"))
_SHOWN = fixed(evidence_count=Measure(), saved_count=Measure(fits=lambda units: units["is_paper_saved"]),
               expiring_count=Measure(fits=lambda units: units["is_expiring"]), **_states("evidence_status"))


def _fee(units: Frame, row: pd.Series[Any]) -> Frame:
    ours = units[units["benefit"] == "kindergarten_fee"]
    amount = ours["amount_percent"].astype("string").add(" %").fillna(UNKNOWN_AMOUNT)
    return ours if row["amount"] == TOTAL else ours[amount == row["amount"]]


def _meals(units: Frame, row: pd.Series[Any]) -> Frame:
    steps = dict(zip(("01", "02", "03"), STEPS.values(), strict=True))
    ours = units[units["benefit"].isin(MEALS) & (units["benefit_status"] == "proved")]
    return ours[ours["grade"].between(*steps[row["code"]]).fillna(False)] if row["code"] in steps else ours


_NAMED = {"pupil_id": "pupil_id", "evidence_title": "evidence"}
DRILLS: dict[tuple[str, str], Drill] = {
    ("benefits", "benefits"): Drill(unit="benefit", named=("benefit",), belongs=_same(benefit_title="benefit"), measures=_RIGHTS),
    ("benefits", "municipalities"): Drill(unit="benefit", named=("municipality", "benefit"), measures=_RIGHTS,
                                          belongs=_same(municipality="municipality", benefit_title="benefit")),
    ("benefits", "organisations"): Drill(
        unit="benefit", named=("municipality", "organisation_name", "organisation_key", "benefit"), measures=_RIGHTS,
        belongs=_same(municipality="municipality", organisation_key="organisation_key", benefit_title="benefit")),
    ("benefits", "evidence"): Drill(unit="benefit_evidence", named=("benefit", "evidence", "source"), measures=_SHOWN,
                                    belongs=_same(benefit_title="benefit", evidence_title="evidence", source_title="source")),
    ("benefits", "fee"): Drill(unit="benefit", named=("amount",), belongs=_fee, measures=fixed(right_count=Measure(), **_states("benefit_status"))),
    ("benefits", "hot_meals"): Drill(unit="benefit", named=("code",), belongs=_meals, measures=fixed(entitled_count=Measure())),
    ("benefits", "expiring"): Drill(unit="benefit_evidence", named=("pupil_id", "benefit", "evidence"), measures=fixed(),
                                    belongs=_same(benefit_title="benefit", **_NAMED)),
    ("benefits", "contradictions"): Drill(unit="benefit_evidence", named=("pupil_id", "evidence", "contradiction"), measures=fixed(),
                                          belongs=_same(contradiction_title="contradiction", **_NAMED))}
