"""What the schools know on one day, read from the region's file organisation by organisation, bounded in memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import duckdb
import pandas as pd

from connectors.mocks.journals.book import Book
from connectors.mocks.journals.bounded import Bounded

Marks = Callable[[Path, str, date, date, int], pd.DataFrame]
"""(folder, organisation_key, date_from, date_to, day) -> local_id, subject, subject_name, lesson_date, lesson_number, value, weight, work_kind,
mark_id."""
Finals = Callable[[Path, str, int], pd.DataFrame]
"""(folder, organisation_key, day) -> local_id, subject, subject_name, period, value."""
Pupil = dict[str, Any]
Result = TypeVar("Result")

ORGANISATIONS = """
SELECT * EXCLUDE (version) FROM (
  SELECT *, row_number() OVER (PARTITION BY organisation_key ORDER BY day DESC) AS version FROM seen.organisation WHERE day <= ?)
WHERE version = 1 ORDER BY organisation_key"""
PUPILS = """
SELECT * EXCLUDE (version) FROM (
  SELECT *, row_number() OVER (PARTITION BY wire_key ORDER BY day DESC) AS version
  FROM seen.journal_pupil WHERE organisation_key = ? AND day <= ?)
WHERE version = 1 AND (removed_day IS NULL OR removed_day > ?) ORDER BY grade, letter, group_name, family_name, given_name, wire_key"""


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One row of the ministry's register."""

    organisation_key: str
    inn: str | None
    name: str
    kind: str
    oktmo: str
    municipality: str | None
    settlement: str | None
    is_rural: bool | None
    product: str
    layout: str | None
    local_id: str | None
    place_count: int | None
    shift_count: int | None
    login: str | None
    password: str | None

    def dialect(self, trait: str, count: int) -> int:
        """Which of `count` habits this organisation has in one trait; always the same."""
        return zlib.crc32(f"{trait}:{self.organisation_key}".encode()) % count


class World:
    """The state on `day`; nothing is written, and the file is open only while something is read."""

    def __init__(self, folder: Path, *, day: int, today: date, marks: Marks, finals: Finals, books: int = 16) -> None:
        self.folder = folder
        self._marks, self._finals = marks, finals
        self._rolls: Bounded[str, dict[str, Pupil]] = Bounded(4 * books)
        self._books: Bounded[str, Book] = Bounded(books)
        self._reports: Bounded[str, dict[str, list[tuple[str, str, str]]]] = Bounded(books)
        self._lock = anyio.Lock()
        self.move(day, today)

    def move(self, day: int, today: date) -> None:
        """Go to another day; what was read for the day before is forgotten."""
        self.day, self.today = day, today
        self.organisations = {row["organisation_key"]: _organisation(row) for row in self.records(ORGANISATIONS, day)}
        for cache in (self._rolls, self._books, self._reports):
            cache.clear()

    def of_product(self, product: str) -> list[Organisation]:
        return [organisation for organisation in self.organisations.values() if organisation.product == product]

    def records(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Rows as dictionaries of Python values."""
        with duckdb.connect(str(seen_path(self.folder)), read_only=True) as connection:
            cursor = connection.execute(sql, list(values))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def pupil_frame(self, organisation_key: str) -> pd.DataFrame:
        """The roll with the columns of `seen.journal_pupil`, by class and name."""
        with duckdb.connect(str(seen_path(self.folder)), read_only=True) as connection:
            return connection.execute(PUPILS, [organisation_key, self.day, self.day]).df()

    def mark_frame(self, organisation_key: str, first: date, last: date) -> pd.DataFrame:
        return self._marks(self.folder, organisation_key, first, min(last, self.today), self.day)

    def final_frame(self, organisation_key: str) -> pd.DataFrame:
        return self._finals(self.folder, organisation_key, self.day)

    async def roll(self, organisation_key: str) -> dict[str, Pupil]:
        """Pupils of one organisation by local id, by class and name."""
        return await self._cached(self._rolls, organisation_key, lambda: self._read_roll(organisation_key))

    async def book(self, organisation_key: str, first: date, last: date) -> Book:
        """Marks that cover both dates at least; a wider question replaces the book."""
        place = f"{self.day}:{organisation_key}"
        known = self._books.get(place)
        if known is not None and known.covers(first, last):
            return known
        async with self._lock:
            known = self._books.get(place)
            if known is not None and known.covers(first, last):
                return known
            wide = (first, last) if known is None else (min(first, known.first), max(last, known.last))
            book = await anyio.to_thread.run_sync(lambda: Book(self.mark_frame(organisation_key, *wide), *wide))
            self._books.put(place, book)
            return book

    async def report(self, organisation_key: str) -> dict[str, list[tuple[str, str, str]]]:
        """Final marks by local id: (subject name, period, value), in order."""
        return await self._cached(self._reports, organisation_key, lambda: _by_pupil(self.final_frame(organisation_key)))

    async def _cached(self, cache: Bounded[str, Result], organisation_key: str, load: Callable[[], Result]) -> Result:
        key = f"{self.day}:{organisation_key}"
        found = cache.get(key)
        if found is not None:
            return found
        async with self._lock:
            found = cache.get(key)
            if found is None:
                found = await anyio.to_thread.run_sync(load)
                cache.put(key, found)
            return found

    def _read_roll(self, organisation_key: str) -> dict[str, Pupil]:
        return {row["wire_key"]: row for row in self.records(PUPILS, organisation_key, self.day, self.day)}


def seen_path(folder: Path) -> Path:
    """The file that holds the tables of `seen`."""
    return folder / "world.duckdb"


def class_name(pupil: Pupil) -> str:
    """`5А`, `5` in a school without letters, the group's name in a kindergarten."""
    return str(pupil["group_name"] or "") if pupil["grade"] is None else f"{pupil['grade']}{pupil['letter'] or ''}"


def full_name(pupil: Pupil) -> str:
    return " ".join(part for part in (pupil["family_name"], pupil["given_name"], pupil["patronymic"]) if part)


def _organisation(row: dict[str, Any]) -> Organisation:
    return Organisation(**{field.name: row[field.name] for field in fields(Organisation)})


def _by_pupil(finals: pd.DataFrame) -> dict[str, list[tuple[str, str, str]]]:
    ordered = finals.sort_values(["local_id", "subject_name", "period"]).astype({"value": "object"})
    report: dict[str, list[tuple[str, str, str]]] = {}
    for local_id, rows in ordered.groupby("local_id", sort=False):
        report[str(local_id)] = list(zip(rows["subject_name"], rows["period"], rows["value"].map(str), strict=True))
    return report
