"""MIME multipart/related in both directions, as MTOM uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise
from urllib.parse import unquote

ROOT = "root.message@smev"
PART_COUNT = 100


class Malformed(ValueError):
    """The body is not the MIME it says it is."""


@dataclass(frozen=True)
class Part:
    content_id: str
    """Without angle brackets; empty when the part has none."""
    body: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """The root part first; a body that is not multipart is one part. Raises Malformed."""
    header = Message()
    header["Content-Type"] = content_type
    if not header.get_content_type().startswith("multipart/"):
        return [Part("", body)]
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise Malformed("no boundary")
    found = [_part(piece) for piece in _pieces(boundary.encode(), body)]
    if not found:
        raise Malformed("no parts")
    start = header.get_param("start")
    root = start.strip("<>") if isinstance(start, str) else found[0].content_id
    return sorted(found, key=lambda part: part.content_id != root)


def _pieces(boundary: bytes, body: bytes) -> list[bytes]:
    marks = list(re.finditer(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|$)", body))
    if len(marks) < 2 or not marks[-1].group(1) or len(marks) > PART_COUNT:
        raise Malformed("boundaries do not close")
    return [body[left.end():right.start()] for left, right in pairwise(marks)]


def _part(piece: bytes) -> Part:
    head, gap, body = piece.partition(b"\r\n\r\n") if b"\r\n\r\n" in piece else piece.partition(b"\n\n")
    if not gap:
        raise Malformed("a part without headers")
    named = re.search(rb"(?im)^content-id:\s*<?([^>\r\n]+)>?", head)
    return Part(unquote(named.group(1).decode("latin-1").strip()) if named else "", body)


def content_type(boundary: str) -> str:
    return f'multipart/related; type="application/xop+xml"; start="<{ROOT}>"; start-info="text/xml"; boundary="{boundary}"'


def head(boundary: str, root: str) -> bytes:
    """From the first boundary to the end of the root part."""
    return (f"--{boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\n"
            f"Content-Transfer-Encoding: binary\r\nContent-ID: <{ROOT}>\r\n\r\n{root}").encode()


def attachment_head(boundary: str, content_id: str, mime_type: str) -> bytes:
    return (f"\r\n--{boundary}\r\nContent-Type: {mime_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{content_id}>\r\n\r\n").encode()


def tail(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode()


def assemble(boundary: str, root: str, attachments: Iterable[tuple[str, str, bytes]] = ()) -> bytes:
    """A whole body; attachments are (content id, MIME type, bytes)."""
    middle = [attachment_head(boundary, name, kind) + body for name, kind, body in attachments]
    return b"".join([head(boundary, root), *middle, tail(boundary)])
