"""The gate of the state forms: control equalities of the version that is to be published, judged before anybody sees it."""

from __future__ import annotations

import pandas as pd

from pipeline import gates
from schemas.expectations import Expectation
from warehouse import publish as publication
from warehouse import reports
from warehouse.engine import engine
from warehouse.reports.equalities import Sides


def judge(version: int) -> list[gates.Result]:
    """Every equality of every form, over the forms as they would be published; ConfigurationError when a form's map is written wrongly."""
    _, as_of = publication.version_of(version)
    return outcomes(version, reports.control_sides(engine("loader"), version=version, as_of=as_of))


def outcomes(version: int, sides: list[Sides]) -> list[gates.Result]:
    """Great Expectations over a small frame: two columns a rule, a row a table; `evaluated` counts the tables in which both sides are known."""
    rules = {one.equality.id: one.equality for one in sides}
    frame = pd.DataFrame({name: pd.Series([_side(one, rule, side) for one in sides], dtype="float64")
                          for rule in rules for side in ("left", "right") for name in (f"{rule} {side}",)})
    suite = [Expectation(rule=rule.id, type="expect_column_pair_values_to_be_equal", title=rule.title, arguments={
        "column_A": f"{rule.id} left", "column_B": f"{rule.id} right", "ignore_row_if": "either_value_is_missing"}) for rule in rules.values()]
    return [_outcome(version, result, sides) for result in gates.door(f"version {version}", frame, suite)]


def _side(one: Sides, rule: str, side: str) -> int | None:
    value: int | None = getattr(one, side)
    return value if one.equality.id == rule else None


def _outcome(version: int, result: gates.Result, sides: list[Sides]) -> gates.Result:
    own = [one for one in sides if one.equality.id == result.rule]
    known = [one for one in own if one.left is not None and one.right is not None]
    return gates.Result(gate="form", subject=result.subject, rule=result.rule, expectation=result.expectation, column=None, title=result.title,
                        success=result.success, evaluated=len(known), unexpected=result.unexpected, severity=own[0].equality.severity,
                        version=version, rule_version=own[0].equality.version)
