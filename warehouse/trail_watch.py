"""What the trail last said of rules and roles, what is so now, and a line for each that changed; the trail itself is the memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from schemas.warehouse import SCHEMAS
from warehouse import trail
from warehouse.engine import engine, without_values
from warehouse.roles import LOGINS

PURPOSE, GROUND = "учёт изменений правил и доступа", "замечено при запуске"
NONE = "–"
SUBJECT = re.compile(r"(.+) (\S+) → (\S+)")
SHOWN = 12
"""Hexadecimal digits of a SHA-256 in a line."""
_GRANTS = """
    SELECT grantee, encode(sha256(convert_to(string_agg(said, E'\\n' ORDER BY said COLLATE "C"), 'UTF8')), 'hex') FROM (
        SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS grantee, concat_ws(' ', place, privilege_type, is_grantable) AS said FROM (
            SELECT format('%I.%I', nspname, relname) AS place, acl.* FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(relacl) AS acl
                WHERE nspname = ANY(:schemas)
            UNION ALL SELECT format('%I.%I.%I', nspname, relname, attname), acl.* FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(attacl) AS acl WHERE nspname = ANY(:schemas)
            UNION ALL SELECT format('%I.%I', nspname, proname), acl.* FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace, aclexplode(proacl) AS acl
                WHERE nspname = ANY(:schemas)
            UNION ALL SELECT nspname, acl.* FROM pg_namespace, aclexplode(nspacl) AS acl WHERE nspname = ANY(:schemas)) AS granted
        UNION ALL SELECT rolname, concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, rolcanlogin) FROM pg_roles
        UNION ALL SELECT pg_get_userbyid(member), 'member of ' || pg_get_userbyid(roleid) FROM pg_auth_members) AS all_said
    WHERE grantee = ANY(:roles) GROUP BY grantee
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is not what the trail last said of it; both hashes shortened, NONE where it was or is not."""

    name: str
    before: str
    after: str

    @property
    def subject(self) -> str:
        return f"{self.name} {self.before} → {self.after}"


def grants() -> dict[str, str]:
    """`grants of <role>` → SHA-256 of all a role may do in our schemas, what it is a member of and can; as the database has it, not as it was declared."""
    with without_values(), engine().connect() as connection:
        found = connection.execute(text(_GRANTS), {"schemas": [*SCHEMAS, "veil", "public"], "roles": ["PUBLIC", *LOGINS]}).tuples()
        return {f"grants of {role}": str(digest) for role, digest in found}


def note_changes(action: str, now: Mapping[str, str], by: str) -> list[Change]:
    """Write a line of `action` for each of `now` (name → SHA-256) that is new, other than the trail last said, or gone; returns them. Two at once write once."""
    with without_values(), engine().begin() as connection:
        if not _compare(connection, action, now):
            return []
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('kontingent.audit'))"))
        changes = _compare(connection, action, now)
        for change in changes:
            trail.note(connection, action=action, by=by, purpose=PURPOSE, ground=GROUND, subject=change.subject)
    return changes


def _compare(connection: Connection, action: str, now: Mapping[str, str]) -> list[Change]:
    known = _last_said(connection, action)
    short = {name: digest[:SHOWN] for name, digest in now.items()}
    return [Change(name=name, before=known.get(name, NONE), after=short.get(name, NONE))
            for name in sorted({*short, *known}) if known.get(name, NONE) != short.get(name, NONE)]


def _last_said(connection: Connection, action: str) -> dict[str, str]:
    said = connection.execute(text("SELECT subject_named FROM audit.access WHERE action = :action ORDER BY access_id"), {"action": action}).scalars()
    return {found[1]: found[3] for one in said if (found := SUBJECT.fullmatch(one or ""))}
