"""What a report is before it takes a shape: tables, control equalities, notes and provenance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import pandas as pd

Kind = Literal["text", "integer", "decimal", "share", "date"]
Outcome = Literal["passed", "failed", "not_applicable"]

OUTCOME_TITLES: dict[Outcome, str] = {"passed": "сходится", "failed": "не сходится", "not_applicable": "не проверяется"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: its name in JSON, its Russian title and how it is shown."""

    name: str
    title: str
    kind: Kind = "text"
    width: int = 12


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: one XLSX sheet, one HTML table. `rows` holds the columns in order; `is_filtered` offers sorting and filters."""

    name: str
    sheet: str
    """Sheet name, at most 31 characters."""
    title: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    note: str = ""
    is_filtered: bool = False
    is_total_last: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One picture of a table of the same report: `x` names the column of categories, `series` the columns drawn.

    The last row of a table whose total is last is never drawn.
    """

    table: str
    title: str
    x: str
    series: tuple[str, ...]
    kind: Literal["bar", "stacked", "line", "horizontal"] = "bar"
    """`horizontal`: bars from left to right, for long names; `line`: for time."""
    most: int = 30
    """Categories drawn at most: the first rows of the table."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One control equality: two figures that must be the same, or the reason why they cannot be compared."""

    name: str
    title: str
    left: int | None
    right: int | None
    note: str = ""

    @property
    def outcome(self) -> Outcome:
        """`not_applicable` when a side is not known; otherwise whether the two sides are equal."""
        if self.left is None or self.right is None:
            return "not_applicable"
        return "passed" if self.left == self.right else "failed"

    @property
    def outcome_title(self) -> str:
        """The outcome as officials read it."""
        return OUTCOME_TITLES[self.outcome]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where the figures come from: enough to make them again."""

    version: int
    as_of: date
    sources: pd.DataFrame
    """Columns source, title, latest_delivery (date), delivery_count."""
    record_count: int
    review_count: int
    code_lists: str
    form_map: str = "–"

    @property
    def unresolved_share(self) -> float:
        """Open reviews per source record, 0 when there are no records."""
        return self.review_count / self.record_count if self.record_count else 0.0

    def with_form(self, form_map: str) -> Provenance:
        """The same provenance, naming the map of one form."""
        return replace(self, form_map=form_map)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report; `restricted` tables go to a file of their own that only the authorised role may read."""

    name: str
    title: str
    form: str
    lead: str
    """One sentence with the main figure, as an official would say it."""
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    provenance: Provenance
    restricted: tuple[Table, ...] = field(default=())
    charts: tuple[Chart, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    """What was selected: (filter, value) in Russian, printed on the cover."""
