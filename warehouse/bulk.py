"""Rows in and out by COPY: Parquet or Arrow → temporary table, query → Arrow or Parquet; nothing passes through Python row by row."""

# ruff: noqa: S608  names come from the declarations, values as parameters

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

import duckdb
import psycopg2
import psycopg2.extensions
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from sqlalchemy import Connection

from schemas.fields import Type
from warehouse.engine import plain_error

DUCKDB_TYPES: dict[Type, str] = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
                                 "timestamp": "TIMESTAMPTZ", "json": "VARCHAR"}
POSTGRES_TYPES: dict[Type, str] = {"text": "text", "integer": "bigint", "decimal": "numeric", "boolean": "boolean", "date": "date",
                                   "timestamp": "timestamptz", "json": "jsonb"}
_ARROW = {16: pa.bool_(), 20: pa.int64(), 21: pa.int64(), 23: pa.int64(), 700: pa.float64(), 701: pa.float64(), 1700: pa.float64(),
          1082: pa.date32()}
"""Arrow types by PostgreSQL's type numbers; everything else is text."""
ROWS = 50_000
Columns = Mapping[str, Type]


def fill(connection: Connection, table: str, rows: Path | pa.Table, columns: Columns) -> int:
    """Make the temporary table `table(row, *columns)` and fill it; returns the number of rows.

    `row` numbers them from 0 in the order given; lacking columns are NULL; rows with U+0000 in a text are left out
    (`rows_with_nul` lists them). Raises WarehouseError, without values.
    """
    names = ", ".join(f'"{name}" {POSTGRES_TYPES[type_]}' for name, type_ in columns.items())
    connection.exec_driver_sql(f'CREATE TEMPORARY TABLE "{table}" ("row" bigint, {names}) ON COMMIT DROP')
    count = append(connection, f'"{table}"', rows, columns)
    connection.exec_driver_sql(f'ANALYZE "{table}"')
    return count


def append(connection: Connection, table: str, rows: Path | pa.Table, columns: Columns, *, delivery_id: str | None = None) -> int:
    """The same into a table that stands: `table([delivery_id,] row, *columns)`; returns the number of rows."""
    names = ", ".join(f'"{name}"' for name in (*(("delivery_id",) if delivery_id else ()), "row", *columns))
    with closing(_Lines(rows, columns, delivery_id)) as lines, raw_cursor(connection) as cursor:
        try:
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines, 1 << 20)
        except psycopg2.Error as error:
            raise plain_error(error) from None
        return int(cursor.rowcount)


def nothing(columns: Columns) -> pa.Table:
    """No rows of these columns."""
    return pa.table({name: pa.array([], pa.string()) for name in columns})


def rows_with_nul(rows: Path, columns: Columns) -> pa.Table:
    """Rows that hold U+0000, which PostgreSQL cannot keep: `position`, `source_key` (without it)."""
    text = [f"contains({_quoted(name)}, chr(0))" for name, type_ in columns.items() if type_ == "text"]
    with _engine().cursor() as session:
        return session.sql(f"""SELECT replace(position, chr(0), '') AS position, replace(source_key, chr(0), '') AS source_key
            FROM read_parquet($1) WHERE {' OR '.join(f'coalesce({test}, false)' for test in text)}""", params=[str(rows)]).to_arrow_table()


def read(connection: Connection, query: str) -> pa.Table:
    """The rows of a query as Arrow: int64, float64, bool, date32 or string."""
    schema = _schema(connection, query)
    with _spooled(connection, query) as file:
        return csv.read_csv(file, **_options(schema)) if file else schema.empty_table()


def export(connection: Connection, query: str, path: Path) -> int:
    """The rows of a query as a Parquet file, streaming; returns their number."""
    schema = _schema(connection, query)
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer, _spooled(connection, query) as file:
        for batch in csv.open_csv(file, **_options(schema)) if file else ():
            writer.write_batch(batch)
            count += batch.num_rows
    return count


