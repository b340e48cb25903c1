"""What identity needs beyond links: opinions before decisions, samples and measures of quality, sealed records, swapped keys of a delivery."""

from __future__ import annotations

from alembic import op

from warehouse.tables import METADATA

revision = "0003"
down_revision = "0002"

TABLES = ("identity.opinion", "identity.sample", "identity.seal", "identity.sealed_pupil", "quality.linkage_measure", "quality.swapped_key")

INDEXED = ("core.snils_validation", "core.residence", "core.citizenship")
"""Facts that linking reads: which of them changed is found by their versions, and answers by the record asked about."""


def upgrade() -> None:
    """A database made today has all of it from its first migration, which makes the tables as declared now."""
    op.execute("ALTER TABLE identity.review ADD COLUMN IF NOT EXISTS candidate_record_id bigint")
    op.execute(f"COMMENT ON COLUMN identity.review.candidate_record_id IS '{METADATA.tables['identity.review'].c.candidate_record_id.comment}'")
    op.execute("CREATE INDEX IF NOT EXISTS review_candidate_record_id ON identity.review (candidate_record_id)")
    op.execute("ALTER TABLE identity.link_key ADD COLUMN IF NOT EXISTS is_block boolean NOT NULL DEFAULT false")
    op.execute(f"COMMENT ON COLUMN identity.link_key.is_block IS '{METADATA.tables['identity.link_key'].c.is_block.comment}'")
    for name in INDEXED:
        for index in METADATA.tables[name].indexes:
            index.create(op.get_bind(), checkfirst=True)
    op.execute("ALTER TABLE identity.decision ADD COLUMN IF NOT EXISTS opinion_id bigint")
    op.execute(f"COMMENT ON COLUMN identity.decision.opinion_id IS '{METADATA.tables['identity.decision'].c.opinion_id.comment}'")
    for name in TABLES:
        METADATA.tables[name].create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    for name in INDEXED:
        for column in ("version_from", "version_to", "current_asked_source_asked_key"):
            op.execute(f"DROP INDEX IF EXISTS {name}_{column}")
    op.execute("ALTER TABLE identity.link_key DROP COLUMN is_block")
    op.execute("ALTER TABLE identity.decision DROP COLUMN opinion_id")
    op.execute("ALTER TABLE identity.review DROP COLUMN candidate_record_id")
