"""One database for all report tests, emptied before each: making one costs a second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from drawn import Database, Region
from sqlalchemy.engine import make_url

from warehouse import migrate, roles


@pytest.fixture(scope="session")
def warehouse(cluster: Any) -> Iterator[Database]:
    """A database copied from the migrated template."""
    name = f"test_{os.getpid()}_reports"
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {migrate.DATABASE} OWNER {roles.OWNER}")
        roles.grant_database(connection, name)
    made = Database({role: make_url(url).set(database=name).render_as_string(False) for role, url in cluster.urls.items()})
    yield made
    for role in made.urls:
        made.engine(role).dispose()
    with cluster.admin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def region(warehouse: Database) -> Region:
    """The empty region."""
    made = Region(warehouse.engine("owner"))
    made.empty()
    return made
