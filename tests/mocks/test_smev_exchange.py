"""The rules of the exchange, one by one."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import duckdb
import pytest
from smev_consumer import ACCOUNT, BIRTH, CALM, NS, REGISTRATION, Answer, Consumer, archive, official, world

from connectors.mocks.smev import Misbehaviour, calls, identifiers

ROGDZP = "urn://x-artefacts-zags-rogdzp/root/112-23/4.0.1"
VALIDATION = "http://kvs.pfr.com/snils-validation/1.0.1"
QUESTION = (f'<q:SnilsValidationRequest xmlns:q="{VALIDATION}" xmlns:smev="urn://x-artefacts-smev-gov-ru/supplementary/commons/1.0.1">'
            "<smev:FamilyName>ДОРЖИЕВ</smev:FamilyName><smev:FirstName>БАИР</smev:FirstName><q:Snils>11223344595</q:Snils>"
            "<q:Gender>Male</q:Gender><q:BirthDate>2014-03-09</q:BirthDate></q:SnilsValidationRequest>")
ANSWER = (VALIDATION, "SnilsValidationResponse")


class Clock:
    """Seconds the test moves by hand."""

    def __init__(self) -> None:
        self.now = identifiers.seconds(str(uuid.uuid1()))

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def consumer(tmp_path: Path, clock: Clock) -> Consumer:
    return Consumer(world(tmp_path, pfr_account=[ACCOUNT], fms_registration=[REGISTRATION], zags_act=[BIRTH]), clock=clock)


def test_an_empty_queue_gives_an_empty_response_in_mime(consumer: Consumer) -> None:
    answer = consumer.next(*ANSWER)
    body = answer.find("t:GetResponseResponse")
    assert answer.status == 200
    assert body is not None
    assert len(body) == 0


def test_one_message_per_call_and_the_ack_removes_it(consumer: Consumer) -> None:
    for _ in range(2):
        assert consumer.send(QUESTION).fault is None
    first, second = consumer.next(*ANSWER), consumer.next(*ANSWER)
    assert first.message_id != second.message_id
    assert consumer.next(*ANSWER).message_id is None
    assert consumer.ack(first.message_id).fault is None
    assert consumer.ack(first.message_id).fault == "TargetMessageIsNotFound"


def test_what_is_not_acknowledged_comes_again_byte_for_byte(consumer: Consumer, clock: Clock) -> None:
    consumer.send(QUESTION)
    first = consumer.next(*ANSWER)
    clock.now += CALM.redelivery_seconds - 1
    assert consumer.next(*ANSWER).message_id is None
    clock.now += 1
    assert consumer.next(*ANSWER).body == first.body
    assert consumer.ack(first.message_id, accepted="false").fault is None
    clock.now += CALM.redelivery_seconds
    assert consumer.next(*ANSWER).message_id is None


def test_an_answer_names_its_question(consumer: Consumer) -> None:
    asked = str(uuid.uuid1())
    sent = consumer.send(QUESTION, message_id=asked)
    assert sent.text("t:MessageMetadata/t:MessageId") == asked
    answer = consumer.next(*ANSWER)
    assert answer.text("t:OriginalMessageId") == asked
    assert answer.text("t:MessageMetadata/t:MessageType") == "RESPONSE"
    assert answer.text("t:SenderProvidedResponseData/t:To")


@pytest.mark.parametrize("message_id", ["7F1C2A10-8C1E-11EF-B864-0242AC120002", "c0947ab3-e350-437e-849d-76d273aafda8", "1"])
def test_an_id_that_is_not_a_lower_case_uuid_of_version_1_is_refused(consumer: Consumer, message_id: str) -> None:
    answer = consumer.send(QUESTION, message_id=message_id)
    assert (answer.status, answer.fault) == (500, "InvalidMessageIdFormat")


def test_an_id_older_than_two_days_is_stale(consumer: Consumer, clock: Clock) -> None:
    message_id = str(uuid.uuid1())
    clock.now = identifiers.seconds(message_id) + 2 * 24 * 3600 + 1
    assert consumer.send(QUESTION, message_id=message_id).fault == "StaleMessageId"


def test_an_id_used_twice_is_already_sent_and_answered_once(consumer: Consumer) -> None:
    message_id = str(uuid.uuid1())
    assert consumer.send(QUESTION, message_id=message_id).fault is None
    assert consumer.send(QUESTION, message_id=message_id).fault == "MessageIsAlreadySent"
    assert len(consumer.drain(*ANSWER)) == 1


def test_a_kind_of_information_nobody_registered_is_unknown(consumer: Consumer) -> None:
    assert consumer.next("urn:x", "Request").fault == "UnknownMessageType"
    assert consumer.next(VALIDATION, "Request").fault == "UnknownMessageType"
    assert consumer.send('<x xmlns="urn:x"/>').fault == "BusinessDataTypeIsNotSupported"


def test_a_consumer_without_a_name_is_not_registered(consumer: Consumer) -> None:
    consumer.name = ""
    assert consumer.next(*ANSWER).fault == "SenderIsNotRegistered"


def test_queues_are_apart_by_consumer_node_and_kind(consumer: Consumer) -> None:
    consumer.send(QUESTION, node="n1")
    assert consumer.next(*ANSWER).message_id is None
    assert consumer.next(*ANSWER, node="n2").message_id is None
    assert consumer.next("urn://mvd/guvm/living-place-registration/1.1.0", "livingPlaceRegistrationResponse", node="n1").message_id is None
    consumer.name = "OTHER"
    assert consumer.next(*ANSWER, node="n1").message_id is None
    consumer.name = "TEST03"
    assert consumer.next(*ANSWER, node="n1").message_id is not None


def test_content_against_its_schema_is_rejected_later_by_the_exchange_itself(consumer: Consumer) -> None:
    asked = str(uuid.uuid1())
    assert consumer.send(QUESTION.replace("<q:Gender>Male</q:Gender>", ""), message_id=asked).fault is None
    answer = consumer.next(*ANSWER)
    data = answer.find("t:SenderProvidedResponseData")
    assert data is not None
    assert data.get("Id") == "SIGNED_ASYNC_BY_SMEV"
    assert answer.text("t:MessageMetadata/t:Sender/t:Mnemonic") == "smev"
    assert answer.text("t:AsyncProcessingStatus/t:OriginalMessageId") == asked
    assert (answer.text("t:AsyncProcessingStatus/t:SmevFault/b:Description") or "").startswith("SMEV-403")


def test_an_envelope_against_its_schema_is_invalid_content(consumer: Consumer) -> None:
    assert consumer.send(QUESTION + QUESTION).fault == "InvalidContent"
    assert consumer.call("Ack", "<b:AckTargetMessage>not an id</b:AckTargetMessage>").fault == "InvalidContent"
    assert consumer.call("Ack", "", SOAPAction='"urn:SendRequest"').fault == "InvalidContent"


def test_a_document_type_is_never_read(consumer: Consumer) -> None:
    response = consumer.client.post("/ws", content=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>', headers={"X-Consumer": "A"})
    assert Answer(response.status_code, response.headers["content-type"], response.content).fault == "InvalidContent"


def test_a_signature_must_point_at_what_it_signs(consumer: Consumer) -> None:
    signature = ('<t:CallerInformationSystemSignature><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
                 '<ds:Reference URI="#{}"/></ds:SignedInfo></ds:Signature></t:CallerInformationSystemSignature>')
    target = f'<b:AckTargetMessage Id="S">{uuid.uuid1()}</b:AckTargetMessage>'
    assert consumer.call("Ack", target + signature.format("X")).fault == "SignatureVerificationFault"
    assert consumer.call("Ack", target + signature.format("S")).fault == "TargetMessageIsNotFound"


def test_a_life_that_ended_is_a_fault(consumer: Consumer) -> None:
    assert consumer.send(QUESTION, more="<t:EOL>2020-01-01T00:00:00Z</t:EOL>").fault == "EndOfLifeReached"


def test_status_of_a_request_is_told_once(consumer: Consumer) -> None:
    asked = str(uuid.uuid1())
    consumer.send(QUESTION, message_id=asked)
    stamp = "<b:Timestamp>2025-10-24T06:00:00+08:00</b:Timestamp>"
    signed = '<t:CallerInformationSystemSignature><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></t:CallerInformationSystemSignature>'
    assert consumer.call("GetStatus", stamp + signed).fault == "SignatureVerificationFault"
    signed = signed.replace("/></t:", '><ds:SignedInfo><ds:Reference URI="#T"/></ds:SignedInfo></ds:Signature></t:')
    stamp = stamp.replace("Timestamp>", 'Timestamp Id="T">', 1)
    first, second = consumer.call("GetStatus", stamp + signed), consumer.call("GetStatus", stamp + signed)
    assert first.text("t:AsyncProcessingStatus/t:OriginalMessageId") == asked
    assert second.find("t:AsyncProcessingStatus") is None


def test_attachments_must_agree_with_their_headers_and_stay_small(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    lonely = '<b:AttachmentContentList><b:AttachmentContent><b:Id>a</b:Id><b:Content>AAAA</b:Content></b:AttachmentContent></b:AttachmentContentList>'
    data = (f'<t:SenderProvidedRequestData Id="S"><t:MessageID>{uuid.uuid1()}</t:MessageID><b:MessagePrimaryContent>{QUESTION}</b:MessagePrimaryContent>'
            "</t:SenderProvidedRequestData>")
    assert consumer.call("SendRequest", data + lonely).fault == "AttachmentContentMiscoordination"
    monkeypatch.setattr(calls, "ATTACHMENT_SIZE", 10)
    assert consumer.send(QUESTION, attachment=archive(QUESTION)).fault == "AttachmentSizeLimitExceeded"


def test_an_answer_comes_no_sooner_than_its_department_likes(tmp_path: Path, clock: Clock) -> None:
    slow = Misbehaviour(duplicate=0, disorder=0, smev_failure=0, overflow=0, answer_delay_seconds=60)
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]), slow, clock=clock)
    consumer.send(QUESTION)
    assert consumer.next(*ANSWER).message_id is None
    clock.now += 60
    assert consumer.next(*ANSWER).message_id is not None


def test_failures_and_overflow_strike_their_share_of_calls(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]), Misbehaviour(duplicate=0, disorder=0, smev_failure=0.3, overflow=0.3))
    faults = [consumer.send(QUESTION).fault for _ in range(60)]
    assert set(faults) == {None, "SMEVFailure", "DestinationOverflow"}


def test_duplicates_carry_the_same_id_and_each_is_acknowledged(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]), Misbehaviour(duplicate=1, disorder=0, smev_failure=0, overflow=0))
    consumer.send(QUESTION)
    first, second = consumer.drain(*ANSWER)
    assert first.body == second.body


def test_disorder_lets_a_later_message_overtake(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]), Misbehaviour(duplicate=0, disorder=0.5, smev_failure=0, overflow=0))
    asked = [str(uuid.uuid1()) for _ in range(12)]
    for message_id in asked:
        consumer.send(QUESTION, message_id=message_id)
    came = [answer.text("t:OriginalMessageId") for answer in consumer.drain(*ANSWER)]
    assert came != asked
    assert sorted(came, key=str) == sorted(asked)


def test_a_sound_request_may_be_rejected_when_told_so(tmp_path: Path) -> None:
    consumer = Consumer(world(tmp_path, pfr_account=[ACCOUNT]), Misbehaviour(duplicate=0, disorder=0, smev_failure=0, overflow=0, async_reject=1))
    consumer.send(QUESTION)
    assert consumer.next(*ANSWER).find("t:AsyncProcessingStatus/t:SmevFault") is not None


def test_a_world_that_is_being_written_is_a_temporary_failure(consumer: Consumer, tmp_path: Path) -> None:
    message_id = str(uuid.uuid1())
    with duckdb.connect(str(tmp_path / "world.duckdb")):
        assert consumer.send(QUESTION, message_id=message_id).fault == "SMEVFailure"
        assert consumer.next(ROGDZP, "Request").fault == "SMEVFailure"
    assert consumer.send(QUESTION, message_id=message_id).fault is None
    assert len(consumer.drain(ROGDZP, "Request")) == 1


def test_a_restarted_exchange_pushes_nothing_twice_and_keeps_what_was_not_acknowledged(tmp_path: Path, clock: Clock) -> None:
    later = [BIRTH | {"day": 1, "wire_key": "2" * 21, "act_date": date(2025, 11, 3)}]
    path = world(tmp_path, zags_act=[BIRTH, *later], pfr_account=[ACCOUNT])
    before = Consumer(path, clock=clock)
    before.send(QUESTION)
    (pushed,) = before.drain(ROGDZP, "Request")
    after = Consumer(path, day=1, clock=clock)
    assert [answer.message_id for answer in after.drain(ROGDZP, "Request")] not in ([], [pushed.message_id])
    assert after.next(ROGDZP, "Request").message_id is None
    assert len(after.drain(*ANSWER)) == 1


@pytest.mark.parametrize(("misbehaviour", "status"), [(Misbehaviour(down=True), 503), (Misbehaviour(html=True, slow_seconds=0.01), 200)])
def test_a_broken_exchange_speaks_no_soap(tmp_path: Path, misbehaviour: Misbehaviour, status: int) -> None:
    response = Consumer(world(tmp_path), misbehaviour).client.post("/ws", content=b"")
    assert response.status_code == status
    assert not response.headers["content-type"].startswith("multipart")


def test_a_body_without_end_is_cut_off(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.mocks.smev.application.BODY_SIZE", 1000)
    assert consumer.client.post("/ws", content=b"x" * 1001).status_code == 413


def test_everything_the_exchange_says_is_valid_message_exchange(consumer: Consumer) -> None:
    schema, faults = official("smev/smev-message-exchange-types-1.3.xsd"), official("smev/smev-message-exchange-faults-1.3.xsd")
    if schema is None or faults is None:
        pytest.skip("the published schemas are not at hand")
    refused = QUESTION.replace("2014-03-09", "nonsense")
    consumer.day = 1
    said = [consumer.send(QUESTION), consumer.send(refused), consumer.send(QUESTION.replace("БАИР", "BAИР")), consumer.send(QUESTION, attachment=archive(QUESTION)),
            *consumer.drain(*ANSWER), consumer.next(*ANSWER), *consumer.drain(ROGDZP, "Request")]
    assert len(said) == 4 + 4 + 1 + 1
    for answer in said:
        body = answer.find("S:Body")
        assert body is not None
        for content in body.iterfind(".//b:Content", NS):
            content.clear()  # the place of the MTOM part
        assert schema.validate(body[0]), schema.error_log
    wrong = [consumer.ack(str(uuid.uuid1())), consumer.send('<x xmlns="urn:x"/>'), consumer.call("Ack", "<b:AckTargetMessage>x</b:AckTargetMessage>")]
    for answer in wrong:
        detail = answer.root.find(".//S:Fault/detail", NS)
        assert detail is not None
        assert faults.validate(detail[0]), faults.error_log
