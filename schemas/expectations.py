"""Expectations derived from the declarations: what Great Expectations asks at each gate. Plain data; imports no library."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from schemas.fields import FIELDS, Field
from schemas.rules import BY_ENTITY, Rule
from schemas.tables import STAGING

CODES = Path(__file__).parent / "codes"


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


@cache
def codes(name: str) -> tuple[str, ...]:
    """The allowed values of one code list."""
    with (CODES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        column = (rows.fieldnames or ["code"])[0]
        return tuple(row[column] for row in rows)


def record_suite(entity: str) -> list[Expectation]:
    """What every accepted row of one staging relation must satisfy: the same rules that refuse a record, asked again."""
    columns = Expectation(rule=f"{entity}.columns", type="expect_table_columns_to_match_set", title="состав колонок не изменился",
                          arguments={"column_set": list(STAGING[entity].columns), "exact_match": True})
    return [columns, *(_asked(rule, FIELDS[rule.column]) for rule in BY_ENTITY[entity] if rule.column in FIELDS and rule.kind in _TYPES)]


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
    return [
        *([KEYS_SWAPPED] if is_organisation else []),
        Expectation(rule="delivery.rows.range", type="expect_column_values_to_be_between", column="received",
                    title="число записей в пределах обычного для источника",
                    arguments={"min_value": rows.start, "max_value": rows.stop - 1}),
        Expectation(rule="delivery.refused.share", type="expect_column_values_to_be_between", column="refused_share",
                    title="отказано не более трети записей", arguments={"max_value": REFUSED_SHARE}),
        Expectation(rule="delivery.rows.shrink", type="expect_column_values_to_be_between", column="person_ratio",
                    title="список не сократился более чем вдвое против прошлой поставки", arguments={"min_value": SHRINK}),
    ]


KEYS_SWAPPED = Expectation(rule="identity.keys_swapped", type="expect_column_values_to_be_between", column="swapped_keys",
                           title="ключи отправителя обозначают тех же детей, что и прежде", arguments={"max_value": 0})
REFUSED_SHARE = 1 / 3
REFUSED_SHARE_FROM = 20
"""Records of a delivery from which on the load, which knows of more refusals than the door, asks for the share again."""
SHRINK = 0.5


@dataclass(frozen=True, kw_only=True)
class WarehouseRule:
    """One rule over one version: `query` selects the keys that break it, never personal values.

    `{version}` in `query` and `judged` stands for the number of the version.
    """

    rule: str
    title: str
    query: str
    judged: str
    """What stands after FROM when the rows the rule looks at are counted."""
    severity: str = "hold"
    """hold: the version is not published · warn: it is published and the result shown."""


def _at(alias: str = "") -> str:
    """SQL: the row is of the version that is judged."""
    row = f"{alias}." if alias else ""
    return f"{row}version_from <= {{version}} AND {row}version_to > {{version}}"


_DELIVERIES = "quality.delivery d WHERE d.state = 'loaded' AND d.version <= {version}"
_RECORDS, _LINKS, _PUPILS, _ENROLMENTS = (f"{table} WHERE {_at()}" for table in ("identity.person_record", "identity.link", "core.pupil", "core.enrolment"))

WAREHOUSE: tuple[WarehouseRule, ...] = (
    WarehouseRule(rule="ledger.conservation", title="получено = загружено + без изменений + заменено + отказано", judged=_DELIVERIES,
                  query=f"SELECT d.delivery_id FROM {_DELIVERIES} AND received <> loaded + unchanged + superseded + refused"),  # noqa: S608
    WarehouseRule(rule="ledger.refused_rows", title="отказов в журнале столько же, сколько в учёте поставок", judged=_DELIVERIES,
                  query=f"SELECT d.delivery_id FROM {_DELIVERIES} AND d.refused <> "  # noqa: S608
                        "(SELECT count(*) FROM quality.refused_record r WHERE r.delivery_id = d.delivery_id)"),
    WarehouseRule(rule="ledger.replayed_rows", title="повторно загруженных записей столько же, сколько отказов с ними закончилось", judged=_DELIVERIES,
                  query=f"SELECT d.delivery_id FROM {_DELIVERIES} AND d.replay_of IS NOT NULL AND d.received <> "  # noqa: S608
                        "(SELECT count(*) FROM quality.refused_record r WHERE r.replayed_by = d.delivery_id)"),
    WarehouseRule(rule="person_record.key", title="одна действующая запись на ключ источника", judged=_RECORDS,
                  query=f"SELECT record_id FROM identity.person_record WHERE {_at()} GROUP BY record_id HAVING count(*) > 1"),  # noqa: S608
    WarehouseRule(rule="link.every_record", title="каждая запись отнесена к ребёнку", judged=_RECORDS,
                  query=f"SELECT p.record_id FROM identity.person_record p WHERE {_at('p')} AND NOT EXISTS "  # noqa: S608
                        f"(SELECT 1 FROM identity.link l WHERE l.record_id = p.record_id AND {_at('l')})"),
    WarehouseRule(rule="link.one_pupil", title="запись отнесена только к одному ребёнку", judged=_LINKS,
                  query=f"SELECT record_id FROM identity.link WHERE {_at()} GROUP BY record_id HAVING count(*) > 1"),  # noqa: S608
    WarehouseRule(rule="pupil.one_golden", title="одна эталонная запись на ребёнка", judged=_PUPILS,
                  query=f"SELECT pupil_id FROM core.pupil WHERE {_at()} GROUP BY pupil_id HAVING count(*) > 1"),  # noqa: S608
    WarehouseRule(rule="pupil.linked", title="у каждого ребёнка есть записи, и эталонная запись у каждого, у кого они есть",
                  judged=f"(SELECT pupil_id FROM {_PUPILS} UNION SELECT pupil_id FROM {_LINKS}) AS known",  # noqa: S608
                  query="SELECT coalesce(g.pupil_id, l.pupil_id) AS pupil_id FROM "  # noqa: S608
                        f"(SELECT pupil_id FROM core.pupil WHERE {_at()}) g FULL JOIN "
                        f"(SELECT DISTINCT pupil_id FROM identity.link WHERE {_at()}) l USING (pupil_id) "
                        "WHERE g.pupil_id IS NULL OR l.pupil_id IS NULL"),
    WarehouseRule(rule="enrolment.organisation", title="организация зачисления есть в реестре", judged=_ENROLMENTS,
                  query=f"SELECT e.record_id FROM core.enrolment e WHERE {_at('e')} AND NOT EXISTS "  # noqa: S608
                        f"(SELECT 1 FROM core.organisation o WHERE o.organisation_key = e.organisation_key AND {_at('o')})"),
    WarehouseRule(rule="enrolment.interval", title="зачисление не позже выбытия", judged=_ENROLMENTS,
                  query=f"SELECT record_id FROM core.enrolment WHERE {_at()} AND valid_to < valid_from", severity="warn"),  # noqa: S608
    WarehouseRule(rule="pupil.snils.unique", title="один СНИЛС не стоит в двух эталонных записях", judged=_PUPILS,
                  query=f"SELECT min(pupil_id) AS pupil_id FROM core.pupil WHERE {_at()} AND snils IS NOT NULL "  # noqa: S608
                        "AND pupil_id NOT IN (SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL) "
                        "GROUP BY snils HAVING count(*) > 1", severity="warn"),
    WarehouseRule(rule="pupil.birth_before_act", title="дата рождения не позже даты смерти", judged=_PUPILS,
                  query=f"SELECT pupil_id FROM core.pupil WHERE {_at()} AND death_date < birth_date", severity="warn"),  # noqa: S608
)
