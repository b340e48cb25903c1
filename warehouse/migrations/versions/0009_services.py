"""Consents of representatives: given once, withdrawn once, never changed or deleted."""

from __future__ import annotations

from alembic import op

from warehouse.tables import METADATA

revision = "0009"
down_revision = "0008"

TABLES = ("core.consent", "core.consent_withdrawal")


def upgrade() -> None:
    """A database made today has the tables from its first migration, which makes them as declared now."""
    for name in TABLES:
        METADATA.tables[name].create(op.get_bind(), checkfirst=True)
        op.execute(f"CREATE OR REPLACE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION audit.keep()")
        op.execute(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER keep")


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE IF EXISTS {name}")
