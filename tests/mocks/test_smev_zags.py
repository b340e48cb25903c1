"""What ЗАГС sends, unasked and asked."""

from __future__ import annotations

import itertools
import uuid
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from smev_consumer import BIRTH, NS, OFFICIAL, Consumer, official, world

import schemas
from connectors.mocks.region.days import day_date
from connectors.mocks.region.seen import DDL
from connectors.mocks.smev.namespaces import ROGDINF, ROGDINF_TYPES
from connectors.mocks.smev.zags_acts import birth
from connectors.mocks.smev.zags_kinds import KINDS
from connectors.mocks.smev.zags_parts import Act

PARENTS = {"mother_family_name": "Доржиева", "mother_given_name": "Оюна", "mother_birth_date": date(1988, 1, 1), "mother_snils": "00100199801",
           "mother_citizenship": "643", "mother_address": "Улан-Удэ", "father_given_name": "Бато", "birth_count": 2, "birth_order": 1}
BASE = {"base_act_number": "1" * 21, "base_act_date": date(2014, 3, 20), "base_authority_code": "R0300002", "base_authority_name": "Другой отдел"}
AFTER = {"after_family_name": "Бадмаев", "after_given_name": "Баир", "after_patronymic": "Батоевич"}
REPEAT = {"repeat_series": "II-АЖ", "repeat_number": "700001", "repeat_date": date(2020, 1, 1)}
EXTRA: dict[str, dict[str, Any]] = {"birth": PARENTS | REPEAT, "name_change": AFTER | BASE, "paternity": AFTER | BASE | PARENTS,
                                    "death": {"death_date": date(2025, 1, 1)}}
SCHEMAS = {"birth": ("zags/rogdinf-4.0.1/zags-rogdinf-ru-root.xsd", "01", "zags_births/rogdzp.xsd"),
           "name_change": ("zags/pernameinf-4.0.0/zags-pernameinf-ru-root.xsd", "06", "zags_name_changes/pernamezp.xsd"),
           "paternity": ("zags/parentinf-4.0.0/zags-parentinf-ru-root.xsd", "04", "zags_paternity/parentzp.xsd"),
           "death": ("zags/fatalinf-4.0.1/zags-fatalinf-ru-root.xsd", "07", "zags_deaths/fatalzp.xsd")}
VARIANTS: list[dict[str, Any]] = [
    {}, dict.fromkeys(("sex", "family_name", "given_name", "birth_date", "birth_oktmo", "birth_district", "birth_settlement", "snils", "certificate_series",
                       "certificate_number", "certificate_date", "is_alive", "act_date", "authority_name")),
    {"birth_date": None, "birth_date_partial": "2012"}, {"birth_date": None, "birth_date_partial": "2012-05"},
    {"birth_oktmo": None, "mother_citizenship": "496", "mother_family_name": "Бат"}, {"status_code": "0103", "version": 2}, {"base_act_number": None},
    {"family_name": 'О"Рей<&>\x01\n', "authority_name": 'Отдел "Северный" & Ко'}, {"birth_district": None, "birth_settlement": None, "certificate_series": None}]


@cache
def columns() -> tuple[str, ...]:
    with duckdb.connect() as connection:
        connection.execute(DDL)
        return tuple(row[0] for row in connection.execute("DESCRIBE seen.zags_act").fetchall())


def act(kind: str, **changes: Any) -> Act:
    return dict.fromkeys(columns()) | BIRTH | EXTRA[kind] | changes | {"act_kind": kind}


def answered(kind: str, written: str, schema: Path, ats: str) -> etree._Element:
    """The record of a push inside the answer to a question, which has a published schema."""
    root = etree.parse(schema).getroot()
    name, namespace = root.findall("{*}element")[1].get("name"), root.get("targetNamespace")
    return etree.fromstring(f'<z:{name} xmlns:z="{namespace}" xmlns:f="{KINDS[kind].types}" ИдЗапрос="1" ДатаСвед="2025-10-24" КолДок="1" ТипАГСЗапрос="{ats}">'
                            f'<z:СведОтветАГС ИдДок="1" РезОбраб="1">{written}</z:СведОтветАГС></z:{name}>')


@pytest.mark.parametrize("kind", KINDS)
def test_every_variant_of_every_act_agrees_with_the_published_schema(kind: str) -> None:
    path, ats, _ = SCHEMAS[kind]
    schema = official(path)
    if schema is None:
        pytest.skip("the published schemas are not at hand")
    for variant in VARIANTS:
        schema.assertValid(answered(kind, KINDS[kind].render(act(kind, **variant)), OFFICIAL / path, ats))


