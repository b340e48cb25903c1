"""Tells consumers what a linking did: one row a record and one row a pupil id, enough to follow without reading anything else."""

# ruff: noqa: S608  names and numbers of our own

from __future__ import annotations

from sqlalchemy import Connection

from schemas.warehouse import OPEN

KINDS = {
    "linked": "Запись отнесена к ребёнку", "unlinked": "Запись отозвана и больше ни к кому не относится", "moved": "Запись отнесена к другому ребёнку",
    "created": "Дан новый идентификатор", "revived": "Прежний идентификатор снова действует", "split": "Часть записей отделена",
    "merged": "Идентификатор объединён с другим", "redirected": "Объединённый прежде идентификатор ведёт теперь к другому",
    "emptied": "У идентификатора не осталось записей", "key_changed": "Изменился СНИЛС эталонной записи"}
"""Kinds of identity.change in Russian; the first three are of records, the rest of pupil ids."""


def tell(connection: Connection, version: int) -> None:
    """Write what happened to records and ids, from `moved`, `number`, `led` and, for keys, `new_pupil`; golden rows are not written yet."""
    for statement in (_RECORDS, _CREATED, _REVIVED, _SPLIT, _MERGED, _EMPTIED, _KEY_CHANGED):
        connection.exec_driver_sql(statement, {"version": version})


_RECORDS = """
    INSERT INTO identity.change (version, kind, record_id, from_pupil_id, to_pupil_id)
    SELECT %(version)s, CASE WHEN from_pupil_id IS NULL THEN 'linked' WHEN to_pupil_id IS NULL THEN 'unlinked' ELSE 'moved' END,
        record_id, from_pupil_id, to_pupil_id FROM moved WHERE from_pupil_id IS DISTINCT FROM to_pupil_id"""

_CREATED = """
    INSERT INTO identity.change (version, kind, to_pupil_id)
    SELECT %(version)s, 'created', number.pupil_id FROM number JOIN identity.pupil USING (pupil_id) WHERE pupil.created_version = %(version)s"""

_REVIVED = """
    INSERT INTO identity.change (version, kind, to_pupil_id)
    SELECT DISTINCT %(version)s, 'revived', moved.to_pupil_id FROM moved JOIN identity.pupil ON pupil.pupil_id = moved.to_pupil_id
    WHERE pupil.created_version < %(version)s AND moved.from_pupil_id IS DISTINCT FROM moved.to_pupil_id AND NOT EXISTS (
        SELECT FROM identity.link WHERE link.pupil_id = moved.to_pupil_id AND link.version_from < %(version)s AND link.version_to >= %(version)s)"""

_SPLIT = f"""
    INSERT INTO identity.change (version, kind, from_pupil_id, to_pupil_id)
    WITH part AS (
        SELECT DISTINCT from_pupil_id, to_pupil_id FROM moved WHERE from_pupil_id <> to_pupil_id
    ), divided AS (
        SELECT part.from_pupil_id, count(*) AS parts, EXISTS (
            SELECT FROM identity.link AS stays JOIN identity.link AS was ON was.record_id = stays.record_id AND was.pupil_id = stays.pupil_id
            WHERE stays.pupil_id = part.from_pupil_id AND stays.version_to = {OPEN} AND was.version_from < %(version)s AND was.version_to >= %(version)s
        ) AS stays FROM part GROUP BY part.from_pupil_id
    )
    SELECT %(version)s, 'split', part.from_pupil_id, part.to_pupil_id FROM part JOIN divided USING (from_pupil_id)
    WHERE divided.stays OR divided.parts > 1"""

_MERGED = """
    INSERT INTO identity.change (version, kind, from_pupil_id, to_pupil_id)
    SELECT %(version)s, CASE WHEN is_new THEN 'merged' ELSE 'redirected' END, pupil_id, redirect_to FROM led"""

_EMPTIED = f"""
    INSERT INTO identity.change (version, kind, from_pupil_id)
    SELECT DISTINCT %(version)s, 'emptied', moved.from_pupil_id FROM moved
    WHERE moved.from_pupil_id IS NOT NULL AND moved.from_pupil_id NOT IN (SELECT pupil_id FROM led)
        AND NOT EXISTS (SELECT FROM identity.link WHERE link.pupil_id = moved.from_pupil_id AND link.version_to = {OPEN})"""

_KEY_CHANGED = f"""
    INSERT INTO identity.change (version, kind, to_pupil_id)
    SELECT %(version)s, 'key_changed', new.pupil_id FROM new_pupil AS new
    JOIN core.pupil AS old ON old.pupil_id = new.pupil_id AND old.version_to = {OPEN} WHERE old.snils IS DISTINCT FROM new.snils"""
