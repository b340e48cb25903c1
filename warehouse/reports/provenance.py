"""Where the figures of a report come from: version, sources, unresolved records, code lists."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from warehouse.reports.model import Provenance
from warehouse.reports.reader import frame
from warehouse.reports.titles import CODE_LIST_TITLES, titled

SOURCES = """
    -- The same deliveries as in marts.reconciliation: a repeat is a delivery too, and its records count as unchanged; a replay is none.
    SELECT delivery.source, count(*)::integer AS delivery_count, max(delivery.as_of) AS latest_delivery
    FROM quality.version
    INNER JOIN quality.delivery
        ON delivery.version <= version.version
        AND (delivery.state = 'loaded' OR (delivery.state = 'duplicate' AND delivery.received_at <= version.created_at))
    WHERE version.version = (SELECT core.visible_version()) AND delivery.replay_of IS NULL
    GROUP BY delivery.source
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
    named = sources.assign(title=titled(sources["source"], titles)).sort_values("title", ignore_index=True)
    counts = frame(connection, UNRESOLVED).iloc[0]
    lists = frame(connection, CODE_LISTS).assign(title=lambda rows: titled(rows["code_list"], CODE_LIST_TITLES))
    return Provenance(version=version, as_of=as_of, sources=named, record_count=int(counts["records"]), review_count=int(counts["reviews"]),
                      code_lists=", ".join(f"{row.title} {row.fingerprint}" for row in lists.itertuples()) or "–")
