"""A message waiting for its receiver, and how it is written on the wire."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from connectors.mocks.smev.markup import attribute, element
from connectors.mocks.smev.namespaces import BASIC, SOAP, TYPES, XOP
from connectors.mocks.smev.signature import stub

ARCHIVE = "application/zip"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is put into a queue; `package` (a push not yet written) or `body` (the choice inside SenderProvidedResponseData)."""

    message_id: str
    consumer: str
    queue: str
    sender: tuple[str, str]
    sent_at: str
    node: str = ""
    message_type: Literal["RESPONSE", "BROADCAST"] = "RESPONSE"
    original_id: str | None = None
    signed_id: str = "SIGNED_BY_CALLER"
    body: str = ""
    package: dict[str, Any] | None = None
    attachment: bytes | None = None

    def stored(self) -> str:
        return json.dumps(asdict(self) | {"attachment": None}, ensure_ascii=False)


def restored(text: str, attachment: bytes | None) -> Letter:
    row = json.loads(text)
    return Letter(**(row | {"sender": tuple(row["sender"]), "attachment": attachment}))


def content_id(letter: Letter) -> str:
    return f"attachment-{letter.message_id}"


def primary(content: str) -> str:
    return f"<b:MessagePrimaryContent>{content}</b:MessagePrimaryContent>"


def attachment_header(message_id: str, names: list[str], namespace: str) -> str:
    """The header that stands inside the signed block; an archive of more than 1,000 files is not listed."""
    files = "".join(f"<b:File>{element('b:Name', name)}{element('b:NamespaceUri', namespace)}</b:File>" for name in names)
    archive = f"<b:Archive>{files}</b:Archive>" if 0 < len(names) <= 1_000 else ""
    return (f"<b:AttachmentHeaderList><b:AttachmentHeader>{element('b:contentId', f'attachment-{message_id}')}"
            f"{element('b:MimeType', ARCHIVE)}{archive}</b:AttachmentHeader></b:AttachmentHeaderList>")


def rejection(original_id: str, reason: str) -> str:
    """AsyncProcessingStatus of a content that fails its schema."""
    return (f"<t:AsyncProcessingStatus>{element('t:OriginalMessageId', original_id)}{element('t:StatusCategory', 'requestIsRejectedBySmev')}"
            f"<t:SmevFault>{element('b:Code', 'tsmev3:mock:TR:SYNC:SPS:4')}{element('b:Description', f'SMEV-403: {reason}')}</t:SmevFault>"
            f"</t:AsyncProcessingStatus>")


def reply_to(message_id: str, consumer: str, selector: str) -> str:
    """An opaque address; whoever reads inside does wrong."""
    return base64.b64encode(json.dumps({"sid": 1, "mid": message_id, "eol": 0, "slc": selector, "mnm": consumer}).encode()).decode()


def envelope(operation: str, inner: str) -> str:
    """A SOAP envelope with one element of the types namespace."""
    return f'<S:Envelope xmlns:S="{SOAP}"><S:Body><t:{operation} xmlns:t="{TYPES}" xmlns:b="{BASIC}">{inner}</t:{operation}></S:Body></S:Envelope>'


def delivered(letter: Letter, has_attachment: bool) -> str:
    """The whole envelope of GetResponseResponse for one message; the same letter always gives the same text."""
    said = (f'<t:SenderProvidedResponseData{attribute("Id", letter.signed_id)}>{element("t:MessageID", letter.message_id)}'
            f"{element('t:To', reply_to(letter.original_id or letter.message_id, letter.consumer, letter.queue))}{letter.body}</t:SenderProvidedResponseData>")
    original = element("t:OriginalMessageId", letter.original_id) if letter.original_id else ""
    reference = element("t:ReferenceMessageID", letter.original_id or letter.message_id)
    response = (f'<t:Response Id="SIGNED_BY_SMEV">{original}{reference}{said}{_metadata(letter)}'
                f"<t:SenderInformationSystemSignature>{stub(letter.signed_id, said)}</t:SenderInformationSystemSignature></t:Response>")
    content = ""
    if has_attachment:
        content = (f"<b:AttachmentContentList><b:AttachmentContent>{element('b:Id', content_id(letter))}<b:Content>"
                   f'<xop:Include xmlns:xop="{XOP}" href="cid:{content_id(letter)}"/></b:Content></b:AttachmentContent></b:AttachmentContentList>')
    signed = f"<t:SMEVSignature>{stub('SIGNED_BY_SMEV', response)}</t:SMEVSignature>"
    return envelope("GetResponseResponse", f"<t:ResponseMessage>{response}{content}{signed}</t:ResponseMessage>")


def _metadata(letter: Letter) -> str:
    mnemonic, title = letter.sender
    return (f"<t:MessageMetadata>{element('t:MessageId', letter.message_id)}{element('t:MessageType', letter.message_type)}"
            f"<t:Sender>{element('t:Mnemonic', mnemonic)}{element('t:HumanReadableName', title)}</t:Sender>"
            f"{element('t:SendingTimestamp', letter.sent_at)}<t:Recipient>{element('t:Mnemonic', letter.consumer)}"
            f"{element('t:HumanReadableName', 'ГИС «Контингент»')}</t:Recipient>{element('t:Status', 'messageIsDelivered')}</t:MessageMetadata>")
