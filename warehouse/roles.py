"""Who may see and do what in the warehouse: roles, their passwords, and grants derived from each column's sensitivity."""

from __future__ import annotations

import json
import secrets as random
from pathlib import Path

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from schemas.errors import ConfigurationError
from schemas.mart_fields import MART_FIELDS
from schemas.warehouse import LEDGER_COUNTS, RELATIONS, SCHEMAS, TARGETS, Relation

OWNER = "kontingent_owner"
LOGINS = ("loader", "publisher", "analyst", "auditor", "steward", "officer")
MARK = "Контингент"
"""Comment on a role that this project made; a stranger's role of the same name is left alone."""

_LIMITS = {"analyst": ("30min", "64MB"), "auditor": ("30min", "64MB"), "steward": ("5min", "32MB"), "officer": ("5min", "32MB")}
_LOADER_WRITES = ("quality", "identity", "core")
_MOVES = {relation.full_name: ("version_to", "sequence") for relation in TARGETS.values()} | {
    "identity.link": ("version_to",), "identity.review": ("version_to",), "identity.pupil": ("redirect_to", "redirect_version"),
    "core.pupil": ("version_to",), "core.pupil_cell": ("version_to",), "quality.version": ("base_version",),
    "quality.delivery": ("state", "held_code", "held_message", "version", "attempts", *LEDGER_COUNTS),
    "quality.question": ("content_hash", "asked_version", "asked_as_of"),
    "identity.source_record": ("source_key",), "identity.seal": ("successor_record_id", "lifted_version", "lifted_by"),
    "identity.sealed_pupil": ("lifted_version",), "quality.refused_record": ("source_key", "replayed_by"),
    "quality.left_out_value": ("source_key",), "quality.linkage_measure": ("value", "low", "high")}
"""What the loader may change in a row that stands; all else is written once."""
_LOOKING = ("steward", "officer")
"""Roles that see direct identifiers, and only through `identity.explained_*`, which open after a look."""
_PEOPLE = ("analyst", "auditor", "officer", "steward")
_NOT_BLINDING = ("opinion_id", "record_id", "other_record_id", "decided_by", "decided_at", "batch", "is_blind")
"""Of other people's opinions a steward sees that they are there: what they say would blind nobody."""
_SAID = ("person_in_charge", "purpose", "ground", "action", "pupil_id", "subject_named")
"""What is said in a line of the trail; number, moment, role and seal are the trigger's."""
SECRET = ("identity.seal", "identity.sealed_pupil")
"""What only the officer may read (СК РФ, ст. 139), and the loader must."""
_TABLES = (
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA identity TO loader",
    "GRANT DELETE ON identity.link_key TO loader",
    "REVOKE INSERT ON core.municipality, core.subject, core.period, core.programme FROM loader",
    "GRANT SELECT ON ALL TABLES IN SCHEMA codes TO loader",
    "REVOKE INSERT ON core.published_version, core.consent, core.consent_withdrawal FROM loader",
    "GRANT INSERT ON core.consent, core.consent_withdrawal TO officer",
    "GRANT SELECT (consent_id) ON core.consent, core.consent_withdrawal TO officer",
    "GRANT UPDATE (version, as_of, published_at, published_by) ON core.published_version TO publisher",
    "GRANT SELECT ON core.published_version, quality.version, quality.validation_result, quality.publication TO publisher",
    "GRANT INSERT (version, published_by) ON quality.publication TO publisher",
    "REVOKE INSERT ON quality.publication FROM loader",
    "GRANT SELECT ON ALL TABLES IN SCHEMA quality, audit, codes TO auditor",
    "GRANT SELECT ON quality.version TO steward",
    f"GRANT SELECT ({', '.join(_NOT_BLINDING)}) ON identity.opinion TO steward",
    "GRANT INSERT ON identity.decision, identity.opinion TO steward",
    "GRANT SELECT (record_id, source) ON identity.source_record TO officer",
    "GRANT SELECT ON identity.seal TO officer",
    "GRANT DELETE ON quality.swapped_key TO loader",
    "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA staging TO loader",
    "GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA built TO loader",
    f"GRANT INSERT ({', '.join(_SAID)}) ON audit.access TO loader, publisher, steward, officer, auditor",
    "GRANT SELECT (access_id, action, subject_named) ON audit.access TO loader",
    f"REVOKE UPDATE, DELETE, TRUNCATE ON audit.chain, audit.access, audit.receipt FROM {OWNER}",
)
"""Rights on tables that no declaration tells."""
_WORKSHOPS = ("staging", "built")
"""Schemas that are for the pipeline alone."""
_LARGE_OBJECTS = ("lo_creat", "lo_create", "lo_from_bytea", "lo_import")


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


