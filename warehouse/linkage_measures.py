"""Figures on the quality of links, kept for each linked version, and the pairs a person is asked to look at."""

# ruff: noqa: S608  names come from the declarations, numbers are ours

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from schemas.warehouse import OPEN
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.tables import METADATA

SAMPLE: bulk.Columns = {"stratum": "text", "record_id": "integer", "other_record_id": "integer", "stratum_size": "integer", "is_linked": "boolean"}
_PAIR = "least({0}, {1}) AS record_id, greatest({0}, {1}) AS other_record_id"


class Measured(Protocol):
    """`transforms.linkage_quality.Measure`."""

    @property
    def subgroup(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


def linked_version() -> int:
    """The version of the latest linking that wrote something; 0 = none yet."""
    with without_values(), engine().connect() as connection:
        return int(connection.execute(text("SELECT coalesce(max(version), 0) FROM quality.version WHERE kind = 'link'")).scalar_one())


def run_counts() -> list[tuple[str, str, float]]:
    """(subgroup, measure, value) of the registry as linked now and of the last linking's work; subgroups `rule=…`.

    Counts the current links: one look at an index-free table a day, some tenths of a second a million records.
    """
    with without_values(), engine().connect() as connection:
        linked = connection.execute(text(f"SELECT coalesce(rule, '-'), link_status, count(*) FROM identity.link WHERE version_to = {OPEN} "
                                         "GROUP BY 1, 2 ORDER BY 1, 2")).all()
        reviews, in_review, pupils = connection.execute(text(
            f"SELECT (SELECT count(*) FROM identity.review WHERE version_to = {OPEN}), (SELECT count(DISTINCT record_id) FROM identity.review "
            f"WHERE version_to = {OPEN}), (SELECT count(*) FROM core.pupil WHERE version_to = {OPEN})")).one()
        work = connection.execute(text("SELECT records_read, pairs_scored, rows_written, seconds, peak_memory_mb FROM quality.run_step "
                                       "WHERE step = 'link' ORDER BY at DESC LIMIT 1")).mappings().first()
    records = sum(int(row[2]) for row in linked)
    found = [("", "records", float(records)), ("", "pupils", float(pupils)), ("", "reviews", float(reviews)), ("", "records_in_review", float(in_review)),
             ("", "review_share", in_review / records if records else 0.0)]
    found += [("", name, float(value)) for name, value in (dict(work) if work else {}).items() if value is not None]
    found += [(f"status={status}", "links", float(sum(row[2] for row in linked if row[1] == status))) for status in sorted({row[1] for row in linked})]
    return found + [(f"rule={rule}", "links", float(sum(row[2] for row in linked if row[0] == rule))) for rule in sorted({row[0] for row in linked})]


def keep(version: int, basis: str, measures: Sequence[Measured]) -> int:
    """Keep figures of a version, in place of those it has of this basis; returns their number."""
    rows: list[dict[str, Any]] = [{"version": version, "basis": basis, "subgroup": one.subgroup, "measure": one.measure, "value": one.value,
                                   "low": one.low, "high": one.high} for one in measures]
    if rows:
        statement = insert(METADATA.tables["quality.linkage_measure"])
        statement = statement.on_conflict_do_update(index_elements=["version", "basis", "subgroup", "measure"],
                                                    set_={name: statement.excluded[name] for name in ("value", "low", "high")})
        with without_values(), engine().begin() as connection:
            connection.execute(statement, rows)
    return len(rows)


def new_pairs(version: int) -> tuple[pa.Table, pa.Table]:
    """What the linking of `version` joined and what it left to a person: record_id, other_record_id, rule, weight; the smaller record first."""
    with without_values(), engine().begin() as connection:
        linked = bulk.read(connection, f"""SELECT {_PAIR.format('link.record_id', 'link.evidence_record_id')}, link.rule, link.weight::float8 AS weight
            FROM identity.change JOIN identity.link ON link.record_id = change.record_id AND link.version_from = change.version
            WHERE change.version = {version} AND link.evidence_record_id IS NOT NULL AND link.link_status = 'auto'""")
        near = bulk.read(connection, f"""SELECT {_PAIR.format('record_id', 'candidate_record_id')}, split_part(reasons ->> 0, '.', 1) AS rule,
            weight::float8 AS weight FROM identity.review WHERE version_from = {version} AND candidate_record_id IS NOT NULL""")
    return linked, near


def keep_sample(version: int, sample: pa.Table) -> int:
    """Keep the pairs drawn of a version (SAMPLE), once; returns how many are new."""
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "drawn", sample, SAMPLE)
        return connection.exec_driver_sql(
            f"INSERT INTO identity.sample (version, {', '.join(SAMPLE)}) SELECT {version}, {', '.join(SAMPLE)} FROM drawn "
            f"WHERE NOT EXISTS (SELECT FROM identity.sample AS old WHERE old.version = {version})").rowcount


def samples() -> pa.Table:
    """All pairs ever drawn (SAMPLE); a stratum is one of its version."""
    with without_values(), engine().begin() as connection:
        return bulk.read(connection, "SELECT version || ':' || stratum AS stratum, record_id, other_record_id, stratum_size, is_linked FROM identity.sample")


def answers() -> pa.Table:
    """record_id, other_record_id, is_same: what people thought of pairs that were drawn; who could not tell said nothing."""
    with without_values(), engine().begin() as connection:
        return bulk.read(connection, "SELECT record_id, other_record_id, opinion = 'same' AS is_same FROM identity.opinion WHERE opinion <> 'unsure' "
                         "AND EXISTS (SELECT FROM identity.sample WHERE sample.record_id = opinion.record_id "
                         "AND sample.other_record_id = opinion.other_record_id)")


def linked_records() -> pa.Table:
    """record_id, source, source_key, snils, sex, citizenship, has_patronymic, pupil_id, status, is_in_review of every record as linked now."""
    with without_values(), engine().begin() as connection:
        return bulk.read(connection, f"""SELECT link.record_id, record.source, record.source_key, record.snils, record.sex, record.citizenship,
                record.patronymic IS NOT NULL AS has_patronymic, link.pupil_id, link.link_status AS status, EXISTS (
                    SELECT FROM identity.review WHERE review.record_id = link.record_id AND review.version_to = {OPEN}) AS is_in_review
            FROM identity.link JOIN identity.person_record AS record ON record.record_id = link.record_id AND record.version_to = {OPEN}
            WHERE link.version_to = {OPEN}""")
