"""One call of a consumer, from HTTP body to operation, element and attachments."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from connectors.mocks.smev import mime, schema
from connectors.mocks.smev.contents import ContentInvalid, parse
from connectors.mocks.smev.faults import Fault, invalid
from connectors.mocks.smev.namespaces import BASIC, SOAP, TYPES, XOP

ATTACHMENT_SIZE = 64 << 20
"""Bytes of all attachments of one message at most."""
_B = f"{{{BASIC}}}"


@dataclass(frozen=True)
class Call:
    operation: str
    """SendRequest, GetResponse, Ack, …"""
    element: etree._Element
    attachments: dict[str, bytes]
    """By the Id of AttachmentContent."""


def read(content_type: str, soap_action: str | None, body: bytes) -> Call:
    """Raises Fault when the envelope is not one of the exchange."""
    try:
        root, *others = mime.parts(content_type, body)
        envelope = parse(root.body)
    except (mime.Malformed, ContentInvalid) as error:
        raise invalid(0, str(error)) from None
    content = envelope.find(f"{{{SOAP}}}Body")
    if envelope.tag != f"{{{SOAP}}}Envelope" or content is None or len(content) != 1:
        raise invalid(0, "one element in the body of a SOAP 1.1 envelope is expected")
    element = content[0]
    name = etree.QName(element)
    operation = name.localname.removesuffix("Request")
    if name.namespace != TYPES or operation == name.localname:
        raise invalid(element.sourceline, "not an operation of message-exchange 1.3")
    if soap_action is not None and soap_action.strip('"') != f"urn:{operation}":
        raise invalid(0, "SOAPAction is that of another operation")
    return Call(operation, element, _attachments(element, {part.content_id: part.body for part in others}))


def validate(element: etree._Element) -> None:
    """Hold the operation against the schema of the exchange; Fault InvalidContent."""
    compiled = schema.compiled(TYPES)
    if compiled is not None and not compiled.validate(element):
        raise invalid(element.sourceline, "; ".join(schema.mistakes(compiled)))


def _attachments(element: etree._Element, parts: dict[str, bytes]) -> dict[str, bytes]:
    """Contents by Id; the place of each is emptied, so that what is left is what the schema describes."""
    found = {}
    for content in element.iterfind(f"{_B}AttachmentContentList/{_B}AttachmentContent"):
        place = content.find(f"{_B}Content")
        if place is None:
            raise Fault("AttachmentContentMiscoordination")
        found[content.findtext(f"{_B}Id") or ""] = _bytes(place, parts)
    size = sum(map(len, found.values()))
    if size > ATTACHMENT_SIZE:
        raise Fault("AttachmentSizeLimitExceeded", ("PermittedTotalAttachmentSize", ATTACHMENT_SIZE), ("RealTotalAttachmentSize", size))
    headers = element.findall(f".//{_B}AttachmentHeaderList/{_B}AttachmentHeader/{_B}contentId")
    if sorted(header.text or "" for header in headers) != sorted(found):
        raise Fault("AttachmentContentMiscoordination")
    return found


def _bytes(place: etree._Element, parts: dict[str, bytes]) -> bytes:
    include = place.find(f"{{{XOP}}}Include")
    if include is None:
        try:
            data = base64.b64decode(place.text or "", validate=False)
        except binascii.Error:
            raise Fault("AttachmentContentMiscoordination") from None
        place.text = ""
        return data
    reference = unquote(include.get("href", "").removeprefix("cid:"))
    if reference not in parts:
        raise Fault("AttachmentContentMiscoordination")
    place.remove(include)
    return parts[reference]
