"""Versions of the warehouse: who may write one, and which is the latest."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

LOCK = 0x4B4F4E54
"""One writer at a time: loads and links take this advisory lock for their transaction."""


def serialise(connection: Connection) -> None:
    """Wait for the other writers; held until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def current_version(connection: Connection) -> int:
    """The latest version written."""
    return int(connection.execute(text("SELECT max(version) FROM quality.version")).scalar_one())


def write_version(connection: Connection, version: int, kind: str, as_of: date | None, *, base: int | None = None, note: str | None = None) -> None:
    """Announce a version whose rows the same transaction writes."""
    connection.execute(text("INSERT INTO quality.version (version, kind, as_of, base_version, note) VALUES (:version, :kind, :as_of, :base, :note)"),
                       {"version": version, "kind": kind, "as_of": as_of, "base": base, "note": note})
