"""What analysts read: published facts joined to pupils, without direct identifiers, and one view for each file of `marts/`."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from schemas.mart_fields import MART_FIELDS, MART_TITLES
from schemas.tables import FACTS
from schemas.warehouse import RELATIONS, VERSIONS, Relation
from warehouse import as_of, built, explained_views, forgetting
from warehouse.roles import readers

MARTS = Path(__file__).parent / "marts"
NOT_FOR_MARTS = ("source_key", "sequence", "record_hash", "position", "delivery_id", "asked_source", "asked_key", "journal_url", *VERSIONS)

FUNCTIONS = """
CREATE OR REPLACE FUNCTION core.visible_version() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN session_user IN ('loader', 'publisher', 'auditor', 'kontingent_owner') AND current_setting('kontingent.version', true) <> ''
                THEN current_setting('kontingent.version', true)::bigint
                ELSE (SELECT version FROM core.published_version) END
$$;
CREATE OR REPLACE FUNCTION core.report_date() RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    named text := nullif(current_setting('kontingent.report_date', true), '');
BEGIN
    IF named IS NULL THEN
        RETURN (SELECT max(as_of) FROM quality.version WHERE version <= core.visible_version());
    END IF;
    IF named !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
        RAISE EXCEPTION 'kontingent.report_date: нужна дата вида 2025-09-20' USING ERRCODE = '22007', HINT = 'RESET kontingent.report_date';
    END IF;
    RETURN named::date;
