"""Makes SQLAlchemy tables of the declarations, so that DDL is never typed twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.types import TypeEngine

from schemas.fields import Type
from schemas.warehouse import OPEN, RELATIONS, Relation

TYPES: dict[Type, TypeEngine[Any]] = {
    "text": Text(), "integer": BigInteger(), "decimal": Numeric(), "boolean": Boolean(), "date": Date(),
    "timestamp": DateTime(timezone=True), "json": JSONB()}

DELIVERIES = ("delivery_id", "replay_of", "replayed_by")

ZERO = frozenset(("received", "loaded", "created", "updated", "unchanged", "superseded", "refused", "withdrawn", "attempts"))
"""Counters start at nothing."""


def build() -> MetaData:
    """All tables of the warehouse, with Russian comments, checks and indexes."""
    metadata = MetaData(naming_convention={"pk": "%(table_name)s_pkey", "ck": "%(table_name)s_%(constraint_name)s", "uq": "%(table_name)s_unique",
                                           "fk": "%(table_name)s_%(column_0_name)s_fkey"})
    for relation in RELATIONS.values():
        _table(relation, metadata)
    return metadata


def column_type(column: str, relation: Relation) -> TypeEngine[Any]:
    """The PostgreSQL type of one column; deliveries are UUIDs, for millions of rows name one."""
    return UUID(as_uuid=False) if column in DELIVERIES else TYPES[relation.field(column).type]


def _table(relation: Relation, metadata: MetaData) -> Table:
    table = Table(relation.name, metadata, *(_column(relation, name) for name in relation.columns),
                  *([PrimaryKeyConstraint(*relation.key)] if relation.key else []),
                  *([UniqueConstraint(*relation.unique)] if relation.unique else []),
                  *(ForeignKeyConstraint([column], [place]) for column, place in relation.references),
                  *(CheckConstraint(rule, name=name) for name, rule in relation.checks),
                  schema=relation.schema, comment=relation.title, prefixes=["UNLOGGED"] if relation.schema == "staging" else [])
    still = text(f"version_to = {OPEN}")
    if relation.current:
        Index(f"{relation.name}_current", *(table.c[name] for name in relation.current), unique=True, postgresql_where=still)
    for names in relation.indexes:
        Index("_".join((relation.name, *names)), *(table.c[name] for name in names))
    for names in relation.current_indexes:
        Index("_".join((relation.name, "current", *names)), *(table.c[name] for name in names),
              postgresql_where=text(f"version_to = {OPEN} AND {names[-1]} IS NOT NULL"))
    return table


def _column(relation: Relation, name: str) -> Column[object]:
    declared = relation.field(name)
    default = func.now() if name == relation.stamped else text("0") if name in ZERO else None
    allowed = [CheckConstraint(f"{name} IN ({', '.join(repr(value) for value in declared.values)})", name=name)] if _is_ours(relation) and declared.values else []
    return Column(name, column_type(name, relation), *allowed, *([Identity()] if name == relation.generated else []),
                  nullable=name not in (*relation.key, *relation.required), server_default=default, comment=declared.title)


def _is_ours(relation: Relation) -> bool:
    """Values of the senders are judged by the gates, one by one; only our own states are checked by the table."""
    return relation.schema in ("quality", "identity") and relation.name != "person_record"


METADATA = build()
