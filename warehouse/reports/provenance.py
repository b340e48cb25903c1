"""Where the figures of a report come from: version, sources, unresolved records, code lists."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from warehouse.reports.model import Provenance
from warehouse.reports.reader import frame

SOURCES = """
    SELECT source, count(*)::integer AS delivery_count, max(as_of) AS latest_delivery
    FROM quality.delivery
    WHERE state = 'loaded' AND version <= (SELECT core.visible_version())
    GROUP BY source
"""
UNRESOLVED = """
    SELECT
        (SELECT count(*) FROM identity.person_record
         WHERE version_from <= (SELECT core.visible_version()) AND version_to > (SELECT core.visible_version())) AS records,
        (SELECT count(*) FROM identity.review
         WHERE version_from <= (SELECT core.visible_version()) AND version_to > (SELECT core.visible_version())) AS reviews
"""
CODE_LISTS = "SELECT code_list, left(sha256, 8) AS fingerprint FROM codes.code_list ORDER BY code_list"


def read(connection: Connection, *, version: int, as_of: date, titles: dict[str, str]) -> Provenance:
    """The provenance of all reports of one snapshot; `titles` maps a source to its Russian title."""
    sources = frame(connection, SOURCES)
    named = sources.assign(title=sources["source"].map(titles).fillna(sources["source"])).sort_values("title", ignore_index=True)
    counts = frame(connection, UNRESOLVED).iloc[0]
    lists = frame(connection, CODE_LISTS)
    return Provenance(version=version, as_of=as_of, sources=named, record_count=int(counts["records"]), review_count=int(counts["reviews"]),
                      code_lists=", ".join(f"{row.code_list} {row.fingerprint}" for row in lists.itertuples()) or "–")
