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
                _settle(exchange, kind, root, source, message)
    log.info("%s: %d messages, %d deliveries", source.name, len(landed), len(deliveries))
    return deliveries


def _settle(exchange: Exchange, kind: Kind, root: str, source: Source, message: Message) -> None:
    """Tell ЗАГС that it arrived, then take it off the queue; a receipt that is refused does not stop those behind it."""
    if message.heading.content is not None and (identifier := message.heading.content[1]):
        receipt = etree.Element(f"{{{root}}}{kind.receipt}", {"ИдСвед": identifier, "КодОбр": "1"}, nsmap={"z": root})
        try:
            exchange.send(etree.tostring(receipt, encoding="utf-8", xml_declaration=False))
        except ContractBroken as refused:
            log.warning("%s: a receipt of ours was refused: %s", source.name, refused.code)
    exchange.release(message)


def read(kind: Kind, delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Person rows, one an act version, text as sent."""
    rows: list[dict[str, str | None]] = []
    package = _Package(delivery.media == "zip")
    for name, document in documents.xml(delivery, stream, _PART):
        for row in _rows(kind, name, document, package):
            rows.append(row)
            if len(rows) == BATCH:
                yield RawBatch("person", frame(rows, kind.columns))
                rows = []
    package.close()
    if rows:
        yield RawBatch("person", frame(rows, kind.columns))


class _Package:
    """Parts a bulk push announces against parts that came; an archive alone announces nothing."""

    def __init__(self, is_bare: bool) -> None:
        self._is_bare = is_bare
        self._announced = self._came = 0

    def document(self, name: str, root: etree._Element | None) -> None:
        """One document is read; `root` is its business element, None when it had none that was agreed."""
        if root is None:
            raise ContractBroken("xml.no_content", f"{name}: neither a push nor an answer of this kind")
        self._came += "!" in name
        self._announced += int(root.get("КолФайлов") or 0)

    def close(self) -> None:
        if not self._is_bare and self._announced != self._came:
            raise ContractBroken("package.parts", f"{self._announced} parts announced, {self._came} came")


def _rows(kind: Kind, name: str, document: IO[bytes], package: _Package) -> Iterator[Row]:
    nodes, count = kind.nodes, 0
    push, answer = map(namespace, kind.files)
    roots = (f"{{{push}}}Request", f"{{{answer}}}{kind.answer.upper()}Response")
    found: etree._Element | None = None
    for element in elements(document, name, kind.schema, (_RECORD, f"{{{answer}}}СведОтветАГС", CONTENT, *roots)):
        if element.tag in roots:
            found = etree.Element(element.tag, {"КолФайлов": element.get("КолФайлов", "0")})
            continue
        for record in _records(kind, name, element, roots):
            count += 1
            row = nodes[record.tag].row(record)
            row["position"] = f"{name}#{count}"
            yield row
    package.document(name, found)


def _records(kind: Kind, name: str, element: etree._Element, roots: tuple[str, ...]) -> list[etree._Element]:
    """The acts inside one complete element; what stands there under another name or namespace was not agreed."""
    if element.tag == CONTENT:
        _expect(name, element[0].tag, *roots)
        return []
    found = list(element[1][0]) if element.tag == _RECORD else list(element)
    for record in found:
        _expect(name, record.tag, *kind.nodes)
    return found


def _expect(name: str, tag: object, *agreed: str) -> None:
    if tag not in agreed:
        raise ContractBroken("xml.wrong_namespace", f"{name}: element {etree.QName(str(tag)).localname} of a namespace that was not agreed")
