"""What each cell of the reports on marks and attendance counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from warehouse.drills.drill import Drill, Frame, Measure, equal, fixed

Belongs = Callable[[Frame, "pd.Series[Any]"], Frame]
_ORGANISATION = ("municipality", "organisation_name", "organisation_key")
_CLASS = (*_ORGANISATION, "class_name")
_OF_CLASS = equal(organisation_key="organisation_key", class_name="class_name")


def _kind(*outcomes: str) -> Measure:
    return Measure(fits=lambda units: units["outcome"].isin(outcomes))


_OUTCOMES = {f"{name}_count": _kind(name) for name in ("five", "four", "three", "two", "not_attested", "credit")}
_MARKS = fixed(**_OUTCOMES, graded_count=_kind("five", "four", "three", "two"), other_mark_count=_kind("other"),
               class_count=Measure(of=("organisation_key", "class_name")))


def _standing(name: str) -> Measure:
    return Measure(fits=lambda units: units["standing"] == name)


_PUPILS = fixed(pupil_count=Measure(), not_attested_count=Measure(fits=lambda units: units["not_attested_count"] > 0),
                **{f"{name}_count": _standing(name) for name in ("excellent", "one_four", "one_three", "failing")})


def _latest(belongs: Belongs) -> Belongs:
    return lambda units, row: belongs(units[units["is_latest"].fillna(False).astype(bool)], row)


def _final(named: tuple[str, ...], belongs: Belongs) -> Drill:
    return Drill(unit="final", named=named, belongs=_latest(belongs), measures=_MARKS)


def _pupil(named: tuple[str, ...], belongs: Belongs) -> Drill:
    return Drill(unit="standing", named=named, belongs=belongs, measures=_PUPILS)


_LISTED = fixed(**{name: Measure(total=name) for name in ("five_count", "four_count", "three_count", "two_count", "not_attested_count", "credit_count")})

DRILLS: dict[tuple[str, str], Drill] = {
    ("progress", "municipalities"): _final(("municipality",), equal(municipality="municipality")),
    ("progress", "subjects"): _final(("subject_title",), equal(subject_title="subject_title")),
    ("progress", "organisations"): _final(_ORGANISATION, equal(organisation_key="organisation_key")),
    ("progress", "classes"): _final(_CLASS, _OF_CLASS),
    ("progress", "class_subjects"): _final((*_CLASS, "subject_title"), equal(
        organisation_key="organisation_key", class_name="class_name", subject_title="subject_title")),
    ("progress", "trend"): Drill(unit="final", named=("period_title",), belongs=equal(period_title="period_title"), measures=_MARKS),
    ("progress", "municipality_pupils"): _pupil(("municipality",), equal(municipality="municipality")),
    ("progress", "organisation_pupils"): _pupil(_ORGANISATION, equal(organisation_key="organisation_key")),
    ("progress", "class_pupils"): _pupil(_CLASS, _OF_CLASS),
    ("progress", "lists"): Drill(unit="standing", named=("pupil_id", "list_name"), belongs=equal(pupil_id="pupil_id"), measures=_LISTED)}
"""Every table of these reports."""

