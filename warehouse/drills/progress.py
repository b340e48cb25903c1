"""What each cell of the reports on marks and attendance counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from warehouse.drills.drill import Drill, Frame, Measure, equal, fixed
from warehouse.reports.attendance_tables import SIGNS, month_title

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



def _missed(*reasons: str) -> Measure:
    return Measure(fits=lambda units: units["absence_reason"].isin(reasons))


_LESSONS = fixed(missed_count=_missed("ill", "valid", "absent"), **{f"{reason}_count": _missed(reason) for reason in ("ill", "valid", "absent", "late")})


def _lessons(named: tuple[str, ...], **columns: str) -> Drill:
    same = equal(**columns)
    return Drill(unit="absence", named=named, measures=_LESSONS, belongs=lambda units, row: same(units.assign(month_title=month_title(units["month"])), row))


def _is(sign: str) -> Measure:
    return Measure(fits=lambda units: units[sign])


_SIGNS = fixed(pupil_count=Measure(), signed_count=_is("is_signed"), **{f"{sign}_count": _is(sign) for sign in SIGNS})
_SIGN = {title: sign for sign, title in SIGNS.items()}


def _signed(units: Frame, row: pd.Series[Any]) -> Frame:
    return units[units[_SIGN[row["sign"]]]] if row["sign"] in _SIGN else units.head(0)


def _by_sign(row: pd.Series[Any], column: str) -> Measure | None:
    return Measure() if column == "pupil_count" and row["sign"] in _SIGN else None


_WORK = fixed(**{name: Measure(total=name) for name in ("missed_count", "absent_count", "least_lesson_count", "unexcused_day_count", "school_change_count")})

DRILLS |= {
    ("attendance", "months"): _lessons(("month_title",), month_title="month_title"),
    ("attendance", "municipalities"): _lessons(("municipality",), municipality="municipality"),
    ("attendance", "organisations"): _lessons(_ORGANISATION, organisation_key="organisation_key"),
    ("attendance", "classes"): _lessons(_CLASS, organisation_key="organisation_key", class_name="class_name"),
    ("attendance", "class_months"): _lessons((*_CLASS, "month_title"), organisation_key="organisation_key", class_name="class_name", month_title="month_title"),
    ("attendance", "signs"): Drill(unit="signal", named=("sign",), belongs=_signed, measures=_by_sign),
    ("attendance", "municipality_signs"): Drill(unit="signal", named=("municipality",), belongs=equal(municipality="municipality"), measures=_SIGNS),
    ("attendance", "organisation_signs"): Drill(unit="signal", named=_ORGANISATION, belongs=equal(organisation_key="organisation_key"), measures=_SIGNS),
    ("attendance", "work_list"): Drill(unit="signal", named=("pupil_id",), belongs=equal(pupil_id="pupil_id"), measures=_WORK)}
