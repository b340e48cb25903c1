"""The business date of every flow test, and one whole day of a small region that several tests look at."""

from __future__ import annotations

import json
import os
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
def lived(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Day 0 of a region of 300 children, received, loaded, linked and published; with every line that was logged."""
    folder: Path = tmp_path_factory.mktemp("lived")
    name = f"lived_{os.getpid()}"
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {migrate.DATABASE} OWNER {roles.OWNER}")
        roles.grant_database(connection, name)
    urls = {role: make_url(url).set(database=name).render_as_string(False) for role, url in cluster.urls.items()}
    (folder / "secrets").mkdir()
    (folder / "secrets" / "warehouse.json").write_text(json.dumps(urls), "utf-8")
    yield live(Warehouse(name, urls, folder=folder), TODAY, CHILDREN)
    for url in urls.values():
        engine.open_engine(url).dispose()
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
