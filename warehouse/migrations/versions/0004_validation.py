"""What validation and audit need: two lives of a record, events of a delivery, results by delivery and day, profiles of what is normal; the trail's chains."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from schemas.tables import STAGING as ENTITIES
from schemas.warehouse import RELATIONS, SCHEMAS
from schemas.warehouse_fields import WAREHOUSE_FIELDS
from warehouse.tables import METADATA

revision = "0004"
down_revision = "0003"

STAGING = tuple(name for name, relation in RELATIONS.items() if relation.schema == "staging")
TABLES = ("quality.delivery_event", "quality.profile", "audit.chain", "audit.receipt", *STAGING)
COLUMNS = {
    "quality.delivery": ("replay_of",),
    "quality.refused_record": ("replayed_by",),
    "quality.validation_result": ("as_of", "source", "entity", "delivery_id", "version", "rule_version", "severity"),
    "quality.run_step": ("as_of",),
    "audit.access": ("subject_named",),
}
INDEXED = ("quality.delivery", "quality.refused_record", "quality.validation_result", "quality.run_step", "audit.access")
CHECKED = (("quality.validation_result", "gate"), ("quality.validation_result", "severity"))
"""Columns that allow more values now than in a database made before."""
TRAIL = Path(__file__).parent.parent
WAITING = """CREATE OR REPLACE VIEW staging.waiting_{entity} AS SELECT {columns} FROM staging.{entity} AS staged
    JOIN staging.delivery AS delivery USING (delivery_id) WHERE NOT delivery.is_judged AND delivery.source = current_setting('kontingent.source')"""
"""What the record gate judges: rows of one source, which the session names. A relation with a name, because Great Expectations reads a whole query
to learn its columns."""


def upgrade() -> None:
    """A database made today has all of it from its first migration, which makes the tables as declared now."""
    for name, columns in COLUMNS.items():
        for column in columns:
            declared = METADATA.tables[name].c[column]
            op.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {column} {declared.type.compile(op.get_bind().dialect)}")
            op.execute(f"COMMENT ON COLUMN {name}.{column} IS '{declared.comment}'")
    for name, column in CHECKED:
        allowed = ", ".join(f"'{value}'" for value in WAREHOUSE_FIELDS[column].values or ())
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT IF EXISTS {name.split('.')[1]}_{column}")
        op.execute(f"ALTER TABLE {name} ADD CONSTRAINT {name.split('.')[1]}_{column} CHECK ({column} IN ({allowed}))")
    for name in INDEXED:
        for index in METADATA.tables[name].indexes:
            index.create(op.get_bind(), checkfirst=True)
    op.execute("CREATE SCHEMA IF NOT EXISTS staging")
    op.execute(f"COMMENT ON SCHEMA staging IS '{SCHEMAS['staging']}'")
    for name in TABLES:
        METADATA.tables[name].create(op.get_bind(), checkfirst=True)
    for entity, table in ENTITIES.items():
        op.execute(WAITING.format(entity=entity, columns=", ".join(f'staged."{column}"' for column in table.columns)))
    op.execute((TRAIL / "trail.sql").read_text("utf-8"))


def downgrade() -> None:
    op.execute((TRAIL / "trail_undo.sql").read_text("utf-8"))
    for entity in ENTITIES:
        op.execute(f"DROP VIEW IF EXISTS staging.waiting_{entity}")
    for name in TABLES:
        op.execute(f"DROP TABLE IF EXISTS {name}")
    op.execute("DROP SCHEMA IF EXISTS staging")
    for name, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
