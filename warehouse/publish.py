"""Publishing and taking back: one UPDATE of one row; readers see the old version or the new one, never a mixture."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from warehouse.engine import engine, without_values


def publish(version: int, by: str) -> int:
    """Let analysts see `version`; returns the version they saw before. Raises ConfigurationError if it was never written."""
    with without_values(), engine("publisher").begin() as connection:
        before = _published(connection)
        parameters = {"version": version, "as_of": _as_of(connection, version), "by": by}
        connection.execute(text("UPDATE core.published_version SET version = :version, as_of = :as_of, published_at = now(), published_by = :by"), parameters)
    return before


def rollback(version: int, by: str) -> int:
    """Let analysts see an earlier version again; returns the one they saw before."""
    with without_values(), engine("publisher").connect() as connection:
        now = _published(connection)
    if version >= now:
        raise ConfigurationError("version.not_earlier", f"version {version} is not earlier than the published {now}")
    return publish(version, by)


def latest_version() -> int:
    """The latest version written, published or not."""
    with without_values(), engine("publisher").connect() as connection:
        return int(connection.execute(text("SELECT max(version) FROM quality.version")).scalar_one())


def published_version() -> int:
    """The version analysts see; 0 = the empty warehouse."""
    with without_values(), engine("publisher").connect() as connection:
        return _published(connection)


def version_of(version: int | None = None) -> tuple[int, date]:
    """(version, its business date) of a version, or of the published one. Raises ConfigurationError when there is none."""
    with without_values(), engine("publisher").connect() as connection:
        wanted = _published(connection) if version is None else version
        as_of = _as_of(connection, wanted)
    if as_of is None:
        raise ConfigurationError("version.empty", f"version {wanted} holds nothing: load and publish first")
    return wanted, as_of


def _published(connection: Connection) -> int:
    return int(connection.execute(text("SELECT version FROM core.published_version")).scalar_one())


def _as_of(connection: Connection, version: int) -> date | None:
    known, as_of = connection.execute(text("SELECT bool_or(version = :version), max(as_of) FROM quality.version WHERE version <= :version"),
                                      {"version": version}).one()
    if not known:
        raise ConfigurationError("version.unknown", f"version {version} was never written")
    return as_of if isinstance(as_of, date) else None
