"""Reads the answer to a bulk question: each answer with the key of the question it belongs to."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import IO, cast

from lxml import etree

from connectors.delivery_documents import MEMORY, members
from connectors.landing import CHUNK, Delivery
from connectors.smev_envelope import CONTENT, TYPES
from connectors.smev_outbox import Asked, Key, parse
from connectors.xml_reader import SMALL, document, schema
from connectors.zip_reader import entries
from schemas.errors import ContractBroken

_ENTRY = re.compile(r"([1-9]\d{0,3})(\.rejected)?\.xml")
_REJECTED = f"{{{TYPES}}}RequestRejected"
_CODE = f"{{{TYPES}}}RejectionReasonCode"
_NO_DATA = "NO_DATA"


def answers(delivery: Delivery, stream: IO[bytes], files: tuple[str, ...]) -> Iterator[tuple[str, Key, str, etree._Element]]:
    """(service, key, position, answer); `files` are the XSDs of the answers.

    «No data» gives nothing. A question refused for its own sake gives nothing either; ContractBroken when the whole message was.
    """
    if delivery.media != "tar":
        raise ContractBroken("smev.unasked", "an answer without its question: such come as a conversation, with question-keys.json")
    against = schema(*files, "smev/types-1.3.xsd", "smev/envelope-1.1.xsd")
    asked: Asked | None = None
    single: etree._Element | None = None
    for name, content in members(stream):
        if name == "question-keys.json":
            asked = parse(content.read())
        elif name.startswith("question-"):
            continue
        elif asked is None:
            raise ContractBroken("smev.unasked", "an answer to nothing we remember to have asked")
        elif name.endswith(".zip"):
            single = None
            yield from _bulk(asked, name, content, against)
        else:
            single = _primary(content.read(SMALL + 1), name, against)
    if asked is not None and single is not None:
        yield asked.service, asked.keys[0], "message.xml#1", single


def _primary(content: bytes, name: str, against: etree.XMLSchema) -> etree._Element | None:
    envelope = document(content, name, against)
    codes = {code.text for code in envelope.iter(_CODE)}
    if codes - {_NO_DATA}:
        raise ContractBroken("smev.rejected", f"{name}: {', '.join(sorted(str(code) for code in codes))}")
    holder = next(envelope.iter(CONTENT), None)
    return holder[0] if holder is not None else None


def _bulk(asked: Asked, name: str, content: IO[bytes], against: etree.XMLSchema) -> Iterator[tuple[str, Key, str, etree._Element]]:
    with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
        shutil.copyfileobj(content, file, CHUNK)
        for entry, answer in entries(cast(IO[bytes], file), name, _ENTRY):
            number = int(entry.split(".", 1)[0])
            if number > len(asked.keys):
                raise ContractBroken("zip.entry_name", f"{name}: an answer to question {number} of {len(asked.keys)}")
            root = document(answer.read(SMALL + 1), f"{name}!{entry}", against)
            if root.tag != _REJECTED:
                yield asked.service, asked.keys[number - 1], f"{name}!{entry}#1", root
