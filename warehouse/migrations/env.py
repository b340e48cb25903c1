"""Alembic's entry: one transaction for all missing migrations, views, grants and code lists."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from warehouse import benefit_rules, codes
from warehouse.roles import grant_tables
from warehouse.tables import METADATA
from warehouse.veil import draw_veil, lift_veil
from warehouse.views import create_views, drop_views


def run() -> None:
    """Migrate the database of the configured URL; two at once wait for one another."""
    engine = create_engine(context.config.attributes["url"], hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('kontingent.migrate'))"))
        context.configure(connection=connection, target_metadata=METADATA, include_schemas=True, version_table_schema="public",
                          transactional_ddl=True)
        drop_views(connection)
        lift_veil(connection)
        context.run_migrations()
        if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):  # views and grants are of the tables as declared now
            grant_tables(connection)
            draw_veil(connection)
            create_views(connection)
            codes.load(connection)
            benefit_rules.load(connection)
    engine.dispose()


run()
