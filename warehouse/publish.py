"""Publishing and taking back: one UPDATE of one row; readers see the old version or the new one, never a mixture."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from warehouse import trail
from warehouse.engine import engine, without_values

_COMPLETE = """
    SELECT coalesce(max(greatest(link.version, link.base_version)), 0) FROM quality.version AS link
    WHERE link.kind = 'link' AND (link.base_version >= link.version OR NOT EXISTS (
        SELECT FROM quality.version AS load WHERE load.kind = 'load' AND load.version > link.base_version AND load.version < link.version))
"""
"""A load committed while a linking ran is in that linking's version, unlinked; a linking that wrote nothing moves `base_version` past its version."""


PURPOSE, GROUND = "выпуск отчётности", "273-ФЗ, ст. 98"


def publish(version: int, by: str, action: str = "publish") -> int:
    """Let analysts see `version`, and tell the trail who let them; returns the version they saw before.

    Raises ConfigurationError if it was never written or is empty.
    """
    if version == 0:
        raise ConfigurationError("version.empty", "nothing is linked yet: load and link first")
    with without_values(), engine("publisher").begin() as connection:
        before = _published(connection)
        parameters = {"version": version, "as_of": _as_of(connection, version), "by": by}
        connection.execute(text("UPDATE core.published_version SET version = :version, as_of = :as_of, published_at = now(), published_by = :by"), parameters)
        connection.execute(text("INSERT INTO quality.publication (version, published_by) VALUES (:version, :by)"), parameters)
        trail.note(connection, action=action, by=by, purpose=PURPOSE, ground=GROUND, subject=f"version {version}, before {before}")
    return before


def rollback(version: int, by: str) -> int:
    """Let analysts see a version again that was published before; returns the one they saw. Raises ConfigurationError if it never was."""
    with without_values(), engine("publisher").connect() as connection:
        known = connection.execute(text("SELECT DISTINCT version FROM quality.publication ORDER BY version")).scalars().all()
    if version not in known:
        listed = ", ".join(map(str, known[-20:])) or "none"
        raise ConfigurationError("version.never_published", f"version {version} was never published; published were: {listed}")
    return publish(version, by, "rollback")


def latest_version() -> int:
    """The latest version in which every record is linked, published or not: what was loaded after it waits; 0 = none yet."""
    with without_values(), engine("publisher").connect() as connection:
        return int(connection.execute(text(_COMPLETE)).scalar_one())


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


def first_day() -> date:
    """The business date of the first version that has one; ConfigurationError when nothing was loaded yet."""
    with without_values(), engine("publisher").connect() as connection:
        day = connection.execute(text("SELECT min(as_of) FROM quality.version")).scalar_one()
    if not isinstance(day, date):
        raise ConfigurationError("version.empty", "nothing is loaded yet: load and publish first")
    return day


def _published(connection: Connection) -> int:
    return int(connection.execute(text("SELECT version FROM core.published_version")).scalar_one())


def _as_of(connection: Connection, version: int) -> date | None:
    known, as_of = connection.execute(text("SELECT bool_or(version = :version), max(as_of) FROM quality.version WHERE version <= :version"),
                                      {"version": version}).one()
    if not known:
        raise ConfigurationError("version.unknown", f"version {version} was never written")
    return as_of if isinstance(as_of, date) else None
