"""Heavy marts, computed once a version: a mart whose file says `-- built` reads its rows from a table of schema `built`, if they are there, and computes else.

What is built never outlives what it was made from: a marker row names version, date, the definition of all marts and the state of the seals, and
`core.is_built` asks for all four. Nobody but the loader reads the tables.
"""

# ruff: noqa: S608  every name below comes from files and declarations of ours

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection, text

from schemas.benefit_rules import FOLDER as RULES
from warehouse.codes import FOLDER
from warehouse.engine import engine, without_values

log = logging.getLogger(__name__)

KEPT = 3
"""Published versions whose marts stay built: the one shown and those it may be rolled back to."""
LOCK = 0x4255494C
"""One filling at a time."""
FORM = 1
"""Raised when built rows are stored in another way."""
MARK = re.compile(r"^-- built$", re.MULTILINE)
KEYS = ("pupil_id", "organisation_key", "oktmo")
"""Columns an analyst asks a built mart by, beside the version."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION core.seal_state() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT md5(concat(
        (SELECT string_agg(concat_ws(' ', record_id, created_version, lifted_version), ',' ORDER BY record_id, created_version) FROM identity.seal), ';',
        (SELECT string_agg(concat_ws(' ', pupil_id, created_version, lifted_version), ',' ORDER BY pupil_id, created_version) FROM identity.sealed_pupil)))
$$;
REVOKE ALL ON FUNCTION core.seal_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.seal_state() TO loader;
CREATE OR REPLACE FUNCTION core.is_built(of_mart text, of_definition text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM built.mart WHERE mart.mart = of_mart AND mart.version = (SELECT core.visible_version())
        AND mart.as_of = (SELECT core.report_date()) AND mart.definition = of_definition AND mart.seal_state = (SELECT core.seal_state()))
$$;
COMMENT ON FUNCTION core.seal_state() IS 'Отпечаток того, что закрыто тайной усыновления: построенное при другом состоянии не показывается';
COMMENT ON FUNCTION core.is_built(text, text) IS 'Построена ли витрина для видимой версии и отчётной даты; если нет, она считается при обращении';
"""
_VIEW = """SELECT {columns} FROM built."{name}" WHERE built_version = (SELECT core.visible_version()) AND core.is_built('{name}', '{definition}')
UNION ALL
SELECT {columns} FROM (
{query}
) AS computed WHERE NOT core.is_built('{name}', '{definition}')"""
_UNLIKE = """SELECT EXISTS (SELECT FROM {table} AS sealed WHERE (sealed.lifted_version IS NULL)
    IS DISTINCT FROM (sealed.created_version < :version AND coalesce(sealed.lifted_version >= :version, true)))"""
"""Whether the loader, who sees a version as it was, and the others, who see nothing sealed, would see it differently."""


def is_marked(query: str) -> bool:
    """Whether the file of a mart says that it is built."""
    return MARK.search(query) is not None


