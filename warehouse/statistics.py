"""Keeps PostgreSQL's planner informed: right after a large write it would still plan for the table as it was, and join row by row."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

GROWTH = 10
"""A write of more than one row in GROWTH refreshes a table's statistics."""


def refresh_grown(connection: Connection, relations: Iterable[str], rows: int, *, always: bool = False) -> None:
    """Refresh the statistics of those relations that `rows` fresh rows change much, inside the transaction that writes them."""
    for relation in relations:
        known = connection.exec_driver_sql(f"SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = '{relation}'::regclass").scalar_one()  # noqa: S608
        if always or rows * GROWTH > known:
            connection.exec_driver_sql(f"SELECT core.refresh_statistics('{relation}')")


def expect_few(connection: Connection) -> None:
    """For the rest of the transaction: single rows of large tables are asked for, and the pages of an index are mostly in memory."""
    connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")
