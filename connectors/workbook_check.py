"""Looks into an XLSX before it is opened: zip bombs, formulas and merged cells, without building anything in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

from schemas.errors import ContractBroken

ENTRIES = 1_000
BYTES = 256 << 20
"""Of all entries together, decompressed."""
RATIO = 200
RATIO_FROM = 1 << 20
"""Entries smaller than this are not judged by their ratio."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]+\d+(?::[A-Z]+\d+)?)\"")
_OVERLAP = 128


def inspect_workbook(file: IO[bytes]) -> frozenset[int]:
    """The rows (from 1) of the first sheet that merged cells touch; the file is rewound.

    ContractBroken `table.zip_bomb`, `table.formula`, `table.not_a_workbook`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES or len({entry.filename for entry in entries}) != len(entries):
                raise ContractBroken("table.zip_bomb", "too many entries, or two of one name")
            sheets = sorted(entry.filename for entry in entries if entry.filename.startswith("xl/worksheets/sheet"))
            if not sheets:
                raise ContractBroken("table.not_a_workbook", "a zip without sheets")
            merged: set[int] = set()
            left = BYTES
            for entry in entries:
                left -= _walk(archive, entry, left, merged if entry.filename == sheets[0] else None)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise ContractBroken("table.not_a_workbook", "the zip is damaged or encrypted") from None
    finally:
        file.seek(0)
    return frozenset(merged)


def _walk(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, merged: set[int] | None) -> int:
    """Read one entry through, whatever size it declares; returns its true size."""
    size = 0
    tail = b""
    with archive.open(entry) as content:
        while chunk := content.read(1 << 16):
            size += len(chunk)
            if size > limit or (size > RATIO_FROM and size > RATIO * max(entry.compress_size, 1)):
                raise ContractBroken("table.zip_bomb", "an entry unpacks to far more than a table holds")
            if merged is not None:
                _look(tail + chunk, merged)
                tail = chunk[-_OVERLAP:]
    return size


def _look(piece: bytes, merged: set[int]) -> None:
    if _FORMULA.search(piece):
        raise ContractBroken("table.formula", "a cell holds a formula: what it showed is not known")
    for area in _MERGED.findall(piece):
        rows = [int(number) for number in re.findall(rb"\d+", area)]
        merged.update(range(rows[0], rows[-1] + 1))
