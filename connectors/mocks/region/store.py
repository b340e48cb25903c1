"""Writing arrays to the region's DuckDB files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from connectors.mocks.region.chance import Columns
from connectors.mocks.region.seen import DDL

WORLD, TRUTH = "world.duckdb", "hidden.duckdb"
TRUTH_DDL = """
CREATE SCHEMA IF NOT EXISTS truth;
CREATE TABLE truth.wire (day INTEGER, source VARCHAR, wire_key VARCHAR, person_id BIGINT);
CREATE TABLE truth.event (day INTEGER, kind VARCHAR, person_id BIGINT);
"""


def create(path: Path, ddl: str = DDL) -> duckdb.DuckDBPyConnection:
    """A new empty file with the tables of `ddl`; an older file of that name is replaced."""
    for old in (path, path.with_name(path.name + ".wal")):
        old.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(ddl)
    return connection


def arrow(columns: Columns) -> pa.Table:
    """Arrays as an Arrow table: None, NaT and NaN become null."""
    return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})


def append(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns, **constant: Any) -> int:
    """Append rows to table `name` by column name; columns not given are null. Returns the number of rows."""
    rows = len(next(iter(columns.values())))
    if not rows:
        return 0
    for column, value in constant.items():
        columns = columns | {column: np.full(rows, value, dtype=object if isinstance(value, str) else None)}
    wanted = connection.table(name).columns
    unknown = set(columns) - set(wanted)
    if unknown:
        raise KeyError(f"{name} has no columns {sorted(unknown)}")
    held = arrow(columns)
    full = pa.table({column: held[column] if column in columns else pa.nulls(rows, pa.string()) for column in wanted})
    connection.from_arrow(full).insert_into(name)
    return rows


def read(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> Columns:
    """The result of a query as arrays; texts are objects with None, dates are days."""
    found = connection.execute(sql, parameters or []).to_arrow_table()
    return {name: _array(found[name]) for name in found.column_names}


def _array(column: pa.ChunkedArray) -> Any:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array(column.to_pylist(), dtype=object)
    return column.to_numpy()


def settings(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Seed, size, home and last day of this region."""
    row = connection.execute("SELECT settings FROM seen.region").fetchall()[0]
    return dict(json.loads(row[0]))


def put_settings(connection: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> None:
    """Replace the settings row."""
    connection.execute("DELETE FROM seen.region")
    connection.execute("INSERT INTO seen.region VALUES (?)", [json.dumps(values, sort_keys=True)])


def export_truth(truth: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the two truth files, each first beside itself."""
    for name, sql in (("truth.parquet", "SELECT DISTINCT source, wire_key, person_id FROM truth.wire ORDER BY ALL"),
                      ("truth_person.parquet", "SELECT * FROM truth.child ORDER BY person_id")):
        beside = folder / f"{name}.new"
        truth.sql(sql).write_parquet(str(beside))
        beside.replace(folder / name)
