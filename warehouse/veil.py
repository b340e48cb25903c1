"""Row-level security of the secret of adoption: who may not know sees no row that names a sealed record or pupil, in any version."""

from __future__ import annotations

from sqlalchemy import Connection, text

from schemas.warehouse import RELATIONS, Relation
from warehouse.roles import SECRET

KNOWING = "loader, officer"
OTHERS = "auditor, steward"
"""Roles that read tables; analysts read marts only, and those leave out what is hidden (`views.HIDDEN`)."""
SCHEMA = "veil"
"""Policies find their functions by number; readers, who may not enter the schema, cannot name them and so cannot list what is sealed."""
IDS = {"record_id": "sealed_records", "pupil_id": "sealed_pupils", "redirect_to": "sealed_pupils"}
"""How the name of a column that names a record or a pupil ends → the function that lists those that are sealed."""

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS veil;
REVOKE ALL ON SCHEMA veil FROM PUBLIC;
DROP FUNCTION IF EXISTS identity.sealed_records(), identity.sealed_pupils();
CREATE OR REPLACE FUNCTION veil.sealed_records() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog AS $$
    SELECT record_id FROM identity.seal WHERE lifted_version IS NULL
$$;
CREATE OR REPLACE FUNCTION veil.sealed_pupils() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog AS $$
    SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL
$$;
REVOKE ALL ON FUNCTION veil.sealed_records(), veil.sealed_pupils() FROM PUBLIC;
"""
"""A policy runs with the rights of the reader, who may not read the seals themselves."""


def draw_veil(connection: Connection) -> None:
    """Make functions and policies anew, as declared; run as the owner after tables and grants."""
    lift_veil(connection)
    run = connection.exec_driver_sql
    run(FUNCTIONS)
    run(f"GRANT EXECUTE ON FUNCTION veil.sealed_records(), veil.sealed_pupils() TO {OTHERS}")
    for relation in RELATIONS.values():
        if hidden := _hidden(relation):
            run(f"ALTER TABLE {relation.full_name} ENABLE ROW LEVEL SECURITY")
            run(f"CREATE POLICY work ON {relation.full_name} TO {KNOWING} USING (true)")
            if relation.full_name not in SECRET:
                run(f"CREATE POLICY veil ON {relation.full_name} TO {OTHERS} USING ({' AND '.join(hidden)})")


def lift_veil(connection: Connection) -> None:
    """Take the policies off, so that a migration may change tables; the same transaction draws them again."""
    for table, policy in connection.execute(text("SELECT polrelid::regclass::text, polname FROM pg_policy".replace("::", r"\:\:"))).tuples().all():
        connection.exec_driver_sql(f"DROP POLICY {policy} ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _hidden(relation: Relation) -> list[str]:
    """One condition for each column that names a record or a pupil; hashed by the planner, so an empty seal costs nothing."""
    if relation.schema not in ("identity", "core"):
        return []
    return [f"({column} IS NULL OR {column} NOT IN (SELECT {SCHEMA}.{sealed}()))" for column in relation.columns
            for suffix, sealed in IDS.items() if column.endswith(suffix)]
