"""The school year 2025/26 of the region: which date day n is, and its quarters."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

DAY_ZERO = date(2025, 10, 24)
YEAR_START, YEAR_END = date(2025, 9, 1), date(2026, 5, 26)
BREAKS = ((date(2025, 10, 25), date(2025, 11, 2)), (date(2025, 12, 31), date(2026, 1, 11)), (date(2026, 3, 28), date(2026, 4, 5)),
          (date(2026, 5, 27), date(2026, 8, 31)))
QUARTERS = {"2025-Q1": (date(2025, 9, 1), date(2025, 10, 24)), "2025-Q2": (date(2025, 11, 3), date(2025, 12, 30)),
            "2025-Q3": (date(2026, 1, 12), date(2026, 3, 27)), "2025-Q4": (date(2026, 4, 6), date(2026, 5, 26))}
"""The year in the name is the one the school year began in."""


@cache
def school_days(until: date = date(2027, 5, 26)) -> tuple[date, ...]:
    """Every school day from 1 September 2025: Monday to Friday, no holiday, no break; the breaks are known for the first year only."""
    free = holidays.country_holidays("RU", years=(2025, 2026, 2027))
    days = (YEAR_START + timedelta(days=n) for n in range((until - YEAR_START).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in free and not any(a <= day <= b for a, b in BREAKS))


def day_date(day: int) -> date:
    """The date of day `day`; day 0 is the last day of the first quarter."""
    return school_days()[school_days().index(DAY_ZERO) + day]
