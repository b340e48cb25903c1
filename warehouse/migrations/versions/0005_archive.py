"""Past contingents from the ministry's archive of forms ОО-1: what the forecast of demand learns from and is tested on."""

from __future__ import annotations

from alembic import op

from schemas.tables import STAGING
from warehouse.tables import METADATA

revision = "0005"
down_revision = "0004"

TABLES = ("core.past_contingent", "staging.past_contingent")
WAITING = """CREATE OR REPLACE VIEW staging.waiting_past_contingent AS SELECT {columns} FROM staging.past_contingent AS staged
    JOIN staging.delivery AS delivery USING (delivery_id) WHERE NOT delivery.is_judged AND delivery.source = current_setting('kontingent.source')"""
"""As 0004 makes it for every relation there is."""


def upgrade() -> None:
    """A database made today has all of it from earlier migrations, which make tables and views as declared now."""
    for name in TABLES:
        METADATA.tables[name].create(op.get_bind(), checkfirst=True)
    op.execute(WAITING.format(columns=", ".join(f'staged."{column}"' for column in STAGING["past_contingent"].columns)))


def downgrade() -> None:
    op.execute("DROP VIEW IF EXISTS staging.waiting_past_contingent")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE IF EXISTS {name}")
