"""The marks of one organisation, packed so that one pupil's weeks are found without a search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

KEY = ["local_id", "lesson_date", "lesson_number", "subject_name", "work_kind"]
DIGITS = frozenset("12345")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark, absence or debt of one lesson."""

    day: str
    """ISO date."""
    lesson: int
    subject: str
    value: str | None
    weight: float | None
    work: str | None
    number: int
    """53-bit number of the mark, stable."""
    ordinal: int
    """0 for the first entry of its kind in the lesson, 1 for the second."""

    @property
    def is_mark(self) -> bool:
        return self.value in DIGITS

    @property
    def is_debt(self) -> bool:
        return self.value is None or self.value in {".", "•"}


class Book:
    """Entries from `first` to `last` of every pupil of one organisation, ordered by pupil, date and lesson."""

    def __init__(self, marks: pd.DataFrame, first: date, last: date) -> None:
        self.first, self.last = first, last
        ordered = marks.sort_values(["local_id", "lesson_date", "lesson_number", "subject_name", "mark_id"], ignore_index=True)
        ordinal = ordered.groupby(KEY, dropna=False, sort=False).cumcount()
        numbers = pd.util.hash_array(ordered["mark_id"].astype(str).to_numpy(dtype=object)) >> np.uint64(11)
        days = pd.to_datetime(ordered["lesson_date"]).dt.strftime("%Y-%m-%d")
        self._days: list[str] = _shared(days)
        self._columns = (self._days, _shared(ordered["lesson_number"].astype(int)), _shared(ordered["subject_name"]), _shared(ordered["value"]),
                         _shared(ordered["weight"]), _shared(ordered["work_kind"]), numbers, ordinal.to_numpy())
        self._bounds = _bounds(ordered["local_id"])

    def entries(self, local_id: str, first: date, last: date) -> Iterator[Entry]:
        """Entries of one pupil, both dates included, in order of date and lesson."""
        start, stop = self._bounds.get(local_id, (0, 0))
        low = bisect_left(self._days, first.isoformat(), start, stop)
        high = bisect_right(self._days, last.isoformat(), start, stop)
        days, lessons, subjects, values, weights, works, numbers, ordinals = self._columns
        for row in range(low, high):
            yield Entry(days[row], lessons[row], subjects[row], values[row], weights[row], works[row], int(numbers[row]), int(ordinals[row]))

    def covers(self, first: date, last: date) -> bool:
        return self.first <= first and last <= self.last


def _shared(column: pd.Series) -> list[Any]:
    """The column as a list in which equal values are one object, missing ones None."""
    packed = pd.Categorical(column)
    values = [*packed.categories.tolist(), None]
    return [values[code] for code in packed.codes]


def _bounds(ids: pd.Series) -> dict[str, tuple[int, int]]:
    """local_id -> (first row, row after the last) in a column where equal ids stand together."""
    names = ids.astype(str).to_numpy(dtype=object)
    if not len(names):
        return {}
    starts = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1])))
    stops = np.append(starts[1:], len(names))
    return {str(names[start]): (int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)}
