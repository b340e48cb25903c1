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

PERSONS = """
SELECT child.person_id, child.kind, child.household, child.mother_id, child.family_name, child.given_name, child.patronymic,
  child.birth_family_name, child.birth_given_name, child.birth_patronymic, child.sex, child.birth_date, child.birth_count, child.birth_order,
  CAST(child.death_date AS DATE) AS death_date, child.citizenship, child.snils, child.act_number, child.certificate_series, child.certificate_number,
  lived.oktmo, lived.settlement, lived.is_rural, registered.oktmo AS registered_oktmo, organisation.organisation_key, organisation.product,
  nullif(child.grade, 0) AS grade, child.letter, child.group_name, child.shift, child.study_form, CAST(child.entry_date AS DATE) AS entry_date, child.absence_reason
FROM truth.child JOIN truth.place AS lived ON lived.place = child.place LEFT JOIN truth.place AS registered ON registered.place = child.registered
LEFT JOIN truth.organisation ON organisation.organisation = child.organisation ORDER BY child.person_id
"""
WIRES = """
SELECT DISTINCT wire.source, wire.wire_key, wire.person_id, child.birth_count > 1 AS is_twin, child.snils AS person_snils
FROM truth.wire LEFT JOIN truth.child ON child.person_id = wire.person_id ORDER BY ALL
"""
WORLD, TRUTH = "world.duckdb", "hidden.duckdb"
TRUTH_DDL = """
CREATE SCHEMA IF NOT EXISTS truth;
CREATE TABLE truth.wire (day INTEGER, source VARCHAR, wire_key VARCHAR, person_id BIGINT);
CREATE TABLE truth.event (day INTEGER, kind VARCHAR, person_id BIGINT);
CREATE TABLE truth.place (place BIGINT, oktmo VARCHAR, settlement VARCHAR, is_rural BOOLEAN);
CREATE TABLE truth.organisation (organisation BIGINT, organisation_key VARCHAR, product VARCHAR);
"""


def create(path: Path, ddl: str = DDL) -> duckdb.DuckDBPyConnection:
    """A new empty file with the tables of `ddl`; an older file of that name is replaced."""
    for old in (path, path.with_name(path.name + ".wal")):
        old.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("SET memory_limit = '1GB'")
    connection.execute(ddl)
    return connection


def arrow(columns: Columns) -> pa.Table:
    """Arrays as an Arrow table: None, NaT and NaN become null."""
    return pa.table({name: pa.array(values, type=pa.string() if values.dtype == object else None, from_pandas=True) for name, values in columns.items()})


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


def read(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Any = None) -> Columns:
    """The result of a query as arrays; texts are objects with None, dates are days."""
    found = table(connection, sql, parameters)
    return {name: _array(found.column(name)) for name in found.column_names}


def table(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Any = None) -> pa.Table:
    """The result of a query."""
    relation: Any = connection.sql(sql, params=parameters or [])
    return relation.to_arrow_table()


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
    for name, sql in (("truth.parquet", WIRES),
                      ("truth_person.parquet", PERSONS)):
        beside = folder / f"{name}.new"
        truth.sql(sql).write_parquet(str(beside))
        beside.replace(folder / name)