END $$;
CREATE OR REPLACE FUNCTION core.refresh_statistics(relation regclass) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE 'ANALYZE ' || relation::text;
END $$;
REVOKE ALL ON FUNCTION core.refresh_statistics(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.refresh_statistics(regclass) TO loader;
COMMENT ON FUNCTION core.refresh_statistics(regclass) IS 'Обновить статистику таблицы после большой загрузки (права владельца)';
COMMENT ON FUNCTION core.visible_version() IS 'Версия, которую видит сеанс: опубликованная или названная в kontingent.version';
COMMENT ON FUNCTION core.report_date() IS
    'Отчётная дата всех витрин: рабочая дата видимой версии или, намеренно, день из настройки сеанса: '
    'SET kontingent.report_date = ''2025-09-20'' показывает витрины на этот день по тем же опубликованным данным, '
    'RESET kontingent.report_date возвращает обычный; не дата – ошибка';
"""

HIDDEN = {"hidden_record": ("record_id", "seal"), "hidden_pupil": ("pupil_id", "sealed_pupil")}
"""Helper views that nobody is given: ids no mart shows. Who makes reports sees versions before the seal as they were; others never see what is sealed."""
_HIDDEN = """CREATE VIEW identity.{view} AS SELECT {column} FROM identity.{table}
    WHERE CASE WHEN session_user IN ('loader', 'kontingent_owner')
        THEN created_version < (SELECT core.visible_version()) AND coalesce(lifted_version >= (SELECT core.visible_version()), true)
        ELSE lifted_version IS NULL END"""


def create_views(connection: Connection) -> None:
    """Make every view and mart anew with its comments and grants; run as the owner. A mart's file is one SELECT.

    Raises ConfigurationError when a mart or a column of one is declared nowhere in `schemas/mart_fields.py`.
    """
    drop_views(connection)
    connection.exec_driver_sql(FUNCTIONS)
    for view, (column, table) in HIDDEN.items():
        connection.exec_driver_sql(_HIDDEN.format(view=view, column=column, table=table))
        connection.exec_driver_sql(f"COMMENT ON VIEW identity.{view} IS 'Что не показывает ни одна витрина (тайна усыновления)'")
        connection.exec_driver_sql(f"COMMENT ON COLUMN identity.{view}.{column} IS '{_literal(MART_FIELDS[column].title)}'")
    for name, query, title in base_views():
        _create(connection, name, query, title)
    _create_marts(connection)
    as_of.create(connection)
    explained_views.create(connection)
    forgetting.create(connection)


def _create_marts(connection: Connection) -> None:
    connection.exec_driver_sql(built.FUNCTIONS)
    queries, made_of = read_queries(), definition()
    for name in in_order(queries):
        if name not in MART_TITLES:
            raise ConfigurationError("mart.undeclared", f"{name} has no title in schemas/mart_fields.py")
        query = built.create(connection, name, queries[name], made_of) if built.is_marked(queries[name]) else queries[name]
        _create(connection, name, query, MART_TITLES[name])
    built.keep_only(connection, marked(), made_of)
    for name in marked():
        _comment_table(connection, name)


def read_queries() -> dict[str, str]:
    """Mart → its SELECT, as its file has it."""
    return {file.stem: file.read_text("utf-8").strip().rstrip(";") for file in sorted(MARTS.glob("*.sql"))}


def marked() -> list[str]:
    """Marts that are built once a version, each after those it reads."""
    queries = read_queries()
    return [name for name in in_order(queries) if built.is_marked(queries[name])]


def definition() -> str:
    """The fingerprint of all marts as the files of this program make them."""
    return built.definition(read_queries(), repr((base_views(), FUNCTIONS, HIDDEN, _HIDDEN)))


def in_order(queries: dict[str, str]) -> list[str]:
    """Names of marts, each after the marts it reads; CycleError if they read one another."""
    return list(TopologicalSorter({name: sorted(set(re.findall(r"\bmarts\.(\w+)", query)) & (queries.keys() - {name}))
                                   for name, query in queries.items()}).static_order())


def drop_views(connection: Connection) -> None:
    """Remove all views, so that tables below them may change."""
    explained_views.drop(connection)
    as_of.drop(connection)
    names = connection.execute(text("SELECT viewname FROM pg_views WHERE schemaname = 'marts'")).scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS marts."{name}" CASCADE')
    for view in HIDDEN:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS identity.{view}")


def base_views() -> list[tuple[str, str, str]]:
    """(name, SELECT, Russian title) of the views every mart builds on."""
    pupil, organisation, past = RELATIONS["core.pupil"], RELATIONS["core.organisation"], RELATIONS["core.past_contingent"]
    return [
        ("pupil", _current(pupil, _columns(pupil)), pupil.title + " без прямых идентификаторов"),
        ("pupil_identified", _current(pupil, [c for c in pupil.columns if c not in VERSIONS]), pupil.title + " с прямыми идентификаторами"),
        ("pupil_cell", _current(RELATIONS["core.pupil_cell"], _columns(RELATIONS["core.pupil_cell"])), RELATIONS["core.pupil_cell"].title),
        ("organisation", _current(organisation, _columns(organisation)), organisation.title),
        ("past_contingent", _current(past, _columns(past)), past.title),
        ("municipality", "SELECT oktmo, name, kind, tile_row, tile_column FROM core.municipality", RELATIONS["core.municipality"].title),
        ("subject", "SELECT code, name FROM core.subject", RELATIONS["core.subject"].title),
        *((name, _fact(RELATIONS[f"core.{name}"]), RELATIONS[f"core.{name}"].title) for name in FACTS),
    ]


def _columns(relation: Relation) -> list[str]:
    return [column for column in relation.columns if column not in NOT_FOR_MARTS and relation.field(column).sensitivity != "direct"]


def _current(relation: Relation, columns: list[str]) -> str:
    hidden = f"\n    AND NOT EXISTS (SELECT FROM identity.hidden_pupil AS hidden WHERE hidden.pupil_id = {relation.name}.pupil_id)"
    shown = hidden if "pupil_id" in relation.columns else ""
    return (f"SELECT {', '.join(columns)} FROM {relation.full_name}\n"  # noqa: S608
            f"WHERE version_from <= (SELECT core.visible_version()) AND version_to > (SELECT core.visible_version()){shown}")


def _fact(relation: Relation) -> str:
    columns = ", ".join(f"fact.{column}" for column in _columns(relation))
    return (f"SELECT link.pupil_id, {columns} FROM {relation.full_name} AS fact\n"  # noqa: S608
            "LEFT JOIN identity.link AS link ON link.record_id = fact.record_id\n"
            "    AND link.version_from <= (SELECT core.visible_version()) AND link.version_to > (SELECT core.visible_version())\n"
            "WHERE fact.version_from <= (SELECT core.visible_version()) AND fact.version_to > (SELECT core.visible_version())\n"
            "    AND NOT EXISTS (SELECT FROM identity.hidden_record AS hidden WHERE hidden.record_id = fact.record_id)")


def _create(connection: Connection, name: str, query: str, title: str) -> None:
    escaped = query.replace("%", "%%")
    connection.exec_driver_sql(f'CREATE VIEW marts."{name}" WITH (security_barrier) AS {escaped}')
    connection.exec_driver_sql(f"COMMENT ON VIEW marts.\"{name}\" IS '{_literal(title)}'")
    columns = _names(connection, "marts", name)
    _comment_columns(connection, name, columns)
    connection.exec_driver_sql(f'GRANT SELECT ON marts."{name}" TO {", ".join(readers(columns))}')


def _comment_columns(connection: Connection, name: str, columns: list[str]) -> None:
    for column in columns:
        if column not in MART_FIELDS:
            raise ConfigurationError("mart.undeclared", f"{name}.{column} is not declared in schemas/mart_fields.py")
        connection.exec_driver_sql(f"COMMENT ON COLUMN marts.\"{name}\".\"{column}\" IS '{_literal(MART_FIELDS[column].title)}'")


def _comment_table(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"COMMENT ON TABLE built.\"{name}\" IS '{_literal(MART_TITLES[name])}: построенные строки'")
    connection.exec_driver_sql(f"COMMENT ON COLUMN built.\"{name}\".built_version IS '{_literal(MART_FIELDS['built_version'].title)}'")
    for column in _names(connection, "marts", name):
        connection.exec_driver_sql(f"COMMENT ON COLUMN built.\"{name}\".\"{column}\" IS '{_literal(MART_FIELDS[column].title)}'")


def _names(connection: Connection, schema: str, table: str) -> list[str]:
    return list(connection.execute(text("SELECT column_name FROM information_schema.columns WHERE table_schema = :schema AND table_name = :table"),
                                   {"schema": schema, "table": table}).scalars())


def _literal(title: str) -> str:
    return title.replace("'", "''").replace("%", "%%")
