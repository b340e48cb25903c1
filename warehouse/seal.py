"""The secret of adoption, as the officer keeps it: what belongs to the time before is sealed, unsealed and listed, each act written to the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from schemas.warehouse import OPEN
from warehouse import built, trail
from warehouse.engine import engine, without_values
from warehouse.rekey import open_parting, part
from warehouse.versions import current_version, serialise, write_version

GROUND = "СК РФ, ст. 139"
"""What the trail that auditors read says of every seal; the officer's own words stay in `identity.seal`."""
PURPOSE = "тайна усыновления"


def seal(record_ids: Sequence[int], *, ground: str, by: str, successor: int | None = None, is_split: bool = False) -> int:
    """Hide these records from everybody but the officer, from now on; returns how many were not sealed before.

    The officer's line in the trail comes first; then all is one transaction and one version: no moment shows a part of it.
    `successor`: the record that goes on for them. `is_split`: what the records say now belongs to the time after, it goes on under new records.
    Raises ConfigurationError for a record that does not exist.
    """
    with without_values(), engine("officer").begin() as connection:
        _expect_known(connection, [*record_ids, *([successor] if successor else [])])
        _note(connection, "seal", by)
    with without_values(), engine().begin() as connection:
        serialise(connection)
        version = current_version(connection) + 1
        fresh = connection.execute(text(
            "INSERT INTO identity.seal (record_id, successor_record_id, ground, sealed_by, created_version) "
            "SELECT DISTINCT CAST(record_id AS bigint), CAST(:successor AS bigint), :ground, :by, :version - 1 "
            "FROM unnest(CAST(:ids AS bigint[])) AS asked (record_id) "
            "WHERE NOT EXISTS (SELECT FROM identity.seal WHERE seal.record_id = asked.record_id AND lifted_version IS NULL)"),
            {"ids": list(record_ids), "successor": successor, "ground": ground, "by": by, "version": version}).rowcount
        if fresh or is_split:
            if is_split:
                _split(connection, record_ids, version)
            close_pupils(connection, version - 1)
            _close_golden(connection, version)
            built.forget(connection)
            write_version(connection, version, "load", connection.exec_driver_sql("SELECT max(as_of) FROM quality.version").scalar())
    return int(fresh)


def unseal(record_ids: Sequence[int], *, by: str) -> int:
    """Let these records be seen and linked again; returns how many were sealed. The officer's line in the trail comes first."""
    with without_values(), engine("officer").begin() as connection:
        _note(connection, "unseal", by)
    with without_values(), engine().begin() as connection:
        serialise(connection)
        at = {"ids": list(record_ids), "by": by, "version": current_version(connection)}
        lifted = connection.execute(text("UPDATE identity.seal SET lifted_version = :version, lifted_by = :by "
                                         "WHERE record_id = ANY(CAST(:ids AS bigint[])) AND lifted_version IS NULL"), at).rowcount
        connection.execute(text(f"""WITH RECURSIVE opened AS (
                SELECT pupil_id FROM identity.link WHERE link.version_to = {OPEN} AND link.record_id = ANY(CAST(:ids AS bigint[]))
                UNION SELECT merged.pupil_id FROM identity.pupil AS merged JOIN opened ON merged.redirect_to = opened.pupil_id)
            UPDATE identity.sealed_pupil AS pupil SET lifted_version = :version FROM opened
            WHERE opened.pupil_id = pupil.pupil_id AND pupil.lifted_version IS NULL"""), at)  # noqa: S608
        if lifted:
            built.forget(connection)
            write_version(connection, current_version(connection) + 1, "load", connection.exec_driver_sql("SELECT max(as_of) FROM quality.version").scalar())
    return int(lifted)


def seals(*, by: str) -> list[dict[str, Any]]:
    """What is sealed now: record_id, source, successor_record_id, ground, sealed_by, sealed_at; the look is written down."""
    with without_values(), engine("officer").begin() as connection:
        _note(connection, "list", by)
        rows = connection.execute(text("SELECT record_id, source, successor_record_id, ground, sealed_by, sealed_at::text FROM identity.seal "
                                       "JOIN identity.source_record USING (record_id) WHERE lifted_version IS NULL ORDER BY record_id".replace("::", r"\:\:")))
        return [dict(row) for row in rows.mappings()]


