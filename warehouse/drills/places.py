"""What each cell of the reports on kindergartens and the demand for places counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from warehouse.drills.drill import TOTAL, Drill, Frame, Measure, equal, fixed
from warehouse.reports import forms
from warehouse.reports.preschool_tables import NO_NAME, age_name, is_foreign, named

_GROUP = ("organisation_key", "class_letter")


def _line(section: str, row: pd.Series[Any]) -> str:
    return {line.title: line.name for line in forms.read("form_85k").sections[section].rows}[row["title"]]


def _of_line(units: Frame, row: pd.Series[Any]) -> Frame:
    """The children of a row of section 7; all of them in a row that is not counted."""
    name = _line("children", row)
    part = units[is_foreign(units["citizenship"])] if name.startswith("foreign") else units
    return part[part["sex"] == "F"] if name.endswith("girls") else part


def _by_age(row: pd.Series[Any], column: str) -> Measure | None:
    if pd.isna(row["age_0"]) or column in ("code", "title"):
        return None
    return Measure() if column == "total" else Measure(fits=lambda units: age_name(units["age_years"]) == column)


def _by_column(row: pd.Series[Any], column: str) -> Measure | None:
    if pd.isna(row["age_0"]) or column in ("code", "title"):
        return None
    return Measure(of=_GROUP, fits=lambda units: named(units["class_letter"])["column"].notna() if column == "total" else
                   named(units["class_letter"])["column"] == column)


def _of_name(units: Frame, row: pd.Series[Any]) -> Frame:
    return units if row["title"] == TOTAL else units[named(units["class_letter"])["title"] == row["title"]]


_NAMES = fixed(child_count=Measure(), group_count=Measure(of=_GROUP, fits=lambda units: named(units["class_letter"])["title"] != NO_NAME))
_PLACES = fixed(child_count=Measure(), outside_count=Measure(fits=lambda units: ~units["has_places"].fillna(False).astype(bool)))
_OF_AGE = fixed(child_count=Measure(), kindergarten_count=Measure(fits=lambda units: units["is_in_kindergarten"]),
                enrolled_count=Measure(fits=lambda units: units["is_enrolled"] & ~units["is_in_kindergarten"]))
_ORGANISATION = Drill(unit="preschool", named=("municipality", "organisation_name", "organisation_key"), belongs=equal(organisation_key="organisation_key"),
                      measures=_PLACES)

DRILLS: dict[tuple[str, str], Drill] = {
    ("preschool", "children"): Drill(unit="preschool", named=("title",), belongs=_of_line, measures=_by_age),
    ("preschool", "groups"): Drill(unit="preschool", named=("title",), belongs=lambda units, _: units, measures=_by_column),
    ("preschool", "group_kinds"): Drill(unit="preschool", named=("title",), belongs=_of_name, measures=_NAMES),
    ("preschool", "municipalities"): Drill(unit="preschool", named=("municipality",), belongs=equal(municipality="municipality"), measures=_PLACES),
    ("preschool", "organisations"): _ORGANISATION,
    ("preschool", "overloaded"): _ORGANISATION,
    **{("demand", table): Drill(unit="roll", named=named_by, belongs=lambda units, _: units, measures=fixed()) for table, named_by in (
        ("schools_total", ("school_year",)), ("grades", ("grade",)), ("back_test", ("horizon",)), ("ratios", ("step",)))},
    ("demand", "kindergartens_total"): Drill(unit="preschool_child", named=("school_year",), belongs=lambda units, _: units, measures=fixed()),
    ("demand", "schools"): Drill(unit="roll", named=("municipality", "school_year"), belongs=equal(municipality="municipality"), measures=fixed()),
    ("demand", "kindergartens"): Drill(unit="preschool_child", named=("municipality", "school_year"), belongs=equal(municipality="municipality"), measures=fixed()),
    ("preschool", "coverage"): Drill(unit="preschool_child", named=("municipality",), belongs=equal(municipality="municipality"), measures=_OF_AGE)}
