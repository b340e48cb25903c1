"""Which version a report really shows: the first published one that has everything its inputs have.

Two versions between which no input of a report changed give the same report, so it is made once. Inputs are found in the database itself: the tables
below the views a definition names.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from schemas.tables import STAGING
from warehouse.reports.definition import Definition

_BELOW = """
    -- The tables below a set of views; identity comes with them wherever facts are joined to pupils.
    WITH RECURSIVE used AS (
        SELECT pg_class.oid, pg_class.relkind FROM pg_class
        INNER JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
        WHERE pg_namespace.nspname = 'marts' AND pg_class.relname = ANY(:marts)
        UNION
        SELECT below.oid, below.relkind
        FROM used
        INNER JOIN pg_rewrite ON pg_rewrite.ev_class = used.oid
        INNER JOIN pg_depend ON pg_depend.objid = pg_rewrite.oid AND pg_depend.classid = 'pg_rewrite'::regclass AND pg_depend.refclassid = 'pg_class'::regclass
        INNER JOIN pg_class AS below ON below.oid = pg_depend.refobjid
        WHERE used.relkind IN ('v', 'm')
    )

    SELECT DISTINCT pg_namespace.nspname, pg_class.relname
    FROM used
    INNER JOIN pg_class ON pg_class.oid = used.oid
    INNER JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
    WHERE used.relkind IN ('r', 'p')
"""
_LAST = """
    SELECT greatest(
        (SELECT max(delivery.version) FROM quality.delivery INNER JOIN quality.delivery_entity ON delivery_entity.delivery_id = delivery.delivery_id
         WHERE delivery.version <= :version AND delivery_entity.entity = ANY(:entities)
             AND (delivery_entity.created > 0 OR delivery_entity.updated > 0 OR delivery_entity.withdrawn > 0)),
        (SELECT max(version.version) FROM quality.version WHERE version.version <= :version AND version.kind <> 'load' AND :linked),
        (SELECT max(moved.version) FROM (
            SELECT created_version + 1 AS version FROM identity.seal UNION ALL SELECT lifted_version + 1 FROM identity.seal
            UNION ALL SELECT created_version + 1 FROM identity.sealed_pupil UNION ALL SELECT lifted_version + 1 FROM identity.sealed_pupil) AS moved
         WHERE moved.version <= :version))
"""
_PUBLISHED = "SELECT min(version) FROM quality.publication WHERE version >= :changed AND version <= :version"
_LEDGER = {"quality", "audit", "staging"}
"""Schemas whose rows change without a version: a report that reads them is made anew for every version. Code lists are files, and files are in the
fingerprint of the code."""
_OF_NOBODY = {"organisation", "municipality", "subject", "period", "programme", "past_contingent"}
"""Tables that tell of no person."""


def shown_version(connection: Connection, definition: Definition, version: int) -> int:
    """The first published version that shows the same inputs as `version`; `version` itself when there is none, or when the report reads the ledger."""
    tables = {(schema, name) for schema, name in connection.execute(text(_BELOW), {"marts": list(definition.marts)})}
    if not tables or any(schema in _LEDGER and name != "version" for schema, name in tables):
        return version
    entities = _entities(name for _, name in tables)
    is_linked = any(schema == "identity" or name.startswith("pupil") for schema, name in tables)
    changed = connection.execute(text(_LAST), {"version": version, "entities": entities, "linked": is_linked}).scalar_one()
    found = connection.execute(text(_PUBLISHED), {"changed": changed, "version": version}).scalar_one() if changed is not None else None
    return version if found is None else int(found)


def _entities(tables: Iterable[str]) -> list[str]:
    """Kinds of records whose loads change these tables: pupils and links follow from the records of persons."""
    names = set(tables)
    return sorted(names & STAGING.keys() | ({"person"} if names - _OF_NOBODY else set()))
