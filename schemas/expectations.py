"""Expectations derived from the declarations: what Great Expectations asks at each gate. Plain data; imports no library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas.errors import ConfigurationError
from schemas.fields import FIELDS, Field
from schemas.predicates import codes, predicate
from schemas.rules import BY_ENTITY, RULES, Rule, of_entity
from schemas.rules_door import SUITE
from schemas.tables import STAGING


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One question to the data: the library's expectation type, its arguments, the rule it stands for."""

    rule: str
    type: str
    """Snake-case name of the Great Expectations expectation."""
    title: str
    """Russian: what is expected."""
    column: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)


def columns_expectation(entity: str) -> Expectation:
    """The laid out rows have the declared columns and no others."""
    rule = RULES[f"{entity}.columns"]
    return Expectation(rule=rule.id, type="expect_table_columns_to_match_set", title=rule.title,
                       arguments={"column_set": list(STAGING[entity].columns), "exact_match": True})


def record_suite(entity: str) -> list[Expectation]:
    """What every accepted row of one staging relation must satisfy: the same rules that refuse a record, asked again of each value."""
    return [columns_expectation(entity),
            *(_asked(rule, FIELDS[rule.column]) for rule in BY_ENTITY[entity] if rule.column in FIELDS and rule.kind in _TYPES and rule.sql is None)]


def sql_rules(entity: str) -> list[Rule]:
    """The rules of one staging relation that are asked by their own SQL."""
    return [rule for rule in of_entity(entity) if rule.sql is not None or rule.kind == "control_number"]


def condition(rule: Rule) -> str:
    """The SQL of a rule over `one`; ConfigurationError for a rule that has none."""
    found = predicate(rule)
    if found is None:
        raise ConfigurationError("rule.no_sql", f"rule {rule.id} has no SQL")
    return found


_TYPES = {
    "required": "expect_column_values_to_not_be_null", "pattern": "expect_column_values_to_match_regex",
    "values": "expect_column_values_to_be_in_set", "codes": "expect_column_values_to_be_in_set",
    "minimum": "expect_column_values_to_be_between", "maximum": "expect_column_values_to_be_between",
    "range": "expect_column_values_to_be_between",
}


def _asked(rule: Rule, declared: Field) -> Expectation:
    return Expectation(rule=rule.id, type=_TYPES[rule.kind], title=rule.title, column=rule.column, arguments=_arguments(rule.kind, declared))


def _arguments(kind: str, declared: Field) -> dict[str, Any]:
    if kind == "pattern":
        return {"regex": f"^(?:{declared.pattern})$"}
    if kind == "values":
        return {"value_set": list(declared.values or ())}
    if kind == "codes":
        return {"value_set": list(codes(str(declared.codes)))}
    if kind in ("minimum", "maximum", "range"):
        return {"min_value": _bound(declared, declared.minimum), "max_value": _bound(declared, declared.maximum)}
    return {}


def _bound(declared: Field, bound: float | str | None) -> float | datetime | None:
    return datetime.fromisoformat(bound) if isinstance(bound, str) and declared.type == "date" else bound  # type: ignore[return-value]


def door_suite(rows: range, *, is_organisation: bool = False) -> list[Expectation]:
    """What one delivery as a whole must satisfy: a frame with one row a delivery (see `pipeline.gates.door`).

    An organisation's keys are its own numbers of children, and may be given out anew.
    """
    arguments: dict[str, tuple[str, dict[str, Any]]] = {
        "delivery.rows.range": ("received", {"min_value": rows.start, "max_value": rows.stop - 1}),
        "delivery.refused.share": ("refused_share", {"max_value": REFUSED_SHARE}),
        "delivery.rows.shrink": ("person_ratio", {"min_value": SHRINK}),
        "identity.keys_swapped": ("swapped_keys", {"max_value": 0})}
    return [Expectation(rule=rule.id, type="expect_column_values_to_be_between", column=arguments[rule.id][0], title=rule.title,
                        arguments=arguments[rule.id][1])
            for rule in SUITE if is_organisation or rule.id != "identity.keys_swapped"]


REFUSED_SHARE = 1 / 3
REFUSED_SHARE_FROM = 20
"""Records of a delivery from which on the load, which knows of more refusals than the door, asks for the share again."""
SHRINK = 0.5
