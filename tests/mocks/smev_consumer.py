"""A small consumer and a small world for the tests of the mock exchange; knows the wire, not the mock's code."""

from __future__ import annotations

import email.parser
import email.policy
import io
import os
import uuid
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree
from starlette.testclient import TestClient

from connectors.mocks.region.seen import DDL
from connectors.mocks.smev import Misbehaviour, app

TYPES = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.3"
BASIC = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.3"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NS = {"t": TYPES, "b": BASIC, "S": SOAP, "f": TYPES.replace("/types/", "/types/faults/"), "d": TYPES.replace("/types/", "/types/directive/")}
CALM = Misbehaviour(duplicate=0, disorder=0, smev_failure=0, overflow=0)
OFFICIAL = Path(os.environ.get("KONTINGENT_OFFICIAL_XSD", Path(__file__).parents[3] / "shared/domain/official-xsd"))
"""The published schemas: an oracle that is not part of the project."""

BIRTH = {
    "day": 0, "act_kind": "birth", "wire_key": "1" + "8" * 20, "version": 1, "version_date": date(2014, 3, 20), "status_code": "0101",
    "act_date": date(2014, 3, 20), "authority_code": "R0300001", "authority_name": "Отдел ЗАГС", "certificate_series": "I-АЖ", "certificate_number": "600001",
    "certificate_date": date(2014, 3, 20), "family_name": "Доржиев", "given_name": "Баир", "sex": "M", "birth_date": date(2014, 3, 9), "is_alive": True,
    "birth_oktmo": "81701000", "birth_district": "г. Улан-Удэ", "birth_settlement": "Улан-Удэ", "snils": "11223344595",
}
ACCOUNT = {
    "day": 0, "wire_key": "11223344595", "snils": "11223344595", "family_name": "Доржиев", "given_name": "Баир", "sex": "M", "birth_date": date(2014, 3, 9),
    "document_type": "BirthCertificate", "document_series": "I-АЖ", "document_number": "600001", "document_date": date(2014, 3, 20), "document_issuer": "ЗАГС",
}
REGISTRATION = {
    "day": 0, "wire_key": "r-1", "kind": "living", "family_name": "Доржиев", "given_name": "Баир", "birth_date": date(2014, 3, 9),
    "document_type": "birthCertificate", "document_series": "I-АЖ", "document_number": "600001", "document_date": date(2014, 3, 20),
    "region": "Республика Бурятия", "region_oktmo": "81701000", "settlement": "Улан-Удэ", "street": "Ленина",
    "house": "1", "flat": "2", "date_from": date(2014, 4, 1),
}


def world(folder: Path, **tables: list[dict[str, Any]]) -> Path:
    """A world file with these rows in `seen.<table>`."""
    path = folder / "world.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
        for table, rows in tables.items():
            for row in rows:
                connection.execute(f"INSERT INTO seen.{table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    return path


class Answer:
    """One answer: HTTP status, the SOAP body's element, attachments by content id, and the bytes."""

    def __init__(self, status: int, content_type: str, body: bytes) -> None:
        assert content_type.startswith('multipart/related; type="application/xop+xml"')
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        root, *others = message.iter_parts()
        self.status, self.body = status, body
        self.root = etree.fromstring(root.get_payload(decode=True))
        self.attachments = {part["Content-ID"].strip("<>"): part.get_payload(decode=True) for part in others}

    def find(self, path: str) -> etree._Element | None:
        return self.root.find(f".//{path}", NS)

    def text(self, path: str) -> str | None:
        return self.root.findtext(f".//{path}", namespaces=NS)

    @property
    def fault(self) -> str | None:
        detail = self.root.find(".//S:Fault/detail", NS)
        return None if detail is None else etree.QName(detail[0]).localname

    @property
    def content(self) -> etree._Element:
        found = self.root.find(".//b:MessagePrimaryContent", NS)
        assert found is not None
        return found[0]

    @property
    def message_id(self) -> str | None:
        return self.text("t:SenderProvidedResponseData/t:MessageID")

    def files(self) -> dict[str, bytes]:
        """The files of the one attached archive."""
        (archive,) = self.attachments.values()
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}


