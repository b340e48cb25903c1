"""МВД: registration by place of living and of staying, one person a question."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa
from lxml import etree

from connectors.mocks.smev.contents import Answer, ContentInvalid, value
from connectors.mocks.smev.known import Known, form
from connectors.mocks.smev.markup import element, optional
from connectors.mocks.smev.namespaces import LIVING, MVD_BASIC, REGISTRATION_COMMONS, STAYING

_SNAPSHOT = """
SELECT *, replace(upper(trim(coalesce(family_name, ''))), 'Ё', 'Е') AS asked_family, replace(upper(trim(coalesce(given_name, ''))), 'Ё', 'Е') AS asked_given,
  replace(upper(trim(coalesce(patronymic, ''))), 'Ё', 'Е') AS asked_patronymic, CAST(birth_date AS VARCHAR) AS asked_birth
FROM world.seen.fms_registration WHERE day <= ? QUALIFY row_number() OVER (PARTITION BY wire_key ORDER BY day DESC, rowid DESC) = 1
"""
_MATCH = """
SELECT question.position, registration.* FROM question JOIN registration ON registration.asked_family = question.family
  AND registration.asked_given = question.given AND registration.asked_patronymic = question.patronymic AND registration.asked_birth = question.birth
  AND registration.document_type = question.document_type AND coalesce(registration.document_series, '') = question.series
  AND registration.document_number = question.number
WHERE registration.kind = ? AND (registration.date_to IS NULL OR registration.date_to >= ?)
QUALIFY row_number() OVER (PARTITION BY question.position ORDER BY registration.date_from DESC NULLS LAST, registration.wire_key DESC) = 1
"""
_RC = f"{{{REGISTRATION_COMMONS}}}"
_B = f"{{{MVD_BASIC}}}"
_ADDRESS = (("regionOktmo", "region_oktmo"), ("district", "district"), ("settlement", "settlement"), ("street", "street"),
            ("house", "house"), ("building", "building"), ("flat", "flat"), ("region", "region"))


def living(known: Known, questions: list[etree._Element]) -> list[Answer]:
    """livingPlaceRegistrationResponse for each question."""
    return _answer(known, questions, "living", LIVING)


def staying(known: Known, questions: list[etree._Element]) -> list[Answer]:
    """stayingPlaceRegistrationResponse for each question."""
    return _answer(known, questions, "staying", STAYING)


def _answer(known: Known, questions: list[etree._Element], kind: str, namespace: str) -> list[Answer]:
    asked = pa.Table.from_pylist([_question(number, question) for number, question in enumerate(questions)])
    with known.open() as (day, connection):
        known.copy("registration", _SNAPSHOT)
        connection.register("question", asked)
        result = connection.execute(_MATCH, [kind, known.date_of(day)])
        names = [column[0] for column in result.description]
        found = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
        connection.unregister("question")
    return [_response(kind, namespace, found.get(number)) for number in range(len(questions))]


def _question(number: int, question: etree._Element) -> dict[str, str | int]:
    person, document = f"{_RC}personInfo", question.find(f"{_RC}document")
    if document is None or len(document) != 1:
        raise ContentInvalid("document is missing")
    return {
        "position": number,
        "family": form(value(question, f"{person}/{_B}lastName")),
        "given": form(value(question, f"{person}/{_B}firstName")),
        "patronymic": form(question.findtext(f"{person}/{_B}middleName")),
        "birth": value(question, f"{person}/{_RC}birthDate"),
        "document_type": etree.QName(document[0]).localname,
        "series": value(document[0], f"{_B}series"),
        "number": value(document[0], f"{_B}number"),
    }


def _response(kind: str, namespace: str, row: dict[str, Any] | None) -> str:
    root = f"{kind}PlaceRegistrationResponse"
    inner = "<m:notFoundRegistration/>" if row is None else f"<m:registrationInfo>{_registration(kind, row)}</m:registrationInfo>"
    return f'<m:{root} xmlns:m="{namespace}" xmlns:rc="{REGISTRATION_COMMONS}">{inner}</m:{root}>'


def _registration(kind: str, row: dict[str, Any]) -> str:
    address = "".join(optional(f"rc:{name}", row[column]) for name, column in _ADDRESS)
    until = ""
    if kind == "staying":  # the schema demands an end; registration of staying lasts five years at most
        until = element("m:registrationDateTo", row["date_to"] or row["date_from"] + timedelta(days=5 * 365))
    return f"{address}{element('rc:registrationDateFrom', row['date_from'])}{optional('rc:unstructuredAddress', row['unstructured_address'])}{until}"
