"""Values that were left out of loaded records, one by one: a sender is told which, and the records stay."""

from __future__ import annotations

from alembic import op

from warehouse.tables import METADATA

revision = "0008"
down_revision = "0006"

TABLE = "quality.left_out_value"


def upgrade() -> None:
    """A database made today has it from its first migration, which makes the tables as declared now."""
    METADATA.tables[TABLE].create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    op.execute(f"DROP TABLE IF EXISTS {TABLE}")