def close_pupils(connection: Connection, version: int) -> None:
    """Pupils whose every record is sealed, or who bear a sealed record that was parted (an answer about one proves nothing), are hidden after `version`.

    So are the ids that were merged into them: an id that is known but leads nowhere would tell of the seal.
    """
    closed = connection.exec_driver_sql(f"""
        INSERT INTO identity.sealed_pupil (pupil_id, created_version)
        WITH RECURSIVE closed AS (
        SELECT pupil_id FROM identity.link JOIN identity.seal USING (record_id)
        WHERE link.version_to = {OPEN} AND seal.lifted_version IS NULL AND (NOT EXISTS (
            SELECT FROM identity.link AS other WHERE other.pupil_id = link.pupil_id AND other.version_to = {OPEN}
                AND NOT EXISTS (SELECT FROM identity.seal AS own WHERE own.record_id = other.record_id AND own.lifted_version IS NULL))
            OR EXISTS (SELECT FROM identity.source_record AS own JOIN identity.person_record AS said USING (record_id)
                WHERE own.record_id = link.record_id AND own.source_key = concat(said.source_key, '#', own.record_id) AND said.asked_key IS NULL))
        ), every AS (
            SELECT pupil_id FROM closed
            UNION SELECT merged.pupil_id FROM identity.pupil AS merged JOIN every ON merged.redirect_to = every.pupil_id
                WHERE NOT EXISTS (SELECT FROM identity.link AS living WHERE living.pupil_id = merged.pupil_id AND living.version_to = {OPEN}))
        SELECT pupil_id, {version} FROM every EXCEPT SELECT pupil_id, {version} FROM identity.sealed_pupil WHERE lifted_version IS NULL
        ON CONFLICT (pupil_id, created_version) DO UPDATE SET lifted_version = NULL""").rowcount  # noqa: S608
    if closed:
        built.forget(connection)


def _close_golden(connection: Connection, version: int) -> None:
    """Golden rows and cells of pupils that bear a sealed record among others end: the next linking makes them anew without it."""
    for table in ("core.pupil", "core.pupil_cell"):
        connection.exec_driver_sql(f"""UPDATE {table} AS golden SET version_to = {version} FROM identity.link JOIN identity.seal USING (record_id)
            WHERE golden.version_to = {OPEN} AND link.pupil_id = golden.pupil_id AND link.version_to = {OPEN} AND seal.lifted_version IS NULL
              AND golden.pupil_id NOT IN (SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL)""")  # noqa: S608


def forget_keys(connection: Connection) -> None:
    """The keys of `parting` go on under other records: lists of refusals and held deliveries must not tell that they are older than those."""
    connection.exec_driver_sql("UPDATE quality.refused_record AS refused SET source_key = NULL FROM quality.delivery, parting "
                               "WHERE delivery.delivery_id = refused.delivery_id AND parting.source = delivery.source AND parting.source_key = refused.source_key")
    connection.exec_driver_sql("UPDATE quality.left_out_value AS value SET source_key = NULL FROM quality.delivery, parting "
                               "WHERE delivery.delivery_id = value.delivery_id AND parting.source = delivery.source AND parting.source_key = value.source_key")
    connection.exec_driver_sql("DELETE FROM quality.swapped_key AS swapped USING quality.delivery, parting WHERE delivery.delivery_id = swapped.delivery_id "
                               "AND parting.source = delivery.source AND parting.source_key IN (swapped.source_key, swapped.matches_source_key)")


def _split(connection: Connection, record_ids: Sequence[int], version: int) -> None:
    open_parting(connection)
    connection.execute(text(f"INSERT INTO parting SELECT record_id, true, true FROM identity.person_record "  # noqa: S608
                            f"WHERE version_to = {OPEN} AND record_id = ANY(CAST(:ids AS bigint[]))"), {"ids": list(record_ids)})
    part(connection, version)
    connection.exec_driver_sql("UPDATE identity.seal SET successor_record_id = parting.successor_record_id FROM parting "
                               "WHERE seal.record_id = parting.record_id AND seal.successor_record_id IS NULL AND lifted_version IS NULL")
    seal_answers(connection, version)
    forget_keys(connection)


def seal_answers(connection: Connection, version: int) -> None:
    """The answers that ended with `parting` speak of the time before."""
    connection.exec_driver_sql(f"""INSERT INTO identity.seal (record_id, ground, sealed_by, created_version)
        SELECT record_id, '{GROUND}', 'kontingent', {version} - 1 FROM parting
        WHERE NOT EXISTS (SELECT FROM identity.seal WHERE seal.record_id = parting.record_id AND lifted_version IS NULL)
        ON CONFLICT (record_id, created_version) DO UPDATE SET lifted_version = NULL, lifted_by = NULL""")  # noqa: S608


def _expect_known(connection: Connection, record_ids: Sequence[int]) -> None:
    known = connection.execute(text("SELECT record_id FROM identity.source_record WHERE record_id = ANY(CAST(:ids AS bigint[]))"),
                               {"ids": list(record_ids)}).scalars().all()
    if unknown := sorted({*record_ids} - {*known}):
        raise ConfigurationError("record.unknown", f"no record {', '.join(map(str, unknown))}")


def _note(connection: Connection, action: str, by: str) -> None:
    """The trail is read by auditors, so it names neither record nor child."""
    trail.note(connection, action=action, by=by, purpose=PURPOSE, ground=GROUND, subject="seals" if action == "list" else None)
