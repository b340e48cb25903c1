"""How the dictionary says it: form, source and rules of a column, from the declarations."""

from __future__ import annotations

from schemas.fields import Field
from schemas.filled import FILLS
from schemas.filled import senders as fillers
from schemas.rules import BY_ENTITY
from schemas.tables import META, STAGING
from schemas.warehouse import RELATIONS, TARGETS, VERSIONS
from warehouse.reports.titles import CODE_LIST_TITLES, SOURCE_TITLES

ROLES = {"loader": "загрузчик", "publisher": "публикатор", "analyst": "аналитик", "auditor": "аудитор", "steward": "ведущий реестр",
         "officer": "уполномоченное лицо"}
"""Login roles of the warehouse as people call them."""
KINDS = {"technical": "служебный", "open": "открытый", "quasi": "косвенный идентификатор", "direct": "прямой идентификатор"}
TYPES = {"text": "текст", "integer": "целое число", "decimal": "число", "boolean": "да или нет", "date": "дата", "timestamp": "дата и время",
         "json": "JSON"}
NOBODY = "пока ни один источник не присылает"
_OURS = ("source", "delivery_id", "record_id", "row", *META, *VERSIONS)
_ENTITIES = {relation.full_name: entity for entity, relation in TARGETS.items()} | {f"staging.{entity}": entity for entity in STAGING}
_GOLDEN = ("person", "citizenship", "residence")
"""Relations the golden record is made of."""
_MADE_BY = {"quality": "учёт конвейера", "identity": "отождествление записей", "core": "эталонные записи: считает связывание",
            "audit": "обращения сотрудников и программ", "staging": "приём поставок",
            "codes": "справочники schemas/codes", "marts": "расчёт по опубликованным данным",
            "built": "построение витрин перед публикацией"}
_PEOPLE = {"identity.decision": "решения людей", "identity.opinion": "мнения людей", "identity.seal": "решения уполномоченного лица",
           "core.consent": "согласия законных представителей", "core.consent_withdrawal": "отзывы законных представителей"}
_LISTS = ("core.municipality", "core.subject", "core.period", "core.programme")


def form(field: Field) -> str:
    """What a value looks like: type, allowed values, pattern, bounds."""
    parts = [TYPES[field.type]]
    if field.values:
        parts.append("одно из: " + ", ".join(field.values))
    if field.codes:
        parts.append(f"код из справочника «{CODE_LIST_TITLES.get(field.codes, field.codes)}»")
    if field.pattern:
        parts.append(f"по образцу {field.pattern}")
    if field.minimum is not None:
        parts.append(f"не меньше {field.minimum}")
    if field.maximum is not None:
        parts.append(f"не больше {field.maximum}")
    return "; ".join(parts)


def senders(table: str, column: str, field: Field) -> str:
    """Who fills the column: departments by their transforms, else the part of the system that writes it."""
    schema = table.split(".")[0]
    if table in _ENTITIES:
        return "приём поставок" if column in _OURS else _named(fillers(_ENTITIES[table], column)) or NOBODY
    if table == "core.pupil" and (of_golden := _named(_of(_GOLDEN, column))):
        return f"эталонная запись из: {of_golden}"
    if schema in ("marts", "identity") and field.sensitivity != "technical" and (seen := _named(_of(tuple(TARGETS), column))):
        return seen
    return "справочники schemas/codes" if table in _LISTS else _PEOPLE.get(table, _MADE_BY[schema])


def rules(table: str, column: str) -> str:
    """Rules of the column with their ids; where no record rule judges it, what the table itself holds it to."""
    asked = "person_key" if column == "record_id" else column
    judged = [f"{rule.id}: {rule.title}" for rule in BY_ENTITY.get(_ENTITIES.get(table, ""), ()) if rule.column == asked]
    relation = RELATIONS.get(table)
    if relation is None:
        return "вычисляется; проверены исходные столбцы"
    held = ["часть ключа"] if column in relation.key else ["обязательно"] if column in relation.required else []
    held += ["одно значение среди действующих строк"] if column in relation.current else []
    return "; ".join([*judged, *held]) or "тип столбца; может отсутствовать"


def _of(entities: tuple[str, ...], column: str) -> tuple[str, ...]:
    return tuple(source for source in FILLS if any(column in FILLS[source].get(entity, ()) for entity in entities))


def _named(sources: tuple[str, ...]) -> str:
    return "; ".join(SOURCE_TITLES.get(source, source) for source in sources)
