"""The calendar a synthetic run steps through: one school day after another."""

from __future__ import annotations

from datetime import date

from connectors.mocks import region


def school_day(day: int) -> date:
    """The date of day `day`; 0 is the first load."""
    return region.day_date(day)