@pytest.mark.parametrize("kind", KINDS)
def test_day_zero_is_a_bulk_package_and_a_later_day_a_registry_and_both_agree_with_our_schema(tmp_path: Path, kind: str) -> None:
    rows = [act(kind, wire_key=f"{number:021d}", day=day, **variant) for number, (variant, day) in enumerate(itertools.product(VARIANTS, (0, 1)))]
    consumer = Consumer(world(tmp_path, zags_act=rows), day=1)
    package, registry = consumer.drain(KINDS[kind].namespace, "Request")
    ours = etree.XMLSchema(etree.parse(Path(schemas.__file__).parent / "xsd" / SCHEMAS[kind][2]))
    (part,) = package.files().values()
    assert package.content.get("КолФайлов") == "1"
    assert package.text("b:AttachmentHeader/b:MimeType") == "application/zip"
    assert package.text("t:MessageMetadata/t:MessageType") == "BROADCAST"
    assert package.text("t:Sender/t:Mnemonic") == "FNS002"
    for document in (package.content, etree.fromstring(part), registry.content):
        ours.assertValid(document)
    assert len(registry.content.findall(".//d:RegistryRecord", NS)) == len(VARIANTS)
    assert registry.content.get("ДатаСвед") == day_date(1).isoformat()


def test_a_registry_holds_a_thousand_records_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.mocks.smev.zags_push.RECORDS", 2)
    monkeypatch.setattr("connectors.mocks.smev.zags_push.PARTS", 2)
    rows = [BIRTH | {"wire_key": f"{number:021d}", "day": day} for number in range(5) for day in (0, 1)]
    consumer = Consumer(world(tmp_path, zags_act=rows), day=1)
    taken = consumer.drain(KINDS["birth"].namespace, "Request")
    parts = [[document.count(b"<d:RecordId>") for document in answer.files().values()] for answer in taken if answer.attachments]
    assert parts == [[2, 2], [1]]
    assert [len(answer.content.findall(".//d:RegistryRecord", NS)) for answer in taken if not answer.attachments] == [2, 2, 1]
    assert list(taken[0].files()) == ["part-000001.xml", "part-000002.xml"]


def test_a_push_is_queued_once_for_a_consumer_and_a_day(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, zags_act=[BIRTH, BIRTH | {"day": 2, "version": 2}]))
    queue = KINDS["birth"].namespace, "Request"
    assert len(consumer.drain(*queue)) == 1
    consumer.day = 1
    assert consumer.drain(*queue) == []
    consumer.day = 2
    assert len(consumer.drain(*queue)) == 1
    consumer.name = "OTHER"
    assert len(consumer.drain(*queue)) == 2


def test_the_attachment_of_an_acknowledged_package_is_thrown_away(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, zags_act=[BIRTH]))
    answer = consumer.next(KINDS["birth"].namespace, "Request")
    assert len(list((tmp_path / "state.spool").iterdir())) == 1
    consumer.ack(answer.message_id)
    assert list((tmp_path / "state.spool").iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_receipt_of_a_push_is_taken_and_not_answered(tmp_path: Path, kind: str) -> None:
    consumer = Consumer(world(tmp_path, zags_act=[act(kind)]))
    pushed = consumer.next(KINDS[kind].namespace, "Request").content.get("ИдСвед")
    receipt = f'<z:{KINDS[kind].receipt} xmlns:z="{KINDS[kind].namespace}" ИдСвед="{pushed}" КодОбр="1"/>'
    assert consumer.send(receipt).fault is None
    assert consumer.app.state.exchange.mailbox.receipts("TEST03") == [(kind, pushed, "1")]
    assert consumer.next(KINDS[kind].namespace, "Request").message_id is None


def parsed(**changes: Any) -> etree._Element:
    return etree.fromstring(f'<x xmlns:z="{ROGDINF}" xmlns:f="{ROGDINF_TYPES}">{birth(act("birth", **changes))}</x>')[0]


def local(record: etree._Element, name: str) -> list[etree._Element]:
    return record.findall(f".//{{*}}{name}")


def test_what_an_act_does_not_know_it_says_and_a_partial_date_stays_partial() -> None:
    record = parsed(birth_date=None, birth_date_partial="2012-05", patronymic=None)
    (born,) = local(record, "ДатаРождДок")
    assert [(etree.QName(part).localname, part.text) for part in born] == [("ПрДень", "1"), ("Месяц", "5"), ("Год", "2012")]
    assert [flag.text for flag in local(local(record, "ФИОРожд")[0], "ПрОтчество")] == ["1"]
    assert [certificate.get("ТипСвидет") for certificate in local(record, "СвидетРожд")] == ["1", "2"]


def test_a_number_is_written_with_a_hyphen_or_with_a_space() -> None:
    seen = {local(parsed(wire_key=f"{number:021d}"), "СведРодившемся")[0].get("СНИЛС") for number in range(4)}
    assert seen == {"112-233-445-95", "112-233-445 95"}


def test_a_foreign_birth_stands_in_section_two_under_its_odd_names() -> None:
    record = parsed(birth_oktmo=None, mother_citizenship="496")
    assert record.get("РазделЕГР") == "2"
    assert local(record, "СВедЕГРРазд2")[0].find("{*}СвУведомл").get("Спо\u0063Под") == "1"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(family=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), given_name=st.text("<>&\"'ДоБaё\t\r\n", min_size=1, max_size=60))
