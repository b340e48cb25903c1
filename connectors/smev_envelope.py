"""SOAP envelopes of message-exchange 1.3: what we send, and what is read from an answer before it is kept."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from schemas.errors import ContractBroken

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
TYPES = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.3"
BASIC = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.3"
DIRECTIVE = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/directive/1.3"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
XOP = "http://www.w3.org/2004/08/xop/include"

CONTENT = f"{{{BASIC}}}MessagePrimaryContent"
_SIGNED = "SIGNED_BY_CALLER"
_MESSAGE_ID = re.compile(rb"<(?:[\w.-]+:)?(MessageI[dD])(?:\s[^<>]*)?>\s*([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\s*</")
_MESSAGE = re.compile(rb"<(?:[\w.-]+:)?(?:Response|Request)Message[\s/>]")
_SEARCHED = 1 << 26
"""Bytes of a message that is not understood, among which its id is looked for."""
_NAMES = ("MessageID", "MessageId", "OriginalMessageId", "ReferenceMessageID", "RejectionReasonCode", "RequestStatus", "AsyncProcessingStatus")
_WANTED = (*(f"{{{TYPES}}}{name}" for name in _NAMES), f"{{{BASIC}}}AttachmentContent", CONTENT)


@dataclass
class Heading:
    """What of a message decides its way: ids, refusals, attachments. Nothing personal."""

    message_id: str | None = None
    original_id: str | None = None
    rejections: list[str] = field(default_factory=list)
    """RejectionReasonCode of each RequestRejected."""
    status: str | None = None
    """Why this is no answer yet: `status` (RequestStatus), `async` (still on its way) or `fault` (СМЭВ refused our message)."""
    fault_code: str | None = None
    content: tuple[str, str] | None = None
    """Tag and attribute `ИдСвед` (or nothing) of the business element."""
    attachments: list[str] = field(default_factory=list)
    """Content ids of the parts, in the order of the message."""


def send_request(message_id: str, content: bytes, attachments: Iterable[tuple[str, str]] = ()) -> bytes:
    """Envelope of SendRequest; `content` is one element without XML declaration, `attachments` are (content id, MIME type)."""
    listed = list(attachments)
    headers = "".join(f"<b:AttachmentHeader><b:contentId>{escape(name)}</b:contentId><b:MimeType>{escape(kind)}</b:MimeType></b:AttachmentHeader>"
                      for name, kind in listed)
    bodies = "".join(f"<b:AttachmentContent><b:Id>{escape(name)}</b:Id><b:Content><x:Include xmlns:x=\"{XOP}\" "
                     f"href={quoteattr('cid:' + name)}/></b:Content></b:AttachmentContent>" for name, _ in listed)
    opening = f"<b:AttachmentHeaderList>{headers}</b:AttachmentHeaderList>" if listed else ""
    closing = f"<b:AttachmentContentList>{bodies}</b:AttachmentContentList>" if listed else ""
    return _envelope("SendRequestRequest", (
        f"<t:SenderProvidedRequestData Id=\"{_SIGNED}\"><t:MessageID>{message_id}</t:MessageID><b:MessagePrimaryContent>".encode()
        + content + f"</b:MessagePrimaryContent>{opening}</t:SenderProvidedRequestData>{closing}{_signature()}".encode()))


def get_response(namespace: str, root: str, timestamp: str) -> bytes:
    """Envelope of GetResponse for one kind of message."""
    return _envelope("GetResponseRequest", (
        f"<b:MessageTypeSelector Id=\"{_SIGNED}\"><b:NamespaceURI>{escape(namespace)}</b:NamespaceURI>"
        f"<b:RootElementLocalName>{escape(root)}</b:RootElementLocalName><b:Timestamp>{timestamp}</b:Timestamp>"
        f"</b:MessageTypeSelector>{_signature()}").encode())


def ack(message_id: str) -> bytes:
    """Envelope of Ack: the message was taken."""
    return _envelope("AckRequest", (
        f"<b:AckTargetMessage Id=\"{_SIGNED}\" accepted=\"true\">{escape(message_id)}</b:AckTargetMessage>{_signature()}").encode())


def new_message_id() -> str:
    """UUID of version 1 in lower case; СМЭВ reads the time out of it."""
    return str(uuid.uuid1())


def _envelope(operation: str, body: bytes) -> bytes:
    return (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><t:{operation} xmlns:t="{TYPES}" xmlns:b="{BASIC}">'.encode()
            + body + f"</t:{operation}></S:Body></S:Envelope>".encode())


def _signature() -> str:
    """The place of ЭП-ОВ, with a stub in it [D].

    A real installation signs the element `SIGNED_BY_CALLER` with ГОСТ Р 34.10-2012 (exclusive C14N, then the transform
    urn://smev-gov-ru/xmldsig/transform) in a cryptographic provider; without one the value says that it is no signature.
    """
    return (f'<t:CallerInformationSystemSignature><ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo>'
            '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
            '<ds:SignatureMethod Algorithm="urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256"/>'
            f'<ds:Reference URI="#{_SIGNED}"><ds:Transforms>'
            '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
            '<ds:Transform Algorithm="urn://smev-gov-ru/xmldsig/transform"/></ds:Transforms>'
            '<ds:DigestMethod Algorithm="urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256"/>'
            '<ds:DigestValue>c3R1Yg==</ds:DigestValue></ds:Reference></ds:SignedInfo>'
            '<ds:SignatureValue>c3R1Yg==</ds:SignatureValue></ds:Signature></t:CallerInformationSystemSignature>')


def heading(path: Path) -> Heading:
    """The heading of a message on disk. Bytes that are no XML still give their id, so that the queue can go on; `read` refuses them."""
    found = Heading()
    try:
        for _, element in etree.iterparse(path, events=("end",), tag=_WANTED, resolve_entities=False, no_network=True, load_dtd=False,
                                          huge_tree=False, remove_comments=True, remove_pis=True):
            _note(found, element)
    except etree.XMLSyntaxError:
        found = Heading(message_id=find_message_id(path), original_id=found.original_id)  # the rest is not believed: it may be cut
        if found.message_id is None:
            raise ContractBroken("xml.not_well_formed", "an answer of the exchange that names no message") from None
    if found.message_id is None and _holds_message(path):
        raise ContractBroken("xml.no_message_id", "a message without an id where it was agreed")
    return found


def find_message_id(path: Path) -> str | None:
    """The id of a message whose XML or MIME is not understood: the exchange's own (MessageId) before the sender's (MessageID)."""
    with path.open("rb") as file:
        found = {name: identifier.decode() for name, identifier in _MESSAGE_ID.findall(file.read(_SEARCHED))}
    return found.get(b"MessageId") or found.get(b"MessageID")


def _holds_message(path: Path) -> bool:
    """Not the answer of an empty queue."""
    with path.open("rb") as file:
        return _MESSAGE.search(file.read(_SEARCHED)) is not None


def _note(found: Heading, element: etree._Element) -> None:
    name = etree.QName(element).localname
    if name in ("MessageId", "MessageID"):
        found.message_id = element.text if name == "MessageId" or found.message_id is None else found.message_id
    elif name in ("OriginalMessageId", "ReferenceMessageID"):
        found.original_id = found.original_id or element.text
    elif name == "RejectionReasonCode":
        found.rejections.append(element.text or "")
    elif name == "RequestStatus":
        found.status = "status"
    elif name == "AsyncProcessingStatus":
        _refused(found, element)
    elif name == "AttachmentContent":
        found.attachments.append(_part_name(element))
    elif name == "MessagePrimaryContent" and len(element):
        found.content = (str(element[0].tag), element[0].get("ИдСвед") or "")
        element.clear()


def _refused(found: Heading, element: etree._Element) -> None:
    fault = element.find(f"{{{TYPES}}}SmevFault")
    found.original_id = element.findtext(f"{{{TYPES}}}OriginalMessageId") or found.original_id
    found.status = "fault" if fault is not None else "async"
    found.fault_code = fault.findtext(f"{{{BASIC}}}Code") if fault is not None else None


def _part_name(element: etree._Element) -> str:
    include = element.find(f".//{{{XOP}}}Include")
    href = include.get("href", "") if include is not None else ""
    return unquote(href.removeprefix("cid:")) if href else element.findtext(f"{{{BASIC}}}Id") or ""
