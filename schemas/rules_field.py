"""Rules of single values, derived from the declarations of the columns."""

from __future__ import annotations

from schemas.fields import FIELDS, Field
from schemas.rule import AT_SOURCE, Rule, Severity
from schemas.tables import STAGING, Table

UNTYPED = {"date": "calendar", "timestamp": "calendar", "integer": "number", "decimal": "number", "boolean": "flag"}
"""Rule of a value that is there but is not of its column's type."""

_MEANING = {
    "calendar": "такой даты нет в календаре или дата записана не по форме",
    "number": "вместо числа записано другое",
    "flag": "вместо «да» или «нет» записано другое",
    "required": "обязательное значение не указано",
    "pattern": "значение записано не по форме",
    "values": "значение не входит в допустимые",
    "codes": "значения нет в справочнике",
    "minimum": "значение меньше допустимого",
    "maximum": "значение больше допустимого",
    "range": "значение вне допустимых пределов",
}

WARNED = frozenset((
    "birth_certificate", "birth_certificate_date", "birth_act_number", "birth_act_date", "birth_act_authority",
    "document", "document_kind", "document_date", "birth_count", "birth_order",
    "previous_family_name", "previous_given_name", "previous_patronymic",
    "mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date", "mother_snils",
    "inn", "place_count", "shift_count", "shift", "programme_code", "mark_weight",
))
"""Columns whose bad value is left out instead of refusing the record: the record stands without it."""

WARNED_IN = {("person", "citizenship"), ("person", "oktmo"), ("person", "snils")}
"""The same in one relation only. A child whose number was mistyped stays in sight without it: who is lost with the record looks as if enrolled nowhere."""


def _kinds(table: Table, column: str, field: Field) -> list[str]:
    kinds = [UNTYPED[field.type]] if field.type in UNTYPED else []
    kinds += ["required"] if column in table.required or column in ("source_key", "position") else []
    kinds += [kind for kind in ("pattern", "values", "codes") if getattr(field, kind) is not None]
    if field.minimum is not None and field.maximum is not None:
        return [*kinds, "range"]
    return kinds + [kind for kind in ("minimum", "maximum") if getattr(field, kind) is not None]


def _severity(table: Table, column: str, kind: str) -> Severity:
    soft = column in WARNED or (table.name, column) in WARNED_IN
    return "warn" if soft and kind != "required" and column not in table.required else "refuse"


def derived(table: Table) -> list[Rule]:
    """The rules of each column of a staging relation, in the order of the columns."""
    return [
        Rule(id=f"{table.name}.{column}.{kind}", title=f"{field.title}: {_MEANING[kind]}", advice=AT_SOURCE,
             severity=_severity(table, column, kind))
        for column in table.columns if column != "record_hash"
        for field in (FIELDS[column],) for kind in _kinds(table, column, field)
    ]


FIELD: tuple[Rule, ...] = tuple(rule for table in STAGING.values() for rule in derived(table))
