"""Reads XML without trust: streamed, validated against our XSD while it streams, no DTD, no entities, no network."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

from lxml import etree

from connectors.xml_guard import Guard
from schemas.errors import ContractBroken

XSD = Path(__file__).resolve().parents[1] / "schemas" / "xsd"
CHUNK = 1 << 16
SMALL = 1 << 20
"""Bytes of a document that is read whole (one question, one answer)."""

_UNKNOWN_ROOT = 1845  # XML_SCHEMAV_CVC_ELT_1
_LOCAL = threading.local()
_ELEMENT = re.compile(r"^Element '(?:\{[^}']*\})?([^':]*)'")
_OPTIONS: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False, "huge_tree": False,
            "recover": False, "remove_comments": True, "remove_pis": True}


def schema(*files: str) -> etree.XMLSchema:
    """One compiled schema over these files of `schemas/xsd` (one per namespace); compiled once a thread."""
    kept: dict[tuple[str, ...], etree.XMLSchema] = _LOCAL.__dict__.setdefault("schemas", {})
    if files not in kept:
        kept[files] = _compiled(files)
    return kept[files]


def _compiled(files: tuple[str, ...]) -> etree.XMLSchema:
    imports = "".join(f'<xs:import namespace="{namespace(file)}" schemaLocation="{(XSD / file).as_uri()}"/>' for file in files)
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'))


@cache
def namespace(file: str) -> str:
    """The target namespace an XSD declares."""
    return str(etree.parse(XSD / file).getroot().get("targetNamespace"))


def elements(stream: IO[bytes], name: str, against: etree.XMLSchema, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element with a wanted tag when it is complete; its content is gone when the next is asked for.

    Memory holds one element and one chunk. ContractBroken (`xml.*`) as soon as the bytes are not what was agreed, at the latest
    after the last element: what came before must then not be used.
    """
    guard = Guard(name)
    parser = etree.XMLPullParser(events=("end",), tag=wanted, schema=against, **_OPTIONS)
    count = 0
    while chunk := stream.read(CHUNK):
        guard.feed(chunk)
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            raise _refusal(error, name, count) from None
        for _, complete in parser.read_events():
            element = cast(etree._Element, complete)
            count += 1
            yield element
            _forget(element)
    guard.close()
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _refusal(error, name, count) from None


def document(content: bytes, name: str, against: etree.XMLSchema) -> etree._Element:
    """A small document, whole and valid. ContractBroken (`xml.*`) otherwise."""
    if len(content) > SMALL:
        raise ContractBroken("xml.too_large", f"{name}: {len(content)} bytes")
    guard = Guard(name)
    guard.feed(content)
    guard.close()
    try:
        root = etree.fromstring(content, etree.XMLParser(schema=against, **_OPTIONS))
    except etree.XMLSyntaxError as error:
        raise _refusal(error, name, 0) from None
    return root


def _forget(element: etree._Element) -> None:
    """Empty an element that was read, and drop those before it; the parser still holds on to the element itself."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refusal(error: etree.XMLSyntaxError, name: str, count: int) -> ContractBroken:
    """libxml2 writes the offending value into its message: only the element's name and the code go on."""
    found = _ELEMENT.match(error.msg or "")
    where = f"element {found.group(1)}" if found else f"line {error.lineno}"
    code = int(getattr(error, "code", 0) or 0)
    kind = "xml.wrong_namespace" if code == _UNKNOWN_ROOT else "xml.xsd_invalid" if found else "xml.not_well_formed"
    return ContractBroken(kind, f"{name}: {where}, after {count} records, libxml2 error {code}")