def close_server(connection: Connection) -> None:
    """The databases that come with a server are for its superuser; by default everybody may enter them and fill the disk."""
    for database in ("postgres", "template1"):
        if connection.execute(text("SELECT has_database_privilege('public', :name, 'CONNECT')"), {"name": database}).scalar():
            connection.exec_driver_sql(f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC")


def close_large_objects(connection: Connection) -> None:
    """Large objects need no table, so no grant would stop a reader from writing them; run as the superuser in our database."""
    for function in connection.execute(text("SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
                                            r"AND proname = ANY(:names) AND has_function_privilege('public', oid, 'EXECUTE')".replace("::", r"\:\:")),
                                       {"names": list(_LARGE_OBJECTS)}).scalars().all():
        connection.exec_driver_sql(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def is_superuser(connection: Connection) -> bool:
    """Whether the user of this session is one."""
    return bool(connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar())


def grant_tables(connection: Connection) -> None:
    """Give each role exactly what it needs of the schemas and tables; run as the owner, any number of times."""
    statements = [f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {', '.join(LOGINS)}" for schema in SCHEMAS]
    statements += [f"GRANT USAGE ON SCHEMA {schema} TO loader{'' if schema in _WORKSHOPS else ', auditor'}" for schema in SCHEMAS]
    statements += ["GRANT USAGE ON SCHEMA core, marts TO publisher, analyst, steward, officer",
                   "GRANT USAGE ON SCHEMA quality TO publisher, steward", "GRANT USAGE ON SCHEMA identity TO steward, officer, analyst, publisher",
                   "GRANT USAGE ON SCHEMA audit TO publisher, steward, officer",
                   "REVOKE ALL ON SCHEMA public FROM PUBLIC"]
    for schema in _LOADER_WRITES:
        statements.append(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO loader")
    statements += [f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO loader" for table, columns in _MOVES.items()]
    statements += _TABLES
    statements += [_masked(relation, "auditor") for name, relation in RELATIONS.items() if relation.schema in ("identity", "core") and name not in SECRET]
    statements += [_masked(relation, "steward") for name, relation in RELATIONS.items()
                   if relation.schema == "identity" and name not in (*SECRET, "identity.opinion")]
    for statement in statements:
        connection.exec_driver_sql(statement)


def readers(columns: list[str]) -> tuple[str, ...]:
    """Roles that may read a view of these columns: a direct identifier closes it to all people."""
    return ("loader",) if any(_is_direct(column) for column in columns) else ("loader", "analyst", "auditor", *_LOOKING, "publisher")


def save(passwords: dict[str, str], urls: dict[str, str], folder: Path) -> None:
    """Keep passwords and URLs in `folder`, for this account only; of each role of people also `<role>.url`, as psql and others take it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    plain = {f"{role}.url": make_url(urls[role]).set(drivername="postgresql").render_as_string(hide_password=False) + "\n" for role in _PEOPLE}
    for name, content in ({name: json.dumps(held, indent=1) for name, held in (("warehouse-passwords.json", passwords), ("warehouse.json", urls))}
                          | plain).items():
        draft = folder / f".{name}"
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text(content, "utf-8")
        draft.replace(folder / name)


def saved_passwords(folder: Path) -> dict[str, str]:
    """Role → password as kept in `folder`; empty when nothing was."""
    kept = folder / "warehouse-passwords.json"
    return dict(json.loads(kept.read_text("utf-8"))) if kept.exists() else {}


def _masked(relation: Relation, role: str) -> str:
    columns = ", ".join(f'"{column}"' for column in relation.columns if relation.field(column).sensitivity != "direct")
    return f"GRANT SELECT ({columns}) ON {relation.full_name} TO {role}"


def _is_direct(column: str) -> bool:
    return column in MART_FIELDS and MART_FIELDS[column].sensitivity == "direct"
