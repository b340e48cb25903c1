"""MIME multipart/related as it comes from СМЭВ: parts go to disk while they arrive, nothing larger than a chunk is held."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message as MimeHeaders
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from schemas.errors import ContractBroken

LIMIT = 4 << 30
"""Bytes of one answer at most, attachments included."""
PARTS = 100
RECEIVED = "received"
"""File beside the parts: the answer as it came, under its Content-Type."""
_HEADERS = 16 << 10
_CONTENT_ID = re.compile(r"^content-id:\s*<?([^>\r\n]*?)>?\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """One part on disk; `content_id` without angle brackets, empty when the part has none."""

    content_id: str
    path: Path
    sha256: str


def parts(content_type: str, chunks: Iterable[bytes], folder: Path) -> list[Part]:
    """The parts in `folder`, the root (SOAP) part first; a body that is not multipart is its only part.

    ContractBroken: `mime.truncated` when the last boundary never comes, `mime.malformed`, `mime.too_large`.
    """
    headers = MimeHeaders()
    headers["Content-Type"] = content_type
    splitter = _Splitter(folder, _boundary(headers))
    for chunk in chunks:
        splitter.feed(chunk)
    found = splitter.close()
    if not found:
        raise ContractBroken("mime.malformed", "a multipart message without parts")
    start = headers.get_param("start")
    root = unquote(start.strip("<> ")) if isinstance(start, str) else found[0].content_id
    return sorted(found, key=lambda part: part.content_id != root)


def kept_parts(content_type: str, chunks: Iterable[bytes], folder: Path) -> list[Part]:
    """As `parts`; the answer is also kept whole in `folder / RECEIVED`, so that what is not understood is not lost."""
    with (folder / RECEIVED).open("wb") as file:
        file.write(f"Content-Type: {content_type}\r\n\r\n".encode())
        whole = _copied(chunks, file)
        try:
            return parts(content_type, whole, folder)
        except ContractBroken:
            for _ in whole:
                """The rest of it."""
            raise


def _copied(chunks: Iterable[bytes], file: IO[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise ContractBroken("mime.too_large", f"more than {LIMIT} bytes")
        file.write(chunk)
        yield chunk


def _boundary(headers: MimeHeaders) -> bytes | None:
    if not headers.get_content_type().startswith("multipart/"):
        return None
    boundary = headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.isascii() or not boundary:
        raise ContractBroken("mime.malformed", "multipart without a usable boundary")
    return b"\r\n--" + boundary.encode("ascii")


class _Splitter:
    """Cuts a stream at its boundaries; holds back only so much as could be the beginning of one."""

    def __init__(self, folder: Path, boundary: bytes | None) -> None:
        self._folder = folder
        self._boundary = boundary
        self._held = b"\r\n" if boundary else b""  # the first boundary has no line before it
        self._size = 0
        self._done: list[Part] = []
        self._open: tuple[str, Path, IO[bytes], hashlib._Hash] | None = None
        self._state = "preamble" if boundary else "body"
        if boundary is None:
            self._begin("")

    def feed(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > LIMIT:
            raise ContractBroken("mime.too_large", f"more than {LIMIT} bytes")
        self._held += chunk
        while self._step():
            pass

    def close(self) -> list[Part]:
        if self._boundary is None:
            self._write(self._held)
            self._end()
        elif self._state != "epilogue":
            raise ContractBroken("mime.truncated", f"the answer ends in its part {len(self._done)}")
        return self._done

    def _step(self) -> bool:
        """Take what is certain from what is held; False when more bytes are needed."""
        if self._state == "epilogue":
            self._held = b""
            return False
        if self._state == "headers":
            return self._headers()
        return self._content()

    def _headers(self) -> bool:
        if self._held.startswith(b"--"):
            self._state = "epilogue"
            return True
        head, gap, rest = self._held.partition(b"\r\n\r\n")
        if not gap:
            if len(self._held) > _HEADERS:
                raise ContractBroken("mime.malformed", "headers of a part do not end")
            return False
        named = _CONTENT_ID.search(head.decode("latin-1"))
        self._held, self._state = rest, "body"
        self._begin(unquote(named.group(1)) if named else "")
        return True

    def _content(self) -> bool:
        if self._boundary is None:
            self._write(self._held)
            self._held = b""
            return False
        before, mark, after = self._held.partition(self._boundary)
        if not mark:
            keep = len(self._boundary) - 1
            self._write(self._held[:-keep])
            self._held = self._held[-keep:]
            return False
        self._write(before)
        self._end()
        self._held, self._state = after, "headers"
        return True

    def _begin(self, content_id: str) -> None:
        if len(self._done) >= PARTS:
            raise ContractBroken("mime.malformed", f"more than {PARTS} parts")
        path = self._folder / f"part-{len(self._done):03d}"
        self._open = (content_id, path, path.open("wb"), hashlib.sha256())

    def _write(self, content: bytes) -> None:
        if self._open is not None and content:
            self._open[2].write(content)
            self._open[3].update(content)

    def _end(self) -> None:
        if self._open is not None:
            content_id, path, file, digest = self._open
            file.close()
            self._done.append(Part(content_id, path, digest.hexdigest()))
            self._open = None
