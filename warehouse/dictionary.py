"""The data dictionary: every column of the database with what it says, why and on what ground it is held, whence, how long, under which rules, who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from schemas.fields import Field
from schemas.mart_fields import MART_FIELDS
from schemas.retention import period_of
from schemas.warehouse import RELATIONS, SCHEMAS
from warehouse.dictionary_words import KINDS, ROLES, form, rules, senders

_COLUMNS = """
    SELECT
        format('%s.%s', space.nspname, relation.relname) AS full_name, relation.relkind = 'v' AS is_view,
        coalesce(obj_description(relation.oid, 'pg_class'), '') AS title, att.attname AS column_name,
        ARRAY(
            SELECT role FROM unnest(CAST(:roles AS text [])) WITH ORDINALITY AS asked (role, place)
            WHERE has_schema_privilege(role, space.oid, 'USAGE') AND has_column_privilege(role, relation.oid, att.attnum, 'SELECT')
            ORDER BY place
        ) AS readers
    FROM pg_attribute AS att
    INNER JOIN pg_class AS relation ON att.attrelid = relation.oid
    INNER JOIN pg_namespace AS space ON relation.relnamespace = space.oid
    WHERE space.nspname = ANY(:schemas) AND relation.relkind IN ('r', 'p', 'v') AND NOT relation.relispartition
        AND NOT (space.nspname = 'staging' AND relation.relkind = 'v')
        AND att.attnum > 0 AND NOT att.attisdropped
    ORDER BY array_position(CAST(:schemas AS text []), CAST(space.nspname AS text)), relation.relname, att.attnum
"""
NEEDED = ("meaning", "form", "sensitivity", "purpose", "ground", "sources", "retention", "rules")
"""What every column must tell; without it nothing is built."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One column of one table or view, in Russian but for its names."""

    table: str
    table_title: str
    is_view: bool
    column: str
    meaning: str
    form: str
    sensitivity: str
    purpose: str
    ground: str
    sources: str
    retention: str
    rules: str
    readers: str


def entries(connection: Connection) -> list[Entry]:
    """Every column that stands in the database, in the order of schemas, tables and columns.

    Raises ConfigurationError `dictionary.undeclared`, `.missing` or `.incomplete`, naming the column: there is no dictionary with gaps.
    """
    found = connection.execute(text(_COLUMNS), {"roles": list(ROLES), "schemas": list(SCHEMAS)}).mappings().all()
    if missing := {f"{name}.{column}" for name, relation in RELATIONS.items() for column in relation.columns} - {
            f"{row['full_name']}.{row['column_name']}" for row in found}:
        raise ConfigurationError("dictionary.missing", f"declared and not in the database: {', '.join(sorted(missing))}; run `kontingent up`")
    return [complete(_entry(dict(row))) for row in found]


def complete(entry: Entry) -> Entry:
    """The entry itself; ConfigurationError naming the column and what it does not tell."""
    if gaps := [name for name in NEEDED if not str(getattr(entry, name)).strip()]:
        raise ConfigurationError("dictionary.incomplete", f"{entry.table}.{entry.column} has no {', '.join(gaps)}")
    return entry


def _entry(row: dict[str, Any]) -> Entry:
    table, column = str(row["full_name"]), str(row["column_name"])
    field = _declared(table, column, is_view=bool(row["is_view"]))
    return Entry(
        table=table, table_title=str(row["title"]), is_view=bool(row["is_view"]), column=column, meaning=field.title, form=form(field),
        sensitivity=KINDS[field.sensitivity], purpose=field.purpose, ground=field.ground, sources=senders(table, column, field),
        retention=_retention(table), rules=rules(table, column),
        readers=", ".join(ROLES[role] for role in row["readers"]) or "никто: только владелец базы")


def _declared(table: str, column: str, *, is_view: bool) -> Field:
    relation = RELATIONS.get(table)
    of_mart = is_view or (relation is None and table.startswith("built."))
    known = column in MART_FIELDS if of_mart else relation is not None and column in relation.columns
    if not known:
        raise ConfigurationError("dictionary.undeclared", f"{table}.{column} stands in the database and is not declared in schemas")
    return MART_FIELDS[column] if relation is None else relation.field(column)


def _retention(table: str) -> str:
    period = period_of(table)
    return f"«{period.title}»: {period.words}"
