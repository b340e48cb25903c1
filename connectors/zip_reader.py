"""Reads a ZIP without trust: flat names of a known form, no passwords, bounded count, size and ratio."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from schemas.errors import ContractBroken

ENTRIES = 10_000
ENTRY_BYTES = 1 << 28
TOTAL_BYTES = 16 << 30
RATIO = 200
"""Unpacked to packed, judged past RATIO_FROM bytes."""
RATIO_FROM = 1 << 20

_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError)


def entries(stream: IO[bytes], name: str, form: re.Pattern[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """(entry name, its bytes) one at a time in the order of the archive; `stream` must seek. ContractBroken `zip.*`."""
    try:
        with zipfile.ZipFile(stream) as archive:
            listed = archive.infolist()
            _judge(listed, name, form)
            for number, entry in enumerate(listed, start=1):
                with archive.open(entry) as content:
                    yield entry.filename, _Bounded(content, entry, f"{name}, entry {number}")  # type: ignore[misc]
    except _DAMAGE as error:
        raise ContractBroken("zip.damaged", f"{name}: {type(error).__name__}") from None


def _judge(listed: list[zipfile.ZipInfo], name: str, form: re.Pattern[str]) -> None:
    if len(listed) > ENTRIES or sum(entry.file_size for entry in listed) > TOTAL_BYTES:
        raise ContractBroken("zip.bomb", f"{name}: {len(listed)} entries, too many or too large")
    if len({entry.filename for entry in listed}) != len(listed):
        raise ContractBroken("zip.entry_name", f"{name}: two entries of one name")
    for number, entry in enumerate(listed, start=1):
        if form.fullmatch(entry.filename) is None:
            raise ContractBroken("zip.entry_name", f"{name}: the name of entry {number} was not agreed")
        if entry.flag_bits & 1:
            raise ContractBroken("zip.encrypted", f"{name}: entry {number} has a password")
        if entry.file_size > ENTRY_BYTES or entry.file_size > max(RATIO_FROM, entry.compress_size * RATIO):
            raise ContractBroken("zip.bomb", f"{name}: entry {number} unpacks too far")


class _Bounded:
    """The bytes of one entry; what the directory claims is not believed, what is really unpacked is counted."""

    def __init__(self, content: IO[bytes], entry: zipfile.ZipInfo, where: str) -> None:
        self._content, self._where = content, where
        self._left = min(ENTRY_BYTES, max(RATIO_FROM, entry.compress_size * RATIO))

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._content.read(size if size >= 0 else self._left + 1)
        except _DAMAGE as error:
            raise ContractBroken("zip.damaged", f"{self._where}: {type(error).__name__}") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise ContractBroken("zip.bomb", f"{self._where} unpacks too far")
        return chunk
