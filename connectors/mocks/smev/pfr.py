"""СФР (ПФР): СНИЛС by names, birth, sex and document; is this СНИЛС this person's."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection
from lxml import etree

from connectors.mocks.smev.contents import NO_DATA, Answer, ContentInvalid, Rejected
from connectors.mocks.smev.known import Known, form
from connectors.mocks.smev.markup import element
from connectors.mocks.smev.namespaces import SNILS_BY_DATA, SNILS_VALIDATION, SUPPLEMENTARY

_SNAPSHOT = """
SELECT *, replace(upper(trim(coalesce(family_name, ''))), 'Ё', 'Е') AS asked_family, replace(upper(trim(coalesce(given_name, ''))), 'Ё', 'Е') AS asked_given,
  replace(upper(trim(coalesce(patronymic, ''))), 'Ё', 'Е') AS asked_patronymic, CAST(birth_date AS VARCHAR) AS asked_birth
FROM world.seen.pfr_account WHERE day <= ? QUALIFY row_number() OVER (PARTITION BY wire_key ORDER BY day DESC, rowid DESC) = 1
"""
_SAME_PERSON = """account.asked_family = question.family AND account.asked_given = question.given AND account.asked_patronymic = question.patronymic
  AND account.asked_birth = question.birth AND account.sex = question.sex"""
_BY_DOCUMENT = f"""
SELECT question.position, account.snils FROM question JOIN account ON {_SAME_PERSON} AND account.document_type = question.document_type
  AND coalesce(account.document_series, '') = question.series AND account.document_number = question.number
"""  # noqa: S608 - a constant
_BY_NUMBER = f"""
SELECT question.position FROM question JOIN account ON {_SAME_PERSON} AND account.snils = question.snils AND account.superseded_by IS NULL
"""  # noqa: S608 - a constant
_NAME = re.compile(r"[а-яА-ЯёЁ\-0-9][а-яА-ЯёЁ\-\s',.]*")
_NAMES = ("FamilyName", "FirstName", "Patronymic")
_SEX = {"Male": "M", "Female": "F"}
_NOT_CYRILLIC = Rejected("FAILURE", "Фамилия, имя или отчество содержит недопустимые символы")


def refusal(question: etree._Element) -> Rejected | None:
    """Names with anything but Cyrillic (a Latin look-alike too) are refused before the schema is asked."""
    names = [child.text or "" for child in question if etree.QName(child).localname in _NAMES]
    return None if all(_NAME.fullmatch(name) for name in names if name) else _NOT_CYRILLIC


def by_additional_data(known: Known, questions: list[etree._Element]) -> list[Answer]:
    """SnilsByAdditionalDataResponse, or RequestRejected; several accounts give TwinData."""
    asked = [_question(number, question) for number, question in enumerate(questions)]
    with known.open() as (_, connection):
        known.copy("account", _SNAPSHOT)
        rows = _match(connection, asked, _BY_DOCUMENT)
        closed = dict(connection.execute("SELECT snils, superseded_by FROM account WHERE superseded_by IS NOT NULL").fetchall())
    found: dict[int, set[str]] = {}
    for number, snils in rows:
        found.setdefault(number, set()).add(_surviving(snils, closed))
    return [_found(question, sorted(found.get(number, ()))) for number, question in enumerate(asked)]


def validation(known: Known, questions: list[etree._Element]) -> list[Answer]:
    """SnilsValidationResponse; the number of a closed account is nobody's ([D])."""
    asked = [_question(number, question) for number, question in enumerate(questions)]
    with known.open() as (_, connection):
        known.copy("account", _SNAPSHOT)
        confirmed = {row[0] for row in _match(connection, asked, _BY_NUMBER)}
    return [_validated(question, number in confirmed) for number, question in enumerate(asked)]


def _match(connection: DuckDBPyConnection, asked: list[dict[str, Any]], query: str) -> list[tuple[Any, ...]]:
    connection.register("question", pa.Table.from_pylist([{name: row[name] for name in _COLUMNS} for row in asked]))
    rows = connection.execute(query).fetchall()
    connection.unregister("question")
    return rows


_COLUMNS = ("position", "family", "given", "patronymic", "birth", "sex", "snils", "document_type", "series", "number")


def _question(number: int, question: etree._Element) -> dict[str, Any]:
    sent = {etree.QName(child).localname: child for child in question}
    for name in ("FamilyName", "FirstName", "BirthDate", "Gender"):
        if name not in sent or not (sent[name].text or "").strip():
            raise ContentInvalid(f"{name} is missing")
    said = {name: (child.text or "").strip() for name, child in sent.items()}
    document = next((child for child in reversed(question) if child.find(f"{{{SUPPLEMENTARY}}}Number") is not None), None)
    return {
        "position": number, "family": form(said["FamilyName"]), "given": form(said["FirstName"]), "patronymic": form(said.get("Patronymic")),
        "birth": said["BirthDate"], "sex": _SEX.get(said["Gender"], ""), "snils": said.get("Snils", ""), "said": said,
        "document_type": "" if document is None else etree.QName(document).localname, "series": _part(document, "Series"),
        "number": _part(document, "Number"), "paper": "" if document is None else etree.tostring(document, encoding="unicode", with_tail=False),
    }


def _part(document: etree._Element | None, name: str) -> str:
    return "" if document is None else (document.findtext(f"{{{SUPPLEMENTARY}}}{name}") or "").strip()


def _surviving(snils: str, closed: dict[str, str]) -> str:
    """The account that lives on after all mergers; a ring of mergers ends where it began."""
    passed = {snils}
    while (successor := closed.get(snils)) is not None and successor not in passed:
        passed.add(successor)
        snils = successor
    return snils


def _found(question: dict[str, Any], numbers: list[str]) -> Answer:
    """The question again with the number; when several accounts fit, the others stand in TwinData."""
    if not numbers:
        return NO_DATA
    said = question["said"]
    names = "".join(element(f"smev:{name}", said[name]) for name in _NAMES if said.get(name))
    birth = element("q:BirthDate", said["BirthDate"]) + element("q:Gender", said["Gender"])
    twins = "".join(f"<q:TwinData>{names}{element('q:Snils', number)}{birth}</q:TwinData>" for number in numbers[1:])
    return (f'<q:SnilsByAdditionalDataResponse xmlns:q="{SNILS_BY_DATA}" xmlns:smev="{SUPPLEMENTARY}">{names}{element("q:Snils", numbers[0])}'
            f"{birth}{question['paper']}{twins}</q:SnilsByAdditionalDataResponse>")


def _validated(question: dict[str, Any], is_confirmed: bool) -> Answer:
    return (f'<q:SnilsValidationResponse xmlns:q="{SNILS_VALIDATION}">{element("q:Result", str(is_confirmed).lower())}'
            f"</q:SnilsValidationResponse>")