class _Lines:
    """COPY's text format as a file: cells are cast, escaped and joined in DuckDB, one batch in memory at a time."""

    def __init__(self, rows: Path | pa.Table, columns: Columns, delivery_id: str | None = None) -> None:
        schema = rows.schema if isinstance(rows, pa.Table) else pq.read_schema(rows)
        cells = [_cell(name, type_, schema) if name in schema.names else r"'\N'" for name, type_ in columns.items()]
        number, source = ("row_number() OVER () - 1", "given") if isinstance(rows, pa.Table) else (
            "file_row_number", "read_parquet($path, file_row_number = true)")
        line = " || chr(9) || ".join([*([f"'{delivery_id}'"] if delivery_id else []), f"CAST({number} AS VARCHAR)", *cells])
        self._session = _engine().cursor()
        if isinstance(rows, pa.Table):
            self._session.register("given", rows)
        query = f"SELECT line FROM (SELECT {line} || chr(10) AS line FROM {source}) WHERE NOT contains(line, chr(0))"
        self._batches = self._session.sql(query, params=None if isinstance(rows, pa.Table) else {"path": str(rows)}).to_arrow_reader(ROWS)
        self._chunk = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; nothing at the end."""
        while not (piece := self._chunk.read(size)):
            batch = next(self._batches, None)
            if batch is None:
                return b""
            self._chunk = io.BytesIO(_text_of(batch.column(0)))
        return piece

    def readline(self, size: int = -1) -> bytes:
        """Part of the file protocol that psycopg2 names; COPY FROM never calls it."""
        return self.read(size)

    def close(self) -> None:
        self._session.close()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One engine a process, a cursor a use: starting it costs more than a small delivery."""
    return duckdb.connect(config={"threads": 1, "temp_directory": tempfile.gettempdir()})  # by default it spills into the working folder


def _text_of(lines: pa.Array) -> memoryview | bytes:
    """The bytes of all strings of an array: they lie side by side already."""
    strings = lines.cast(pa.large_string())
    if not len(strings):
        return b""
    _, offsets, data = strings.buffers()
    numbers = memoryview(offsets).cast("q")
    return memoryview(data)[numbers[strings.offset]:numbers[strings.offset + len(strings)]]


def _cell(name: str, type_: Type, schema: pa.Schema) -> str:
    column = _quoted(name)
    if type_ == "json" and pa.types.is_list(schema.field(name).type):
        column = f"to_json({column})"
    text = f"CAST(CAST({column} AS {DUCKDB_TYPES[type_]}) AS VARCHAR)"
    if type_ in ("text", "json"):
        for raw, escaped in (("chr(92)", r"'\\'"), ("chr(9)", r"'\t'"), ("chr(10)", r"'\n'"), ("chr(13)", r"'\r'")):
            text = f"replace({text}, {raw}, {escaped})"
    return f"coalesce({text}, '\\N')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def raw_cursor(connection: Connection) -> psycopg2.extensions.cursor:
    """The driver's own cursor: COPY is not in SQLAlchemy's interface."""
    return cast(psycopg2.extensions.connection, connection.connection.driver_connection).cursor()


def _schema(connection: Connection, query: str) -> pa.Schema:
    with raw_cursor(connection) as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
        return pa.schema([(column.name, _ARROW.get(column.type_code, pa.string())) for column in cursor.description or ()])


@contextmanager
def _spooled(connection: Connection, query: str) -> Iterator[IO[bytes] | None]:
    """The rows of a query as CSV in a temporary file; None when there are none."""
    with tempfile.TemporaryFile() as file:
        with raw_cursor(connection) as cursor:
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", file, 1 << 20)
        size = file.tell()
        file.seek(0)
        yield file if size else None


def _options(schema: pa.Schema) -> dict[str, Any]:
    return {"read_options": csv.ReadOptions(column_names=schema.names, block_size=8 << 20),
            "parse_options": csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            "convert_options": csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
                                                  true_values=["t"], false_values=["f"])}
