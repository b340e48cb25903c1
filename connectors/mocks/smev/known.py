"""The world file as of the current day. It is opened only while it is read: what is asked often is copied into memory, day by day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb


def form(value: str | None) -> str:
    """How departments compare names: letter case and ё do not matter, everything else does; no value is the empty string.

    The snapshots say the same in SQL: `replace(upper(trim(coalesce(name, ''))), 'Ё', 'Е')`.
    """
    return (value or "").strip().upper().replace("Ё", "Е")


class Known:
    """What the departments know today; safe to share between threads. `world` is the file or its folder, `acts` the relation of acts that ЗАГС pushes."""

    def __init__(self, world: Path, day: Callable[[], int], date_of: Callable[[int], date], acts: str = "world.seen.zags_act") -> None:
        self.acts = acts
        self._path = world / "world.duckdb" if world.is_dir() else world
        self.date_of = date_of
        self.today = day
        self._lock = threading.RLock()
        self._memory: duckdb.DuckDBPyConnection | None = None
        self._day = -1
        self._copied: set[str] = set()

    @contextmanager
    def open(self) -> Iterator[tuple[int, duckdb.DuckDBPyConnection]]:
        """(day, connection in memory); what was copied there lives until the day advances."""
        with self._lock:
            today = self.today()
            if self._memory is None or today != self._day:
                self.close()
                self._memory, self._day = duckdb.connect(), today
            yield today, self._memory

    @contextmanager
    def reading(self) -> Iterator[tuple[int, duckdb.DuckDBPyConnection]]:
        """The same with the world file attached as `world`, read-only and only while the block runs."""
        with self.open() as (today, connection):
            path = str(self._path).replace("'", "''")
            connection.execute(f"ATTACH '{path}' AS world (READ_ONLY)")
            try:
                yield today, connection
            finally:
                connection.execute("DETACH world")

    def copy(self, name: str, query: str) -> None:
        """Make table `name` of a query over `world.seen` with one parameter, the day; done once a day."""
        with self.open():
            if name not in self._copied:
                with self.reading() as (today, connection):
                    connection.execute(f"CREATE TABLE {name} AS {query}", [today]).fetchall()
                self._copied.add(name)

    def close(self) -> None:
        with self._lock:
            if self._memory is not None:
                self._memory.close()
            self._memory = None
            self._copied = set()
