"""Turns an element into a row of text by a map of its tree: one walk over the element, nothing is searched for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lxml import etree

from schemas.errors import ContractBroken

Row: TypeAlias = dict[str, str | None]
Target: TypeAlias = "str | Node | Callable[[etree._Element, Row], None] | None"
"""Where a child goes: a column (its text), a deeper map, a function, or nowhere (None: read by nobody, on purpose)."""


class Node:
    """The map of one element: children by tag, attributes by name."""

    __slots__ = ("attributes", "children")

    def __init__(self, children: Mapping[str, Target], attributes: Mapping[str, str] | None = None) -> None:
        self.children = dict(children)
        self.attributes = tuple((attributes or {}).items())

    def row(self, element: etree._Element) -> Row:
        """The row of one record, text exactly as sent; ContractBroken for an element that is neither mapped nor ignored."""
        row: Row = {}
        self.fill(element, row)
        return row

    def fill(self, element: etree._Element, row: Row) -> None:
        for name, column in self.attributes:
            row[column] = element.get(name)
        children = self.children
        for child in element:
            try:
                target = children[child.tag]
            except KeyError:
                raise ContractBroken("xml.unmapped_element", f"element {etree.QName(child).localname} is neither mapped nor ignored") from None
            if target is None:
                continue
            if isinstance(target, str):
                row[target] = child.text
            elif isinstance(target, Node):
                target.fill(child, row)
            else:
                target(child, row)


def under(namespace: str, children: Mapping[str, Target]) -> dict[str, Target]:
    """The same map with its names in a namespace."""
    return {f"{{{namespace}}}{name}": target for name, target in children.items()}


def ignored(*names: str) -> dict[str, Target]:
    """Names that are known and not read."""
    return dict.fromkeys(names)
