"""Control equalities of the forms: each is true of a true report, each is broken by one wrong figure; a wrong map is one clear error."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import AS_OF, KINDERGARTEN, Database, Region

from pipeline import form_gate
from schemas.errors import ConfigurationError
from warehouse import reports
from warehouse.reports import forms
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.equalities import Sides

pytestmark = pytest.mark.warehouse
RULES = [equality for one in DEFINITIONS if one.form for equality in forms.read(one.form).equalities]
NOT_TOLD = {"form.oo1.classes_by_kind", "form.oo1.sets_joined", "form.oo1.adapted_classes", "form.85k.groups_by_kind"}
"""What sources do not tell: a side is missing."""


@pytest.fixture
def sides(region: Region, warehouse: Database) -> list[Sides]:
    """Three pupils (one in the evening class), a child in kindergarten, one who is nowhere."""
    for birth_date, grade, form in (("2015-01-02", 4, "full_time"), ("2014-05-05", 5, "full_time"), ("2010-03-03", 9, "part_time")):
        region.enrol(region.child(birth_date, "F" if grade == 5 else "M"), "2025-09-01", grade=grade, study_form=form)
    region.enrol(region.child("2020-01-01"), "2024-09-01", at=KINDERGARTEN, grade=None, programme="preschool")
    region.child("2012-01-01", "F", is_rural=True)
    return reports.control_sides(warehouse.engine(), version=1, as_of=AS_OF)


def test_a_true_version_breaks_no_equality(sides: list[Sides]) -> None:
    results = form_gate.outcomes(1, sides)
    assert [result.rule for result in results] == [rule.id for rule in RULES]
    assert all(result.success for result in results)
    evaluated = {result.rule: result.evaluated for result in results}
    assert {evaluated.pop(rule) for rule in NOT_TOLD} == {0}
    assert evaluated["form.oo1.pupils_by_grade"] == 2  # both forms of study
    assert min(evaluated.values()) == 1
    assert {one.left for one in sides if one.equality.id == "form.oo1.pupils_in_register"} == {3}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_equality_is_broken_by_one_wrong_figure(sides: list[Sides], rule: str) -> None:
    first = next(one for one in sides if one.equality.id == rule)
    wrong = replace(first, left=(first.left or 0) + 1, right=first.left or 0)
    results = form_gate.outcomes(1, [wrong if one is first else one for one in sides])
    broken = [(result.rule, result.unexpected, result.severity) for result in results if not result.success]
    assert broken == [(rule, 1, first.equality.severity)]


MAP = """
form: X
title: X
map_version: 1
sections:
  part:
    code: ""
    code_confirmed: false
    title: X
    rows: [{name: total, code: "", code_confirmed: false, title: Всего}]
    columns: [{name: all, code: "", code_confirmed: false, title: Всего}]
equalities:
  - {id: form.x.one, version: 1, severity: block, title: X, advice: X, ground: "", section: part, left: total.all, right: ["total.a*"]}
"""


@pytest.mark.parametrize(("old", "new", "code"), [
    ("form: X", "form: [X", "form.not_yaml"),
    ("title: X\nmap", "map", "form.broken"),
    ("code_confirmed: false, title: Всего}]\n    columns", "confirmed: false, title: Всего}]\n    columns", "form.broken"),
    ("left: total.all", "left: sum.all", "form.row_unknown"),
    ("left: total.all", "left: total.none", "form.column_unknown"),
    ("left: total.all", "left: total", "form.row_unknown"),
    ("section: part", "section: other", "form.section_unknown"),
    ("severity: block", "severity: stop", "form.equality"),
    ("severity: block, ", "", "form.equality"),
    ("advice: X", "advices: X", "form.equality"),
    ("section: part, left: total.all", "section: part", "form.equality"),
])
def test_a_map_written_wrongly_is_one_clear_error(old: str, new: str, code: str) -> None:
    assert len(forms.parse("x", MAP).equalities) == 1
    assert old in MAP
    with pytest.raises(ConfigurationError) as raised:
        forms.parse("x", MAP.replace(old, new))
    assert raised.value.code == code
    assert "\n" not in raised.value.message


def test_an_equality_written_twice_and_an_unknown_check_are_told(region: Region, warehouse: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = MAP[MAP.index("  - {"):]
    with pytest.raises(ConfigurationError, match="twice"):
        forms.parse("x", MAP + rule)
    true = forms.read("oo1")
    wrong = replace(true, equalities=(replace(true.equalities[-1], check="heads"),))
    monkeypatch.setattr(forms, "read", lambda name: wrong if name == "oo1" else forms.parse(name, (forms.FOLDER / f"{name}.yaml").read_text("utf-8")))
    with pytest.raises(ConfigurationError, match=r"no check heads; it has row_09"):
        reports.control_sides(warehouse.engine(), version=1, as_of=AS_OF)
