"""An answer of the exchange as somebody saved it from the wire: multipart MIME, with its HTTP headers or from the first boundary on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from connectors.landing import CHUNK
from connectors.smev_mime import Part, parts
from schemas.errors import ContractBroken

UNREADABLE = "unreadable-"
"""Begins the name of a message that could not be taken apart; the code of the reason follows."""
_HEAD = 16 << 10
_STARTS = re.compile(rb"(?:--[\w'()+,\-./:=?]|(?:HTTP/1|MIME-Version:|Content-Type:))", re.IGNORECASE)
_TYPE = re.compile(r"^content-type:[ \t]*(multipart/[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"\s*--([^\r\n]{1,70}?)[ \t]*\r\n")


def is_multipart(head: bytes) -> bool:
    """Do these first bytes of a file begin a multipart message?"""
    return _STARTS.match(head.lstrip(b"\r\n")) is not None


def split(path: Path, folder: Path) -> list[Part]:
    """The parts of a saved answer in `folder`, the SOAP part first. ContractBroken `mime.*` when it is not whole."""
    with path.open("rb") as stream:
        content_type, body = _begin(stream.read(_HEAD))
        found = parts(content_type, _chunks(body, stream), folder)
    if not found:
        raise ContractBroken("mime.malformed", "no part in the message")
    return found


def names(count: int) -> list[str]:
    """What the parts of one message are called in a conversation."""
    return ["message.xml", *(f"attachment-{number}.zip" for number in range(1, count))]


def _begin(head: bytes) -> tuple[str, bytes]:
    """Content-Type and the first bytes of the body; from the headers, or from the first boundary when there are none."""
    headers, gap, body = head.partition(b"\r\n\r\n")
    told = _TYPE.search(headers.decode("latin-1"))
    if gap and told is not None and not head.lstrip(b"\r\n").startswith(b"--"):
        return re.sub(r"\r?\n[ \t]+", " ", told.group(1)), body
    first = _BOUNDARY.match(head)
    if first is None:
        raise ContractBroken("mime.malformed", "neither a Content-Type nor a boundary at the beginning")
    return f'multipart/related; boundary="{first.group(1).decode("latin-1")}"', head[first.start(1) - 2:]


def _chunks(first: bytes, rest: IO[bytes]) -> Iterator[bytes]:
    yield first
    while chunk := rest.read(CHUNK):
        yield chunk
