"""Reads all that is known of one pupil and why, as the role that asks; the look stands in the access trail before a row is read."""

# ruff: noqa: S608  names of views and columns, from the database's own catalogue

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError, KontingentError
from warehouse import trail
from warehouse.engine import engine, without_values

NAMED = ("officer", "steward")
"""Roles that see values; the others see keys and codes."""
PURPOSE = "разъяснение отождествления ребёнка"
GROUND = "ведение реестра: 273-ФЗ, ст. 98; 152-ФЗ, ст. 6"
"""The ground of those whose daily work it is; an officer names the ground of each look."""
Row = dict[str, Any]


class LookRefused(KontingentError):
    """This look is not allowed, or there is no such pupil."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks, as what, and on which legal ground."""

    role: str
    person: str
    ground: str | None = None

    def __post_init__(self) -> None:
        if self.role not in (*NAMED, "auditor"):
            raise LookRefused("look.role", "a pupil is explained to an officer, a steward or an auditor")
        if self.role == "officer" and not (self.ground or "").strip():
            raise LookRefused("look.ground", "an officer looks at a child on a legal ground only: name it")
        if not self.person.strip():
            raise LookRefused("look.person", "who looks has a name")


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A pupil at one version; rows as the views `identity.explained_*` give them to the role. `pupil` is empty for a pupil without records."""

    asked: int
    pupil_id: int
    state: str
    version: int
    published_version: int
    pupil: Row
    cells: list[Row]
    dissents: list[Row]
    records: list[Row]
    links: list[Row]
    redirects: list[Row]
    decisions: list[Row]
    reviews: list[Row]
    changes: list[Row]


def read(asked: int, look: Look, version: int | None = None) -> Explanation:
    """The pupil an id leads to at a version: the published one for an officer, else the latest, when not named.

    Raises LookRefused for an id that was never given by then; ConfigurationError when an officer asks for what is not published.
    """
    with without_values(), engine(look.role).connect() as connection:
        published = int(connection.execute(text("SELECT core.visible_version()")).scalar_one())
        at = _version(connection, look.role, published, version)
        living, state = connection.execute(text("SELECT * FROM identity.resolve_at(:asked, :at)"), {"asked": asked, "at": at}).one()
        if living is None:
            raise LookRefused("pupil.unknown", f"no pupil {asked} in version {at}")
        _record(connection, asked, living, look)
        reader = _Reader(connection, living, at)
        return Explanation(
            asked=asked, pupil_id=living, state=state, version=at, published_version=published,
            pupil=next(iter(reader.spans("pupil", _THIS, "pupil_id")), {}), cells=reader.spans("cell", _THIS, "field"),
            dissents=reader.spans("dissent", _THIS, "field, record_id"), records=reader.spans("record", f"record_id IN ({_HELD})", "record_id"),
            links=reader.spans("link", _THIS, "record_id"), redirects=reader.redirects(),
            decisions=reader.rows("decision", f"created_version <= :at AND (record_id IN ({_EVER}) OR other_record_id IN ({_EVER}))", "decision_id"),
            reviews=reader.spans("review", f"(candidate_pupil_id = :pupil_id OR record_id IN ({_HELD}))", "review_id"),
            changes=reader.rows("change", "version <= :at AND :pupil_id IN (from_pupil_id, to_pupil_id)", "version DESC, change_id"))


_THIS = "pupil_id = :pupil_id"
"""The views show every pupil this role looked at of late; an explanation is of one."""
_EVER = f"SELECT record_id FROM identity.explained_link WHERE {_THIS}"
_HELD = f"{_EVER} AND version_from <= :at AND version_to > :at"


def _version(connection: Connection, role: str, published: int, version: int | None) -> int:
    if role != "officer":
        return version or int(connection.execute(text("SELECT max(version) FROM quality.version")).scalar_one())
    if (version or published) > published:
        raise ConfigurationError("version.not_published", f"an officer sees what is published: version {published} at most")
    return version or published


def _record(connection: Connection, asked: int, living: int, look: Look) -> None:
    """One row of the trail, committed: the views open only then."""
    trail.note(connection, action="look", by=look.person, purpose=PURPOSE, ground=look.ground or GROUND, subject=f"pupil {asked}", pupil_id=living)
    connection.commit()


class _Reader:
    """Rows of the views about one pupil at one version, with the columns this role may read."""

    def __init__(self, connection: Connection, pupil_id: int, at: int) -> None:
        self._connection, self._values = connection, {"pupil_id": pupil_id, "at": at}

    def spans(self, view: str, condition: str, order: str) -> list[Row]:
        return self.rows(view, f"version_from <= :at AND version_to > :at AND {condition}", order)

    def rows(self, view: str, condition: str, order: str) -> list[Row]:
        columns = self._connection.execute(text(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'identity' AND table_name = :view ORDER BY ordinal_position"),
            {"view": f"explained_{view}"}).scalars().all()
        found = self._connection.execute(text(f"SELECT {', '.join(columns)} FROM identity.explained_{view} WHERE {condition} ORDER BY {order}"), self._values)
        return [dict(row) for row in found.mappings()]

    def redirects(self) -> list[Row]:
        """pupil_id, version, is_past (it lives again or leads elsewhere): each id once, with the last time it was led here."""
        found = self._connection.execute(text(
            "SELECT pupil_id, max(redirect_version) AS version, (identity.resolve_at(pupil_id, :at)).pupil_id <> :pupil_id AS is_past "
            "FROM identity.explained_redirect WHERE redirect_to = :pupil_id AND redirect_version <= :at GROUP BY pupil_id ORDER BY pupil_id"), self._values)
        return [dict(row) for row in found.mappings()]
