"""What an explanation reads: views of `identity` that show a pupil only to a role that has put its look on record, and where an id leads.

Who is no officer sees no row that names a sealed record or pupil, of any version.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from schemas.errors import ConfigurationError
from schemas.mart_fields import MART_FIELDS
from schemas.tables import STAGING

QUERIES = Path(__file__).parent / "explained"
TITLES = {
    "look": "Дети, обращение к которым эта роль только что записала", "link": "Связи записей показываемого ребёнка", "record": "Записи показываемого ребёнка",
    "person": "Записи показываемого ребёнка целиком, как они сейчас",
    "pupil": "Эталонная запись показываемого ребёнка", "cell": "Происхождение полей показываемого ребёнка",
    "dissent": "Записи, которые говорят иное, чем эталонная запись показываемого ребёнка",
    "redirect": "Идентификаторы, которые ведут или вели к показываемому ребёнку", "decision": "Решения людей о записях показываемого ребёнка",
    "review": "Спорные случаи показываемого ребёнка", "change": "История показываемого ребёнка по версиям",
    "consent": "Согласия о показываемом ребёнке", "access": "Обращения к записи показываемого ребёнка, без имён сотрудников"}
"""Each file of `explained/` in the order of making: later ones read earlier ones."""
VEILED = {"record_id": ("record_id", "identity.hidden_record"), "pupil_id": ("pupil_id", "identity.hidden_pupil"),
          "redirect_to": ("pupil_id", "identity.hidden_pupil")}
"""How the name of a column that names a record or a pupil ends → where those that are sealed stand."""

RESOLVE = """
CREATE OR REPLACE FUNCTION identity.resolve_at(given bigint, at_version bigint, OUT pupil_id bigint, OUT state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH RECURSIVE step AS (
        SELECT CAST(NULL AS bigint) AS id, 'merged' AS kind, given AS next, 0 AS place
        UNION ALL
        SELECT step.next, fate.kind, fate.next, step.place + 1 FROM step LEFT JOIN LATERAL (
            SELECT change.kind, change.to_pupil_id AS next FROM identity.change WHERE change.version <= at_version AND (
                change.to_pupil_id = step.next AND change.kind IN ('created', 'revived')
                OR change.from_pupil_id = step.next AND change.kind IN ('merged', 'redirected', 'emptied'))
            ORDER BY change.version DESC, change.change_id DESC LIMIT 1) AS fate ON true
        WHERE step.kind IN ('merged', 'redirected')
    )
    SELECT CASE WHEN is_known THEN id END, CASE WHEN NOT is_known THEN 'unknown' WHEN kind = 'emptied' THEN 'empty' ELSE 'living' END
    FROM (SELECT id, place, kind, kind IS NOT NULL AND (session_user IN ('loader', 'officer', 'kontingent_owner') OR NOT EXISTS (
              SELECT FROM step AS passed JOIN identity.sealed_pupil AS sealed ON sealed.pupil_id = passed.id AND sealed.lifted_version IS NULL)) AS is_known
          FROM step) AS found
    ORDER BY place DESC LIMIT 1
$$;
CREATE OR REPLACE FUNCTION identity.resolve(given bigint, OUT pupil_id bigint, OUT state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT * FROM identity.resolve_at(given, core.visible_version()) $$;
REVOKE ALL ON FUNCTION identity.resolve_at(bigint, bigint), identity.resolve(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.resolve_at(bigint, bigint) TO loader, steward, officer, auditor;
GRANT EXECUTE ON FUNCTION identity.resolve(bigint) TO loader, publisher, analyst, auditor, steward, officer;
COMMENT ON FUNCTION identity.resolve_at(bigint, bigint) IS
    'Куда ведёт идентификатор ребёнка в названной версии: pupil_id и state – living (действует), empty (без записей), unknown (неизвестен или закрыт)';
COMMENT ON FUNCTION identity.resolve(bigint) IS
    'Куда ведёт идентификатор ребёнка, данный когда-либо, в видимой версии: pupil_id и state – living, empty, unknown (неизвестен или закрыт)';
"""


def create(connection: Connection) -> None:
    """Make functions and views anew, with comments and grants; run as the owner. Raises ConfigurationError on an undeclared column."""
    connection.exec_driver_sql(RESOLVE)
    for name, title in TITLES.items():
        query = _veiled(connection, (QUERIES / f"{name}.sql").read_text("utf-8").strip().replace("{content}", _CONTENT))
        connection.exec_driver_sql(f"CREATE VIEW identity.explained_{name} WITH (security_barrier) AS {query}")
        connection.exec_driver_sql(f"COMMENT ON VIEW identity.explained_{name} IS '{title}'")
        columns = list(connection.exec_driver_sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'identity' AND table_name = %(name)s",
                                                  {"name": f"explained_{name}"}).scalars())
        _comment(connection, name, columns)
        connection.exec_driver_sql(f"GRANT SELECT ON identity.explained_{name} TO steward, officer")
        connection.exec_driver_sql(f"GRANT SELECT ({', '.join(filter(_is_key, columns))}) ON identity.explained_{name} TO auditor")


def drop(connection: Connection) -> None:
    """Remove the views, so that tables below them may change."""
    for name in reversed(TITLES):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS identity.explained_{name} CASCADE")


_CONTENT = ", ".join(f'person."{column}"' for column in STAGING["person"].content)


def _veiled(connection: Connection, query: str) -> str:
    """The query without rows that name what is sealed, unless the officer asks."""
    columns = connection.exec_driver_sql(f"SELECT * FROM ({query}) AS shown LIMIT 0").keys()  # noqa: S608
    hidden = [f"NOT EXISTS (SELECT FROM {table} AS hidden WHERE hidden.{key} = shown.{column})" for column in columns
              for suffix, (key, table) in VEILED.items() if column.endswith(suffix)]
    return f"SELECT * FROM ({query}) AS shown WHERE session_user = 'officer' OR ({' AND '.join(hidden)})"  # noqa: S608


def _comment(connection: Connection, name: str, columns: list[str]) -> None:
    for column in columns:
        if column not in MART_FIELDS:
            raise ConfigurationError("mart.undeclared", f"identity.explained_{name}.{column} is not declared in schemas/mart_fields.py")
        connection.exec_driver_sql(f"COMMENT ON COLUMN identity.explained_{name}.{column} IS '{MART_FIELDS[column].title}'")


def _is_key(column: str) -> bool:
    """What tells nothing of the child itself: keys, codes and counters."""
    return MART_FIELDS[column].sensitivity == "technical"
