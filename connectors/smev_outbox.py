"""Bulk questions that were sent and not answered yet; a file each, so that an answer is understood even in a later run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LIFETIME = 2 * 24 * 3600
"""Seconds after which СМЭВ calls a message stale."""

Key = tuple[str, str, str, str]
"""question_id, asked_source, asked_key, and what the answer must be read with (kind of document, or the СНИЛС in doubt)."""


@dataclass(frozen=True)
class Asked:
    """One bulk question: entry n of its archive is keys[n - 1]."""

    service: str
    keys: list[Key]
    attempt: int = 1


class Outbox:
    """A folder: `<message id>/keys.json` and `<message id>/attachment-1.zip` as sent; `<message id>.answered` once it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)

    def put(self, message_id: str, asked: Asked, archive: bytes) -> None:
        draft = self._folder / f"{message_id}.tmp"
        draft.mkdir(exist_ok=True)
        (draft / "attachment-1.zip").write_bytes(archive)
        (draft / "keys.json").write_text(json.dumps(asdict(asked), ensure_ascii=False), "utf-8")
        draft.rename(self._folder / message_id)

    def rename(self, message_id: str, other: str) -> None:
        (self._folder / message_id).rename(self._folder / other)

    def files(self, message_id: str) -> dict[str, Path]:
        """What was sent under this id, answered or not, by name; empty when nothing was, or the id (it comes from outside) is no plain name."""
        if Path(message_id).name != message_id:
            return {}
        for folder in (self._folder / message_id, self._folder / f"{message_id}.answered"):
            if message_id and folder.is_dir():
                return {path.name: path for path in sorted(folder.iterdir())}
        return {}

    def asked(self, message_id: str) -> Asked:
        return parse((self._folder / message_id / "keys.json").read_bytes())

    def archive(self, message_id: str) -> bytes:
        return (self._folder / message_id / "attachment-1.zip").read_bytes()

    def answered(self, message_id: str) -> None:
        """Kept for a while: the exchange may deliver the answer again."""
        if message_id in self.waiting():
            self.rename(message_id, f"{message_id}.answered")

    def drop(self, message_id: str) -> None:
        shutil.rmtree(self._folder / message_id, ignore_errors=True)

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir() and not path.suffix)

    def forget(self) -> int:
        """Drop what is older than an answer can be; returns how many questions were never answered."""
        old = [path for path in self._folder.iterdir() if time.time() - path.stat().st_mtime > LIFETIME]
        for path in old:
            shutil.rmtree(path, ignore_errors=True)
        return sum(not path.suffix for path in old)


def parse(content: bytes) -> Asked:
    """The keys as `put` kept them."""
    kept = json.loads(content)
    keys: Sequence[Sequence[str]] = kept["keys"]
    return Asked(kept["service"], [(a, b, c, d) for a, b, c, d in keys], kept["attempt"])
