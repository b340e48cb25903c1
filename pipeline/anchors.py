"""Anchors: where the trail stood, kept outside the database: each a line of a file that is only appended to, each sealing the one before."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.settings import now, settings
from schemas.errors import KontingentError
from warehouse import trail_read
from warehouse.trail_read import Head

log = logging.getLogger(__name__)
PLACES = "KONTINGENT_ANCHORS"
"""Further folders, apart as in PATH: a share of another machine, a medium that is carried away."""
Line = dict[str, Any]


class AnchorBroken(KontingentError):
    """The trail, or a copy of the anchors, is not what an anchor says: nothing is written, somebody must look."""


def folders() -> list[Path]:
    """`anchors` of the installation, then the further places."""
    return [settings().var / "anchors", *(Path(one) for one in os.environ.get(PLACES, "").split(os.pathsep) if one)]


def drop(why: str) -> Line:
    """Write down where the trail stands, in every place; returns the anchor, the last one when nothing came since.

    Raises AnchorBroken when the database knows less than an anchor or something else (restored, copied, rewritten), OSError when a place cannot be written.
    """
    head = trail_read.head()
    first, *others = (folder / f"{head.chain_id}.ndjson" for folder in folders())
    with _alone(first):
        head, known = trail_read.head(), _lines(first)
        last = _last(first, known)
        _expect_same(last)
        if any(last.get(name) != value for name, value in _standing(head).items()):
            known.append(_sealed(head, why, last))
            _append(first, known[-1:])
        for place in others:
            _follow(place, known)
    return _last(first, known)


def try_drop(why: str) -> Line | None:
    """The same where a publication must stand whatever happens: the next one tries again, `kontingent status` tells."""
    try:
        return drop(why)
    except (KontingentError, OSError) as error:
        log.warning("the trail could not be anchored: %s", error if isinstance(error, KontingentError) else error.strerror)
        return None


def state() -> Line:
    """For `status`: the last anchor, how many lines of the trail came since, and which place is behind."""
    head = trail_read.head()
    found = {folder: _lines(folder / f"{head.chain_id}.ndjson") for folder in folders()}
    first, known = next(iter(found.items()))
    try:
        last = _last(first, known)
    except AnchorBroken:
        last, known = {}, []
    return {"entries": head.entries, "anchored": last.get("entries"), "at": last.get("at"), "hash": last.get("entries_hash"),
            "behind": [str(folder) for folder, lines in found.items() if not lines or lines != known]}


def _standing(head: Head) -> Line:
    return {name: value for name, value in asdict(head).items() if name != "genesis"}


def _sealed(head: Head, why: str, last: Line) -> bytes:
    told = {"anchor_id": last.get("anchor_id", 0) + 1, **_standing(head), "at": now(), "why": why}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256((last.get("hash", head.genesis) + body).encode()).hexdigest()
    return f'{body[:-1]},"hash":"{digest}"}}\n'.encode()


def _last(path: Path, known: Sequence[bytes]) -> Line:
    """The last anchor; empty when there is none, AnchorBroken when it is not to be read."""
    try:
        last = dict(json.loads(known[-1])) if known else {}
        if known:
            int(last["anchor_id"]), int(last["entries"]), int(last["deliveries"]), str(last["hash"])
    except (ValueError, KeyError, TypeError):
        raise AnchorBroken("anchor.unreadable", f"the last line of {path} is no anchor: somebody changed it; see docs/audit.md") from None
    return last


def _expect_same(last: Line) -> None:
    """The lines the last anchor names stand in the database as it names them."""
    if not last:
        return
    for table, name in (("access", "entries"), ("receipt", "deliveries")):
        if trail_read.hash_at(table, last[name]) != last[f"{name}_hash"]:
            raise AnchorBroken("anchor.other_trail", f"anchor {last['anchor_id']} of {last['at']} knows line {last[name]} of audit.{table} by another hash: "
                                                     "the database was restored, copied or rewritten; see docs/audit.md")


def _follow(place: Path, known: Sequence[bytes]) -> None:
    """A further place gets what it has not yet; AnchorBroken when it holds something else."""
    there = _lines(place)
    if there != list(known[:len(there)]):
        raise AnchorBroken("anchor.places_differ", f"{place} is not a beginning of the anchors of this installation; see docs/audit.md")
    _append(place, known[len(there):])


def _lines(path: Path) -> list[bytes]:
    """Whole lines; what a crash left without an end never was an anchor."""
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")] if path.exists() else []


def _append(path: Path, lines: Sequence[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(sum(map(len, _lines(path))))
        file.write(b"".join(lines))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
