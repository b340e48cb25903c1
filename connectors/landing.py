"""Keeps every delivery exactly as it came, compressed, named by its SHA-256; nothing there is ever changed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal, cast

from schemas.errors import ConfigurationError, ContractBroken

Media = Literal["xml", "tar", "csv", "xlsx", "zip", "json"]
CHUNK = 1 << 20
MEMBER_BYTES = 256 << 20
"""Of one answer in a conversation at most: it is read whole."""
NUMBERED = re.compile(r"\d{6}-")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One receipt of bytes from one source; `origin` is the sender's own key (organisation, queue, file name)."""

    delivery_id: str
    source: str
    origin: str
    media: Media
    sha256: str
    size_bytes: int
    received_at: str
    """ISO 8601 with offset, the wall clock at the door."""
    as_of: str
    """The business date of the load, ISO 8601."""


class Landing:
    """A folder: `<source>/<aa>/<sha256>.gz` for the bytes, `<source>/pending/<time>-<id>.json` for what is not registered yet."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, source: str, sha256: str) -> Path:
        return self.root / source / sha256[:2] / f"{sha256}.gz"

    @contextmanager
    def receive(self, source: str, *, origin: str, media: Media, received_at: str, as_of: str) -> Iterator[Inbox]:
        """Write the bytes of one delivery; when the block ends without an error they are durable and pending."""
        scratch = self.root / source / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        inbox = Inbox(scratch / uuid.uuid4().hex)
        try:
            yield inbox
            sha256 = inbox.close()
            self._keep(source, sha256, inbox.path)
            inbox.delivery = Delivery(delivery_id=str(uuid.uuid4()), source=source, origin=origin, media=media, sha256=sha256,
                                      size_bytes=inbox.size, received_at=received_at, as_of=as_of)
            self._announce(inbox.delivery)
            self._keep(source, sha256, inbox.path)  # retention may have removed an equal older file just before the note stood
        finally:
            inbox.abandon()

    def pending(self, source: str) -> list[Delivery]:
        """Deliveries that landed and are not in the ledger yet, in order of receipt."""
        found = []
        for note in sorted((self.root / source / "pending").glob("*.json")):
            with suppress(FileNotFoundError):  # a task beside this one has just settled it
                found.append(Delivery(**json.loads(note.read_text("utf-8"))))
        return found

    def settle(self, delivery: Delivery) -> None:
        """Forget the pending note, once the ledger has the row."""
        self._note(delivery).unlink(missing_ok=True)

    def remove(self, source: str, sha256: str, told: Mapping[str, object], *, before: float) -> int:
        """Remove bytes past their period; `<sha256>.removed` beside them tells of it. Returns the bytes freed, 0 when there is nothing to remove.

        Bytes written since `before` (seconds of the epoch) stay. Others are put aside first: a sender who brings the same bytes meanwhile finds
        either the file or no file, never one about to go. A removal that was interrupted is ended by the next.
        """
        kept = self.path(source, sha256)
        aside = kept.with_suffix(".going")
        if kept.exists() and kept.stat().st_mtime < before:
            kept.replace(aside)
        elif not aside.exists():
            return 0
        if aside.stat().st_mtime >= before or any(delivery.sha256 == sha256 for delivery in self.pending(source)):
            aside.unlink() if kept.exists() else aside.replace(kept)
            return 0
        freed = aside.stat().st_size
        kept.with_suffix(".removed").write_text(json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        aside.unlink()
        _sync(kept.parent)
        return freed

    def open(self, delivery: Delivery) -> IO[bytes]:
        """The bytes as received, decompressed while read."""
        return cast(IO[bytes], gzip.open(self.path(delivery.source, delivery.sha256), "rb"))

    def verify(self, source: str, sha256: str) -> None:
        """Read the whole file; ConfigurationError `landing.missing` or `landing.tampered` unless it is what was received."""
        digest = hashlib.sha256()
        try:
            with gzip.open(self.path(source, sha256), "rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            raise ConfigurationError("landing.missing", f"{source}/{sha256} is not in the landing") from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            digest.update(b"damaged")
        if digest.hexdigest() != sha256:
            raise ConfigurationError("landing.tampered", f"{source}/{sha256}: the file is not what was received; nothing of it is shown")

    def _keep(self, source: str, sha256: str, scratch: Path) -> None:
        kept = self.path(source, sha256)
        if kept.exists():
            os.utime(kept)  # bytes that came again are young: they are not to be removed
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        scratch.replace(kept)
        kept.chmod(0o440)
        _sync(kept.parent)

    def _announce(self, delivery: Delivery) -> None:
        note = self._note(delivery)
        note.parent.mkdir(parents=True, exist_ok=True)
        draft = note.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(delivery), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(note)
        _sync(note.parent)

    def _note(self, delivery: Delivery) -> Path:
        stamp = delivery.received_at.replace(":", "").replace("+", "_")
        return self.root / delivery.source / "pending" / f"{stamp}-{delivery.delivery_id}.json"


class Inbox:
    """Where the bytes of one delivery are written; hashes while it compresses, memory bounded by one chunk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.delivery: Delivery | None = None
        self._raw = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=3, mtime=0)
        self._hash = hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        if self._raw.closed:
            return len(chunk)  # an interrupted tar says goodbye when it is collected
        self._hash.update(chunk)
        self.size += len(chunk)
        return self._gzip.write(chunk)

    def copy(self, stream: IO[bytes]) -> None:
        while chunk := stream.read(CHUNK):
            self.write(chunk)

    def flush(self) -> None:
        """Part of the file protocol that `tarfile` expects."""

    def close(self) -> str:
        """Make the bytes durable; returns their SHA-256."""
        self._gzip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        return self._hash.hexdigest()

    def abandon(self) -> None:
        """Leave nothing behind, also where the disk is full and closing fails."""
        with suppress(OSError, ValueError):
            self._gzip.close()
        with suppress(OSError):
            self._raw.close()
        self.path.unlink(missing_ok=True)


class Conversation:
    """A delivery that came as many answers: a plain tar, one member an answer, byte for byte, in order of receipt.

    The same answers give the same tar, so its SHA-256 names the content.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._tar = tarfile.open(fileobj=cast(IO[bytes], inbox), mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.count = 0

    def add(self, name: str, body: bytes) -> None:
        """One answer; `name` tells what was asked (`diary/501.json`), never who."""
        member = tarfile.TarInfo(f"{self.count:06d}-{name}")
        member.size = len(body)
        self._tar.addfile(member, io.BytesIO(body))
        self.count += 1

    def copy(self, name: str, path: Path) -> None:
        """One answer from a file, read chunk by chunk."""
        member = tarfile.TarInfo(f"{self.count:06d}-{name}")
        member.size = path.stat().st_size
        with path.open("rb") as body:
            self._tar.addfile(member, body)
        self.count += 1

    def close(self) -> None:
        self._tar.close()


def members(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """The answers of a conversation: (member name, bytes), one in memory at a time. ContractBroken `tar.*`."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    continue
                if NUMBERED.match(member.name) is None:
                    raise ContractBroken("tar.member_name", "a member of the conversation has no number before its name")
                if member.size > MEMBER_BYTES:
                    raise ContractBroken("tar.too_large", f"an answer of {member.size} bytes")
                yield member.name, content.read()
    except tarfile.ReadError:
        raise ContractBroken("tar.damaged", "the conversation cannot be read") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
