"""Which landed files nobody needs any more, and the note that they were removed."""

# ruff: noqa: S608  names come from the declarations

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from schemas.warehouse import TARGETS
from warehouse import trail
from warehouse.engine import engine, without_values

REMOVED = "retention.removed"
"""`held_code` of the event that tells of a removal; the delivery keeps its state."""
_GROUPS = """
    SELECT one.source, coalesce(base.sha256, one.sha256) AS sha256, array_agg(one.delivery_id) AS ids, max(one.size_bytes) AS size_bytes,
        max(one.received_at) AS received_at, bool_and(one.state IN ('loaded', 'duplicate')) AS is_settled,
        bool_and(EXISTS (SELECT FROM quality.delivery_event AS told WHERE told.delivery_id = one.delivery_id AND told.held_code = :removed)) AS is_removed
    FROM quality.delivery AS one LEFT JOIN quality.delivery AS base ON base.delivery_id = one.replay_of
    GROUP BY 1, 2
"""
"""The same bytes may have come more than once, and be read again for what was refused of them: all of these need one file."""
_CUT = """
    SELECT least((SELECT max(version) FROM quality.version WHERE created_at < :before), (SELECT version FROM core.published_version)) AS version
"""
"""The oldest version whose rows must still lead to their bytes."""


@dataclass(frozen=True, kw_only=True)
class Removable:
    """The bytes of one sender that every record, refusal and version of the last period can do without."""

    source: str
    sha256: str
    size_bytes: int
    delivery_ids: tuple[str, ...]


def removable(before: datetime, most: int) -> list[Removable]:
    """At most so many, the oldest first: received before the moment, loaded, no row of a version since, no refusal open."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text(_REMOVABLE), {"before": before, "most": most, "removed": REMOVED}).all()
    return [Removable(source=row[0], sha256=row[1], size_bytes=row[2], delivery_ids=tuple(map(str, row[3]))) for row in rows]


def note_removed(gone: Sequence[Removable], *, by: str, ground: str, before: datetime) -> None:
    """Write an event for each delivery and one line of the trail a source, in one transaction, before a byte is removed."""
    with without_values(), engine().begin() as connection:
        connection.execute(text("INSERT INTO quality.delivery_event (delivery_id, state, held_code, version, decided_by, reason) "
                                "SELECT delivery_id, state, :removed, version, :by, :ground FROM quality.delivery WHERE delivery_id::text = ANY(:ids)"
                                .replace("::", r"\:\:")),
                           {"removed": REMOVED, "by": by, "ground": ground, "ids": [one for file in gone for one in file.delivery_ids]})
        for source in sorted({file.source for file in gone}):
            went = sorted(file.sha256 for file in gone if file.source == source)  # each by its hash: `verify.py` must not miss them
            trail.note(connection, action="retention", by=by, purpose="удаление по сроку хранения", ground=ground,
                       subject=f"landing {source}: {len(went)} files received before {before:%Y-%m-%d}: {' '.join(went)}")


def noted() -> list[tuple[str, str]]:
    """(source, SHA-256) whose removal is noted for every delivery of these bytes: the file may go."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text(f"SELECT source, sha256 FROM ({_GROUPS}) AS bytes WHERE is_removed ORDER BY 1, 2"), {"removed": REMOVED})
        return [(row[0], row[1]) for row in rows]


def _needed(entity: str) -> str:
    """Bytes that rows of a version since, or refusals nobody made good, lead to."""
    table = TARGETS[entity].full_name
    return f"""
    SELECT member.source, member.sha256 FROM member INNER JOIN {table} AS held ON held.delivery_id = member.delivery_id
    WHERE held.version_to > coalesce((SELECT version FROM cut), 0)
    UNION
    SELECT member.source, member.sha256 FROM member INNER JOIN quality.refused_record AS refused ON refused.delivery_id = member.delivery_id
    WHERE refused.entity = '{entity}' AND refused.replayed_by IS NULL AND NOT EXISTS (
        SELECT FROM {table} AS later INNER JOIN quality.delivery AS whose ON whose.delivery_id = later.delivery_id
        WHERE later.source = member.source AND later.source_key = refused.source_key AND whose.received_at > member.received_at)"""


_REMOVABLE = f"""
    WITH bytes AS MATERIALIZED ({_GROUPS}),
    cut AS ({_CUT}),
    candidate AS MATERIALIZED (SELECT * FROM bytes WHERE is_settled AND NOT is_removed AND received_at < :before),
    member AS MATERIALIZED (SELECT source, sha256, received_at, unnest(ids) AS delivery_id FROM candidate),
    needed AS ({" UNION ".join(map(_needed, TARGETS))})
    SELECT source, sha256, size_bytes, ids FROM candidate WHERE (source, sha256) NOT IN (SELECT source, sha256 FROM needed)
    ORDER BY received_at, source, sha256 LIMIT :most
"""
