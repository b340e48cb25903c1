"""СФР: accounts and verdicts find their questions; what the service would refuse is not asked."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from connectors import pfr_snils
from connectors.landing import Landing
from connectors.mocks.smev import Misbehaviour
from connectors.rows import RawBatch
from connectors.sources import BY_NAME
from connectors.target import Target
from connectors.xml_reader import document, schema
from tests.connectors.asked import QUESTION, conversation, delivery, questions, world
from tests.connectors.exchange import departments
from tests.connectors.kept import DATA

NUMBER, VALIDATION = ((DATA / "pfr_snils" / f"{name}.xml").read_bytes() for name in ("number", "validation"))
TWIN = ("<q:TwinData><smev:FamilyName>Королёв</smev:FamilyName><smev:FirstName>Баир</smev:FirstName><q:Snils>08765430200</q:Snils>"
        "<q:BirthDate>2014-03-09</q:BirthDate><q:Gender>Male</q:Gender></q:TwinData></q:SnilsByAdditionalDataResponse>")
TWINS = NUMBER.replace(b"</q:SnilsByAdditionalDataResponse>", TWIN.encode())
NO_DATA = (b'<t:RequestRejected xmlns:t="urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.3"><t:RejectionReasonCode>NO_DATA'
           b"</t:RejectionReasonCode><t:RejectionReasonDescription>x</t:RejectionReasonDescription></t:RequestRejected>")


def entities(stream: io.BytesIO) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in pfr_snils.read(delivery("pfr_snils"), stream):
        assert isinstance(batch, RawBatch)
        found.setdefault(batch.entity, []).extend(batch.rows.to_dict("records"))
    return found


def test_an_account_is_a_person_and_no_data_is_no_row() -> None:
    found = entities(conversation("number", "", NUMBER, NO_DATA))
    (person,) = found["person"]
    assert (person["question_id"], person["family_name"], person["snils"], person["sex"]) == ("zags_births:1", "Королёв", "11223344595", "Male")
    assert pd.isna(person["account"])


def test_several_accounts_are_numbered_rows() -> None:
    people = entities(conversation("number", "", TWINS))["person"]
    assert [(person["account"], person["snils"]) for person in people] == [("1", "11223344595"), ("2", "08765430200")]
    assert len({person["position"] for person in people}) == 2


def test_a_verdict_comes_after_its_person_and_names_the_number_asked_about() -> None:
    found = entities(conversation("validation", "11223344595", VALIDATION))
    assert list(found) == ["person", "snils_validation"]
    assert (found["snils_validation"][0]["snils"], found["snils_validation"][0]["result"]) == ("11223344595", "false")


def asked(**changed: Any) -> tuple[list[bytes], list[bytes]]:
    table = pd.DataFrame([QUESTION | {"document_issuer": None} | changed]).astype("str")
    return [body for _, body in pfr_snils._by_data(table)], [body for _, body in pfr_snils._to_validate(table)]


@pytest.mark.parametrize("changed", [
    {}, {"patronymic": None}, {"birth_certificate_issuer": "Отдел ЗАГС № 1 (г. Улан-Удэ) & Ко"},
    {"birth_certificate": None, "document_kind": "21", "document": "8105 123456", "document_date": date(2028, 4, 1), "document_issuer": "МВД по Республике Бурятия"},
    {"birth_certificate": None, "document_kind": "10", "document": "E 1234567", "document_date": date(2020, 4, 1), "document_issuer": "Монголия"},
])
def test_questions_are_valid_against_the_schemas(changed: dict[str, Any]) -> None:
    (number,), (validation,) = asked(**changed)
    document(number, "1.xml", schema("pfr_snils/snils-by-additionalData-1.0.1.xsd"))
    document(validation, "1.xml", schema("pfr_snils/snils-validation-1.0.1.xsd"))


@pytest.mark.parametrize(("changed", "by_data", "to_validate"), [
    ({"family_name": "КOРОЛЁВ"}, 0, 0),  # a Latin O
    ({"given_name": "БАТБАЯРӨ"}, 0, 0),
    ({"sex": None}, 0, 0),
    ({"birth_certificate_issuer": None}, 0, 1),
    ({"birth_certificate": "XVIII-АЖ 600001"}, 0, 1),
    ({"snils": None}, 1, 0),
])
def test_what_the_service_would_refuse_is_not_asked(changed: dict[str, Any], by_data: int, to_validate: int) -> None:
    numbers, validations = asked(**changed)
    assert (len(numbers), len(validations)) == (by_data, to_validate)


def test_both_services_are_asked_and_their_answers_landed(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    path = questions(tmp_path, {}, {"question_id": "zags_births:2", "asked_key": "2", "given_name": "ДУГАР", "snils": "08765430200"})
    with departments(world(tmp_path), Misbehaviour(duplicate=0.5, smev_failure=0.2, async_reject=0.2)) as url:
        pfr_snils.fetch(BY_NAME["pfr_snils"], Target(endpoint=url, as_of=date(2025, 10, 24), questions=path), landing)
    rows = [(batch.entity, row) for note in landing.pending("pfr_snils") for batch in pfr_snils.read(note, landing.open(note))
            if isinstance(batch, RawBatch) for row in batch.rows.to_dict("records")]
    assert {row["snils"] for entity, row in rows if entity == "person" and not pd.isna(row["snils"])} == {"11223344595"}
    assert {(row["question_id"], row["result"]) for entity, row in rows if entity == "snils_validation"} == {("zags_births:1", "true"), ("zags_births:2", "false")}
