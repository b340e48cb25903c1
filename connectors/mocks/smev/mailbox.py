"""The queues of the exchange in one SQLite file, so that a restarted mock neither forgets nor repeats."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.mocks.smev.letters import Letter, restored

STATUS_COUNT = 1_000
"""Statuses kept for a consumer who never asks for them."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (seq INTEGER PRIMARY KEY AUTOINCREMENT, position REAL, consumer TEXT, node TEXT, queue TEXT, message_id TEXT,
  visible_at REAL, delivered INTEGER DEFAULT 0, content TEXT, attachment BLOB);
CREATE INDEX IF NOT EXISTS letter_queue ON letter (consumer, node, queue, position);
CREATE INDEX IF NOT EXISTS letter_message ON letter (message_id);
CREATE TABLE IF NOT EXISTS sent (message_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pushed (consumer TEXT, day INTEGER, PRIMARY KEY (consumer, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt (consumer TEXT, act_kind TEXT, identifier TEXT, code TEXT);
CREATE TABLE IF NOT EXISTS status (seq INTEGER PRIMARY KEY AUTOINCREMENT, consumer TEXT, original_id TEXT, category TEXT);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
"""
_NEXT = """SELECT seq, content, attachment FROM letter WHERE consumer = ? AND node = ? AND (? IS NULL OR queue = ?) AND visible_at <= ?
ORDER BY position LIMIT 1"""


class Mailbox:
    """All methods are safe to call from several threads; each is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens or nothing does; not to be nested."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def put(self, letter: Letter, *, visible_at: float, delay: float = 0.0) -> None:
        """Into the queue; `delay` = how many later letters may overtake it."""
        with self._lock:
            row = (letter.consumer, letter.node, letter.queue, letter.message_id, visible_at, letter.stored(), letter.attachment)
            seq = self._connection.execute(
                "INSERT INTO letter (consumer, node, queue, message_id, visible_at, content, attachment) VALUES (?, ?, ?, ?, ?, ?, ?)", row).lastrowid
            self._connection.execute("UPDATE letter SET position = ? WHERE seq = ?", ((seq or 0) + delay, seq))

    def take(self, consumer: str, node: str, queue: str | None, *, now: float, again_at: float) -> Letter | None:
        """The next letter, hidden until `again_at`; None when there is none."""
        with self._lock:
            row = self._connection.execute(_NEXT, (consumer, node, queue, queue, now)).fetchone()
            if row is None:
                return None
            self._connection.execute("UPDATE letter SET visible_at = ?, delivered = delivered + 1 WHERE seq = ?", (again_at, row[0]))
            return restored(row[1], row[2])

    def acknowledge(self, consumer: str, message_id: str) -> bool:
        """Forget what was delivered under this id; False when nothing was."""
        with self._lock:
            statement = "DELETE FROM letter WHERE message_id = ? AND consumer = ? AND delivered > 0"
            return self._connection.execute(statement, (message_id, consumer)).rowcount > 0

    def holds(self, message_id: str) -> bool:
        """Is a letter with this id still waiting (a duplicate, say)?"""
        with self._lock:
            return self._connection.execute("SELECT 1 FROM letter WHERE message_id = ?", (message_id,)).fetchone() is not None

    def was_sent(self, message_id: str) -> bool:
        with self._lock:
            return self._connection.execute("SELECT 1 FROM sent WHERE message_id = ?", (message_id,)).fetchone() is not None

    def mark_sent(self, message_id: str) -> bool:
        """False when the id was used before."""
        with self._lock:
            return self._connection.execute("INSERT OR IGNORE INTO sent VALUES (?)", (message_id,)).rowcount > 0

    def pushed_days(self, consumer: str) -> set[int]:
        with self._lock:
            return {row[0] for row in self._connection.execute("SELECT day FROM pushed WHERE consumer = ?", (consumer,))}

    def mark_pushed(self, consumer: str, day: int) -> None:
        with self._lock:
            self._connection.execute("INSERT INTO pushed VALUES (?, ?)", (consumer, day))

    def keep_receipt(self, consumer: str, act_kind: str, identifier: str, code: str) -> None:
        with self._lock:
            self._connection.execute("INSERT INTO receipt VALUES (?, ?, ?, ?)", (consumer, act_kind, identifier, code))

    def receipts(self, consumer: str) -> list[tuple[str, str, str]]:
        """(kind of act, ИдСвед, КодОбр) in order of arrival."""
        with self._lock:
            return self._connection.execute("SELECT act_kind, identifier, code FROM receipt WHERE consumer = ? ORDER BY rowid", (consumer,)).fetchall()

    def put_status(self, consumer: str, original_id: str, category: str) -> None:
        with self._lock:
            self._connection.execute("INSERT INTO status (consumer, original_id, category) VALUES (?, ?, ?)", (consumer, original_id, category))
            self._connection.execute("DELETE FROM status WHERE consumer = ? AND seq <= (SELECT max(seq) FROM status) - ?", (consumer, STATUS_COUNT))

    def take_status(self, consumer: str) -> tuple[str, str] | None:
        """(original message id, category), given once."""
        with self._lock:
            row = self._connection.execute("SELECT seq, original_id, category FROM status WHERE consumer = ? ORDER BY seq LIMIT 1", (consumer,)).fetchone()
            if row is None:
                return None
            self._connection.execute("DELETE FROM status WHERE seq = ?", (row[0],))
            return row[1], row[2]

    def count(self, name: str) -> int:
        """A counter that outlives restarts: 1, 2, 3 …"""
        with self._lock:
            statement = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
            return int(self._connection.execute(statement, (name,)).fetchall()[0][0])

    def close(self) -> None:
        with self._lock:
            self._connection.close()
