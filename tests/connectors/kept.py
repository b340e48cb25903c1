"""Reads the kept conversations of `tests/data/<source>` as if they had just landed."""

from __future__ import annotations

import importlib
import io
from pathlib import Path

import pandas as pd

from connectors.landing import Delivery, Landing
from connectors.rows import CompleteScope, RawBatch

DATA = Path(__file__).resolve().parents[1] / "data"


def tar_of(source: str, folder: Path, **changed: bytes) -> io.BytesIO:
    """The kept answers as one conversation; `changed` replaces the bytes of members whose file name begins so."""
    landing = Landing(folder)
    with landing.receive(source, origin="1020300000001", media="tar", received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24") as inbox:
        from connectors.landing import Conversation

        talk = Conversation(inbox)
        for path in sorted((DATA / source).iterdir()):
            name = path.name.split("-", 1)[1].replace("__", "/")
            replaced = next((body for start, body in changed.items() if name.startswith(start)), None)
            talk.add(name, path.read_bytes() if replaced is None else replaced)
        talk.close()
    with landing.open(landing.pending(source)[0]) as stream:
        return io.BytesIO(stream.read())


def delivery(source: str, origin: str) -> Delivery:
    return Delivery(delivery_id="d", source=source, origin=origin, media="tar", sha256="0" * 64, size_bytes=1,
                    received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")


def read_all(source: str, stream: io.BytesIO, origin: str = "1020300000001") -> tuple[dict[str, pd.DataFrame], list[CompleteScope], list[str]]:
    """Rows by entity, scopes, and the order in which entities first came."""
    parts: dict[str, list[pd.DataFrame]] = {}
    scopes: list[CompleteScope] = []
    for part in importlib.import_module(f"connectors.{source}").read(delivery(source, origin), stream):
        if isinstance(part, RawBatch):
            parts.setdefault(part.entity, []).append(part.rows)
        else:
            scopes.append(part)
    return {entity: pd.concat(frames, ignore_index=True) for entity, frames in parts.items()}, scopes, list(parts)
