"""PostgreSQL for one installation: the one that is named, or the embedded one; the warehouse and Airflow's database on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import watch
from services import secrets
from warehouse import airflow_database, embedded, migrate


def up(var: Path) -> None:
    """A running server, a migrated warehouse, a database for Airflow."""
    secrets.ensure(var / "secrets")
    admin_url = os.environ.get("KONTINGENT_WAREHOUSE_URL") or embedded.start(var / "postgres").dsn
    migrate.upgrade(migrate.prepare(admin_url, var / "secrets")["owner"])
    watch.notice()
    secrets.write(var / "secrets" / "airflow.dsn", airflow_database.prepare(admin_url, var / "secrets"))


def down(var: Path) -> None:
    """Stop the embedded server; one that was named by URL is not ours to stop."""
    if not os.environ.get("KONTINGENT_WAREHOUSE_URL"):
        embedded.stop(var / "postgres")


@contextmanager
def session(var: Path) -> Iterator[None]:
    """The warehouse up while the block runs; an embedded server that was down before is stopped after."""
    was_up = bool(os.environ.get("KONTINGENT_WAREHOUSE_URL")) or ((var / "postgres").exists() and embedded.status(var / "postgres") is not None)
    up(var)
    try:
        yield
    finally:
        if not was_up:
            down(var)
