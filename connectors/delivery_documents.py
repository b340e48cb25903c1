"""The XML documents of one delivery, one after another, whatever it came in: message with attachments, archive, bare file."""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from typing import IO, cast

from connectors.landing import CHUNK, Delivery
from connectors.smev_saved import UNREADABLE
from connectors.zip_reader import entries
from schemas.errors import ContractBroken

MEMORY = 8 << 20
"""Bytes of an archive kept in memory before it goes to disk."""
_NUMBER = re.compile(r"^\d{6}-")


def xml(delivery: Delivery, stream: IO[bytes], form: re.Pattern[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """(name, bytes) of each document; read it before asking for the next. What we asked ourselves is left out.

    `form` is the agreed form of the names inside archives.
    """
    if delivery.media == "xml":
        yield "message.xml", stream
    elif delivery.media == "zip":
        yield from _archive("attachment-1.zip", stream, form)
    elif delivery.media == "tar":
        for name, content in members(stream):
            if name.startswith("question-"):
                continue
            if name.endswith(".zip"):
                yield from _archive(name, content, form)
            else:
                yield name, content
    else:
        raise ContractBroken("delivery.media", f"{delivery.media} is not what this source sends")


def members(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """(name without its number, bytes) of each member of a conversation; those we wrote begin with `question-`.

    ContractBroken `tar.damaged`, and `smev.unreadable` for a message that could not be taken apart when it came.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                name = _NUMBER.sub("", member.name)
                if name.startswith(UNREADABLE):
                    raise ContractBroken("smev.unreadable", f"a message of {member.size} bytes was not understood: {name.removeprefix(UNREADABLE)}")
                content = tar.extractfile(member)
                if content is not None:
                    yield name, content
    except tarfile.ReadError as error:
        raise ContractBroken("tar.damaged", "the conversation cannot be read") from error


def _archive(name: str, content: IO[bytes], form: re.Pattern[str]) -> Iterator[tuple[str, IO[bytes]]]:
    with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
        shutil.copyfileobj(content, file, CHUNK)
        for entry, document in entries(cast(IO[bytes], file), name, form):
            yield f"{name}!{entry}", document
