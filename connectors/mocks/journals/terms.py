"""The school year as journals speak of it: quarters, their names and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

TITLES = {
    "Q1": "1 четверть", "Q2": "2 четверть", "Q3": "3 четверть", "Q4": "4 четверть",
    "H1": "1 полугодие", "H2": "2 полугодие", "T1": "1 триместр", "T2": "2 триместр", "T3": "3 триместр", "Y": "Год",
}
"""Period code (what follows the year and hyphen in `2025-Q1`) to the words on the wire."""


@dataclass(frozen=True)
class Quarter:
    """One quarter; the bounds touch, holidays belong to the quarter before them."""

    number: int
    first: date
    last: date

    @property
    def code(self) -> str:
        return f"Q{self.number}"

    @property
    def title(self) -> str:
        return TITLES[self.code]


def school_year(day: date) -> int:
    """The calendar year in which the school year of `day` began (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def quarters(year: int) -> tuple[Quarter, ...]:
    """The four quarters of the school year that began in `year`."""
    following = year + 1
    return (
        Quarter(1, date(year, 9, 1), date(year, 10, 31)),
        Quarter(2, date(year, 11, 1), date(year, 12, 31)),
        Quarter(3, date(following, 1, 1), date(following, 3, 31)),
        Quarter(4, date(following, 4, 1), date(following, 8, 31)),
    )


def quarter_of(day: date) -> Quarter:
    """The quarter `day` falls in."""
    return next(q for q in quarters(school_year(day)) if q.first <= day <= q.last)


def weeks(first: date, last: date) -> list[tuple[date, date]]:
    """Monday-to-Sunday weeks that touch the bounds, cut to them."""
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    starts = [monday + timedelta(days=7 * number) for number in range(count)]
    return [(max(start, first), min(start + timedelta(days=6), last)) for start in starts]


def period_code(period: str) -> str:
    """`2025-Q1` to `Q1`; a bare code stays."""
    return period.rpartition("-")[2]


def period_title(period: str) -> str:
    """`2025-Q1` to `1 четверть`; an unknown code stays as it is."""
    code = period_code(period)
    return TITLES.get(code, code)
