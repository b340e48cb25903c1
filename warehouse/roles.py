"""Who may see and do what in the warehouse: roles, their passwords, and grants derived from each column's sensitivity."""

from __future__ import annotations

import json
import secrets as random
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from schemas.errors import ConfigurationError
from schemas.warehouse import RELATIONS, SCHEMAS, Relation
from schemas.warehouse_fields import WAREHOUSE_FIELDS

OWNER = "kontingent_owner"
LOGINS = ("loader", "publisher", "analyst", "auditor", "steward", "officer")
MARK = "Контингент"
"""Comment on a role that this project made; a stranger's role of the same name is left alone."""

_LIMITS = {"analyst": ("30min", "64MB"), "auditor": ("30min", "64MB"), "steward": ("5min", "32MB"), "officer": ("5min", "32MB")}
_LOADER_WRITES = ("quality", "identity", "core")
_NAMED = ("steward", "officer")
"""Roles that see direct identifiers."""


def create_roles(connection: Connection, kept: dict[str, str]) -> dict[str, str]:
    """Make what is missing of the owner and the login roles; returns role → password, `kept` ones unchanged.

    Raises ConfigurationError when a role of that name belongs to somebody else, or the user may not create roles.
    """
    known: dict[str, str | None] = dict(connection.execute(text("SELECT rolname, shobj_description(oid, 'pg_authid') FROM pg_roles")).tuples().all())
    passwords = {}
    for role in (OWNER, *LOGINS):
        if role in known and known[role] != MARK:
            raise ConfigurationError("warehouse.role_taken", f"the server has a role {role} that is not ours: use a server of its own")
        passwords[role] = kept.get(role) or random.token_urlsafe(24)
        verb = "ALTER" if role in known else "CREATE"
        try:
            connection.exec_driver_sql(f"{verb} ROLE {role} LOGIN PASSWORD '{passwords[role]}' NOCREATEROLE NOCREATEDB INHERIT")
            connection.exec_driver_sql(f"COMMENT ON ROLE {role} IS '{MARK}'")
        except ProgrammingError:
            raise ConfigurationError("warehouse.rights", f"this user may not create role {role}: ALTER ROLE … CREATEROLE CREATEDB is needed") from None
    for role, (patience, memory) in _LIMITS.items():
        connection.exec_driver_sql(f"ALTER ROLE {role} SET statement_timeout = '{patience}'; ALTER ROLE {role} SET work_mem = '{memory}'")
    return passwords


def grant_database(connection: Connection, database: str) -> None:
    """Who may enter the database; not copied from a template, so given to each database by itself."""
    connection.exec_driver_sql(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    connection.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{database}" TO {", ".join(LOGINS)}')
    connection.exec_driver_sql(f'GRANT TEMPORARY ON DATABASE "{database}" TO loader')


def grant_tables(connection: Connection) -> None:
    """Give each role exactly what it needs of the schemas and tables; run as the owner, any number of times."""
    statements = [f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {', '.join(LOGINS)}" for schema in SCHEMAS]
    statements += [f"GRANT USAGE ON SCHEMA {schema} TO loader, auditor" for schema in SCHEMAS]
    statements += ["GRANT USAGE ON SCHEMA core, marts TO publisher, analyst, steward, officer",
                   "GRANT USAGE ON SCHEMA quality TO publisher, steward", "GRANT USAGE ON SCHEMA identity TO steward",
                   "GRANT USAGE ON SCHEMA audit TO steward, officer",
                   "REVOKE ALL ON SCHEMA public FROM PUBLIC"]
    for schema in _LOADER_WRITES:
        statements.append(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO loader")
    statements += [
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA identity TO loader",
        "GRANT DELETE ON identity.link_key TO loader",
        "REVOKE INSERT, UPDATE ON core.municipality, core.subject, core.period, core.programme FROM loader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA codes TO loader",
        "REVOKE INSERT, UPDATE ON core.published_version FROM loader",
        "REVOKE UPDATE ON quality.refused_record, quality.validation_result, identity.decision FROM loader",
        "GRANT UPDATE (version, as_of, published_at, published_by) ON core.published_version TO publisher",
        "GRANT SELECT ON core.published_version, quality.version, quality.validation_result TO publisher",
        "GRANT SELECT ON ALL TABLES IN SCHEMA quality, audit, codes TO auditor",
        "GRANT SELECT ON quality.version TO steward",
        "GRANT SELECT ON ALL TABLES IN SCHEMA identity TO steward",
        "GRANT SELECT ON core.pupil, core.pupil_cell, core.enrolment TO steward",
        "GRANT INSERT ON identity.decision TO steward",
        "GRANT INSERT ON audit.access TO loader, steward, officer",
    ]
    statements += [_masked(relation) for relation in RELATIONS.values() if relation.schema in ("identity", "core")]
    for statement in statements:
        connection.exec_driver_sql(statement)


def readers(columns: list[str]) -> tuple[str, ...]:
    """Roles that may read a view of these columns: a direct identifier closes it to analysts and auditors."""
    return ("loader", *_NAMED) if any(_is_direct(column) for column in columns) else ("loader", "analyst", "auditor", *_NAMED, "publisher")


def save(passwords: dict[str, str], urls: dict[str, str], folder: Path) -> None:
    """Keep passwords and URLs in `folder`, for this account only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in (("warehouse-passwords.json", passwords), ("warehouse.json", urls)):
        draft = folder / f".{name}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content, indent=1), "utf-8")
        draft.replace(folder / name)


def saved_passwords(folder: Path) -> dict[str, str]:
    """Role → password as kept in `folder`; empty when nothing was."""
    kept = folder / "warehouse-passwords.json"
    return dict(json.loads(kept.read_text("utf-8"))) if kept.exists() else {}


def _masked(relation: Relation) -> str:
    columns = ", ".join(f'"{column}"' for column in relation.columns if relation.field(column).sensitivity != "direct")
    return f"GRANT SELECT ({columns}) ON {relation.full_name} TO auditor"


def _is_direct(column: str) -> bool:
    return column in WAREHOUSE_FIELDS and WAREHOUSE_FIELDS[column].sensitivity == "direct"
