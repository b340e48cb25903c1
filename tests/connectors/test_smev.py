"""The exchange as a client sees it: what heals is retried, what does not is named, and no id is made twice."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.smev import Attachment, Exchange
from connectors.smev_mime import parts
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.exchange import ACKED, EMPTY, SENT, Answer, Script, fault, message, primary, scripted, soap

CONTENT = b'<x:Question xmlns:x="urn:x"/>'


def client(script: Script) -> Exchange:
    return Exchange(script.url, "TEST03", attempts=4, pause=lambda _: None)


def ids(script: Script) -> list[str]:
    return [re.findall(rb"<t:MessageID>([^<]*)<", body)[0].decode() for _, body in script.asked]


@pytest.mark.parametrize("passing", [fault("SMEVFailure"), fault("DestinationOverflow"), (503, "text/plain", b"x"), (500, "text/html", b"<p>x</p>"),
                                     (200, "text/html", b"<!DOCTYPE html><html/>"), (200, "text/plain", b"hello")])
def test_what_heals_is_sent_again_under_the_same_id(passing: Answer) -> None:
    with scripted(SendRequest=[passing, passing, SENT]) as script, client(script) as exchange:
        sent = exchange.send(CONTENT)
    assert ids(script) == [sent] * 3
    assert uuid.UUID(sent).version == 1
    assert sent == sent.lower()


@pytest.mark.parametrize("lasting", [fault("SMEVFailure"), (503, "text/plain", b"x"), (401, "text/plain", b"x"), (200, "text/html", b"<html/>")])
def test_what_does_not_heal_is_unavailable(lasting: Answer) -> None:
    with scripted(SendRequest=[lasting]) as script, client(script) as exchange, pytest.raises(SourceUnavailable):
        exchange.send(CONTENT)


def test_nobody_at_the_port_is_unavailable() -> None:
    with Exchange("http://127.0.0.1:1", attempts=2, pause=lambda _: None) as exchange, pytest.raises(SourceUnavailable):
        exchange.send(CONTENT)


def test_a_message_already_sent_is_done() -> None:
    with scripted(SendRequest=[fault("SMEVFailure"), fault("MessageIsAlreadySent")]) as script, client(script) as exchange:
        assert exchange.send(CONTENT) == ids(script)[0]


def test_a_stale_id_is_made_anew_once() -> None:
    with scripted(SendRequest=[fault("StaleMessageId"), SENT]) as script, client(script) as exchange:
        sent = exchange.send(CONTENT, message_id="11111111-1111-11ef-8111-111111111111")
    assert ids(script) == ["11111111-1111-11ef-8111-111111111111", sent]
    assert sent != "11111111-1111-11ef-8111-111111111111"


@pytest.mark.parametrize("name", ["InvalidContent", "AccessDenied", "SenderIsNotRegistered", "SignatureVerificationFault", "UnknownMessageType"])
def test_a_fault_that_needs_a_person_stops_and_is_named(name: str) -> None:
    with scripted(SendRequest=[fault(name)]) as script, client(script) as exchange, pytest.raises(ContractBroken) as refused:
        exchange.send(CONTENT)
    assert refused.value.code == f"smev.{name}"
    assert len(script.asked) == 1


def test_an_acknowledged_message_may_be_acknowledged_again() -> None:
    with scripted(Ack=[ACKED, fault("TargetMessageIsNotFound")]) as script, client(script) as exchange:
        exchange.ack("11111111-1111-11ef-8111-111111111111")
        exchange.ack("11111111-1111-11ef-8111-111111111111")
    assert script.operations() == ["Ack", "Ack"]


def test_an_empty_queue_is_no_message() -> None:
    with scripted(GetResponse=[EMPTY]) as script, client(script) as exchange, exchange.poll("urn:x", "Request") as found:
        assert found is None


def test_the_heading_tells_answers_from_refusals() -> None:
    rejected = ("<t:RequestRejected><t:RejectionReasonCode>NO_DATA</t:RejectionReasonCode>"
                "<t:RejectionReasonDescription>нет</t:RejectionReasonDescription></t:RequestRejected>")
    late = ("<t:AsyncProcessingStatus><t:OriginalMessageId>22222222-2222-11ef-8111-111111111111</t:OriginalMessageId>"
            "<t:StatusCategory>requestIsRejectedBySmev</t:StatusCategory><t:SmevFault><b:Code>tsmev3:TR:SYNC:SPS:4</b:Code>"
            "<b:Description>SMEV-403:x</b:Description></t:SmevFault></t:AsyncProcessingStatus>")
    with scripted(GetResponse=[message(rejected), message(late), message(primary('<x:Request xmlns:x="urn:x" ИдСвед="7"/>'))]) as script, client(script) as exchange:
        with exchange.poll("urn:x", "Request") as found:
            assert found is not None
            assert found.heading.rejections == ["NO_DATA"]
        with exchange.poll("urn:x", "Request") as found:
            assert found is not None
            assert (found.heading.status, found.heading.fault_code) == ("fault", "tsmev3:TR:SYNC:SPS:4")
            assert found.heading.original_id == "22222222-2222-11ef-8111-111111111111"
        with exchange.poll("urn:x", "Request") as found:
            assert found is not None
            assert found.heading.content == ("{urn:x}Request", "7")


def test_attachments_travel_as_parts_beside_the_envelope() -> None:
    with scripted() as script, client(script) as exchange:
        exchange.send(CONTENT, [Attachment("questions", "application/zip", b"PK\r\n--\x00bytes")])
    body = script.asked[0][1]
    assert b'href="cid:questions"' in body
    assert b"Content-ID: <questions>\r\n\r\nPK\r\n--\x00bytes\r\n--part-" in body


def test_an_answer_cut_in_its_parts_is_asked_for_again() -> None:
    whole = soap("<t:AckResponse/>")[2]
    kind = 'multipart/related; type="application/xop+xml"; boundary="b"'
    cut = (200, kind, b"--b\r\nContent-ID: <a>\r\n\r\n" + whole)
    with scripted(Ack=[cut, (200, kind, cut[2] + b"\r\n--b--\r\n")]) as script, client(script) as exchange:
        exchange.ack("11111111-1111-11ef-8111-111111111111")
    assert len(script.asked) == 2


@given(st.lists(st.binary(max_size=60).filter(lambda body: b"\r\n--cut" not in b"\r\n" + body), min_size=1, max_size=4), st.integers(1, 50))
def test_parts_come_out_as_they_went_in_wherever_the_stream_breaks(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], size: int) -> None:
    wire = b"preamble\r\n" + b"".join(b"--cut\r\nContent-ID: <p%d>\r\n\r\n%b\r\n" % (number, body) for number, body in enumerate(bodies)) + b"--cut--\r\nepilogue"
    chunks = [wire[start : start + size] for start in range(0, len(wire), size)]
    found = parts('multipart/related; boundary="cut"', chunks, tmp_path_factory.mktemp("parts"))
    assert [part.path.read_bytes() for part in found] == bodies
    assert [part.content_id for part in found] == [f"p{number}" for number in range(len(bodies))]


MULTIPART = 'multipart/related; type="application/xop+xml"; boundary="b"'
GOOD = message(primary('<x:Request xmlns:x="urn:x"/>'))[2]
ID = "11111111-1111-11ef-8111-111111111111"


@pytest.mark.parametrize(("answer", "code", "identifier"), [
    ((200, "multipart/related", b"--b\r\n\r\n" + GOOD), "mime.malformed", ID),
    ((200, 'multipart/related; boundary="\u00e9"', GOOD), "mime.malformed", ID),
    ((200, MULTIPART, b"--b--\r\n" + GOOD), "mime.malformed", ID),
    ((200, MULTIPART, b"--b\r\nX: " + b"x" * 20_000 + GOOD), "mime.malformed", ID),
    ((200, MULTIPART, b"--b\r\nContent-ID: <a>\r\n\r\n" + GOOD), "mime.truncated", ID),
    ((200, "text/xml", GOOD.replace(b"Envelope", b"Letter")), "xml.not_soap", ID),
    ((200, "text/xml", GOOD.replace(b"1.3", b"1.9")), "xml.no_message_id", ID),
    ((200, "text/xml", GOOD.replace(b"MessageId>", b"Number>").replace(b"MessageID>", b"Number>")), "xml.no_message_id", ""),
    ((200, "text/xml", GOOD.replace(b"MessageId>", b"Number>").replace(b"MessageID>", b"Number>")[:-20]), "xml.not_well_formed", ""),
    ((200, "multipart/related", b"nothing"), "mime.malformed", ""),
], ids=["no-boundary", "odd-boundary", "no-part", "endless-headers", "cut", "no-envelope", "other-version", "no-id", "broken-no-id", "nothing"])
def test_a_message_that_is_not_understood_comes_whole_with_its_id_if_it_names_one(answer: Answer, code: str, identifier: str) -> None:
    with scripted(GetResponse=[answer]) as script, client(script) as exchange, exchange.poll("urn:x", "Request") as found:
        assert found is not None
        assert (found.broken, found.message_id, found.heading.status, found.heading.content) == (code, identifier, None, None)
        assert found.parts[0].path.read_bytes().endswith(b"\r\n\r\n" + answer[2])


def test_a_page_that_names_no_message_is_no_message_but_silence() -> None:
    with scripted(GetResponse=[(200, "text/plain", b"maintenance")]) as script, client(script) as exchange, pytest.raises(SourceUnavailable), \
            exchange.poll("urn:x", "Request"):
        pass


def test_an_id_from_outside_is_written_as_text() -> None:
    with scripted() as script, client(script) as exchange:
        exchange.ack("<a>")
    assert b">&lt;a&gt;<" in script.asked[0][1]
