"""Reads CSV and XLSX as lines of text cells; a file that is not plainly one table is refused whole, with a code that says why."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Literal

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from connectors.rows import BATCH
from connectors.workbook_check import inspect_workbook
from schemas.errors import ContractBroken

LIMIT = 256 << 20
"""Bytes of one file at most."""
CHUNK = 1 << 20
Encoding = Literal["utf-8-sig", "utf-8", "cp1251", "cells"]


@dataclass(frozen=True)
class Lines:
    """A table as its lines from the first, titles included; `encoding` is what the bytes are, `cells` for a workbook."""

    encoding: Encoding
    lines: Iterator[list[str]]
    merged_rows: frozenset[int] = frozenset()
    """Lines (from 1) where merged cells begin or end."""


@contextmanager
def open_lines(stream: IO[bytes]) -> Iterator[Lines]:
    """The lines of a CSV (`;`) or XLSX file, told apart by content; nothing of the file outlives the block.

    ContractBroken `table.encoding`, `table.too_large`, `table.not_a_workbook`, `table.formula`, `table.zip_bomb`,
    `workbook.too_large`.
    """
    with tempfile.TemporaryFile() as file:
        _spool(stream, file)
        start = file.read(8)
        file.seek(0)
        if start.startswith(b"PK"):
            yield _workbook(file)
        elif start.startswith(b"\xd0\xcf\x11\xe0"):
            raise ContractBroken("table.not_a_workbook", "an old or encrypted Excel file, not XLSX")
        else:
            encoding = _encoding(file)
            text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
            yield Lines(encoding, _csv(text))
            text.detach()


def batches(lines: Iterator[list[str]], header: list[str], header_line: int) -> Iterator[pd.DataFrame]:
    """The lines after the header as frames of text (empty is missing), at most BATCH rows, with `position` = line number.

    ContractBroken `table.row_width` for a line of another width, `table.second_header` if the header comes again.
    """
    number = header_line
    named = [cell for cell in header if cell]
    while chunk := list(islice(lines, BATCH)):
        rows = pd.Series(chunk, dtype="object")
        numbers = pd.Series(range(number + 1, number + 1 + len(chunk)))
        number += len(chunk)
        filled = rows.map(any).astype(bool)
        wrong = numbers[filled & (rows.map(len) != len(header))]
        if len(wrong):
            raise ContractBroken("table.row_width", f"line {wrong.iloc[0]} has not {len(header)} cells ({len(wrong)} such lines)")
        frame = pd.DataFrame(rows[filled].tolist(), columns=range(len(header)), dtype="str")
        if (frame.iloc[:, len(named):] != "").any(axis=None):
            raise ContractBroken("table.row_width", "cells outside the table are filled")
        frame = frame.iloc[:, : len(named)].set_axis(named, axis=1)
        if (frame == named).all(axis=1).any():
            raise ContractBroken("table.second_header", "the header comes twice")
        yield frame.mask(frame == "").assign(position=numbers[filled].astype("str").to_numpy())


def _spool(stream: IO[bytes], file: IO[bytes]) -> None:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > LIMIT:
            raise ContractBroken("table.too_large", f"more than {LIMIT} bytes")
        file.write(chunk)
    file.seek(0)


def _encoding(file: IO[bytes]) -> Encoding:
    """What the bytes are: cp1251 Cyrillic is never valid UTF-8, so whatever is valid UTF-8 is UTF-8, whatever was declared."""
    if file.read(3) == codecs.BOM_UTF8:
        found: Encoding = "utf-8-sig"
    else:
        found = "utf-8"
    file.seek(0)
    if not _decodes(file, "utf-8"):
        if found == "utf-8-sig" or not _decodes(file, "cp1251"):
            raise ContractBroken("table.encoding", "neither UTF-8 nor windows-1251")
        found = "cp1251"
    return found


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise ContractBroken("table.encoding", "zero bytes: not text, or UTF-16")
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _csv(text: io.TextIOWrapper) -> Iterator[list[str]]:
    try:
        yield from csv.reader(text, delimiter=";", strict=True)
    except csv.Error:
        raise ContractBroken("table.malformed", "quotes or line ends are broken") from None


def _workbook(file: IO[bytes]) -> Lines:
    merged = inspect_workbook(file)
    try:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except CalamineError:
        raise ContractBroken("table.not_a_workbook", "the workbook cannot be read") from None
    return Lines("cells", ([_text(cell) for cell in line] for line in cells), merged)


def _text(cell: object) -> str:
    """A cell as text: whole floats without a point, dates ISO."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
