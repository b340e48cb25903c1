"""What each cell of the report on students counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from warehouse.drills.drill import TOTAL, Drill, Frame, Measure, equal, fixed
from warehouse.reports import universities_tables as tables
from warehouse.reports.shape import UNKNOWN_PLACE
from warehouse.reports.universities_tables import PROGRAMME, UNIVERSITY

Belongs = Callable[[Frame, "pd.Series[Any]"], Frame]


def _is(column: str, value: str) -> Measure:
    return Measure(fits=lambda units: units[column] == value)


def _titled(units: Frame) -> Frame:
    """Forms, kinds and school years as the report names them."""
    named = units
    if "study_form" in units:
        named = named.assign(form_title=units["study_form"].map(tables.FORMS))
    if "mark_type" in units:
        named = named.assign(kind_title=units["mark_type"].map(tables.KINDS))
    return named.assign(year_title=tables.year_title(units["flow_year"])) if "flow_year" in units else named


def _same(*columns: str) -> Belongs:
    same = equal(**{column: column for column in columns})
    return lambda units, row: same(_titled(units), row)


def _owes(least: int, most: int | None = None) -> Measure:
    return Measure(fits=lambda units: units["debt_count"].between(least, most if most is not None else units["debt_count"].max()))


_STUDENTS = fixed(student_count=Measure(), female_count=_is("sex", "F"), male_count=_is("sex", "M"), no_sex_count=Measure(fits=lambda units: units["sex"].isna()),
                  **{f"{form}_count": _is("study_form", form) for form in tables.FORMS})
_DEBTS = fixed(student_count=Measure(), assessed_count=Measure(fits=lambda units: units["result_count"] > 0), debtor_count=_owes(1),
               one_debt_count=_owes(1, 1), two_debt_count=_owes(2, 2), more_debt_count=_owes(3))


def _not_passed(*of: str) -> Measure:
    return Measure(fits=lambda units: ~units["is_passed"].astype(bool), of=of)


_RESULTS = fixed(result_count=Measure(), passed_count=Measure(fits=lambda units: units["is_passed"]), debt_count=_not_passed(),
                 student_count=Measure(of=("pupil_id",)), debtor_count=_not_passed("pupil_id"))


def _kind(units: Frame, row: pd.Series[Any]) -> Frame:
    columns = UNIVERSITY if row["kind_title"] == "все виды" else [*UNIVERSITY, "kind_title"]
    return _same(*columns)(units, row)


def _came(units: Frame, row: pd.Series[Any]) -> Frame:
    """Students of a row of the trajectory: small cells are merged as the report merges them."""
    if row["municipality"] == TOTAL:
        return units
    keys = ["organisation_key", "programme_field", "municipality"]
    named = tables.named(units.assign(municipality=units["origin_municipality"]), keys)
    merged = tables.merged(named.assign(student_count=1))
    return units[(merged[keys] == row[keys].to_numpy()).all(axis=1).to_numpy()]


def _year(units: Frame, row: pd.Series[Any]) -> Frame:
    return units if row["entry_year"] == TOTAL else units[units["entry_year"].astype("string").fillna(UNKNOWN_PLACE) == row["entry_year"]]


def _no_school(kind: str) -> Measure:
    return Measure(fits=lambda units: (units["origin_kind"] == kind) & (units["school_absence"] != "known"))


_FLOWS = fixed(**{f"{flow}_count": _is("student_flow", flow) for flow in tables.FLOWS})
_ORIGINS = fixed(student_count=Measure(), **{f"{name}_count": _is("school_absence", name) for name in tables.ABSENCES},
                 **{f"place_{name}_count": _no_school(name) for name in tables.ORIGINS})


def _table(unit: str, keys: list[str], measures: Callable[[pd.Series[Any], str], Measure | None], belongs: Belongs | None = None) -> Drill:
    return Drill(unit=unit, named=tuple(keys), belongs=belongs or _same(*keys), measures=measures)


_COHORT = [*PROGRAMME, "form_title", "entry_year"]
DRILLS: dict[tuple[str, str], Drill] = {("universities", name): drill for name, drill in {
    "universities": _table("student", UNIVERSITY, _STUDENTS),
    "programmes": _table("student", PROGRAMME, _STUDENTS),
    "cohorts": _table("student", _COHORT, _STUDENTS),
    "debts": _table("student", PROGRAMME, _DEBTS),
    "exam_kinds": _table("exam", [*UNIVERSITY, "kind_title"], _RESULTS, _kind),
    "exams": _table("exam", [*UNIVERSITY, "discipline", "semester", "kind_title"], _RESULTS),
    "courses": _table("course", [*PROGRAMME, "semester", "discipline"], fixed(student_count=Measure(of=("pupil_id",)))),
    "flow_years": _table("student_flow", ["year_title"], _FLOWS),
    "flows": _table("student_flow", ["year_title", *UNIVERSITY], _FLOWS),
    "trajectory": _table("student_origin", ["municipality", *UNIVERSITY, "programme_field"], fixed(student_count=Measure()), _came),
    "origins": _table("student_origin", ["entry_year"], _ORIGINS, _year)}.items()}
"""Every table of the report."""
