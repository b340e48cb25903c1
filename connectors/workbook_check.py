"""Looks into an XLSX before it is opened: zip bombs, size, formulas and merged cells, without building anything in memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from connectors.workbook_parts import WORKBOOK, Names, Sheet, candidates
from schemas.errors import ContractBroken

ENTRIES = 1_000
BYTES = 256 << 20
"""Of all entries together, decompressed."""
RATIO = 200
RATIO_FROM = 1 << 20
"""Entries smaller than this are not judged by their ratio."""
CHUNK = 1 << 16
_OTHERS = frozenset(("content.xml", "xl/workbook.bin"))
"""Main parts of other formats: a reader that cannot open the one may open the other."""


def inspect_workbook(file: IO[bytes]) -> frozenset[int]:
    """First and last rows (from 1) of the merged areas of the first sheet, the one that is read; the file is rewound.

    ContractBroken `table.zip_bomb`, `table.formula`, `table.not_a_workbook`, `workbook.too_large` (for any sheet).
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _inspect(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise ContractBroken("table.not_a_workbook", "the zip is damaged or encrypted") from None
    finally:
        file.seek(0)


def first_sheet(file: IO[bytes]) -> str:
    """The part of a workbook that was inspected before which holds the sheet that is read; the file is rewound."""
    with zipfile.ZipFile(file) as archive:
        by_name = {entry.filename.casefold(): entry for entry in archive.infolist()}
        found = by_name[next(iter(_sheets(archive, by_name)))].filename
    file.seek(0)
    return found


def _inspect(archive: zipfile.ZipFile) -> frozenset[int]:
    entries = archive.infolist()
    by_name = {entry.filename.casefold(): entry for entry in entries}
    if len(entries) > ENTRIES or len(by_name) != len(entries):
        raise ContractBroken("table.zip_bomb", "too many entries, or two of one name")
    if _OTHERS & by_name.keys():
        raise ContractBroken("table.not_a_workbook", "parts of another format")
    left = BYTES
    for entry in entries:
        left -= sum(len(chunk) for chunk in _chunks(archive, entry, left))
    sheets = _sheets(archive, by_name)
    for name, sheet in sheets.items():
        _feed(sheet, archive, by_name[name])
    return frozenset(row for sheet in sheets.values() for row in sheet.merged)


def _sheets(archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo]) -> dict[str, Sheet]:
    """Every worksheet part the workbook names, by its name in the archive; the first sheet's part is strict."""
    package, workbook, related = (_names(archive, by_name, name) for name in ("_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels"))
    if not workbook.sheets or {target.removeprefix("/") for target in package.documents} != {WORKBOOK}:
        raise ContractBroken("table.not_a_workbook", "a zip without a workbook, or without sheets")
    found: dict[str, Sheet] = {}
    for number, identifiers in enumerate(workbook.sheets):
        targets = [target for identifier in identifiers for target in related.targets.get(identifier, [])]
        parts = {name for target in targets for name in candidates(target)} & by_name.keys()
        if not parts:
            raise ContractBroken("table.not_a_workbook", f"sheet {number + 1} has no part in the archive")
        for name in parts:
            found.setdefault(name, Sheet(strict=number == 0))
    return found


def _names(archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo], name: str) -> Names:
    if name.casefold() not in by_name:
        raise ContractBroken("table.not_a_workbook", f"a zip without {name}")
    names = Names()
    _feed(names, archive, by_name[name.casefold()])
    return names


def _feed(reader: Names | Sheet, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    for chunk in _chunks(archive, entry, BYTES):
        reader.feed(chunk)
    reader.feed(b"", final=True)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """One entry read through, whatever size it declares."""
    size = 0
    with archive.open(entry) as content:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > limit or (size > RATIO_FROM and size > RATIO * max(entry.compress_size, 1)):
                raise ContractBroken("table.zip_bomb", "an entry unpacks to far more than a table holds")
            yield chunk
