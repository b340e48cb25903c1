"""What each cell of the registers' reports counts: contingent, not enrolled, reconciliation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from warehouse.drills.drill import TOTAL, Drill, Frame, Mask, Measure, equal, fixed
from warehouse.reports import forms
from warehouse.reports.not_enrolled import REASONS
from warehouse.reports.shape import STEPS
from warehouse.reports.titles import ENTITY_TITLES, FIELD_TITLES, SOURCE_TITLES

_CLASS = ("organisation_key", "grade", "class_letter", "study_form")


def _of_section(row: pd.Series[Any], column: str) -> Measure | None:
    titles = {line.title: line.name for line in forms.read("oo1").sections["classes_and_pupils"].rows}
    name, grade = titles[row["title"]], column.removeprefix("grade_")
    if column in ("code", "title") or name not in ("classes", "pupils", "girls"):
        return None

    def fits(units: Frame) -> pd.Series[bool]:
        inside = pd.Series(True, index=units.index) if column == "total" else units["grade"].astype("string").fillna("unknown") == grade
        return inside & (units["sex"] == "F") if name == "girls" else inside
    return Measure(fits=fits, of=_CLASS if name == "classes" else ())


_HEADS = fixed(class_count=Measure(of=_CLASS), pupil_count=Measure(), girl_count=Measure(fits=lambda units: units["sex"] == "F"),
                boy_count=Measure(fits=lambda units: units["sex"] == "M"), later_shift_count=Measure(fits=lambda units: units["shift"] > 1),
                **{step: Measure(fits=lambda units, grades=grades: units["grade"].between(*grades)) for step, grades in STEPS.items()})  # type: ignore[misc]


_PARTS: dict[str, Mask] = {
    "girls": lambda units: units["sex"] == "F", "reason_known": lambda units: units["is_reason_known"], "reason_unknown": lambda units: ~units["is_reason_known"],
    "residence_unknown": lambda units: ~units["is_residence_known"], "may_be_enrolled": lambda units: units["may_be_enrolled"],
    "area_unknown": lambda units: units["is_rural"].isna()}


def _part(units: Frame, row: pd.Series[Any]) -> Frame:
    names = {line.title: line.name for line in forms.read("not_enrolled").sections["by_age"].rows}
    nowhere = units[~units["is_enrolled"]]
    part = _PARTS.get(names[row["title"]])
    return nowhere[part(nowhere).fillna(False).astype(bool)] if part else nowhere


def _by_age(_: pd.Series[Any], column: str) -> Measure | None:
    if column == "rural":
        return Measure(fits=lambda units: units["is_rural"])
    if column == "total":
        return Measure()
    return Measure(fits=lambda units: units["age_years"] == int(column.removeprefix("age_"))) if column.startswith("age_") else None


def _nowhere(more: Mask | None = None) -> Measure:
    return Measure(fits=lambda units: ~units["is_enrolled"] & (more(units).fillna(False) if more else True))


_PLACES = fixed(child_count=Measure(), enrolled_count=Measure(fits=lambda units: units["is_enrolled"]),
                 family_form_count=Measure(fits=lambda units: units["is_enrolled"] & units["is_family_form"]), not_enrolled_count=_nowhere(),
                 rural_count=_nowhere(lambda units: units["is_rural"]), known_count=_nowhere(lambda units: units["is_reason_known"]),
                 may_be_count=_nowhere(lambda units: units["may_be_enrolled"]))
_REASON = {title: name for name, title in REASONS.items()}


def _reason(units: Frame, row: pd.Series[Any]) -> Frame:
    nowhere = units[~units["is_enrolled"]]
    return nowhere if row["reason"] == TOTAL else nowhere[nowhere["reason"] == _REASON[row["reason"]]]


_LINES = fixed(delivery_count=Measure(of=("delivery_id",)), **{name: Measure(total=name) for name in (
    "total", "refused", "processed", "created", "updated", "unchanged", "superseded", "withdrawn")})


def _titled(units: Frame) -> Frame:
    """Sources, entities and fields as the report names them."""
    named = units.assign(source_title=units["source"].map(SOURCE_TITLES).fillna(units["source"]))
    if "entity" in units:
        named = named.assign(entity_title=units["entity"].map(ENTITY_TITLES).fillna(units["entity"]))
    if "field" in units:
        named = named.assign(field_title=units["field"].map(FIELD_TITLES).fillna(units["field"]))
    return named


def _same(**columns: str) -> Callable[[Frame, pd.Series[Any]], Frame]:
    same = equal(**columns)
    return lambda units, row: same(_titled(units), row)


_SNILS = fixed(record_count=Measure(), **{f"{name}_count": Measure(fits=lambda units, name=name: units[f"is_{name}"]) for name in (  # type: ignore[misc]
    "missing", "invalid", "shared_record", "shared_pupil", "unconfirmed")})

DRILLS: dict[tuple[str, str], Drill] = {
    ("contingent", "municipalities"): Drill(unit="roll", named=("municipality",), belongs=equal(municipality="municipality"), measures=_HEADS),
    ("contingent", "organisations"): Drill(unit="roll", named=("municipality", "organisation_name", "organisation_key"),
                                           belongs=equal(organisation_key="organisation_key"), measures=_HEADS),
    ("contingent", "conflicts"): Drill(unit="conflict", named=("pupil_id", "organisation_key", "valid_from"), measures=fixed(),
                                       belongs=equal(pupil_id="pupil_id", organisation_key="organisation_key", valid_from="valid_from")),
    ("not_enrolled", "by_age"): Drill(unit="child", named=("title",), belongs=_part, measures=_by_age),
    ("not_enrolled", "municipalities"): Drill(unit="child", named=("municipality",), belongs=equal(municipality="municipality"), measures=_PLACES),
    ("not_enrolled", "reasons"): Drill(unit="child", named=("reason",), belongs=_reason, measures=fixed(child_count=Measure())),
    ("not_enrolled", "work_list"): Drill(unit="child", named=("pupil_id",), belongs=equal(pupil_id="pupil_id"), measures=fixed()),
    ("reconciliation", "by_entity"): Drill(unit="line", named=("source", "entity"), belongs=_same(source_title="source", entity_title="entity"), measures=_LINES),
    ("reconciliation", "deliveries"): Drill(unit="line", named=("delivery_id", "entity"), measures=_LINES,
                                            belongs=_same(delivery_id="delivery_id", entity_title="entity")),
    ("reconciliation", "not_loaded"): Drill(unit="outside", named=("delivery_id",), belongs=equal(delivery_id="delivery_id"), measures=fixed()),
    ("reconciliation", "refused"): Drill(
        unit="refused", named=("source_title", "entity", "rule"),
        belongs=_same(source_title="source_title", entity_title="entity", rule="rule", rule_version="rule_version"),
        measures=fixed(refused_count=Measure(), delivery_count=Measure(of=("delivery_id",)))),
    ("reconciliation", "snils"): Drill(unit="snils", named=("source",), belongs=_same(source_title="source"), measures=_SNILS),
    ("reconciliation", "disagreement"): Drill(
        unit="cell", named=("field_title", "source", "source_count"), belongs=_same(field_title="field_title", source_title="source", source_count="source_count"),
        measures=fixed(cell_count=Measure(), disagreement_count=Measure(fits=lambda units: units["disagreement"] > 0)))}
"""Every table of these reports but those of section 2.1.1, which are named by the form of study (`of_section`)."""


def of_section(table: str) -> Drill:
    """A table of section 2.1.1: one for each form of study."""
    form = table.removeprefix("classes_and_pupils_")
    return Drill(unit="roll", named=("code", "title"), belongs=lambda units, _: units[units["study_form"] == form], measures=_of_section)
