"""Which part of the registry one linking is about, and at which version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
from sqlalchemy import Connection

from warehouse import bulk

IDS: bulk.Columns = {"record_id": "integer"}
KEYS: bulk.Columns = {"record_id": "integer", "key": "text", "is_block": "boolean"}


Keys = Callable[[pa.Table, pa.Table], pa.Table]
"""(person records, validations) → record_id, key, is_block: what records share that may influence each other's links; of each record by itself."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Records that changed since the last linking, as of `version`."""

    version: int
    records: pa.Table

    def __len__(self) -> int:
        return int(self.records.num_rows)


@dataclass(frozen=True, kw_only=True)
class Touched:
    """The part of the registry one linking reads and answers for, as of `version`.

    `keys` are to be kept for `changed`; where they were not needed to find the part, `make_keys` makes them.
    """

    version: int
    everything: bool = False
    records: pa.Table = field(default_factory=lambda: bulk.nothing(IDS))
    changed: pa.Table = field(default_factory=lambda: bulk.nothing(IDS))
    keys: pa.Table = field(default_factory=lambda: bulk.nothing(KEYS))
    make_keys: Keys | None = None

    def at(self, row: str) -> str:
        """SQL: the row is of this version."""
        return f"{row}.version_from <= {self.version} AND {row}.version_to > {self.version}"

    def choose(self, connection: Connection, column: str, table: str = "touched") -> str:
        """SQL: the column names a touched record; makes the temporary table it looks into."""
        if self.everything:
            return "TRUE"
        bulk.fill(connection, table, self.records, IDS)
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX ON {table} (record_id)")
        return f"{column} IN (SELECT record_id FROM {table})"  # noqa: S608
