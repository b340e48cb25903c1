"""A SendRequest: is its id good, what does it ask, and what will be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from connectors.mocks.smev import bulk, calls
from connectors.mocks.smev.calls import Call
from connectors.mocks.smev.contents import Answer, ContentInvalid, Rejected
from connectors.mocks.smev.faults import Fault, invalid
from connectors.mocks.smev.identifiers import LIFETIME_SECONDS, fresh, is_well_formed, seconds
from connectors.mocks.smev.kinds import QUESTIONS, RECEIPTS, QuestionKind
from connectors.mocks.smev.known import Known
from connectors.mocks.smev.letters import Letter, attachment_header, primary, rejection
from connectors.mocks.smev.misbehaviour import Misbehaviour
from connectors.mocks.smev.namespaces import BASIC, SMEV, TYPES

ASYNCHRONOUS = "SIGNED_ASYNC_BY_SMEV"
_DATA = f"{{{TYPES}}}SenderProvidedRequestData"


@dataclass(frozen=True)
class Request:
    message_id: str
    node: str
    content: etree._Element
    attachments: dict[str, bytes]

    @property
    def root(self) -> tuple[str, str]:
        name = etree.QName(self.content)
        return name.namespace or "", name.localname


@dataclass(frozen=True)
class Receipt:
    """…ZPResponse: the consumer has taken a push."""

    act_kind: str
    identifier: str
    code: str


def read(call: Call, now: float) -> Request:
    """Raises Fault when the id, the lifetime, the envelope or the kind of information is wrong."""
    data = call.element.find(_DATA)
    if data is None:
        raise invalid(call.element.sourceline, "SenderProvidedRequestData is missing")
    message_id = (data.findtext(f"{{{TYPES}}}MessageID") or "").strip()
    if not is_well_formed(message_id):
        raise Fault("InvalidMessageIdFormat")
    if now - seconds(message_id) > LIFETIME_SECONDS:
        raise Fault("StaleMessageId")
    calls.validate(call.element)
    if (end_of_life := data.findtext(f"{{{TYPES}}}EOL")) is not None and _moment(end_of_life) < now:
        raise Fault("EndOfLifeReached")
    content = data.find(f"{{{BASIC}}}MessagePrimaryContent")
    if content is None or len(content) != 1:
        raise invalid(data.sourceline, "MessagePrimaryContent holds exactly one element")
    request = Request(message_id, data.findtext(f"{{{TYPES}}}NodeID") or "", content[0], call.attachments)
    if request.root not in QUESTIONS and request.root not in RECEIPTS:
        namespace, name = request.root
        raise Fault("BusinessDataTypeIsNotSupported", ("RootElementLocalName", name), ("RootElementNamespaceURI", namespace))
    return request


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def answer(request: Request, consumer: str, known: Known, misbehaviour: Misbehaviour, stamp: str) -> Letter | Receipt:
    """What the consumer will find in its queue; contents that break their schema come back from СМЭВ itself."""
    try:
        if misbehaviour.strikes("async_reject", misbehaviour.async_reject, request.message_id):
            raise ContentInvalid("the content does not agree with its schema")
        if request.root in RECEIPTS:
            return _receipt(request)
        kind = QUESTIONS[request.root]
        message_id = fresh()
        body, attachment = _said(kind, known, request, message_id)
        return Letter(message_id=message_id, consumer=consumer, queue=kind.namespace, node=request.node, sender=kind.sender, sent_at=stamp,
                      original_id=request.message_id, body=body, attachment=attachment)
    except ContentInvalid as error:
        return Letter(message_id=fresh(), consumer=consumer, queue=request.root[0], node=request.node, sender=SMEV, sent_at=stamp,
                      original_id=request.message_id, signed_id=ASYNCHRONOUS, body=rejection(request.message_id, str(error)))


def _receipt(request: Request) -> Receipt:
    identifier, code = request.content.get("ИдСвед"), request.content.get("КодОбр")
    if not identifier or not code:
        raise ContentInvalid("ИдСвед and КодОбр are required")
    return Receipt(RECEIPTS[request.root], identifier, code)


def _said(kind: QuestionKind, known: Known, request: Request, message_id: str) -> tuple[str, bytes | None]:
    """The choice inside SenderProvidedResponseData, and the attachment of a bulk answer.

    In a bulk question each file is judged alone and the primary content, a copy of the first, is not judged again.
    A bulk answer whose every file is a refusal has no content to show, so the message is a refusal itself, each reason once.
    """
    if not request.attachments:
        refused = bulk.judged(kind, request.content)
        return _single(refused if refused is not None else kind.department(known, [request.content])[0]), None
    if len(request.attachments) > 1:
        raise ContentInvalid("one archive is expected")
    answers = bulk.answer(kind, known, next(iter(request.attachments.values())))
    first = next((said for _, said in answers if isinstance(said, str)), None)
    if first is None:
        return "".join(dict.fromkeys(_single(said) for _, said in answers)), None
    names = [name for name, _ in answers]
    return primary(first) + attachment_header(message_id, names, kind.namespace), bulk.packed(answers)


def _single(said: Answer) -> str:
    return said.markup() if isinstance(said, Rejected) else primary(said)
