"""Draws documents from an XSD: what it allows, then a blow or two of what it may not."""

from __future__ import annotations

import copy
import random
import re
from functools import cache
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
_VALUES = {
    "date": ["2014-03-09", "2020-02-29", "1999-12-31+08:00"], "dateTime": ["2025-10-24T06:00:00+08:00", "2025-10-24T06:00:00Z"], "time": ["06:00:00"],
    "gYear": ["2014", "1826", "1825"], "integer": ["1", "7", "42", "999"], "int": ["1", "2147483647"], "long": ["5"], "boolean": ["true", "0"],
    "base64Binary": ["c3R1Yg=="], "anyURI": ["urn:x"], "NCName": ["Request"], "QName": ["x"], "string": ["Ж", "слово", "x y"],
}
_BLOWS = ["", "x", "1", "Ж" * 61, "2020-02-31", "1" * 30, "I-АЖ", "IV-ЖЖ", "112-233-445 95", "112-233-445-95", "00", "999999",
          "text/xml", "O'Рей", "Ё’ж", "-1", "true"]


class Drawer:
    """One XSD with all it imports; `seed` decides everything."""

    def __init__(self, path: Path, seed: int) -> None:
        self._named, self.roots = _components(path)
        self._random = random.Random(seed)  # noqa: S311 - a test
        self._count = 0

    def document(self, root: str) -> etree._Element:
        """A document the XSD allows (as a rule)."""
        self._count = 0
        return self._element(self._named[("element", root)], 0)

    def struck(self, root: str) -> etree._Element:
        """The same with one to three blows: an element gone, doubled, moved or renamed, a value or an attribute changed."""
        document = self.document(root)
        for _ in range(self._random.randint(1, 3)):
            self._strike(document)
        return document

    def _strike(self, document: etree._Element) -> None:
        inner = [element for element in document.iter() if element is not document]
        element = self._random.choice(inner or [document])
        parent, blow = element.getparent(), self._random.randrange(6)
        if blow == 0 and parent is not None:
            parent.remove(element)
        elif blow == 1 and parent is not None:
            parent.append(copy.deepcopy(element))
        elif blow == 2 and parent is not None:
            parent.insert(0, element)
        elif blow == 3 and element.attrib:
            name = self._random.choice(list(element.attrib))
            if self._random.random() < 0.5:
                del element.attrib[name]
            else:
                element.set(name, self._random.choice(_BLOWS))
        elif blow == 4 and len(element) == 0:
            element.tag = self._random.choice([other.tag for other in document.iter()])
        elif len(element) == 0:
            element.text = self._random.choice(_BLOWS)

    def _element(self, declared: etree._Element, depth: int) -> etree._Element:
        if (reference := declared.get("ref")) is not None:
            return self._element(self._named[("element", _expanded(declared, reference))], depth)
        schema = declared.getroottree().getroot()
        element = etree.Element(f"{{{schema.get('targetNamespace')}}}{declared.get('name')}")
        kind = declared.find(f"{XS}complexType")
        simple = declared.find(f"{XS}simpleType")
        name = _expanded(declared, declared.get("type", "")) if declared.get("type") else None
        if kind is None and name is not None:
            kind = self._named.get(("complexType", name))
        if kind is not None:
            self._complex(element, kind, depth)
        elif simple is not None:
            element.text = self._simple(simple)
        elif name is not None:
            element.text = self._value(name)
        return element

    def _complex(self, element: etree._Element, kind: etree._Element, depth: int) -> None:
        for child in kind:
            tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if tag in ("sequence", "choice", "group"):
                self._particle(element, child, depth)
            elif tag == "attribute" and (child.get("use") == "required" or self._random.random() < 0.5):
                inline = child.find(f"{XS}simpleType")
                element.set(child.get("name", ""), self._simple(inline) if inline is not None else self._value(_expanded(child, child.get("type", ""))))
            elif tag in ("complexContent", "simpleContent"):
                self._extension(element, child[0], depth)

    def _extension(self, element: etree._Element, extension: etree._Element, depth: int) -> None:
        base = _expanded(extension, extension.get("base", ""))
        inherited = self._named.get(("complexType", base))
        if inherited is not None:
            self._complex(element, inherited, depth)
        else:
            element.text = self._value(base)
        self._complex(element, extension, depth)

    def _particle(self, element: etree._Element, particle: etree._Element, depth: int) -> None:
        least, most = int(particle.get("minOccurs", "1")), particle.get("maxOccurs", "1")
        many = least if depth > 12 else self._random.choice([least, max(least, 1), max(least, 1 if most == "1" else 2)])
        for _ in range(many):
            self._once(element, particle, depth + 1)

    def _once(self, element: etree._Element, particle: etree._Element, depth: int) -> None:
        tag = etree.QName(particle).localname
        inner = [child for child in particle if isinstance(child.tag, str) and etree.QName(child).localname != "annotation"]
        if tag == "element":
            element.append(self._element(particle, depth))
        elif tag == "group":
            group = self._named[("group", _expanded(particle, particle.get("ref", "")))]
            for child in group:
                if isinstance(child.tag, str) and etree.QName(child).localname != "annotation":
                    self._particle(element, child, depth)
        elif tag == "any":
            element.append(etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        else:
            for child in [self._random.choice(inner)] if tag == "choice" and inner else inner:
                self._particle(element, child, depth)

    def _value(self, name: str) -> str:
        kind = self._named.get(("simpleType", name))
        if kind is not None:
            return self._simple(kind)
        local = name.rsplit("}", 1)[-1]
        self._count += 1
        return f"id-{self._count}" if local == "ID" else self._random.choice(_VALUES.get(local, _VALUES["string"]))

    def _simple(self, kind: etree._Element) -> str:
        """A value that fits the facets, found by trying; the XSDs' patterns are few."""
        restriction = kind.find(f"{XS}restriction")
        assert restriction is not None
        facets = {etree.QName(facet).localname: facet.get("value", "") for facet in restriction if isinstance(facet.tag, str)}
        choices = [facet.get("value", "") for facet in restriction.iterfind(f"{XS}enumeration")]
        if choices:
            return self._random.choice(choices)
        if "pattern" in facets:
            return self._matching([facet.get("value", "") for facet in restriction.iterfind(f"{XS}pattern")])
        if "length" in facets:
            return "Ж" * int(facets["length"])
        base = self._value(_expanded(restriction, restriction.get("base", "")))
        return base[: int(facets["maxLength"])] if "maxLength" in facets else base[:1] if "totalDigits" in facets and self._random.random() < 0.5 else base

    def _matching(self, patterns: list[str]) -> str:
        samples = ["1", "7", "12", "03", "123", "8105", "600001", "1234567", "12345678901", "I-АЖ", "II-АЖ", "АЖ", "text/xml", "application/zip", "слово",
                   "112-233-445-95",
                   "112-233-445 95", "81701000", "7f1c2a10-8c1e-11ef-b864-0242ac120002", "670000", "123-456", "12345", "a@bb.ru", "1234567890"]
        fitting = [sample for sample in samples if any(re.fullmatch(pattern, sample) for pattern in patterns)]
        return self._random.choice(fitting)


def _expanded(node: etree._Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{node.nsmap.get(prefix or None)}}}{local}"


@cache
def _components(path: Path) -> tuple[dict[tuple[str, str], etree._Element], list[str]]:
    named: dict[tuple[str, str], etree._Element] = {}
    own: list[str] = []
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        root = etree.parse(file).getroot()
        for child in root:
            if isinstance(child.tag, str) and child.get("name"):
                name = f"{{{root.get('targetNamespace')}}}{child.get('name')}"
                named[(etree.QName(child).localname, name)] = child
                if file == path and child.tag == f"{XS}element":
                    own.append(name)
            elif child.get("schemaLocation"):
                waiting.append((file.parent / child.get("schemaLocation", "")).resolve())
    return named, own
