"""The parts of an XLSX by name, and what one of its worksheets would become in memory; nothing is built to find out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from schemas.errors import ContractBroken

ROWS = 1 << 20
COLUMNS = 1 << 14
"""What the format itself allows; beyond it the numbers are not believed."""
AREA = 10_000_000
"""Rows × columns from A1 to the last cell: the reader keeps a place for each, some 40 bytes."""
WORKBOOK = "xl/workbook.xml"
_CELL = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_EXTENSION = "http://schemas.microsoft.com/"
"""Its formulas colour and check cells, none of them is the value of a cell."""
Attributes = dict[str, str]


class Part:
    """One XML part, fed chunk by chunk; `see` gets the local name, namespace and attributes of each element.

    ContractBroken `table.not_a_workbook` when it is no XML, or XML with a document type.
    """

    def __init__(self, see: Callable[[str, str, Attributes], None]) -> None:
        self._see = see
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = _doctype

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise ContractBroken("table.not_a_workbook", f"a part of the workbook is not well-formed, expat error {error.code}") from None

    def _start(self, tag: str, attributes: Attributes) -> None:
        namespace, _, name = tag.rpartition(" ")
        self._see(name, namespace, attributes)


class Sheet:
    """The extent of a worksheet by its cells, whatever it declares; `strict` for the sheet that will be read.

    ContractBroken `workbook.too_large`, and where strict `table.formula`.
    """

    def __init__(self, *, strict: bool) -> None:
        self.merged: set[int] = set()
        """First and last row (from 1) of each merged area."""
        self._strict = strict
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._part = Part(self._see)
        self.feed = self._part.feed

    def _see(self, name: str, namespace: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell(attributes.get("r"))
        elif name == "row":
            self._row = _row(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
            self._grow()
        elif name == "f" and self._strict and not namespace.startswith(_EXTENSION):
            raise ContractBroken("table.formula", "a cell holds a formula: what it showed is not known")
        elif name == "mergeCell" and self._strict:
            self.merged.update(place(corner)[0] for corner in attributes.get("ref", "").split(":"))

    def _cell(self, reference: str | None) -> None:
        """A cell without a reference stands after the one before it."""
        if reference is None:
            self._column += 1
        else:
            row, self._column = place(reference)
            self._rows = max(self._rows, row)
        self._grow()

    def _grow(self) -> None:
        self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
        if self._rows > ROWS or self._columns > COLUMNS or self._rows * self._columns > AREA:
            raise ContractBroken("workbook.too_large", f"a sheet of {self._rows} rows and {self._columns} columns; at most {AREA} cells are read")


class Names:
    """What a part of relationships, or the list of sheets, names."""

    def __init__(self) -> None:
        self.targets: dict[str, list[str]] = {}
        """Targets by relationship id."""
        self.documents: list[str] = []
        """Targets that call themselves the main document."""
        self.sheets: list[list[str]] = []
        """Relationship ids of each sheet, in the order of the workbook."""
        self._part = Part(self._see)
        self.feed = self._part.feed

    def _see(self, name: str, _: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            self.targets.setdefault(attributes.get("Id", ""), []).append(target)
            if attributes.get("Type", "").endswith("/officeDocument"):
                self.documents.append(target)
        elif name == "sheet":
            self.sheets.append([value for key, value in attributes.items() if key.rpartition(" ")[2] == "id"])


def place(reference: str) -> tuple[int, int]:
    """Row and column, from 1, of a reference such as `AB12`. ContractBroken `table.not_a_workbook` for another form."""
    found = _CELL.fullmatch(reference)
    if found is None:
        raise ContractBroken("table.not_a_workbook", "a cell reference that is none")
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column


def candidates(target: str) -> set[str]:
    """The names, case folded, under which readers look for a target of the workbook: plainly joined, and by the rules of the format."""
    plain = target[1:] if target.startswith("/") else f"xl/{target}"
    return {plain.casefold(), posixpath.normpath(plain).casefold()}


def _row(number: str) -> int:
    if _NUMBER.fullmatch(number) is None:
        raise ContractBroken("table.not_a_workbook", "a row number that is none")
    return int(number)


def _doctype(*_: object) -> None:
    raise ContractBroken("table.not_a_workbook", "a part of the workbook has a document type declaration")
