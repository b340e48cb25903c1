"""The business date of every flow test, and one whole day of a small region that several tests look at."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.conftest import Cluster, Warehouse
from tests.flow.lived import Lived, live
from warehouse import engine, migrate, roles

TODAY = "2025-10-24"
CHILDREN = 300


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_TODAY", TODAY)


@pytest.fixture(scope="session")
def lived(cluster: Cluster) -> Iterator[Lived]:
    """Day 0 of a region of 300 children, received, loaded, linked and published; for reading only.

    Lived once a run: the first xdist worker that asks does it, the others wait; all of it goes with the run's server.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    folder = Path(tempfile.gettempdir()) / f"kontingent-test-{run}" / "lived"
    name = f"lived_{run}"
    urls = {role: make_url(url).set(database=name).render_as_string(False) for role, url in cluster.urls.items()}
    warehouse = Warehouse(name, urls, folder=folder)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "day.log").exists():
            _prepare(cluster, warehouse)
            (folder / "day.log").write_text(live(warehouse, TODAY, CHILDREN), "utf-8")
    yield Lived(warehouse, folder / "mocks" / "world", (folder / "day.log").read_text("utf-8"), TODAY)
    for url in urls.values():
        engine.open_engine(url).dispose()


def _prepare(cluster: Cluster, warehouse: Warehouse) -> None:
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {warehouse.name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {warehouse.name} TEMPLATE {migrate.DATABASE} OWNER {roles.OWNER}")
        roles.grant_database(connection, warehouse.name)
    (warehouse.folder / "secrets").mkdir(exist_ok=True)
    (warehouse.folder / "secrets" / "warehouse.json").write_text(json.dumps(warehouse.urls), "utf-8")
