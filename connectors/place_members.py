"""Opens one member of a delivery, or one entry of an archive in it, with the place where its bytes begin."""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, cast

from connectors.delivery_documents import MEMORY
from connectors.landing import CHUNK, MEMBER_BYTES
from schemas.errors import ContractBroken

_NUMBER = re.compile(r"^\d{6}-")
_DAMAGE = (zipfile.BadZipFile, zlib.error, tarfile.ReadError, NotImplementedError, EOFError)
"""What the libraries raise for a container that is cut, altered or packed in a way they do not know (`NotImplementedError` of zipfile)."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member while it is open."""

    name: str
    stream: IO[bytes]
    start: int | None
    """Of its first byte in the delivery; None inside an archive."""


class Members:
    """The members of a delivery; `start` gives its bytes from the first one, as often as it is asked."""

    def __init__(self, media: str, start: Callable[[], IO[bytes]]) -> None:
        self.media = media
        self._start = start

    @contextmanager
    def open(self, name: str) -> Iterator[Member]:
        """`name` with or without its number, `archive!entry` for an entry; empty for the delivery itself. ContractBroken `place.member` if there is none."""
        outer, _, entry = name.partition("!")
        with self._outer(outer) as member:
            if not entry:
                yield member
                return
            with _entry(member, entry) as found:
                yield found

    def read(self, name: str) -> tuple[str, bytes, int | None]:
        """Name, bytes and start of one member that is read whole."""
        with self.open(name) as member:
            return member.name, member.stream.read(MEMBER_BYTES), member.start

    def named(self, prefix: str) -> Iterator[tuple[str, bytes, int | None]]:
        """Members whose name without its number begins so, in order."""
        with _safe("the conversation"), self._start() as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info)
                if content is not None and _NUMBER.sub("", info.name).startswith(prefix):
                    yield info.name, content.read(MEMBER_BYTES), info.offset_data

    @contextmanager
    def _outer(self, name: str) -> Iterator[Member]:
        with _safe(name), self._start() as stream:
            if self.media != "tar":
                yield Member(name="" if self.media != "zip" else name, stream=stream, start=0)
                return
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                for info in tar:
                    content = tar.extractfile(info)
                    if content is not None and name in (info.name, _NUMBER.sub("", info.name)):
                        yield Member(name=info.name, stream=content, start=info.offset_data)
                        return
        raise ContractBroken("place.member", "the delivery has no member of the name that stands in the position")


@contextmanager
def seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The rest of a stream in a file that seeks; gone after the block."""
    with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
        shutil.copyfileobj(stream, file, CHUNK)
        file.seek(0)
        yield cast(IO[bytes], file)


@contextmanager
def _entry(member: Member, entry: str) -> Iterator[Member]:
    with seekable(member.stream) as file, zipfile.ZipFile(file) as archive:
        if entry not in archive.namelist():
            raise ContractBroken("place.member", f"{member.name} has no entry of the name that stands in the position")
        with archive.open(entry) as content:
            yield Member(name=f"{member.name}!{entry}" if member.name else entry, stream=content, start=None)


@contextmanager
def _safe(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ContractBroken("place.damaged", f"{name or 'the delivery'}: {type(error).__name__}") from None
