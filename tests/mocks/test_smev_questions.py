"""What МВД and СФР answer, one by one and in bulk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from smev_consumer import ACCOUNT, REGISTRATION, Answer, Consumer, archive, official, world

import schemas
from connectors.mocks.smev import bulk, pfr

LIVING, STAYING = "urn://mvd/guvm/living-place-registration/1.1.0", "urn://mvd/guvm/staying-place-registration/1.1.0"
BY_DATA, VALIDATION = "http://kvs.pfr.com/snils-by-additionalData/1.0.1", "http://kvs.pfr.com/snils-validation/1.0.1"
OURS = Path(schemas.__file__).parent / "xsd"


def registration(kind: str = "living", family: str = "ДОРЖИЕВ", number: str = "600001", born: str = "2014-03-09") -> str:
    return (f'<m:{kind}PlaceRegistrationRequest xmlns:m="urn://mvd/guvm/{kind}-place-registration/1.1.0" xmlns:rc="urn://mvd/guvm/registration-commons/1.2.0" '
            f'xmlns:b="urn://mvd/guvm/basic-types/1.2.0"><rc:personInfo><b:lastName>{family}</b:lastName><b:firstName>БАИР</b:firstName>'
            f"<rc:birthDate>{born}</rc:birthDate></rc:personInfo><rc:document><rc:birthCertificate><b:series>I-АЖ</b:series><b:number>{number}</b:number>"
            f"<b:issueDate>2014-03-20</b:issueDate></rc:birthCertificate></rc:document></m:{kind}PlaceRegistrationRequest>")


def snils(family: str = "ДОРЖИЕВ", number: str = "600001", sex: str = "Male") -> str:
    return (f'<q:SnilsByAdditionalDataRequest xmlns:q="{BY_DATA}" xmlns:smev="urn://x-artefacts-smev-gov-ru/supplementary/commons/1.0.1">'
            f"<smev:FamilyName>{family}</smev:FamilyName><smev:FirstName>БАИР</smev:FirstName><q:BirthDate>2014-03-09</q:BirthDate><q:Gender>{sex}</q:Gender>"
            f"<smev:BirthCertificate><smev:Series>I-АЖ</smev:Series><smev:Number>{number}</smev:Number><smev:IssueDate>2014-03-20</smev:IssueDate>"
            "<smev:Issuer>ЗАГС</smev:Issuer></smev:BirthCertificate></q:SnilsByAdditionalDataRequest>")


def validation(number: str) -> str:
    return (f'<q:SnilsValidationRequest xmlns:q="{VALIDATION}" xmlns:smev="urn://x-artefacts-smev-gov-ru/supplementary/commons/1.0.1">'
            f"<smev:FamilyName>Доржиев</smev:FamilyName><smev:FirstName>Баир</smev:FirstName><q:Snils>{number}</q:Snils><q:Gender>Male</q:Gender>"
            "<q:BirthDate>2014-03-09</q:BirthDate></q:SnilsValidationRequest>")


def ask(consumer: Consumer, content: str, attachment: bytes | None = None) -> Answer:
    """Send and fetch the answer."""
    name = etree.QName(etree.fromstring(content))
    assert consumer.send(content, attachment=attachment).fault is None
    answer = consumer.next(name.namespace or "", name.localname.replace("Request", "Response"))
    consumer.ack(answer.message_id)
    return answer


def said(answer: Answer, name: str) -> list[str | None]:
    return [found.text for found in answer.content.iterfind(f".//{{*}}{name}")]


def test_a_registration_is_found_by_names_birth_and_document_and_by_nothing_less(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, fms_registration=[REGISTRATION]))
    found = ask(consumer, registration())
    assert said(found, "regionOktmo") == ["81701000"]
    assert [etree.QName(part).localname for part in found.content[0]] == ["regionOktmo", "settlement", "street", "house", "flat", "region", "registrationDateFrom"]
    for question in (registration(family="Доржиёв-Бат"), registration(number="600002"), registration(born="2014-03-10"), registration("staying")):
        assert etree.QName(ask(consumer, question).content[0]).localname == "notFoundRegistration"
    assert etree.QName(ask(consumer, registration(family="доржиЁв")).content[0]).localname == "registrationInfo"


def test_answers_about_registration_agree_with_both_schemas(tmp_path: Path) -> None:
    loose = REGISTRATION | {"wire_key": "r-2", "document_number": "600002", "unstructured_address": "Иркутск, ул. <Мира>", "region_oktmo": "25701000",
                            "settlement": None, "street": None, "house": None, "flat": None}
    stay = REGISTRATION | {"wire_key": "r-3", "kind": "staying", "date_to": date(2026, 3, 1)}
    consumer = Consumer(world(tmp_path, fms_registration=[REGISTRATION, loose, stay, stay | {"wire_key": "r-4", "document_number": "600002", "date_to": None}]))
    living = [ask(consumer, registration(number=number)) for number in ("600001", "600002", "600003")]
    staying = [ask(consumer, registration("staying", number=number)) for number in ("600001", "600002", "600003")]
    assert said(living[1], "unstructuredAddress") == ["Иркутск, ул. <Мира>"]
    assert said(living[1], "regionOktmo") == ["25701000"]
    assert said(staying[0], "registrationDateTo") == ["2026-03-01"]
    published = official("mvd/guvm-living-place-registration-1.1.0.xsd")
    for kind, answers in (("living", living), ("staying", staying)):
        ours = etree.XMLSchema(etree.parse(OURS / f"fms_residence/{kind}-place-registration-1.1.0.xsd"))
        for answer in answers:
            ours.assertValid(answer.content)
            if kind == "living" and published is not None:
                published.assertValid(answer.content)


def test_the_newest_registration_in_force_is_told(tmp_path: Path) -> None:
    ended = REGISTRATION | {"kind": "staying", "date_to": date(2020, 1, 1), "settlement": "Ended"}
    rows = [ended, ended | {"wire_key": "r-2", "date_to": date(2026, 1, 1), "settlement": "Old"},
            ended | {"wire_key": "r-3", "date_to": date(2026, 1, 1), "date_from": date(2025, 1, 1), "settlement": "New"}]
    assert said(ask(Consumer(world(tmp_path, fms_registration=rows)), registration("staying")), "settlement") == ["New"]


def test_departments_learn_with_the_days(tmp_path: Path) -> None:
    moved = REGISTRATION | {"day": 3, "settlement": "Кяхта", "date_from": date(2025, 11, 6)}
    consumer = Consumer(world(tmp_path, fms_registration=[REGISTRATION, moved]))
    before = said(ask(consumer, registration()), "settlement")
    consumer.day = 3
    assert (before, said(ask(consumer, registration()), "settlement")) == (["Улан-Удэ"], ["Кяхта"])


def test_a_number_is_found_by_names_birth_sex_and_document(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]))
    found = ask(consumer, snils())
    assert said(found, "Snils") == ["11223344595"]
    etree.XMLSchema(etree.parse(OURS / "pfr_snils/snils-by-additionalData-1.0.1.xsd")).assertValid(found.content)
    for question in (snils(family="ДОРЖИЕВА"), snils(number="600002"), snils(sex="Female")):
        assert ask(consumer, question).text("t:RequestRejected/t:RejectionReasonCode") == "NO_DATA"


def test_several_living_accounts_give_twins_and_a_closed_one_gives_the_surviving(tmp_path: Path) -> None:
    second = ACCOUNT | {"wire_key": "10000999999", "snils": "10000999999"}
    closed = second | {"superseded_by": "11223344595", "document_number": "600002"}
    twins, merged = tmp_path / "twins", tmp_path / "merged"
    for folder in (twins, merged):
        folder.mkdir()
    answer = ask(Consumer(world(twins, pfr_account=[ACCOUNT, second])), snils())
    assert said(answer, "Snils") == ["10000999999", "11223344595"]
    assert len(answer.content.findall("{*}TwinData")) == 1
    etree.XMLSchema(etree.parse(OURS / "pfr_snils/snils-by-additionalData-1.0.1.xsd")).assertValid(answer.content)
    consumer = Consumer(world(merged, pfr_account=[ACCOUNT, closed]))
    assert said(ask(consumer, snils(number="600002")), "Snils") == ["11223344595"]
    assert said(ask(consumer, validation("10000999999")), "Result") == ["false"]


def test_a_ring_of_mergers_ends() -> None:
    assert pfr._surviving("1", {"1": "2", "2": "1"}) == "2"


@pytest.mark.parametrize(("number", "result"), [("11223344595", "true"), ("10000999999", "false")])
def test_a_number_is_confirmed_or_not(tmp_path: Path, number: str, result: str) -> None:
    answer = ask(Consumer(world(tmp_path, pfr_account=[ACCOUNT])), validation(number))
    assert said(answer, "Result") == [result]
    etree.XMLSchema(etree.parse(OURS / "pfr_snils/snils-validation-1.0.1.xsd")).assertValid(answer.content)


@pytest.mark.parametrize("family", ["ДOРЖИЕВ", "ДОРЖИЕВ І", "ӨЛЗЫ"])
def test_a_name_with_letters_that_are_not_russian_is_refused(tmp_path: Path, family: str) -> None:
    answer = ask(Consumer(world(tmp_path, pfr_account=[ACCOUNT])), snils(family=family))
    assert answer.text("t:RequestRejected/t:RejectionReasonCode") == "FAILURE"


def test_a_bulk_question_is_answered_file_by_file(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]))
    questions = [snils(number="600009"), snils(), snils(family="ДOРЖИЕВ"), "<broken", validation("11223344595"), snils()]
    answer = ask(consumer, questions[0], archive(*questions))
    files = answer.files()
    assert sorted(files) == ["1.rejected.xml", "2.xml", "3.rejected.xml", "4.rejected.xml", "5.rejected.xml", "6.xml"]
    assert [etree.fromstring(files[f"{number}.rejected.xml"])[0].text for number in (1, 3, 4, 5)] == ["NO_DATA", "FAILURE", "FAILURE", "FAILURE"]
    assert etree.fromstring(files["6.xml"]).findtext("{*}Snils") == "11223344595"
    assert answer.text("b:AttachmentHeader/b:contentId") == next(iter(answer.attachments))


def test_a_bulk_question_about_registration_says_not_found_inside_the_file(tmp_path: Path) -> None:
    questions = [registration(), registration(number="600002")]
    files = ask(Consumer(world(tmp_path, fms_registration=[REGISTRATION])), questions[0], archive(*questions)).files()
    assert [etree.QName(etree.fromstring(files[name])[0]).localname for name in ("1.xml", "2.xml")] == ["registrationInfo", "notFoundRegistration"]


def test_a_bulk_question_that_finds_nobody_is_refused_as_a_whole(tmp_path: Path) -> None:
    questions = [snils(number="600009"), snils(number="600008"), snils(family="ДOРЖИЕВ")]
    answer = ask(Consumer(world(tmp_path)), questions[0], archive(*questions))
    assert [code.text for code in answer.root.iterfind(".//{*}RejectionReasonCode")] == ["NO_DATA", "FAILURE"]
    assert answer.attachments == {}


@pytest.mark.parametrize("broken", [b"not a zip", archive(), archive(snils()).replace(b"1.xml", b"../x1")])
def test_an_archive_that_is_none_is_rejected_by_the_exchange(tmp_path: Path, broken: bytes) -> None:
    assert ask(Consumer(world(tmp_path)), snils(), broken).find("t:AsyncProcessingStatus") is not None


def test_an_archive_that_unpacks_without_end_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "ENTRY_SIZE", 1000)
    assert ask(Consumer(world(tmp_path)), snils(), archive(" " * 1001)).find("t:AsyncProcessingStatus") is not None
