"""An archive is read only as far as it keeps to what was agreed."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from connectors.zip_reader import entries
from schemas.errors import ContractBroken

FORM = re.compile(r"part-\d{6}\.xml")


def archive(**contents: bytes) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in contents.items():
            made.writestr(name, content)
    return target


def refusal(stream: io.BytesIO) -> str:
    with pytest.raises(ContractBroken) as refused:
        unpacked(stream)
    return refused.value.code


def unpacked(stream: io.BytesIO) -> int:
    size = 0
    for _, content in entries(stream, "attachment-1.zip", FORM):
        while chunk := content.read(1 << 16):
            size += len(chunk)
    return size


def test_entries_come_in_order() -> None:
    stream = archive(**{"part-000001.xml": b"a", "part-000002.xml": b"b"})
    assert [(name, content.read()) for name, content in entries(stream, "a.zip", FORM)] == [("part-000001.xml", b"a"), ("part-000002.xml", b"b")]


@pytest.mark.parametrize("name", ["../part-000001.xml", "/etc/part-000001.xml", "part-000001.xml.exe", "folder/part-000001.xml", "part-1.xml"])
def test_a_name_that_was_not_agreed_is_refused(name: str) -> None:
    assert refusal(archive(**{name: b"a"})) == "zip.entry_name"


def test_a_bomb_is_refused() -> None:
    assert refusal(archive(**{"part-000001.xml": b"\0" * (40 << 20)})) == "zip.bomb"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(archive(**{"part-000001.xml": b"\0" * (40 << 20)}).getvalue())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    assert refusal(io.BytesIO(bytes(content))) in ("zip.bomb", "zip.damaged")


def test_too_many_entries_are_refused() -> None:
    assert refusal(archive(**{f"part-{number:06d}.xml": b"" for number in range(10_001)})) == "zip.bomb"


def test_what_is_no_archive_is_refused() -> None:
    assert refusal(io.BytesIO(b"PK\x03\x04 nothing")) == "zip.damaged"
