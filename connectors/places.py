"""From a position, as a reader wrote it, back to the bytes of the row: the inverse of every `read`."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import IO

from lxml import etree

from connectors import place_journals, place_scos, place_table
from connectors.place import FRAGMENT, Place
from connectors.place_json import Path, locate
from connectors.place_members import Member, Members
from connectors.place_xml import Element, tagged, values
from connectors.sources import BY_NAME
from connectors.xml_rows import Node
from schemas.errors import ContractBroken

_XML = re.compile(r"(?P<member>.+)#(?P<number>\d+)")
_LINE = re.compile(r"(?:(?P<member>\d{6}-contingent\.csv)/)?(?P<line>\d+)")
_ENTRY = re.compile(r".*!(?P<number>\d+)\.xml")
KEYS = "question-keys.json"
_READ_WITH = {"fms_residence": "document", "pfr_snils": "snils"}
"""The raw column of what an answer must be read with, the last part of a key."""


def find(source: str, media: str, start: Callable[[], IO[bytes]], position: str) -> Place:
    """The place of a row of `source`; `start` gives the delivery's bytes, from the first one, as often as it is asked.

    ContractBroken `place.*` when the position is of no known form, or names nothing in the delivery.
    """
    members = Members(media, start)
    if (line := _LINE.fullmatch(position)) is not None:
        with members.open(line["member"] or "") as member:
            return place_table.place(member, int(line["line"]))
    if BY_NAME[source].wire == "smev":
        return _element(source, members, position)
    if source == "vuz_scos":
        return place_scos.place(members, position)
    return place_journals.place(source, members, position)


def _element(source: str, members: Members, position: str) -> Place:
    told = _XML.fullmatch(position)
    if told is None:
        raise ContractBroken("place.position", "a position of a form this source does not write")
    nodes, number = _nodes(source, int(told["number"]))
    with members.open("" if members.media == "xml" else told["member"]) as member:
        element = Element(tagged(*nodes), number).find(member.stream)
        found = _place(member, element, nodes[element.tag], number)
    return replace(found, also=_question(source, members, told["member"])) if BY_NAME[source].asks else found


def _nodes(source: str, number: int) -> tuple[dict[str, Node], int]:
    """The maps of the elements that are counted here, by tag; of several accounts of one answer, the first is the answer itself."""
    nodes, others = importlib.import_module(f"connectors.{source}").nodes()
    return (others, number - 1) if others and number > 1 else (nodes, number)


def _place(member: Member, element: Element, node: Node, number: int) -> Place:
    offset = element.offset or 0
    return Place(member=member.name, kind="xml", path=f"{etree.QName(element.tag).localname} {number}", offset=offset, length=element.length,
                 delivery_offset=None if member.start is None else member.start + offset, encoding=element.encoding, fragment=element.fragment,
                 values=tuple(values(element.fragment, element.encoding, node)))


def _question(source: str, members: Members, answered: str) -> tuple[Place, ...]:
    """What the answer belongs to: our note of whom the question was about, and the question as sent."""
    entry = _ENTRY.fullmatch(answered)
    number = int(entry["number"]) if entry else 1
    name, body, start = members.read(KEYS)
    path: Path = ("keys", number - 1)
    columns: dict[Path, str] = {(*path, place): column for place, column in enumerate(("question_id", "asked_source", "asked_key", _READ_WITH[source]))}
    kept = locate(name, body, start, path, columns)
    try:
        with members.open(f"question-attachment-1.zip!{number}.xml") as member:
            asked = member.stream.read(FRAGMENT + 1)
            return kept, Place(member=member.name, kind="xml", path="question", offset=0, length=len(asked), delivery_offset=None, encoding="utf-8",
                               fragment=asked[:FRAGMENT], values=tuple(values(asked[:FRAGMENT], "utf-8", Node({}))))
    except ContractBroken:
        return (kept,)  # a conversation saved by hand may have the keys alone
