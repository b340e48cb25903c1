"""The secret of adoption, as the officer keeps it: what belongs to the time before is sealed, unsealed and listed, each act written to the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from schemas.warehouse import OPEN
from warehouse.engine import engine, without_values
from warehouse.rekey import open_parting, part
from warehouse.versions import current_version, serialise, write_version

GROUND = "СК РФ, ст. 139"
"""What the trail that auditors read says of every seal; the officer's own words stay in `identity.seal`."""
PURPOSE = "тайна усыновления"


def seal(record_ids: Sequence[int], *, ground: str, by: str, successor: int | None = None, is_split: bool = False) -> int:
    """Hide these records from everybody but the officer, from now on; returns how many were not sealed before.

    `successor`: the record that goes on for them. `is_split`: what the records say now belongs to the time after, it goes on under new records.
    Raises ConfigurationError for a record that does not exist.
    """
    with without_values(), engine("officer").begin() as connection:
        serialise(connection)
        _expect_known(connection, [*record_ids, *([successor] if successor else [])])
        fresh = connection.execute(text(
            "INSERT INTO identity.seal (record_id, successor_record_id, ground, sealed_by, created_version) "
            "SELECT DISTINCT CAST(record_id AS bigint), CAST(:successor AS bigint), :ground, :by, (SELECT max(version) FROM quality.version) "
            "FROM unnest(CAST(:ids AS bigint[])) AS asked (record_id) "
            "WHERE NOT EXISTS (SELECT FROM identity.seal WHERE seal.record_id = asked.record_id AND lifted_version IS NULL) "
            "ON CONFLICT (record_id, created_version) DO UPDATE SET lifted_version = NULL, lifted_by = NULL"),
            {"ids": list(record_ids), "successor": successor, "ground": ground, "by": by}).rowcount
        _note(connection, "seal", by)
    with without_values(), engine().begin() as connection:
        serialise(connection)
        if is_split:
            _split(connection, record_ids)
        close_pupils(connection, current_version(connection))
    return int(fresh)


def unseal(record_ids: Sequence[int], *, by: str) -> int:
    """Let these records be seen and linked again; returns how many were sealed."""
    with without_values(), engine("officer").begin() as connection:
        serialise(connection)
        lifted = connection.execute(text("UPDATE identity.seal SET lifted_version = (SELECT max(version) FROM quality.version), lifted_by = :by "
                                         "WHERE record_id = ANY(CAST(:ids AS bigint[])) AND lifted_version IS NULL"), {"ids": list(record_ids), "by": by}).rowcount
        connection.execute(text(f"""UPDATE identity.sealed_pupil AS pupil SET lifted_version = (SELECT max(version) FROM quality.version)
            FROM identity.link WHERE link.pupil_id = pupil.pupil_id AND link.version_to = {OPEN} AND link.record_id = ANY(CAST(:ids AS bigint[]))
            AND pupil.lifted_version IS NULL"""), {"ids": list(record_ids)})  # noqa: S608
        _note(connection, "unseal", by)
    return int(lifted)


def seals(*, by: str) -> list[dict[str, Any]]:
    """What is sealed now: record_id, source, successor_record_id, ground, sealed_by, sealed_at; the look is written down."""
    with without_values(), engine("officer").begin() as connection:
        _note(connection, "list seals", by)
        rows = connection.execute(text("SELECT record_id, source, successor_record_id, ground, sealed_by, sealed_at::text FROM identity.seal "
                                       "JOIN identity.source_record USING (record_id) WHERE lifted_version IS NULL ORDER BY record_id".replace("::", r"\:\:")))
        return [dict(row) for row in rows.mappings()]


def close_pupils(connection: Connection, version: int) -> None:
    """Pupils whose every record is sealed, or who bear a sealed record that was parted (an answer about one proves nothing), are hidden after `version`."""
    connection.exec_driver_sql(f"""
        INSERT INTO identity.sealed_pupil (pupil_id, created_version)
        SELECT pupil_id, {version} FROM identity.link JOIN identity.seal USING (record_id)
        WHERE link.version_to = {OPEN} AND seal.lifted_version IS NULL AND (NOT EXISTS (
            SELECT FROM identity.link AS other WHERE other.pupil_id = link.pupil_id AND other.version_to = {OPEN}
                AND NOT EXISTS (SELECT FROM identity.seal AS own WHERE own.record_id = other.record_id AND own.lifted_version IS NULL))
            OR EXISTS (SELECT FROM identity.source_record AS own JOIN identity.person_record AS said USING (record_id)
                WHERE own.record_id = link.record_id AND own.source_key = concat(said.source_key, '#', own.record_id) AND said.asked_key IS NULL))
        EXCEPT SELECT pupil_id, {version} FROM identity.sealed_pupil WHERE lifted_version IS NULL
        ON CONFLICT (pupil_id, created_version) DO UPDATE SET lifted_version = NULL""")  # noqa: S608


def forget_keys(connection: Connection) -> None:
    """The keys of `parting` go on under other records: lists of refusals and held deliveries must not tell that they are older than those."""
    connection.exec_driver_sql("UPDATE quality.refused_record AS refused SET source_key = NULL FROM quality.delivery, parting "
                               "WHERE delivery.delivery_id = refused.delivery_id AND parting.source = delivery.source AND parting.source_key = refused.source_key")
    connection.exec_driver_sql("DELETE FROM quality.swapped_key AS swapped USING quality.delivery, parting WHERE delivery.delivery_id = swapped.delivery_id "
                               "AND parting.source = delivery.source AND parting.source_key IN (swapped.source_key, swapped.matches_source_key)")


def _split(connection: Connection, record_ids: Sequence[int]) -> None:
    version = current_version(connection) + 1
    open_parting(connection)
    connection.execute(text(f"INSERT INTO parting SELECT record_id, true, true FROM identity.person_record "  # noqa: S608
                            f"WHERE version_to = {OPEN} AND record_id = ANY(CAST(:ids AS bigint[]))"), {"ids": list(record_ids)})
    part(connection, version)
    connection.exec_driver_sql("UPDATE identity.seal SET successor_record_id = parting.successor_record_id FROM parting "
                               "WHERE seal.record_id = parting.record_id AND seal.successor_record_id IS NULL AND lifted_version IS NULL")
    seal_answers(connection, version)
    forget_keys(connection)
    as_of = connection.exec_driver_sql("SELECT max(as_of) FROM quality.version").scalar()
    write_version(connection, version, "load", as_of)


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
    connection.execute(text("INSERT INTO audit.access (person_in_charge, purpose, ground, action) VALUES (:by, :purpose, :ground, :action)"),
                       {"by": by, "purpose": PURPOSE, "ground": GROUND, "action": action})
