"""Reads everything the pages tell in a few queries: the ledger as it stood when the version was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text

SQL = Path(__file__).parent / "sql"
MOST_DELIVERIES = 20_000
"""Newest deliveries that are listed and can be searched for."""
RUNS_WITH_DELIVERIES = 7
"""Deliveries of so many last runs get a page each, ..."""
MOST_DELIVERY_PAGES = 1_000
"""... but no more than this: those with findings first, then the newest."""
AT_ONCE = 200
Rows = Sequence[Row[Any]]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Rows of the queries of `sql/`, named as the files are."""

    version: int
    as_of: date
    moment: datetime
    runs: Rows
    day_source: Rows
    passed: Rows
    fired: Rows
    rule_total: Rows
    refused_day: Rows
    held_day: Rows
    deliveries: Rows
    silent: Rows
    disagreement: Rows
    disagreement_change: Rows
    field_agreement: Rows
    days: tuple[date, ...] = ()
    """Runs, the oldest first."""
    sources: tuple[str, ...] = ()
    """Sources that ever sent or were judged, without the warehouse and the forms."""
    with_page: frozenset[str] = field(default=frozenset())
    """Ids of the deliveries that get a page."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a delivery's page tells beyond its row."""

    entities: Rows
    results: Rows
    refusals: Rows
    events: Rows


@cache
def _query(name: str) -> str:
    return (SQL / "base.sql").read_text("utf-8") + (SQL / f"{name}.sql").read_text("utf-8")


def read(connection: Connection, *, version: int, as_of: date) -> Ledger:
    """The ledger of `version`; `connection` is a snapshot that sees that version."""
    moment = connection.execute(text((SQL / "moment.sql").read_text("utf-8")), {"version": version}).scalar_one()
    asked = {"version": version, "moment": moment, "most": MOST_DELIVERIES}
    names = ("runs", "day_source", "passed", "fired", "rule_total", "refused_day", "held_day", "deliveries", "silent")
    rows = {name: connection.execute(text(_query(name)), asked).all() for name in names}
    marts = {name: connection.execute(text(f"SELECT * FROM marts.{name} ORDER BY 1, 2, 3")).all()  # noqa: S608 - names of ours
             for name in ("disagreement", "disagreement_change", "field_agreement")}
    days = tuple(sorted({row.as_of for name in ("runs", "day_source", "passed") for row in rows[name] if row.as_of <= as_of}))
    sources = tuple(sorted({row.source for row in (*rows["day_source"], *rows["passed"])} - {"warehouse", "form"}))
    return Ledger(version=version, as_of=as_of, moment=moment, days=days, sources=sources, with_page=_chosen(rows["deliveries"], days), **rows, **marts)


def _chosen(deliveries: Rows, days: tuple[date, ...]) -> frozenset[str]:
    recent = set(days[-RUNS_WITH_DELIVERIES:])
    listed = [row for row in deliveries if row.as_of in recent]
    listed.sort(key=lambda row: not (row.failed or row.warned or row.refused or row.replay_of or row.state in ("held", "waiting")))
    return frozenset(str(row.delivery_id) for row in listed[:MOST_DELIVERY_PAGES])


def details(connection: Connection, ledger: Ledger) -> Iterator[tuple[Row[Any], Details]]:
    """Each delivery that gets a page, with its details, some hundreds at once."""
    listed = [row for row in ledger.deliveries if str(row.delivery_id) in ledger.with_page]
    for part in (listed[start:start + AT_ONCE] for start in range(0, len(listed), AT_ONCE)):
        asked = {"version": ledger.version, "moment": ledger.moment, "ids": [str(row.delivery_id) for row in part]}
        names = ("delivery_entities", "delivery_results", "delivery_refusals", "delivery_events")
        entities, results, refusals, events = (
            by(connection.execute(text(_query(name)), asked).all(), lambda row: row.delivery_id) for name in names)
        for row in part:
            one = row.delivery_id
            yield row, Details(entities=entities[one], results=results[one], refusals=refusals[one], events=events[one])


def by(rows: Iterable[T], key: Callable[[T], Any]) -> defaultdict[Any, list[T]]:
    """Rows by a key, in their order."""
    made: defaultdict[Any, list[T]] = defaultdict(list)
    for row in rows:
        made[key(row)].append(row)
    return made
