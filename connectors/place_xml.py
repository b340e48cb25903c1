"""Finds an element of an XML document and its bytes, streaming, and the values in them by the reader's own map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import IO
from xml.parsers import expat

from lxml import etree

from connectors.place import FRAGMENT, Value
from connectors.xml_reader import CHUNK
from connectors.xml_rows import Node, Target
from schemas.errors import ContractBroken

Wanted = Callable[[str, dict[str, str]], bool]
_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_TOKEN = re.compile(rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|"""
                    rb"""<(?P<close>/?)(?P<name>[^\s/>]+)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*?)(?P<empty>/?)>|[^<]+""",
                    re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENCODING = re.compile(rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


class Element:
    """The bytes of one element: `offset`, `length`, and at most FRAGMENT of them; `encoding` of the document; `tag` as lxml writes it."""

    def __init__(self, wanted: Wanted, number: int) -> None:
        self._wanted, self._number = wanted, number
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._seen = self._depth = 0
        self._end_at: int | None = None
        self._last = b""
        self.tag = ""
        self.encoding = "utf-8"
        self.offset: int | None = None
        self.length = 0
        self.fragment = b""

    def find(self, stream: IO[bytes]) -> Element:
        """Self, found. ContractBroken `place.element` when there is no such element, or no XML."""
        base = 0
        while chunk := stream.read(CHUNK):
            if base == 0 and (told := _ENCODING.match(chunk)):
                self.encoding = told.group(1).decode("ascii", "replace")
            self._feed(chunk, base)
            if self.length:
                return self
            base += len(chunk)
        raise ContractBroken("place.element", f"the document has no element {self._number} of this kind")

    def _feed(self, chunk: bytes, base: int) -> None:
        was_open = self.offset is not None
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            if self._end_at is None:
                raise ContractBroken("place.element", f"not well-formed before the record, expat error {error.code}") from None
        if self.offset is None:
            return
        self.fragment = (self.fragment + (chunk if was_open else chunk[self.offset - base:]))[:FRAGMENT + 1]
        if self._end_at is not None:
            self._close(self._last + chunk, base - len(self._last))
        self._last = chunk[-FRAGMENT:]

    def _close(self, seen: bytes, base: int) -> None:
        """The closing tag may go on in the next chunk."""
        tag = _TAG.match(seen, (self._end_at or 0) - base)
        if tag is not None and self.offset is not None:
            self.length = base + tag.end() - self.offset
            self.fragment = self.fragment[:min(self.length, FRAGMENT)]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth or self._end_at is not None:
            self._depth += 1 if self._depth else 0
        elif self._wanted(name, attributes):
            self._depth, self._seen = 1, self._seen + 1
            if self._seen == self._number:
                self.offset = self._parser.CurrentByteIndex
                self.tag = f"{{{name.replace(' ', '}', 1)}" if " " in name else name

    def _end(self, name: str) -> None:
        self._depth -= 1 if self._depth else 0
        if not self._depth and self.offset is not None and self._end_at is None:
            self._end_at = self._parser.CurrentByteIndex


def tagged(*tags: str) -> Wanted:
    """Elements of these tags, as lxml writes them."""
    names = {tag.removeprefix("{").replace("}", " ", 1) for tag in tags}
    return lambda name, _: name in names


def values(fragment: bytes, encoding: str, node: Node) -> Iterator[Value]:
    """Every text and attribute of a fragment whose outermost element is what `node` maps, each with its column where the map has one."""
    stack: list[Target] = []
    for token in _TOKEN.finditer(fragment):
        if token.group("name") is None:
            yield from _text(token, encoding, stack[-1] if stack else None)
        elif token.group("close"):
            stack.pop()
        else:
            target = _child(stack[-1], _local(token.group("name"), encoding)) if stack else node
            target = _settled(target, token.group("attributes"), encoding)
            yield from _attributes(token, encoding, target)
            if not token.group("empty"):
                stack.append(target)


def _text(token: re.Match[bytes], encoding: str, target: Target) -> Iterator[Value]:
    whole = token.group()
    if whole.startswith(b"<?") or not whole.strip():
        return
    start, end, text = token.start(), token.end(), whole
    if whole.startswith(b"<![CDATA["):
        start, end, text = start + 9, end - 3, whole[9:-3]
    said = text.decode(encoding, "replace")
    yield Value(start=start, end=end, column=target if isinstance(target, str) else None, text=said if whole.startswith(b"<!") else unescape(said))


def _attributes(token: re.Match[bytes], encoding: str, target: Target) -> Iterator[Value]:
    columns = dict(target.attributes) if isinstance(target, Node) else {}
    at = token.start("attributes")
    for found in _ATTRIBUTE.finditer(token.group("attributes")):
        name, group = found.group(1).decode(encoding, "replace"), 2 if found.group(2) is not None else 3
        if not name.startswith("xmlns"):
            yield Value(start=at + found.start(group), end=at + found.end(group), column=columns.get(name.rpartition(":")[2]),
                        text=unescape(found.group(group).decode(encoding, "replace")))


def _child(parent: Target, local: str) -> Target:
    if not isinstance(parent, Node):
        return None
    return next((target for tag, target in parent.children.items() if etree.QName(tag).localname == local), None)


def _settled(target: Target, attributes: bytes, encoding: str) -> Target:
    """A map that depends on the element itself tells which it is."""
    chosen = getattr(target, "chosen", None)
    if chosen is None:
        return target
    told = {found.group(1).decode(encoding, "replace"): (found.group(2) or found.group(3) or b"").decode(encoding, "replace")
            for found in _ATTRIBUTE.finditer(attributes)}
    node: Target = chosen(told)
    return node


def _local(name: bytes, encoding: str) -> str:
    return name.decode(encoding, "replace").rpartition(":")[2]
