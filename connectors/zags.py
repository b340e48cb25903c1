"""What the four kinds of acts of civil status share: draining the queue of a push, reading registries and answers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from lxml import etree

from connectors import delivery_documents as documents
from connectors.landing import Delivery, Landing
from connectors.rows import RawBatch, Reading, frame
from connectors.smev import Exchange, Message
from connectors.smev_envelope import CONTENT, DIRECTIVE
from connectors.smev_landing import land
from connectors.sources import Source
from connectors.target import Target
from connectors.xml_reader import elements, namespace, schema
from connectors.xml_rows import Node, Row
from connectors.zags_maps import columns
from schemas.errors import ContractBroken

log = logging.getLogger(__name__)

BATCH = 10_000
"""Acts are wide: this many rows of text are some 40 MB."""
_RECORD = f"{{{DIRECTIVE}}}RegistryRecord"
_PART = re.compile(r"part-\d{6}\.xml")
_ENVELOPE = ("smev/envelope-1.1.xsd", "smev/types-1.3.xsd")


@dataclass(frozen=True)
class Kind:
    """One kind of act: its XSDs, the element of one record and the map of it."""

    folder: str
    push: str
    answer: str
    """File names of the XSDs of the push and of question and answer."""
    record: str
    receipt: str
    """Root of our answer to a push."""
    node: Callable[[str, str], Node]

    @cached_property
    def files(self) -> tuple[str, str]:
        return f"{self.folder}/{self.push}.xsd", f"{self.folder}/{self.answer}.xsd"

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The map of a record by its tag, under either namespace."""
        types = namespace(f"{self.folder}/types.xsd")
        return {f"{{{root}}}{self.record}": self.node(root, types) for root in map(namespace, self.files)}

    @cached_property
    def columns(self) -> list[str]:
        return ["position", *columns(next(iter(self.nodes.values())))]

    @property
    def schema(self) -> etree.XMLSchema:
        return schema(*self.files, *_ENVELOPE)


def fetch(kind: Kind, source: Source, target: Target, landing: Landing) -> list[str]:
    """Drain the queue of the push: each message is landed, answered and only then acknowledged."""
    root = namespace(kind.files[0])
    landed: dict[str, set[str]] = {}
    deliveries: list[str] = []
    with Exchange(target.endpoint, target.login) as exchange:
        while True:
            with exchange.poll(root, "Request") as message:
                if message is None:
                    break
                if message.heading.status is not None:  # a word about a message of ours, not a push
                    log.warning("%s: %s of our receipt, %s", source.name, message.heading.status, message.heading.fault_code)
                    exchange.ack(message.message_id)
                    continue
                known = landed.setdefault(message.message_id, set())
                if message.fingerprint not in known:
                    deliveries.append(land(landing, source, target, message, root))
                    known.add(message.fingerprint)
                _settle(exchange, kind, root, message)
    log.info("%s: %d messages, %d deliveries", source.name, len(landed), len(deliveries))
    return deliveries


def _settle(exchange: Exchange, kind: Kind, root: str, message: Message) -> None:
    """Tell ЗАГС that it arrived, then take it off the queue."""
    if message.heading.content is not None and (identifier := message.heading.content[1]):
        exchange.send(etree.tostring(etree.Element(f"{{{root}}}{kind.receipt}", {"ИдСвед": identifier, "КодОбр": "1"}, nsmap={"z": root}),
                                     encoding="utf-8", xml_declaration=False))
    exchange.ack(message.message_id)


def read(kind: Kind, delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Person rows, one an act version, text as sent."""
    rows: list[dict[str, str | None]] = []
    for name, document in documents.xml(delivery, stream, _PART):
        for row in _rows(kind, name, document):
            rows.append(row)
            if len(rows) == BATCH:
                yield RawBatch("person", frame(rows, kind.columns))
                rows = []
    if rows:
        yield RawBatch("person", frame(rows, kind.columns))


def _rows(kind: Kind, name: str, document: IO[bytes]) -> Iterator[Row]:
    nodes, count = kind.nodes, 0
    question = f"{{{namespace(kind.files[1])}}}СведОтветАГС"
    for element in elements(document, name, kind.schema, (_RECORD, question, CONTENT)):
        for record in _records(kind, name, element):
            count += 1
            row = nodes[record.tag].row(record)
            row["position"] = f"{name}#{count}"
            yield row


def _records(kind: Kind, name: str, element: etree._Element) -> list[etree._Element]:
    """The acts inside one complete element; what stands there under another name or namespace was not agreed."""
    if element.tag == CONTENT:
        _expect(name, element[0].tag, f"{{{namespace(kind.files[0])}}}Request", f"{{{namespace(kind.files[1])}}}{kind.answer.upper()}Response")
        return []
    found = list(element[1][0]) if element.tag == _RECORD else list(element)
    for record in found:
        _expect(name, record.tag, *kind.nodes)
    return found


def _expect(name: str, tag: object, *agreed: str) -> None:
    if tag not in agreed:
        raise ContractBroken("xml.wrong_namespace", f"{name}: element {etree.QName(str(tag)).localname} of a namespace that was not agreed")
