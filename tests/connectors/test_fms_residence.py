"""МВД: who can be asked is asked once, answers find their questions, and «not found» is no row."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from connectors import fms_residence
from connectors.landing import Landing
from connectors.mocks.smev import Misbehaviour
from connectors.rows import RawBatch
from connectors.smev_outbox import Outbox
from connectors.smev_questions import Service, converse
from connectors.sources import BY_NAME
from connectors.target import Target
from connectors.xml_reader import document, schema
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.asked import QUESTION, conversation, delivery, questions, world
from tests.connectors.exchange import EMPTY, Answer, Script, departments, message, primary, scripted
from tests.connectors.kept import DATA

SOURCE = BY_NAME["fms_residence"]
LIVING, STAYING, NOT_FOUND = ((DATA / "fms_residence" / f"{name}.xml").read_bytes() for name in ("living", "staying", "not-found"))


def entities(stream: io.BytesIO) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in fms_residence.read(delivery("fms_residence"), stream):
        assert isinstance(batch, RawBatch)
        found.setdefault(batch.entity, []).extend(batch.rows.to_dict("records"))
    return found


def test_a_registration_is_a_person_a_residence_and_a_citizenship() -> None:
    found = entities(conversation("living", "birthCertificate", LIVING, NOT_FOUND))
    assert list(found) == ["person", "residence", "citizenship"]
    assert found["person"] == [{"position": "attachment-1.zip!1.xml#1", "question_id": "zags_births:1", "asked_source": "zags_births", "asked_key": "1"}]
    (residence,) = found["residence"]
    assert (residence["kind"], residence["region_oktmo"], residence["date_from"]) == ("living", "81701000", "2014-04-01")
    assert found["citizenship"][0]["document"] == "birthCertificate"


def test_a_travel_passport_says_nothing_of_citizenship() -> None:
    assert list(entities(conversation("staying", "foreignPassport", STAYING))) == ["person", "residence"]


def test_an_answer_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ContractBroken, match=r"xml\.wrong_namespace"):
        entities(conversation("living", "birthCertificate", STAYING))


def test_an_answer_to_nothing_we_asked_is_refused() -> None:
    with pytest.raises(ContractBroken, match=r"smev\.unasked"):
        entities(conversation("living", "birthCertificate", LIVING, keys=False))


def test_a_refusal_of_the_whole_message_is_no_empty_answer() -> None:
    said = ("<t:RequestRejected><t:RejectionReasonCode>ACCESS_DENIED</t:RejectionReasonCode>"
            "<t:RejectionReasonDescription>x</t:RejectionReasonDescription></t:RequestRejected>")
    with pytest.raises(ContractBroken, match="ACCESS_DENIED"):
        entities(conversation("living", "birthCertificate", said=said))


@pytest.mark.parametrize(("changed", "paper"), [
    ({}, "birthCertificate"),
    ({"document_kind": "21", "document": "8105 123456", "document_date": date(2020, 1, 1)}, "russianPassport"),
    ({"document_kind": "22", "document": "75 1234567", "document_date": date(2020, 1, 1)}, "foreignPassport"),
    ({"document_kind": "21", "document": "8105 123456"}, "birthCertificate"),
    ({"patronymic": None, "family_name": "О'РЕЙ & <СЫН>"}, "birthCertificate"),
])
def test_a_question_is_valid_against_the_schema(changed: dict[str, Any], paper: str) -> None:
    ((key, body),) = ask(changed)
    assert key == ("zags_births:1", "zags_births", "1", paper)
    document(body, "1.xml", schema("fms_residence/living-place-registration-1.1.0.xsd"))


@pytest.mark.parametrize("changed", [{"birth_certificate": None}, {"birth_certificate_date": None}, {"birth_date": None}, {"given_name": None},
                                     {"birth_certificate": "1-АЖ 600001"}])
def test_what_the_wire_cannot_carry_is_not_asked(changed: dict[str, Any]) -> None:
    assert ask(changed) == []


def ask(changed: dict[str, Any]) -> list[tuple[tuple[str, str, str, str], bytes]]:
    return fms_residence._Ask("living")(pd.DataFrame([QUESTION | changed]).astype("str"))


def test_answers_are_landed_with_their_questions_whatever_the_exchange_does(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")
    asked = questions(tmp_path, *({"question_id": f"zags_births:{n}", "asked_key": str(n), "birth_certificate": f"I-АЖ {600_000 + n}"} for n in range(1, 4)))
    with departments(world(tmp_path), Misbehaviour(duplicate=0.5, smev_failure=0.2, overflow=0.1)) as url:
        delivered = fms_residence.fetch(SOURCE, Target(endpoint=url, as_of=date(2025, 10, 24), questions=asked), landing)
    pending = landing.pending("fms_residence")
    assert {note.delivery_id for note in pending} == set(delivered)
    rows = [batch.rows for note in pending for batch in fms_residence.read(note, landing.open(note)) if isinstance(batch, RawBatch) and batch.entity == "residence"]
    assert set(pd.concat(rows)["question_id"]) == {"zags_births:1"}
    assert Outbox(tmp_path / "landing" / "fms_residence" / "asked").waiting() == []


def test_an_answer_that_comes_too_late_is_waited_for_and_not_asked_again(tmp_path: Path) -> None:
    landing, asked = Landing(tmp_path), questions(tmp_path, {})
    service = Service("living", "urn://mvd/guvm/living-place-registration/1.1.0", "livingPlaceRegistrationResponse", fms_residence._Ask("living"))
    with scripted() as script:
        target = Target(endpoint=script.url, as_of=date(2025, 10, 24), questions=asked)
        for _ in range(2):
            with pytest.raises(SourceUnavailable):
                converse([service], SOURCE, target, landing, patience=0.0)
    assert script.operations().count("SendRequest") == 1


def test_an_archive_of_questions_names_them_by_number(tmp_path: Path) -> None:
    landing, asked = Landing(tmp_path), questions(tmp_path, {}, {"question_id": "zags_births:2", "asked_key": "2"})
    service = Service("living", "urn://mvd/guvm/living-place-registration/1.1.0", "livingPlaceRegistrationResponse", fms_residence._Ask("living"))
    with scripted() as script, pytest.raises(SourceUnavailable):
        converse([service], SOURCE, Target(endpoint=script.url, as_of=date(2025, 10, 24), questions=asked), landing, patience=0.0)
    outbox = Outbox(tmp_path / "fms_residence" / "asked")
    (message_id,) = outbox.waiting()
    assert zipfile.ZipFile(io.BytesIO(outbox.archive(message_id))).namelist() == ["1.xml", "2.xml"]
    assert [key[0] for key in outbox.asked(message_id).keys] == ["zags_births:1", "zags_births:2"]


NAMESPACE = "urn://mvd/guvm/living-place-registration/1.1.0"
MESSAGE_ID = re.compile(rb"<t:MessageID>([^<]*)<")


@contextmanager
def half_answered(verdict: str) -> Iterator[Script]:
    """An exchange that answers the first bulk question and says `verdict` to all others."""
    with scripted() as script:
        def before(operation: str) -> None:
            if operation == "GetResponse":
                script.answers["GetResponse"] = [replies.pop(0) if replies else EMPTY]
            for name, body in script.asked[seen[0]:]:
                seen[0] += 1
                if name == "SendRequest":
                    first = seen[1] == 0
                    seen[1] += 1
                    original = MESSAGE_ID.findall(body)[0].decode()
                    if first:
                        status, kind, answer = message(primary(NOT_FOUND.decode().split("?>", 1)[-1]))
                        named = b"<t:OriginalMessageId>%b</t:OriginalMessageId><t:SenderProvidedResponseData>" % original.encode()
                        replies.append((status, kind, answer.replace(b"<t:SenderProvidedResponseData>", named)))
                    elif verdict:
                        replies.append(message(verdict.format(original), str(uuid.uuid1())))
        replies: list[Answer] = []
        seen = [0, 0]
        script.before = before
        yield script


REFUSED = ("<t:AsyncProcessingStatus><t:OriginalMessageId>{}</t:OriginalMessageId><t:StatusCategory>requestIsRejectedBySmev</t:StatusCategory>"
           "<t:SmevFault><b:Code>x</b:Code><b:Description>x</b:Description></t:SmevFault></t:AsyncProcessingStatus>")


@pytest.mark.parametrize(("verdict", "code"), [("", "smev.unanswered"), (REFUSED, "smev.questions_refused")])
def test_answers_land_and_the_questions_without_one_are_not_called_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: str, code: str) -> None:
    monkeypatch.setattr("connectors.smev_questions.CHUNK", 1)
    landing, asked = Landing(tmp_path), questions(tmp_path, {}, {"question_id": "zags_births:2", "asked_key": "2"})
    service = Service("living", NAMESPACE, "livingPlaceRegistrationResponse", fms_residence._Ask("living"))
    with half_answered(verdict) as script, pytest.raises(SourceUnavailable) as early:
        converse([service], SOURCE, Target(endpoint=script.url, as_of=date(2025, 10, 24), questions=asked), landing, patience=0.3, pause=lambda _: None)
    assert early.value.code == code
    assert "1 answers landed" in early.value.message
    (note,) = landing.pending("fms_residence")
    assert list(fms_residence.read(note, landing.open(note))) == []


def test_an_answer_that_is_not_understood_is_held_and_its_question_stays_unanswered(tmp_path: Path) -> None:
    landing, asked = Landing(tmp_path), questions(tmp_path, {})
    service = Service("living", NAMESPACE, "livingPlaceRegistrationResponse", fms_residence._Ask("living"))
    status, _, body = message(primary("<x/>"))
    with scripted(GetResponse=[(status, "multipart/related", body), EMPTY]) as script, pytest.raises(SourceUnavailable) as early:
        converse([service], SOURCE, Target(endpoint=script.url, as_of=date(2025, 10, 24), questions=asked), landing, patience=0.0)
    assert (early.value.code, script.operations().count("Ack")) == ("smev.unanswered", 1)
    (note,) = landing.pending("fms_residence")
    with pytest.raises(ContractBroken, match=r"smev\.unreadable"):
        list(fms_residence.read(note, landing.open(note)))


def test_an_id_from_outside_opens_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "keys.json").write_text("x")
    assert Outbox(tmp_path / "asked").files("../secret") == {}
