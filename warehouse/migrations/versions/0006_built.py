"""Tables of marts that are computed once a version: the schema and its list; the tables themselves are made with the views."""

from __future__ import annotations

from alembic import op

from schemas.warehouse import SCHEMAS
from warehouse.tables import METADATA

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A database made today has both from its first migration, which makes the tables as declared now."""
    op.execute("CREATE SCHEMA IF NOT EXISTS built")
    op.execute(f"COMMENT ON SCHEMA built IS '{SCHEMAS['built']}'")
    METADATA.tables["built.mart"].create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS core.is_built(text, text), core.seal_state()")
    op.execute("DROP SCHEMA built CASCADE")
