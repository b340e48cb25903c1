"""What a page is before it is HTML and JSON: words, figures, and blocks that are tables in both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from warehouse.portal.validation.cells import Cell, Link
from warehouse.reports.model import Column

SHAPE = "kontingent.checks/1"
"""Shape of the JSON files, described in docs/validation.md; the number grows when a reader would have to change."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One table; the page shows the first `most` rows, the JSON has them all."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    note: str = ""
    most: int = 200
    empty: str = "Строк нет."


@dataclass(frozen=True, kw_only=True)
class Series:
    """One kind of counts over the runs of a chart; `kind` is its colour."""

    title: str
    kind: str
    values: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Stacked columns, one a run (or a version)."""

    name: str
    title: str
    ticks: tuple[str, ...]
    """What each column is: a date or a version."""
    series: tuple[Series, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Square:
    """One source on one run; `text` says in signs what `words` says in words."""

    text: str
    words: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Runs down, sources across would be unreadable with forty of them: sources down, runs across, the newest first."""

    name: str
    title: str
    days: tuple[tuple[date, Link], ...]
    rows: tuple[tuple[Link, tuple[Square, ...]], ...]
    note: str = ""


Block = Listing | Chart | Matrix


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: `file` is its name without ending; HTML and JSON are made from the same object."""

    file: str
    kind: str
    title: str
    lead: str
    figures: tuple[tuple[str, int], ...] = ()
    facts: tuple[tuple[str, Cell], ...] = ()
    blocks: tuple[Block, ...] = ()
    above: tuple[Link, ...] = ()
    """Where the page stands: from the overview down to the page above it."""
    notes: tuple[str, ...] = ()
    key: dict[str, str] = field(default_factory=dict)
    """What the page is about, for machines: source, rule, delivery, field, run."""
    index: list[tuple[str, str, str, str]] | None = None
    """What the search looks through: kind, title, details, file."""
