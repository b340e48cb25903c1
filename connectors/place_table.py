"""Finds a line of a CSV file or a row of a workbook and its bytes, counted as the reader counts them, and the cells in it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import IO

from connectors.layouts import recognise
from connectors.place import FRAGMENT, Place, Value
from connectors.place_members import Member, seekable
from connectors.place_xml import Element, Wanted
from connectors.tables_reader import open_lines
from connectors.workbook_check import first_sheet
from connectors.workbook_parts import place as place_of_cell
from schemas.errors import ContractBroken

_TABLES = ("organisations", "contingent", "marks", "finals")
_CELL = re.compile(rb'<(?:\w+:)?c\b(?P<attributes>[^>]*?)(?:/>|>(?P<content>.*?)</(?:\w+:)?c>)', re.DOTALL)
_HELD = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]*)</(?:\w+:)?(?:v|t)>")
_ATTRIBUTE = re.compile(rb'\b([rt])="([^"]*)"')
_STRINGS = "xl/sharedStrings.xml"


def place(member: Member, line: int) -> Place:
    """The place of one line (a row of a workbook), from 1."""
    with seekable(member.stream) as file:
        columns = _columns(file)
        file.seek(0)
        is_workbook = file.read(2) == b"PK"
        file.seek(0)
        return _row(member, file, line, columns) if is_workbook else _line(member, file, line, columns)


def _columns(file: IO[bytes]) -> list[str | None]:
    """The raw column of each column of the file; empty when its layout is not known."""
    try:
        with open_lines(file) as table:
            layout, header = recognise(table, _TABLES)
            return [layout.columns.get(cell) for cell in header]
    except ContractBroken:
        return []


def _line(member: Member, file: IO[bytes], line: int, columns: list[str | None]) -> Place:
    with open_lines(file) as table:
        encoding = table.encoding
    file.seek(0)
    counted = _Counted(io.TextIOWrapper(file, encoding=encoding, newline=""), encoding)
    begin = 0
    for number, _ in enumerate(csv.reader(counted, delimiter=";", strict=True), start=1):
        if number == line:
            break
        begin = counted.bytes
    else:
        raise ContractBroken("place.element", f"the file has no line {line}")
    length = counted.bytes - begin
    counted.text.detach()
    file.seek(begin)
    fragment = file.read(min(length, FRAGMENT))
    plain = encoding.removesuffix("-sig")
    return Place(member=member.name, kind="csv", path=f"line {line}", offset=begin, length=length,
                 delivery_offset=None if member.start is None else member.start + begin, encoding=plain, fragment=fragment,
                 values=tuple(_cells(fragment, plain, columns)))


class _Counted:
    """The lines of a text as they are given out, and the bytes they took so far; the mark of UTF-8 belongs to the first."""

    def __init__(self, text: io.TextIOWrapper, encoding: str) -> None:
        self.text, self._plain = text, encoding.removesuffix("-sig")
        self.bytes = 3 if encoding.endswith("-sig") else 0

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.bytes += len(line.encode(self._plain))
            yield line


_FIELD = re.compile(rb'"((?:[^"]|"")*)"|([^;]*)')


def _cells(fragment: bytes, encoding: str, columns: list[str | None]) -> Iterator[Value]:
    body, at, number = fragment.rstrip(b"\r\n"), 0, 0
    while at <= len(body):
        found = _FIELD.match(body, at)
        if found is None:
            return
        group = 1 if found.group(1) is not None else 2
        said = found.group(group).decode(encoding, "replace")
        yield Value(start=found.start(group), end=found.end(group), column=columns[number] if number < len(columns) else None,
                    text=said.replace('""', '"') if group == 1 else said)
        number, at = number + 1, found.end() + 1


def _row(member: Member, file: IO[bytes], row: int, columns: list[str | None]) -> Place:
    name = first_sheet(file)
    with zipfile.ZipFile(file) as archive:
        with archive.open(name) as sheet:
            element = Element(_row_numbered(row), 1).find(sheet)
        found = list(_row_values(element.fragment, columns))
        shared = {int(value.text): value.column for value, is_shared in found if is_shared and value.text.isdigit()}
        strings = list(_strings(archive, shared)) if shared else []
    inside = f"{member.name}!" if member.name else ""
    also = tuple(Place(member=f"{inside}{_STRINGS}", kind="xlsx", path=f"string {number}", offset=one.offset or 0, length=one.length, delivery_offset=None,
                       encoding=one.encoding, fragment=one.fragment, values=tuple(_texts(one.fragment, one.encoding, shared[number])))
                 for number, one in strings)
    return Place(member=f"{inside}{name}", kind="xlsx", path=f"row {row}", offset=element.offset or 0, length=element.length, delivery_offset=None,
                 encoding=element.encoding, fragment=element.fragment, values=tuple(value for value, _ in found), also=also)


def _row_numbered(row: int) -> Wanted:
    counted = [0]

    def fits(name: str, attributes: dict[str, str]) -> bool:
        if name.rpartition(" ")[2] != "row":
            return False
        counted[0] = int(attributes["r"]) if attributes.get("r", "").isdigit() else counted[0] + 1
        return counted[0] == row
    return fits


def _row_values(fragment: bytes, columns: list[str | None]) -> Iterator[tuple[Value, bool]]:
    """(value, whether it is the number of a shared string); such a value has no column, the string has."""
    number = 0
    for cell in _CELL.finditer(fragment):
        told = {found.group(1): found.group(2).decode("ascii", "replace") for found in _ATTRIBUTE.finditer(cell.group("attributes"))}
        number = place_of_cell(told[b"r"])[1] if b"r" in told else number + 1
        column = columns[number - 1] if number <= len(columns) else None
        for held in _HELD.finditer(fragment, *cell.span("content")) if cell.group("content") is not None else ():
            yield Value(start=held.start(1), end=held.end(1), column=column, text=unescape(held.group(1).decode("utf-8", "replace"))), told.get(b"t") == "s"


def _strings(archive: zipfile.ZipFile, wanted: dict[int, str | None]) -> Iterator[tuple[int, Element]]:
    """The shared strings of these numbers, from 0."""
    names = {name.casefold(): name for name in archive.namelist()}
    for number in sorted(wanted):
        with archive.open(names[_STRINGS.casefold()]) as strings:
            yield number, Element(lambda name, _: name.rpartition(" ")[2] == "si", number + 1).find(strings)


def _texts(fragment: bytes, encoding: str, column: str | None) -> Iterator[Value]:
    for held in _HELD.finditer(fragment):
        yield Value(start=held.start(1), end=held.end(1), column=column, text=unescape(held.group(1).decode(encoding, "replace")))