class Consumer:
    """Speaks to the mock by HTTP; `now` is the clock of the exchange, `day` its day."""

    def __init__(self, path: Path, misbehaviour: Misbehaviour = CALM, *, day: int = 0, clock: Callable[[], float] | None = None, name: str = "TEST03") -> None:
        self.day, self.name = day, name
        more = {} if clock is None else {"clock": clock}
        self.app = app(path, day=lambda: self.day, misbehaviour=misbehaviour, state=path.parent / "state.sqlite", **more)
        self.client = TestClient(self.app)

    def call(self, operation: str, inner: str, attachment: bytes | None = None, **headers: str) -> Answer:
        envelope = (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><t:{operation}Request xmlns:t="{TYPES}" xmlns:b="{BASIC}">{inner}</t:{operation}Request>'
                    f"</S:Body></S:Envelope>").encode()
        kind = "text/xml; charset=utf-8"
        if attachment is not None:
            kind = 'multipart/related; type="application/xop+xml"; boundary="cut"; start="<root>"'
            envelope = (b'--cut\r\nContent-Type: application/xop+xml; type="text/xml"\r\nContent-ID: <root>\r\n\r\n' + envelope
                        + b"\r\n--cut\r\nContent-Type: application/zip\r\nContent-ID: <questions>\r\n\r\n" + attachment + b"\r\n--cut--\r\n")
        sent = {"content-type": kind, "SOAPAction": f'"urn:{operation}"', "X-Consumer": self.name} | headers
        response = self.client.post("/ws", content=envelope, headers=sent)
        return Answer(response.status_code, response.headers["content-type"], response.content)

    def send(self, content: str, *, message_id: str | None = None, node: str = "", more: str = "", attachment: bytes | None = None) -> Answer:
        node_id = f"<t:NodeID>{node}</t:NodeID>" if node else ""
        header = outside = ""
        if attachment is not None:
            header = ("<b:AttachmentHeaderList><b:AttachmentHeader><b:contentId>questions</b:contentId><b:MimeType>application/zip</b:MimeType>"
                      "</b:AttachmentHeader></b:AttachmentHeaderList>")
            outside = ('<b:AttachmentContentList><b:AttachmentContent><b:Id>questions</b:Id><b:Content><xop:Include '
                       'xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:questions"/></b:Content></b:AttachmentContent></b:AttachmentContentList>')
        return self.call("SendRequest", f'<t:SenderProvidedRequestData Id="SIGNED_BY_CALLER"><t:MessageID>{message_id or uuid.uuid1()}</t:MessageID>{node_id}{more}'
                         f"<b:MessagePrimaryContent>{content}</b:MessagePrimaryContent>{header}</t:SenderProvidedRequestData>{outside}", attachment)

    def next(self, namespace: str = "", root: str = "", node: str = "") -> Answer:
        selector = f"<b:NamespaceURI>{namespace}</b:NamespaceURI><b:RootElementLocalName>{root}</b:RootElementLocalName>" if namespace else ""
        node_id = f"<b:NodeID>{node}</b:NodeID>" if node else ""
        stamp = "<b:Timestamp>2025-10-24T06:00:00+08:00</b:Timestamp>"
        return self.call("GetResponse", f'<b:MessageTypeSelector Id="S">{selector}{stamp}{node_id}</b:MessageTypeSelector>')

    def ack(self, message_id: str | None, accepted: str = "true") -> Answer:
        return self.call("Ack", f'<b:AckTargetMessage Id="S" accepted="{accepted}">{message_id}</b:AckTargetMessage>')

    def drain(self, namespace: str = "", root: str = "") -> list[Answer]:
        """All messages of a queue, each acknowledged."""
        taken = []
        while (answer := self.next(namespace, root)).message_id is not None:
            taken.append(answer)
            assert self.ack(answer.message_id).fault is None
        return taken


def archive(*documents: str) -> bytes:
    """A bulk question."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as files:
        for number, document in enumerate(documents, 1):
            files.writestr(f"{number}.xml", document)
    return target.getvalue()


def official(path: str) -> etree.XMLSchema | None:
    """The published schema, or None where it is not at hand."""
    file = OFFICIAL / path
    return etree.XMLSchema(etree.parse(file)) if file.exists() else None
