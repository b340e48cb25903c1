"""What a department is asked and what it says, apart from the envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from connectors.mocks.smev.known import Known
from connectors.mocks.smev.markup import element


class ContentInvalid(ValueError):
    """The content breaks its schema; the message names places, never values."""


@dataclass(frozen=True)
class Rejected:
    """RequestRejected: the department understood and will not or cannot answer."""

    code: str
    """ACCESS_DENIED, NO_DATA, UNKNOWN_REQUEST_DESCRIPTION or FAILURE."""
    description: str

    def markup(self, prefix: str = "t") -> str:
        return (f"<{prefix}:RequestRejected>{element(f'{prefix}:RejectionReasonCode', self.code)}"
                f"{element(f'{prefix}:RejectionReasonDescription', self.description)}</{prefix}:RequestRejected>")


NO_DATA = Rejected("NO_DATA", "Сведения не найдены")

Answer = str | Rejected
Department = Callable[[Known, list[etree._Element]], list[Answer]]
"""Questions (root elements) to answers in the same order. Raises ContentInvalid for the whole list."""


def parse(document: bytes) -> etree._Element:
    """Root element, hardened: no DTD, no entities, no network. Raises ContentInvalid."""
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True))
    except etree.XMLSyntaxError as error:
        raise ContentInvalid(f"line {error.lineno}: not well-formed") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContentInvalid("DOCTYPE is not allowed")
    return root


def required(parent: etree._Element, path: str) -> etree._Element:
    """The element at this path (`{namespace}name`); ContentInvalid when it is not there."""
    found = parent.find(path)
    if found is None:
        raise ContentInvalid(f"{etree.QName(path.rsplit('/', 1)[-1]).localname} is missing")
    return found


def value(parent: etree._Element, path: str) -> str:
    """Its text; ContentInvalid when the element is missing or empty."""
    words = required(parent, path).text
    if not words or not words.strip():
        raise ContentInvalid(f"{etree.QName(path.rsplit('/', 1)[-1]).localname} is empty")
    return words.strip()