def definition(queries: dict[str, str], base: str) -> str:
    """The fingerprint of everything marts are made of: their files, the views below them, the code lists, the rules of benefits."""
    parts = [str(FORM), base, *(f"{name}\0{query}" for name, query in sorted(queries.items())),
             *(file.read_text("utf-8") for file in (*sorted(FOLDER.glob("*.csv")), *sorted(RULES.glob("*.yaml"))))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def create(connection: Connection, name: str, query: str, definition_: str) -> str:
    """Make the table of a mart unless it stands with the same columns; returns the SELECT of its view."""
    draft = f'built."{name}_draft"'
    connection.exec_driver_sql(f"CREATE TABLE {draft} AS SELECT CAST(NULL AS bigint) AS built_version, made.* FROM ({query.replace('%', '%%')}\n) AS made "
                               "WITH NO DATA")
    columns = _columns(connection, f"{name}_draft")
    if columns == _columns(connection, name):
        connection.exec_driver_sql(f"DROP TABLE {draft}")
    else:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS built."{name}"; ALTER TABLE {draft} RENAME TO "{name}"')
        connection.execute(text("DELETE FROM built.mart WHERE mart = :name"), {"name": name})
        for key in ("built_version", *(key for key in KEYS if key in dict(columns))):
            keys = key if key == "built_version" else f"{key}, built_version"
            connection.exec_driver_sql(f'CREATE INDEX ON built."{name}" ({keys})')
    connection.exec_driver_sql(f'GRANT SELECT, INSERT, DELETE ON built."{name}" TO loader')
    listed = ", ".join(f'"{column}"' for column, _ in columns if column != "built_version")
    return _VIEW.format(columns=listed, name=name, definition=definition_, query=query)


def keep_only(connection: Connection, marts: list[str], definition_: str) -> None:
    """Drop the tables of marts that are built no more, and what was built by another definition."""
    connection.execute(text("DELETE FROM built.mart WHERE definition <> :definition"), {"definition": definition_})
    for name in set(tables(connection)) - set(marts):
        connection.exec_driver_sql(f'DROP TABLE built."{name}"')


def tables(connection: Connection) -> list[str]:
    """Names of the built marts."""
    return [str(name) for name in connection.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('built') AND relkind = 'r' AND relname <> 'mart' ORDER BY relname").scalars()]


def forget(connection: Connection) -> None:
    """Delete everything built, in the transaction of what made it untrue; marts compute until the next publication."""
    connection.exec_driver_sql("DELETE FROM built.mart")
    for name in tables(connection):
        connection.exec_driver_sql(f'DELETE FROM built."{name}"')


def fill(version: int, as_of: date, order: list[str], definition_: str, say: Callable[[str, int, float], None] = lambda *_: None) -> int:
    """Build the marts `order` (each after those it reads) of one version on its date, all or none; returns the rows written.

    `say` hears name, rows and seconds of each. Builds nothing where a seal is not in the version yet: then the loader's look is not that of the others.
    """
    with without_values(), engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SELECT set_config('kontingent.version', :version, true), set_config('kontingent.report_date', :day, true)"),
                           {"version": str(version), "day": as_of.isoformat()})
        _forget_old(connection, version)
        if any(connection.execute(text(_UNLIKE.format(table=table)), {"version": version}).scalar() for table in ("identity.seal", "identity.sealed_pupil")):
            log.info("version %d: a seal is not in it yet, its marts are computed at each look", version)
            return 0
        state = connection.exec_driver_sql("SELECT core.seal_state()").scalar_one()
        written = sum(_fill(connection, name, {"version": version, "as_of": as_of, "definition": definition_, "state": state}, say) for name in order)
        if connection.exec_driver_sql("SELECT core.seal_state()").scalar_one() != state:
            log.info("version %d: a seal was set meanwhile, its marts are computed at each look", version)
            connection.rollback()
            return 0
    return written


def _fill(connection: Connection, name: str, marker: dict[str, object], say: Callable[[str, int, float], None]) -> int:
    began = time.perf_counter()
    listed = ", ".join(f'"{column}"' for column, _ in _columns(connection, name) if column != "built_version")
    rows = connection.execute(text(f'INSERT INTO built."{name}" (built_version, {listed}) SELECT CAST(:version AS bigint), {listed} FROM marts."{name}"'),
                              marker).rowcount
    connection.execute(text("INSERT INTO built.mart (mart, version, as_of, definition, seal_state, rows_written) "
                            "VALUES (:name, :version, :as_of, :definition, :state, :rows)"), marker | {"name": name, "rows": rows})
    connection.execute(text("SELECT core.refresh_statistics(CAST(:table AS regclass))"), {"table": f'built."{name}"'})
    say(name, rows, time.perf_counter() - began)
    return rows


def _forget_old(connection: Connection, version: int) -> None:
    """Delete the version itself, to be built anew, and those that are neither among the last published ones nor built as marts are now."""
    connection.execute(text(
        "DELETE FROM built.mart WHERE version = :version OR seal_state <> core.seal_state() OR version NOT IN ("
        "SELECT version FROM quality.publication WHERE version <> :version GROUP BY version ORDER BY max(published_at) DESC LIMIT :kept)"),
        {"version": version, "kept": KEPT - 1})
    for name in tables(connection):
        connection.execute(text(f'DELETE FROM built."{name}" WHERE built_version NOT IN (SELECT version FROM built.mart WHERE mart = :name)'), {"name": name})


def _columns(connection: Connection, table: str) -> list[tuple[str, str]]:
    found = connection.execute(text("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
                                    "WHERE relnamespace = to_regnamespace('built') AND relname = :table AND attnum > 0 AND NOT attisdropped ORDER BY attnum"),
                               {"table": table})
    return [(str(name), str(kind)) for name, kind in found]
