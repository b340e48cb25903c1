"""Finds which records a change can touch: the closure over shared linking keys, current pupils and people's decisions."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator

import pyarrow as pa
from sqlalchemy import Connection

from schemas.warehouse import OPEN
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.identity_reads import read_person_records, read_validations
from warehouse.identity_scope import IDS, KEYS, Changed, Keys, Touched
from warehouse.statistics import expect_few
from warehouse.versions import current_version

log = logging.getLogger(__name__)

MOST = 0.3
"""Above this share of the registry, all of it is linked again: the closure would cost more than it saves."""
AT_ONCE = 250_000
"""Records whose keys are made at a time: ten keys a record, as text."""


def changed() -> Changed:
    """Records that came, changed or went, and records with facts or decisions that did, since the version last linked."""
    with without_values(), engine().begin() as connection:
        version = current_version(connection)
        since = connection.exec_driver_sql("SELECT coalesce(max(base_version), 0) FROM quality.version WHERE kind = 'link'").scalar_one()
        recent = f"(version_from > {since} OR version_to > {since} AND version_to < {OPEN})"
        return Changed(version=version, records=bulk.read(connection, f"""
            SELECT record_id FROM identity.person_record WHERE {recent}
            UNION SELECT record_id FROM core.residence WHERE {recent}
            UNION SELECT record_id FROM core.citizenship WHERE {recent}
            UNION SELECT record_id FROM core.snils_validation WHERE {recent}
            UNION SELECT asked.record_id FROM core.snils_validation AS fact
                JOIN identity.source_record AS asked ON asked.source = fact.asked_source AND asked.source_key = fact.asked_key WHERE {recent}
            UNION SELECT record_id FROM identity.decision WHERE created_version >= {since} AND {since} > 0
            UNION SELECT other_record_id FROM identity.decision WHERE created_version >= {since} AND {since} > 0
            UNION SELECT record_id FROM identity.seal WHERE (created_version >= {since} OR lifted_version >= {since}) AND {since} > 0
            ORDER BY record_id"""))  # noqa: S608


def neighbourhood(found: Changed, keys: Keys | None = None) -> Touched:
    """All records the changed ones can influence; `everything` when that is more than MOST of the registry.

    `keys` makes linking keys (transforms' `link_keys`); without it plain equality of identifiers, or of name and birth date, is used.
    """
    with without_values(), engine().begin() as connection:
        is_few = not _is_most(connection, len(found))
    if keys and not is_few:
        return Touched(version=found.version, everything=True, changed=found.records, make_keys=keys)
    made = _made(keys, found.version, found.records) if keys and len(found) else None
    with without_values(), engine().begin() as connection:
        bulk.fill(connection, "changed", found.records, IDS)
        if made is None:
            _plain_keys(connection, found.version)
            made = bulk.read(connection, "SELECT record_id, key, is_block FROM made_key ORDER BY record_id, key")
        else:
            bulk.fill(connection, "made_key", made, KEYS)
        records = _close(connection) if is_few else None
    log.info("%d records changed, %s touched", len(found), "all" if records is None else records.num_rows)
    if records is None:
        return Touched(version=found.version, everything=True, changed=found.records, keys=made)
    return Touched(version=found.version, records=records, changed=found.records, keys=made)


def keep_keys(connection: Connection, touched: Touched) -> None:
    """Replace the keys of the changed records; part of the transaction that writes the links."""
    run = connection.exec_driver_sql
    bulk.fill(connection, "changed", touched.changed, IDS)
    run("DELETE FROM identity.link_key WHERE record_id IN (SELECT record_id FROM changed)")
    for made in _in_parts(touched):
        bulk.fill(connection, "made_key", made, KEYS)
        run("INSERT INTO identity.link_key (record_id, key_hash, is_block) SELECT DISTINCT record_id, hashtextextended(key, 0), is_block FROM made_key")
        run("DROP TABLE made_key")


def _in_parts(touched: Touched) -> Iterator[pa.Table]:
    if touched.make_keys is None:
        yield touched.keys
        return
    for start in range(0, touched.changed.num_rows, AT_ONCE):
        yield _made(touched.make_keys, touched.version, touched.changed.slice(start, AT_ONCE))


def _made(keys: Keys, version: int, records: pa.Table) -> pa.Table:
    part = Touched(version=version, records=records)
    return keys(read_person_records(part), read_validations(part))


def _plain_keys(connection: Connection, version: int) -> None:
    connection.exec_driver_sql(f"""CREATE TEMPORARY TABLE made_key ON COMMIT DROP AS
        SELECT person.record_id, stated.key, FALSE AS is_block FROM identity.person_record AS person JOIN changed ON changed.record_id = person.record_id
        CROSS JOIN LATERAL (VALUES ('snils|' || snils), ('act|' || birth_act_number), ('certificate|' || birth_certificate), ('document|' || document),
            ('name|' || family_name || '|' || given_name || '|' || birth_date), ('key|' || source || '|' || source_key),
            ('key|' || asked_source || '|' || asked_key)) AS stated (key)
        WHERE person.version_from <= {version} AND person.version_to > {version} AND stated.key IS NOT NULL""")  # noqa: S608


def _is_most(connection: Connection, count: int) -> bool:
    """Whether `count` records are more than MOST of the registry; reads no more of it than it takes to know."""
    enough = max(1, math.ceil(count / MOST))
    total = connection.exec_driver_sql("SELECT count(*) FROM (SELECT FROM identity.person_record "  # noqa: S608
                                       f"WHERE version_to = {OPEN} LIMIT {enough}) AS counted").scalar_one()
    return count > MOST * int(total)


def _close(connection: Connection) -> pa.Table | None:
    """The records reached from `changed`, or None when they are MOST of the registry; old and new keys both lead on."""
    run = connection.exec_driver_sql
    expect_few(connection)
    run("CREATE TEMPORARY TABLE new_key ON COMMIT DROP AS SELECT DISTINCT record_id, hashtextextended(key, 0) AS key_hash, is_block FROM made_key")
    run("CREATE INDEX ON new_key (key_hash, record_id); CREATE INDEX ON new_key (record_id); ANALYZE new_key")
    run("CREATE TEMPORARY TABLE reached (record_id bigint PRIMARY KEY, step integer) ON COMMIT DROP")
    run("INSERT INTO reached SELECT record_id, 0 FROM changed")
    if not _grow(connection, 0):
        return None
    last = int(run("SELECT max(step) + 1 FROM reached").scalar_one() or 0)
    run(_BLOCK, {"step": last})
    if not _grow(connection, last):
        return None
    return bulk.read(connection, "SELECT record_id FROM reached ORDER BY record_id")


def _grow(connection: Connection, step: int) -> bool:
    """Follow what binds from the records of this step until nothing new is found; False when MOST of the registry is reached."""
    run = connection.exec_driver_sql
    while True:
        run("ANALYZE reached")
        if _is_most(connection, int(run("SELECT count(*) FROM reached").scalar_one())):
            return False
        if not run(_STEP, {"last": step, "step": step + 1}).rowcount:
            return True
        step += 1


_STEP = f"""
    WITH last AS (SELECT record_id FROM reached WHERE step = %(last)s),
    key AS (SELECT key_hash FROM identity.link_key JOIN last USING (record_id) WHERE NOT is_block
            UNION SELECT key_hash FROM new_key JOIN last USING (record_id) WHERE NOT is_block)
    INSERT INTO reached
    SELECT record_id, %(step)s FROM (
        SELECT other.record_id FROM key JOIN identity.link_key AS other USING (key_hash)
        UNION SELECT other.record_id FROM key JOIN new_key AS other USING (key_hash)
        UNION SELECT other.record_id FROM last JOIN identity.link AS mine USING (record_id) JOIN identity.link AS other ON other.pupil_id = mine.pupil_id
            WHERE mine.version_to = {OPEN} AND other.version_to = {OPEN}
        UNION SELECT decision.other_record_id FROM last JOIN identity.decision USING (record_id)
        UNION SELECT decision.record_id FROM last JOIN identity.decision ON decision.other_record_id = last.record_id
        UNION SELECT review.candidate_record_id FROM last JOIN identity.review USING (record_id)
            WHERE review.version_to = {OPEN} AND review.candidate_record_id IS NOT NULL
        UNION SELECT review.record_id FROM last JOIN identity.review ON review.candidate_record_id = last.record_id WHERE review.version_to = {OPEN}
    ) AS found ON CONFLICT DO NOTHING"""  # noqa: S608
_BLOCK = """
    WITH key AS (SELECT key_hash FROM identity.link_key JOIN reached USING (record_id) WHERE is_block
                 UNION SELECT key_hash FROM new_key JOIN reached USING (record_id) WHERE is_block)
    INSERT INTO reached
    SELECT record_id, %(step)s FROM (
        SELECT other.record_id FROM key JOIN identity.link_key AS other USING (key_hash)
        UNION SELECT other.record_id FROM key JOIN new_key AS other USING (key_hash)
    ) AS found ON CONFLICT DO NOTHING"""
