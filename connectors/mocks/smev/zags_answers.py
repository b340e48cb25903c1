"""ЗАГС by question: ROGDINFRequest 112-51, up to 99 births a message."""

from __future__ import annotations

from datetime import date
from typing import Any

from duckdb import DuckDBPyConnection
from lxml import etree

from connectors.mocks.smev.contents import Answer, ContentInvalid, value
from connectors.mocks.smev.known import Known, form
from connectors.mocks.smev.markup import attribute
from connectors.mocks.smev.namespaces import ROGDINF, ROGDINF_TYPES
from connectors.mocks.smev.zags_acts import birth

QUESTION_LIMIT = 99
_Z = f"{{{ROGDINF}}}"
_F = f"{{{ROGDINF_TYPES}}}"
_NEWEST = """
SELECT wire_key, replace(upper(trim(coalesce(family_name, ''))), 'Ё', 'Е') AS family, replace(upper(trim(coalesce(given_name, ''))), 'Ё', 'Е') AS given,
  replace(upper(trim(coalesce(patronymic, ''))), 'Ё', 'Е') AS patronymic, coalesce(CAST(birth_date AS VARCHAR), birth_date_partial, '') AS birth
FROM world.seen.zags_act WHERE day <= ? AND act_kind = 'birth' QUALIFY row_number() OVER (PARTITION BY wire_key ORDER BY version DESC, day DESC) = 1
"""
_BY_NUMBER = "SELECT wire_key FROM birth_act WHERE wire_key = ?"
_BY_PERSON = "SELECT wire_key FROM birth_act WHERE family = ? AND given = ? AND patronymic = ? AND birth = ? LIMIT 2"
_VERSIONS = "SELECT * FROM world.seen.zags_act WHERE wire_key = ? AND day <= ? AND act_kind = 'birth' ORDER BY version"


def births(known: Known, questions: list[etree._Element]) -> list[Answer]:
    """ROGDINFResponse for each message."""
    known.copy("birth_act", _NEWEST)
    with known.reading() as (day, connection):
        return [_message(connection, day, known.date_of(day), question) for question in questions]


def _message(connection: DuckDBPyConnection, day: int, as_of: date, message: etree._Element) -> str:
    asked = message.findall(f"{_Z}СведЗапрос")
    count = message.get("КолДок", "")
    if not asked or len(asked) > QUESTION_LIMIT or count != str(len(asked)):
        raise ContentInvalid("КолДок does not agree with the questions")
    answers = "".join(_answer(connection, day, question) for question in asked)
    return (f'<z:ROGDINFResponse xmlns:z="{ROGDINF}" xmlns:f="{ROGDINF_TYPES}"{attribute("ИдЗапрос", message.get("ИдЗапрос"))}'
            f'{attribute("ДатаСвед", as_of)}{attribute("КолДок", count)} ТипАГСЗапрос="01">{answers}</z:ROGDINFResponse>')


def _answer(connection: DuckDBPyConnection, day: int, question: etree._Element) -> str:
    """РезОбраб: 1 one act (all its versions), 2 none, 3 several."""
    found = _acts(connection, question)
    result = {0: "2", 1: "1"}.get(len(found), "3")
    records = "".join(birth(act) for act in _versions(connection, day, found[0])) if result == "1" else ""
    return f'<z:СведОтветАГС{attribute("ИдДок", question.get("ИдДок"))} РезОбраб="{result}">{records}</z:СведОтветАГС>'


def _acts(connection: DuckDBPyConnection, question: etree._Element) -> list[str]:
    act = question.find(f"{_Z}СведАГС")
    if act is not None:
        return [row[0] for row in connection.execute(_BY_NUMBER, [act.get("НомерЗапис")]).fetchall()]
    names = f"{_Z}СведФЛ/{_Z}ФИО"
    person = [form(question.findtext(f"{names}/{_F}{name}")) for name in ("Фамилия", "Имя", "Отчество")]
    return [row[0] for row in connection.execute(_BY_PERSON, [*person, _born(question)]).fetchall()]


def _born(question: etree._Element) -> str:
    person = f"{_Z}СведФЛ"
    partial = question.find(f"{person}/{_Z}ДатаРождДок")
    if partial is None:
        return question.findtext(f"{person}/{_Z}ДатаРождКаленд") or ""
    month = partial.findtext(f"{_F}Месяц")
    return value(partial, f"{_F}Год") + (f"-{int(month):02d}" if month else "")


def _versions(connection: DuckDBPyConnection, day: int, wire_key: str) -> list[dict[str, Any]]:
    result = connection.execute(_VERSIONS, [wire_key, day])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
