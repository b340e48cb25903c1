"""Every rule a record or a delivery can break: what it means and what to do, in Russian; most follow from the fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.fields import FIELDS, Field
from schemas.tables import FACTS, STAGING, Table

Severity = Literal["refuse", "hold", "warn"]
"""refuse: the record stays out · hold: the whole delivery waits · warn: the value is left out, the record goes on."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; `id` is `<entity>.<column>.<kind>` or `<entity>.<kind>` and never changes its meaning within a version."""

    id: str
    title: str
    """Russian: what was found."""
    advice: str
    """Russian: what the sender or the operator should do."""
    severity: Severity = "refuse"
    version: int = 1

    @property
    def kind(self) -> str:
        return self.id.rsplit(".", 1)[-1]

    @property
    def column(self) -> str | None:
        parts = self.id.split(".")
        return parts[1] if len(parts) == 3 else None


AT_SOURCE = "Исправить значение у отправителя и прислать запись заново."

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

WARNED_IN = {("person", "citizenship"), ("person", "oktmo")}


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


def _derived(table: Table) -> list[Rule]:
    return [
        Rule(id=f"{table.name}.{column}.{kind}", title=f"{field.title}: {_MEANING[kind]}", advice=AT_SOURCE,
             severity=_severity(table, column, kind))
        for column in table.columns if column != "record_hash"
        for field in (FIELDS[column],) for kind in _kinds(table, column, field)
    ]


def _unknown_person(entity: str) -> Rule:
    return Rule(id=f"{entity}.person_unknown",
                title=f"{STAGING[entity].title}: лица с таким ключом у этого источника нет или его запись отклонена",
                advice="Исправить запись лица; после этого отклонённое загружается повторно командой replay.")


_SNILS = "СНИЛС: неверное контрольное число (или номер из одинаковых цифр)"

WRITTEN: tuple[Rule, ...] = (
    Rule(id="person.test_record", title="Проверочная запись журнала («Тест…»)", advice="Удалить проверочных учеников из журнала."),
    Rule(id="person.name.lost_letters", title="В имени знак «?» вместо буквы: кодировка файла не вмещает ү, ө, һ",
         advice="Выгрузить файл в UTF-8 или исправить имя в журнале."),
    Rule(id="person.name.required", title="Не указаны фамилия и имя", advice="Указать фамилию и имя ученика у отправителя."),
    Rule(id="person.birth.required", title="Не указана дата рождения", advice="Указать дату рождения ученика у отправителя."),
    Rule(id="person.snils.control_number", title=_SNILS, advice="Сверить СНИЛС со свидетельством и исправить у отправителя."),
    Rule(id="person.mother_snils.control_number", title=_SNILS, advice="Сверить СНИЛС матери.", severity="warn"),
    Rule(id="snils_validation.snils.control_number", title=_SNILS, advice="Сообщить оператору СФР."),
    Rule(id="mark.value.unknown", title="Отметка не понята", advice="Дополнить словарь отметок журнала или исправить отметку."),
    Rule(id="final_mark.period.unknown", title="Учебный период не понят", advice="Сообщить оператору: журнал изменил названия периодов."),
    Rule(id="enrolment.class.unknown", title="Класс не понят", advice="Указать класс числом и буквой, например «5А»."),
    Rule(id="enrolment.interval.order", title="Окончание раньше начала", advice=AT_SOURCE),
    Rule(id="residence.interval.order", title="Окончание раньше начала", advice=AT_SOURCE),
    Rule(id="enrolment.organisation_unknown", title="Организации нет в реестре министерства", advice="Внести организацию в реестр."),
    *(_unknown_person(entity) for entity in FACTS),
)
"""Rules across columns, or that need more than one value to judge; the warehouse uses those ending in `_unknown`."""


def _ordered(table: Table) -> tuple[Rule, ...]:
    written = [rule for rule in WRITTEN if rule.id.split(".")[0] == table.name]
    early = [rule for rule in written if rule.column not in table.columns or rule.kind == "unknown"]
    derived = _derived(table)
    for rule in (rule for rule in written if rule not in early):
        after = [i for i, other in enumerate(derived) if other.column == rule.column]
        derived.insert(after[-1] + 1 if after else len(derived), rule)
    return (*early, *derived)


BY_ENTITY: dict[str, tuple[Rule, ...]] = {name: _ordered(table) for name, table in STAGING.items()}
"""The rules of each staging relation in the order they are judged: a refused record names the first it breaks."""

RULES: dict[str, Rule] = {rule.id: rule for rules in BY_ENTITY.values() for rule in rules}
"""Every rule by id."""
