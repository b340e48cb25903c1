"""Which versions were ever published (only those may be published again), and how often a delivery's reading began and did not end."""

from __future__ import annotations

from alembic import op

from warehouse.tables import METADATA

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A database made today has both from its first migration, which makes the tables as declared now."""
    op.execute("ALTER TABLE quality.delivery ADD COLUMN IF NOT EXISTS attempts bigint NOT NULL DEFAULT 0")
    op.execute(f"COMMENT ON COLUMN quality.delivery.attempts IS '{METADATA.tables['quality.delivery'].c.attempts.comment}'")
    METADATA.tables["quality.publication"].create(op.get_bind(), checkfirst=True)
    op.execute("INSERT INTO quality.publication (version, published_at, published_by) "
               "SELECT version, coalesce(published_at, now()), coalesce(published_by, 'unknown') FROM core.published_version WHERE version > 0")


def downgrade() -> None:
    op.execute("DROP TABLE quality.publication")
    op.execute("ALTER TABLE quality.delivery DROP COLUMN attempts")
