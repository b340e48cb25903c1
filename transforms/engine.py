"""Runs SQL files on DuckDB: each file is one SELECT and becomes one relation named after the file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa


class Engine:
    """One in-process DuckDB over a folder of SQL files; relations live until the engine is closed. What outgrows `memory` goes to a private folder for a while."""

    def __init__(self, folder: Path, *, memory: str = "1300MB", threads: int = 2) -> None:
        self.folder = folder
        self._spill = tempfile.mkdtemp(prefix="kontingent-engine-")
        self.connection = duckdb.connect(config={"memory_limit": memory, "threads": threads, "preserve_insertion_order": False,
                                                 "temp_directory": self._spill})
        self.connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def give(self, relation: str, rows: pa.Table) -> None:
        """Make Arrow rows readable under a relation name, replacing what had that name."""
        self.connection.register("given", rows)
        self.connection.execute(f'CREATE OR REPLACE TABLE "{relation}" AS FROM given')
        self.connection.unregister("given")

    def show(self, relation: str, rows: pa.Table | Path) -> None:
        """Make Arrow rows, or a Parquet file, readable under a relation name without copying them."""
        self.connection.register(relation, rows if isinstance(rows, pa.Table) else self.connection.read_parquet(str(rows)))

    def hide(self, relation: str) -> None:
        """What `show` showed is no longer read."""
        self.connection.unregister(relation)

    def run(self, *files: str) -> None:
        """Run the named SQL files in order; each replaces the relation of its name."""
        for file in files:
            self.run_into(file, file)

    def run_into(self, relation: str, file: str) -> None:
        """Run one SQL file and keep its rows under another name."""
        query = (self.folder / f"{file}.sql").read_text("utf-8")
        self.connection.execute(f'CREATE OR REPLACE TABLE "{relation}" AS {query}')

    def query(self, sql: str) -> pa.Table:
        """The rows of one query."""
        return self.connection.sql(sql).to_arrow_table()

    def make(self, relation: str, sql: str) -> None:
        """Keep the rows of one query under a name, replacing what had it."""
        self.connection.execute(f'CREATE OR REPLACE TABLE "{relation}" AS {sql}')

    def view(self, relation: str, sql: str) -> None:
        """Give one query a name, without keeping its rows."""
        self.connection.execute(f'CREATE OR REPLACE TEMPORARY VIEW "{relation}" AS {sql}')

    def add(self, relation: str, rows: str) -> None:
        """Append the rows of one relation to another, which is made when it is not there."""
        self.connection.execute(f'CREATE TABLE IF NOT EXISTS "{relation}" AS FROM "{rows}" LIMIT 0')
        self.connection.execute(f'INSERT INTO "{relation}" FROM "{rows}"')

    def forget(self, *relations: str) -> None:
        """Drop relations that no later file reads, to give their memory back."""
        for relation in relations:
            self.connection.execute(f'DROP TABLE IF EXISTS "{relation}"')

    def rename(self, relation: str, name: str) -> None:
        """Give a relation another name, replacing what had it."""
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        self.connection.execute(f'ALTER TABLE "{relation}" RENAME TO "{name}"')

    def count(self, relation: str) -> int:
        """How many rows the relation has."""
        counted = self.connection.table(relation).count("*").fetchall()
        return int(counted[0][0])

    def rows(self, relation: str) -> pa.Table:
        """The whole relation as an Arrow table, columns in declared order."""
        return self.connection.table(relation).to_arrow_table()
