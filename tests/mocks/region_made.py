"""Regions the tests of the region share: made once a run."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import pandas as pd

from connectors.mocks import region

DISTRICT = "81624000"
SEED = 11


@cache
def district(children: int = 6000, days: int = 0) -> Path:
    """A district of that many children that has lived `days` days; never changed by a test."""
    folder = Path(mkdtemp(prefix="region-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    region.build(folder, seed=SEED, children=children, home=DISTRICT)
    for day in range(1, days + 1):
        region.advance(folder, day)
    return folder


def ask(folder: Path, sql: str, parameters: Any = None) -> pd.DataFrame:
    """A query over the region's file, with the truth as tables `truth` and `person`."""
    with duckdb.connect(str(folder / "world.duckdb"), read_only=True) as connection:
        for name, file in (("truth", "truth.parquet"), ("person", "truth_person.parquet")):
            connection.register(name, connection.read_parquet(str(folder / file)))
        return connection.execute(sql, parameters or []).df()


def fingerprint(folder: Path) -> dict[str, str]:
    """A hash of every table, rows in order of all their columns."""
    with duckdb.connect(str(folder / "world.duckdb"), read_only=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'seen'").fetchall()]
        return {table: connection.execute(f"SELECT md5(string_agg(t::VARCHAR, chr(10) ORDER BY t::VARCHAR)) FROM seen.{table} AS t").fetchall()[0][0]
                for table in tables}