def test_any_name_survives_the_template(family: str, given_name: str) -> None:
    record = local(parsed(family_name=family, given_name=given_name), "ФИОРожд")[0]
    allowed = "".join(letter for letter in family if letter in "\t\r\n" or (ord(letter) >= 32 and letter not in "\ufffe\uffff"))
    assert (record.findtext("{*}Фамилия") or "") == allowed
    assert record.findtext("{*}Имя") == given_name


def question(number: int, inner: str, names: str = "<f:Фамилия>ДОРЖИЕВ</f:Фамилия><f:Имя>БАИР</f:Имя><f:ПрОтчество>1</f:ПрОтчество>",
             born: str = "<z:ДатаРождКаленд>2014-03-09</z:ДатаРождКаленд>") -> str:
    return (f'<z:СведЗапрос ИдДок="{number}">{inner}<z:СведФЛ><z:ФИО>{names}</z:ФИО>{born}</z:СведФЛ>'
            "<z:РегионРегАГС>03</z:РегионРегАГС></z:СведЗапрос>")


def asked(*questions: str, count: int | None = None) -> str:
    return (f'<z:ROGDINFRequest xmlns:z="{ROGDINF}" xmlns:f="{ROGDINF_TYPES}" ИдЗапрос="{uuid.uuid4()}" КолДок="{count or len(questions)}" ТипАГС="01">'
            f'<z:СведОсн КодНормОсн="01"><z:ПрСведДокОсн>1</z:ПрСведДокОсн></z:СведОсн>{"".join(questions)}</z:ROGDINFRequest>')


def by_number(key: str) -> str:
    return f'<z:СведАГС НомерЗапис="{key}"><z:ДатаЗапис>2014-03-20</z:ДатаЗапис><z:ОрганЗАГС НаимЗАГС="Отдел"/></z:СведАГС>'


def test_a_question_finds_one_act_in_all_its_versions_or_none_or_too_many(tmp_path: Path) -> None:
    twin = {"family_name": "Бадмаев", "wire_key": "3" * 21}
    rows = [BIRTH, BIRTH | {"version": 2, "status_code": "0107"}, BIRTH | {"version": 3, "day": 5}, BIRTH | twin, BIRTH | twin | {"wire_key": "4" * 21}]
    consumer = Consumer(world(tmp_path, zags_act=rows))
    badmaev = "<f:Фамилия>Бадмаев</f:Фамилия><f:Имя>Баир</f:Имя><f:ПрОтчество>1</f:ПрОтчество>"
    partial = "<z:ДатаРождДок><f:ПрДень>1</f:ПрДень><f:Месяц>3</f:Месяц><f:Год>2014</f:Год></z:ДатаРождДок>"
    consumer.send(asked(question(1, ""), question(2, "", badmaev), question(3, "", born=partial), question(4, by_number("4" * 21))))
    answer = consumer.next(ROGDINF, "ROGDINFResponse")
    assert [said.get("РезОбраб") for said in answer.content] == ["1", "3", "2", "1"]
    assert [record.get("НомерВерс") for record in answer.content[0]] == ["1", "2"]
    assert (answer.content.get("КолДок"), answer.content.get("ДатаСвед")) == ("4", "2025-10-24")
    if (schema := official(SCHEMAS["birth"][0])) is not None:
        schema.assertValid(answer.content)


def test_more_than_99_questions_or_a_wrong_count_are_rejected(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, zags_act=[BIRTH]))
    for message in (asked(question(1, ""), count=2), asked(*[question(number, "") for number in range(100)], count=99)):
        consumer.send(message)
        answer = consumer.next(ROGDINF, "ROGDINFResponse")
        assert answer.find("t:AsyncProcessingStatus") is not None
