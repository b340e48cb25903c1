"""From a stored row to the delivery and the position it came from, read as the role that asks: who may not know of a record does not find it."""

# ruff: noqa: S608  names of tables and columns come from the declarations

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from schemas.errors import KontingentError
from schemas.warehouse import RELATIONS, TARGETS
from warehouse import trail
from warehouse.engine import engine, without_values
from warehouse.explanation import Look
from warehouse.reports.reader import snapshot

Row = dict[str, Any]
PURPOSE = "прослеживание до присланных байтов"
GROUND = "ведение реестра: 273-ФЗ, ст. 98; 152-ФЗ, ст. 6"
ENTITY = {relation.full_name: entity for entity, relation in TARGETS.items()}
"""Table → the staging relation whose rows it keeps."""
_AT = "version_from <= :at AND version_to > :at"
_KEYS = "source, source_key, position, delivery_id, version_from, version_to"


class TraceRefused(KontingentError):
    """There is no such table, row, column or place, or this role may not see it."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One row, and the delivery it stands in; `record_id` and `pupil_id` as far as they are known."""

    table: str
    entity: str
    source: str
    source_key: str | None
    position: str | None
    record_id: int | None
    pupil_id: int | None
    rule: str | None
    """What chose this row: the rule of a golden cell or a link, or the rule that refused the record."""
    version_from: int | None
    delivery_id: str
    delivered_by: str
    media: str
    sha256: str
    size_bytes: int
    received_at: str
    replay_of: str | None


class Finder:
    """Rows at one version, as one role sees them."""

    def __init__(self, connection: Connection, version: int) -> None:
        self.connection, self.version = connection, version

    def rows(self, query: str, **values: Any) -> list[Row]:
        return [dict(row) for row in self.connection.execute(text(query), {"at": self.version, **values}).mappings()]

    def stored(self, table: str, **columns: Any) -> list[Row]:
        """Rows of a table in force at the version, by equality of columns; with the pupil their record belongs to."""
        condition = " AND ".join(f"stored.{name} IS NOT DISTINCT FROM :{name}" for name in columns)
        record = "record_id" if "record_id" in RELATIONS[table].columns else "CAST(NULL AS bigint)"
        return self.rows(f"SELECT {_KEYS}, {record} AS record_id FROM {table} AS stored WHERE {_AT} AND {condition} ORDER BY source, source_key", **columns)

    def pupil_of(self, record_id: int | None) -> int | None:
        found = self.rows(f"SELECT pupil_id FROM identity.link WHERE record_id = :record AND {_AT}", record=record_id)
        return int(found[0]["pupil_id"]) if found else None

    def origin(self, table: str, row: Row, rule: str | None = None) -> Origin:
        """A stored row with its delivery."""
        delivery = self.rows("SELECT * FROM quality.delivery WHERE delivery_id = :id", id=row["delivery_id"])
        if not delivery:
            raise TraceRefused("trace.delivery", "the delivery of this row is not in the ledger")
        one = delivery[0]
        return Origin(table=table, entity=ENTITY.get(table) or str(row["entity"]), source=str(one["source"]), source_key=row.get("source_key"),
                      position=row.get("position"), record_id=row.get("record_id"), rule=rule, version_from=row.get("version_from"),
                      pupil_id=self.pupil_of(row.get("record_id")), delivery_id=str(one["delivery_id"]), delivered_by=str(one["origin"]),
                      media=str(one["media"]), sha256=str(one["sha256"]), size_bytes=int(one["size_bytes"]), received_at=one["received_at"].isoformat(),
                      replay_of=str(one["replay_of"]) if one["replay_of"] else None)


@contextmanager
def finder(role: str, version: int | None) -> Iterator[Finder]:
    """Keys and places at a version, the published one when not named: a steward's are the auditor's, who is as blind to what is sealed; an officer knows all.

    TraceRefused for a version that was never written, or that an officer may not see yet.
    """
    reader = engine("loader" if role == "officer" else "auditor")
    with without_values(), reader.connect() as connection:
        published = int(connection.execute(text("SELECT version FROM core.published_version")).scalar_one())
        latest, as_of = connection.execute(text("SELECT max(version), max(as_of) FROM quality.version WHERE version <= :wanted"),
                                           {"wanted": version or published}).one()
    if latest is None or (version is not None and version != latest):
        raise TraceRefused("trace.version", f"version {version or published} holds nothing" if version is None else f"version {version} was never written")
    if role in ("officer", "steward") and latest > published:
        raise TraceRefused("trace.version", f"version {latest} is not published: an auditor may look at it")
    with without_values(), snapshot(reader, version=int(latest), as_of=as_of) as connection:
        yield Finder(connection, int(latest))


def note(look: Look, *, purpose: str | None, subject: str, pupil_id: int | None) -> None:
    """The look stands in the access trail, committed, before a byte is read."""
    with without_values(), engine(look.role).begin() as connection:
        trail.note(connection, action="trace", by=look.person, purpose=purpose or PURPOSE, ground=look.ground or GROUND, subject=subject, pupil_id=pupil_id)


def may_see(look: Look, origin: Origin) -> bool:
    """Whether the views that open after a look show this record to the role itself; what belongs to no person is shown to all."""
    if origin.record_id is None and origin.entity in ("organisation", "past_contingent"):
        return True
    if origin.record_id is None:
        return look.role == "officer" or not _is_sealed(origin)
    with without_values(), engine(look.role).connect() as connection:
        return connection.execute(text("SELECT 1 FROM identity.explained_link WHERE record_id = :record LIMIT 1"), {"record": origin.record_id}).first() is not None


def _is_sealed(origin: Origin) -> bool:
    """A refused version of a record that is sealed."""
    with without_values(), engine("loader").connect() as connection:
        return connection.execute(text(
            "SELECT 1 FROM identity.seal JOIN identity.person_record USING (record_id) WHERE lifted_version IS NULL AND source = :source AND source_key = :key"),
            {"source": origin.source, "key": origin.source_key}).first() is not None
