"""What the exchange does with each operation: queues, acknowledgements, refusals, and its misbehaviour."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from lxml import etree

from connectors.mocks.smev import calls, intake, signature
from connectors.mocks.smev.calls import Call
from connectors.mocks.smev.faults import Fault
from connectors.mocks.smev.identifiers import fresh
from connectors.mocks.smev.kinds import PUSH_QUEUES, SELECTORS
from connectors.mocks.smev.known import Known
from connectors.mocks.smev.letters import Letter, delivered, envelope
from connectors.mocks.smev.mailbox import Mailbox
from connectors.mocks.smev.markup import element
from connectors.mocks.smev.misbehaviour import Misbehaviour
from connectors.mocks.smev.namespaces import BASIC, TYPES
from connectors.mocks.smev.post_office import PostOffice
from connectors.mocks.smev.signature import stub

log = logging.getLogger(__name__)
_T = f"{{{TYPES}}}"
_B = f"{{{BASIC}}}"
_SIGNED = {"SendRequest": f"{_T}SenderProvidedRequestData", "GetResponse": f"{_B}MessageTypeSelector", "GetRequest": f"{_B}MessageTypeSelector",
           "Ack": f"{_B}AckTargetMessage", "GetStatus": f"{_B}Timestamp"}
_ZONE = ZoneInfo("Asia/Irkutsk")


@dataclass(frozen=True)
class Reply:
    """The SOAP envelope and, with it, at most one attachment (bytes or a file)."""

    envelope: str
    boundary: str
    content_id: str | None = None
    attachment: bytes | Path | None = None


class Exchange:
    """Answers calls one by one; `clock` gives seconds since 1970."""

    def __init__(self, known: Known, mailbox: Mailbox, spool: Path, misbehaviour: Misbehaviour, clock: Callable[[], float]) -> None:
        self.mailbox = mailbox
        self._known = known
        self._misbehaviour = misbehaviour
        self._clock = clock
        self._office = PostOffice(known, mailbox, spool, misbehaviour)

    def handle(self, consumer: str, call: Call) -> Reply:
        """Raises Fault."""
        if not consumer or len(consumer) > 50:
            raise Fault("SenderIsNotRegistered")
        operation = {"SendRequest": self._send, "GetResponse": self._next, "Ack": self._acknowledge, "GetStatus": self._status,
                     "GetRequest": self._nothing_to_serve}.get(call.operation)
        if operation is None:
            raise Fault("AccessDenied")
        if self._misbehaviour.strikes("smev_failure", self._misbehaviour.smev_failure, str(self.mailbox.count("call"))):
            raise Fault("SMEVFailure")
        if call.operation != "SendRequest":  # there the id is judged first: its form is a fault of its own
            calls.validate(call.element)
        signed = call.element.find(_SIGNED[call.operation])
        if signed is not None:
            signature.check(call.element.find(f"{_T}CallerInformationSystemSignature"), signed)
        try:
            return operation(consumer, call)
        except (duckdb.IOException, duckdb.ResourceInUseException):  # someone writes the world file just now
            log.info("%s: the world file is busy", call.operation)
            raise Fault("SMEVFailure") from None

    def _send(self, consumer: str, call: Call) -> Reply:
        now = self._clock()
        request = intake.read(call, now)
        with self.mailbox.transaction():
            if self.mailbox.was_sent(request.message_id):
                raise Fault("MessageIsAlreadySent")
        if self._misbehaviour.strikes("overflow", self._misbehaviour.overflow, str(self.mailbox.count("send"))):
            raise Fault("DestinationOverflow", ("MessageBrokerAddress", "mock"), ("DestinationName", etree.QName(request.content).localname))
        kept = intake.answer(request, consumer, self._known, self._misbehaviour, self._stamp(now))
        with self.mailbox.transaction():
            if not self.mailbox.mark_sent(request.message_id):
                raise Fault("MessageIsAlreadySent")
            self._keep(consumer, request, kept, now)
        return self._plain("SendRequestResponse", _accepted(consumer, request.message_id, self._stamp(now)))

    def _keep(self, consumer: str, request: intake.Request, kept: Letter | intake.Receipt, now: float) -> None:
        if isinstance(kept, intake.Receipt):
            self.mailbox.keep_receipt(consumer, kept.act_kind, kept.identifier, kept.code)
        else:
            self._office.put([kept], visible_at=now + self._misbehaviour.answer_delay_seconds)
        is_refused = isinstance(kept, Letter) and kept.signed_id == intake.ASYNCHRONOUS
        self.mailbox.put_status(consumer, request.message_id, "requestIsRejectedBySmev" if is_refused else "requestIsAcceptedBySmev")

    def _next(self, consumer: str, call: Call) -> Reply:
        queue, node = _selected(call.element)
        if queue is None or queue in PUSH_QUEUES:
            self._office.push(consumer, visible_at=self._clock())
        now = self._clock()
        letter = self.mailbox.take(consumer, node, queue, now=now, again_at=now + self._misbehaviour.redelivery_seconds)
        if letter is None:
            return self._plain("GetResponseResponse", "")
        whole, attachment = self._office.written(letter)
        name = None if attachment is None else f"attachment-{letter.message_id}"
        return Reply(delivered(whole, attachment is not None), f"smev-{letter.message_id}", name, attachment)

    def _acknowledge(self, consumer: str, call: Call) -> Reply:
        message_id = (call.element.findtext(f"{_B}AckTargetMessage") or "").strip()
        if not self.mailbox.acknowledge(consumer, message_id):
            raise Fault("TargetMessageIsNotFound")
        self._office.forget(message_id)
        return self._plain("AckResponse", "")

    def _status(self, consumer: str, call: Call) -> Reply:
        status = self.mailbox.take_status(consumer)
        if status is None:
            return self._plain("GetStatusResponse", "")
        data = (f'<t:AsyncProcessingStatusData Id="SIGNED_BY_SMEV"><t:AsyncProcessingStatus>{element("t:OriginalMessageId", status[0])}'
                f"{element('t:StatusCategory', status[1])}</t:AsyncProcessingStatus></t:AsyncProcessingStatusData>")
        signed = f"<t:SMEVSignature>{stub('SIGNED_BY_SMEV', data)}</t:SMEVSignature>"
        return self._plain("GetStatusResponse", f"<t:SmevAsyncProcessingMessage>{data}{signed}</t:SmevAsyncProcessingMessage>")

    def _nothing_to_serve(self, consumer: str, call: Call) -> Reply:
        """A consumer provides no kind of information, so no kind is its own."""
        if call.element.find(f"{_B}MessageTypeSelector/{_B}NamespaceURI") is not None:
            raise Fault("UnknownMessageType")
        return self._plain("GetRequestResponse", "")

    def _plain(self, operation: str, inner: str) -> Reply:
        return Reply(envelope(operation, inner), f"smev-{fresh()}")

    def _stamp(self, now: float) -> str:
        return datetime.fromtimestamp(now, _ZONE).isoformat(timespec="seconds")


def _selected(request: etree._Element) -> tuple[str | None, str]:
    """(queue or None for any, node). Raises UnknownMessageType."""
    selector = f"{_B}MessageTypeSelector"
    namespace = request.findtext(f"{selector}/{_B}NamespaceURI")
    node = request.findtext(f"{selector}/{_B}NodeID") or ""
    if namespace is not None and (namespace, request.findtext(f"{selector}/{_B}RootElementLocalName")) not in SELECTORS:
        raise Fault("UnknownMessageType")
    return namespace, node


def _accepted(consumer: str, message_id: str, stamp: str) -> str:
    metadata = (f'<t:MessageMetadata Id="SIGNED_BY_SMEV">{element("t:MessageId", message_id)}{element("t:MessageType", "REQUEST")}'
                f"<t:Sender>{element('t:Mnemonic', consumer)}{element('t:HumanReadableName', 'ГИС «Контингент»')}</t:Sender>"
                f"{element('t:SendingTimestamp', stamp)}{element('t:Status', 'requestIsQueued')}</t:MessageMetadata>")
    return f"{metadata}<t:SMEVSignature>{stub('SIGNED_BY_SMEV', metadata)}</t:SMEVSignature>"
