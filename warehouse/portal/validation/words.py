"""Names, links and figures that several pages share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from warehouse.portal.validation.cells import Badge, Link, Spark, file_name
from warehouse.portal.validation.ledger import Ledger
from warehouse.reports.titles import ENTITY_TITLES, SOURCE_TITLES
from warehouse.reports.wording import day, number

OVERVIEW = Link("Проверки", "index.html")
RULES, FIELDS = Link("Правила", "rules.html"), Link("Поля", "fields.html")
WHOLE = {"warehouse": "Хранилище", "form": "Формы отчётности"}
STATES = {"loaded": Badge("загружена", "good"), "held": Badge("задержана", "bad"), "duplicate": Badge("повтор прежней", "quiet"),
          "waiting": Badge("в разборе", "warn")}
RUN_PAGES = 60
"""Runs that get a page of their own."""


def source_link(source: str) -> Link:
    """A source's page; the warehouse and the forms have none."""
    return Link(WHOLE[source]) if source in WHOLE else Link(SOURCE_TITLES.get(source, source), f"{file_name('source', source)}.html")


def entity_title(entity: str | None) -> str:
    """The Russian title of a kind of records."""
    return ENTITY_TITLES.get(entity, entity) if entity else ""


def run_link(ledger: Ledger, as_of: date) -> Link:
    """A run's page, or its day in plain words where it has none."""
    return Link(day(as_of), f"run-{as_of:%Y-%m-%d}.html" if as_of in ledger.days[-RUN_PAGES:] else "")


def delivery_link(ledger: Ledger, delivery_id: object, words: str = "") -> Link:
    """A delivery's page, or its id where it has none."""
    key = str(delivery_id)
    return Link(words or key, f"delivery-{key}.html" if key in ledger.with_page else "")


def sums(rows: Iterable[Any], *names: str) -> Counter[str]:
    """Sums of columns over rows; a column nobody has is 0."""
    made: Counter[str] = Counter(dict.fromkeys(names, 0))
    for row in rows:
        for name in names:
            made[name] += getattr(row, name)
    return made


def per_day(days: Sequence[date], rows: Iterable[Any], name: str) -> tuple[int, ...]:
    """A column summed by run, one number for each of `days`."""
    made: Counter[date] = Counter()
    for row in rows:
        made[row.as_of] += getattr(row, name)
    return tuple(made[one] for one in days)


def spark(days: Sequence[date], rows: Iterable[Any], name: str) -> Spark:
    """The same as a small line over the last 60 runs."""
    return Spark(per_day(days[-60:], rows, name))


def change(now: int, before: int) -> str:
    """A difference with its sign, a dash where there is none."""
    return "–" if now == before else f"{'+' if now > before else '−'}{number(abs(now - before))}"
