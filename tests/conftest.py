"""One embedded PostgreSQL for the whole run, and a fresh migrated database for each test that asks."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from warehouse import embedded, engine, migrate, roles

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB", "max_wal_size": "512MB",
        "autovacuum": "off"}
_numbers = itertools.count()


@dataclass(frozen=True)
class Cluster:
    """The run's server and the template database `kontingent`, migrated once."""

    server: embedded.Server
    urls: dict[str, str] = field(repr=False)

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        made = create_engine(self.server.dsn, isolation_level="AUTOCOMMIT")
        with made.connect() as connection:
            yield connection
        made.dispose()


@dataclass(frozen=True, repr=False)
class Warehouse:
    """A migrated, empty database of one test; `KONTINGENT_WAREHOUSE_URL` and `KONTINGENT_VAR` point at it."""

    name: str
    urls: dict[str, str] = field(repr=False)
    folder: Path = field(kw_only=True)

    def __repr__(self) -> str:
        return f"Warehouse({self.name})"  # a failing test must not print passwords

    def engine(self, role: str = "loader") -> Engine:
        return engine.open_engine(self.urls[role])

    def scalar(self, query: str, role: str = "owner", **parameters: object) -> object:
        with self.engine(role).connect() as connection:
            return connection.execute(text(query), parameters).scalar()

    def rows(self, query: str, role: str = "owner", **parameters: object) -> list[tuple[object, ...]]:
        with self.engine(role).connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), parameters)]

    def execute(self, statement: str, role: str = "owner", **parameters: object) -> None:
        with self.engine(role).begin() as connection:
            connection.execute(text(statement), parameters)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server in a folder of its own under /tmp (root's server account must reach it); xdist workers share it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"kontingent-test-{run[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    try:
        with _users(folder) as count:
            is_first = count(+1) == 1
            server = embedded.start(folder / "data", settings=FAST)
            urls = migrate.prepare(server.dsn, folder / "secrets")
            if is_first:
                migrate.upgrade(urls["owner"])
        yield Cluster(server, urls)
    finally:
        with _users(folder) as count:
            if count(-1) == 0:
                embedded.stop(folder / "data")
                shutil.rmtree(folder)


@pytest.fixture
def warehouse(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    """A database copied from the template, dropped after the test."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {migrate.DATABASE} OWNER {roles.OWNER}")
        roles.grant_database(connection, name)
    urls = {role: make_url(url).set(database=name).render_as_string(False) for role, url in cluster.urls.items()}
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "warehouse.json").write_text(json.dumps(urls), "utf-8")
    monkeypatch.setenv(engine.URL_VARIABLE, urls["loader"])
    monkeypatch.setenv("KONTINGENT_VAR", str(tmp_path))
    yield Warehouse(name, urls, folder=tmp_path)
    for url in urls.values():
        engine.open_engine(url).dispose()
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _users(folder: Path) -> Iterator[Counter]:
    """Who uses the server, counted under a lock: the first worker migrates, the last stops."""
    with (folder / "users").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Counter(folder / "users.count")


class Counter:
    """A number in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, step: int) -> int:
        now = int(self.path.read_text("utf-8")) if self.path.exists() else 0
        self.path.write_text(str(now + step), "utf-8")
        return now + step
