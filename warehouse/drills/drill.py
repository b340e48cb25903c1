"""What a drill is: which rows of a unit belong to a row of a report's table, and what of them each column counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from warehouse.reports.shape import UNKNOWN_PLACE

Frame = pd.DataFrame
Mask = Callable[[Frame], "pd.Series[bool]"]
TOTAL = "Всего"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What of the unit's rows a column counts: those that fit, the distinct `of` among them, or the sum of a column."""

    fits: Mask | None = None
    of: tuple[str, ...] = ()
    total: str | None = None

    def rows(self, units: Frame) -> Frame:
        found = units[self.fits(units).fillna(False).astype(bool)] if self.fits else units
        return found.drop_duplicates(list(self.of)) if self.of else found

    def count(self, rows: Frame) -> int:
        return int(rows[self.total].sum()) if self.total else len(rows)


@dataclass(frozen=True, kw_only=True)
class Drill:
    """One table of a report: its unit, the columns a row is named by, which units belong to a row, and what each column counts."""

    unit: str
    named: tuple[str, ...]
    belongs: Callable[[Frame, pd.Series[Any]], Frame]
    measures: Callable[[pd.Series[Any], str], Measure | None]
    """None: the column is no count."""


def equal(**columns: str) -> Callable[[Frame, pd.Series[Any]], Frame]:
    """Units whose column is what the row says in its column; all of them in the row of totals."""
    def belongs(units: Frame, row: pd.Series[Any]) -> Frame:
        for ours, theirs in columns.items():
            if row.iloc[0] != TOTAL:
                units = units[units[ours].astype("string").fillna(UNKNOWN_PLACE) == str(row[theirs])]
        return units
    return belongs


def fixed(**measures: Measure) -> Callable[[pd.Series[Any], str], Measure | None]:
    """Columns that count, by name; any other column is no count."""
    return lambda _, column: measures.get(column)
