"""What each cell of the reports on schools counts: sections 2.4 and shifts of R1, ages, movement and results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from warehouse.drills.drill import TOTAL, Drill, Frame, Mask, Measure, equal, fixed
from warehouse.reports import contingent_classes, forms, movement_results, movement_tables
from warehouse.reports.ages import age_names, grade_names
from warehouse.reports.contingent_classes import NO_DATA
from warehouse.reports.shape import UNKNOWN_PLACE

Belongs = Callable[[Frame, "pd.Series[Any]"], Frame]
_CLASS = ("organisation_key", "grade", "class_letter", "study_form")


def _line(form: str, section: str, title: str) -> str:
    return next(line.name for line in forms.read(form).sections[section].rows if line.title == title)


def _set(units: Frame, row: pd.Series[Any]) -> Frame:
    fits = contingent_classes.CLASS_SETS[_line("oo1", "class_sets", row["title"])]
    inside = contingent_classes.in_section(units)
    return inside[fits(inside.assign(pupil_count=inside["class_size"])).fillna(False).astype(bool)]


def _of_shift(row: pd.Series[Any], column: str) -> Measure | None:
    if column in ("code", "title"):
        return None
    what, _, shift = _line("oo1", "shifts", row["title"]).partition("_")
    grade = column.removeprefix("grade_")

    def fits(units: Frame) -> pd.Series[bool]:
        of_unit = units["class_shift" if what == "classes" else "shift"].astype("string").fillna("unknown")
        inside = (units["study_form"] != "family") & (of_unit.eq(shift) if shift else True)
        return inside & (units["grade"].astype("string").fillna("unknown").eq(grade) if column != "total" else True)
    return Measure(fits=fits, of=_CLASS if what == "classes" else ())


def _of_grade(units: Frame, row: pd.Series[Any]) -> Frame:
    return units if row["grade"] == TOTAL else units[units["grade"].astype("string").fillna("не указан") == row["grade"]]


def _shift(number: str) -> Mask:
    return lambda units: units["shift"].astype("string").fillna("unknown") == number


_GRADE = fixed(class_count=Measure(of=_CLASS), pupil_count=Measure(), girl_count=Measure(fits=lambda units: units["sex"] == "F"),
               **{f"shift_{number}_count": Measure(fits=_shift(number)) for number in contingent_classes.SHIFTS})


def _aged(units: Frame, row: pd.Series[Any]) -> Frame:
    wanted = _line("oo1_age", "age", row["age"])
    inside = units if row.get("municipality", TOTAL) == TOTAL else units[units["municipality"].fillna(UNKNOWN_PLACE) == row["municipality"]]
    return inside if wanted == "total" else inside[age_names(inside["age_years"]) == wanted]


def _by_grade(row: pd.Series[Any], column: str) -> Measure | None:
    measure, grade = column.partition("_")[::2]
    if measure not in ("pupils", "girls"):
        return None

    def fits(units: Frame) -> pd.Series[bool]:
        inside = pd.Series(True, index=units.index) if grade == "total" else grade_names(units["grade"]) == grade
        return inside & (units["sex"] == "F") if measure == "girls" else inside
    return Measure(fits=fits)


def _nothing(units: Frame, _: pd.Series[Any]) -> Frame:
    return units.head(0)


def _movement(period: str, name: str, named: tuple[str, ...], belongs: Belongs, measures: Callable[[pd.Series[Any], str], Measure | None]) -> dict[
        tuple[str, str], Drill]:
    def of_period(units: Frame, row: pd.Series[Any]) -> Frame:
        return belongs(units[units["movement_period"] == period], row)
    return {("movement", f"{name}_{period}"): Drill(unit="movement", named=named, belongs=of_period, measures=measures)}


def _figure(column: str) -> Mask:
    event, _, kind = column.partition("_") if column not in movement_tables.GRADE_CHANGES else (column, "", "")
    return lambda units: (units["movement_event"] == event) & (units["movement_kind"].fillna("unknown").eq(kind) if kind else True)


_FIGURES = fixed(**{column: Measure(fits=_figure(column)) for column in movement_tables.FIGURES | movement_tables.GRADE_CHANGES})


def _event(units: Frame, row: pd.Series[Any]) -> Frame:
    return units.head(0) if row["region"] == NO_DATA else units[_figure(_line("movement", "region", row["title"]))(units)]


def _regional(row: pd.Series[Any], column: str) -> Measure | None:
    if column not in ("region", "organisations") or row[column] == NO_DATA:
        return None
    return Measure(fits=lambda units: units["is_regional"]) if column == "region" else Measure()


def _result(units: Frame, row: pd.Series[Any]) -> Frame:
    part = units[units["period_kind"] != "Y"]
    if row["period"] == TOTAL:
        return part
    same: pd.Series[bool] = part["period"].map(movement_results.period_title) == row["period"]
    made: Frame = part[same & (part["grade"].astype("string").fillna(movement_results.UNKNOWN_GRADE) == row["grade"])]
    return made


def _year(units: Frame, row: pd.Series[Any]) -> Frame:
    results = movement_results.YEAR.get(_line("movement", "year_results", row["title"]), ())
    return units[(units["period_kind"] == "Y") & units["period_result"].isin(list(results))]


def _of_year(row: pd.Series[Any], column: str) -> Measure | None:
    return Measure() if column == "total" and row["total"] != NO_DATA else None


_RESULTS = fixed(assessed_count=Measure(), **{name: Measure(fits=lambda units, name=name: units["period_result"] == name)  # type: ignore[misc]
                                              for name in movement_results.RESULTS})

DRILLS: dict[tuple[str, str], Drill] = {
    ("contingent", "grades"): Drill(unit="roll", named=("grade",), belongs=_of_grade, measures=_GRADE),
    ("contingent", "class_sets"): Drill(unit="roll", named=("code", "title"), belongs=_set, measures=fixed(total=Measure(of=_CLASS))),
    ("contingent", "adapted_classes"): Drill(unit="roll", named=("code", "title"), belongs=_nothing, measures=fixed()),
    ("contingent", "mixed_classes"): Drill(unit="roll", named=("code", "title"), belongs=_nothing, measures=fixed()),
    ("contingent", "shifts"): Drill(unit="roll", named=("title",), belongs=equal(), measures=_of_shift),
    ("ages", "ages"): Drill(unit="roll", named=("age",), belongs=_aged, measures=_by_grade),
    ("ages", "municipalities"): Drill(unit="roll", named=("municipality", "age"), belongs=_aged, measures=_by_grade),
    ("movement", "results"): Drill(unit="result", named=("period", "grade"), belongs=_result, measures=_RESULTS),
    ("movement", "year_results"): Drill(unit="result", named=("title",), belongs=_year, measures=_of_year),
}
"""Tables of R1 that `registers` does not name, and those of R2 and R3."""
for _period in movement_tables.PERIODS:
    DRILLS |= _movement(_period, "region", ("title",), _event, _regional)
    DRILLS |= _movement(_period, "grades", ("grade",), _of_grade, _FIGURES)
    DRILLS |= _movement(_period, "municipalities", ("municipality",), equal(municipality="municipality"), _FIGURES)
    DRILLS |= _movement(_period, "organisations", ("municipality", "organisation_name", "organisation_key"), equal(organisation_key="organisation_key"), _FIGURES)
