"""Russian forms of numbers, shares, dates and words."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

REGION = ZoneInfo("Asia/Irkutsk")
NO_BREAK = "\u00a0"
MISSING = "–"
MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")


def is_missing(value: Any) -> bool:
    """None, NaN, NA or NaT."""
    return value is None or bool(pd.isna(value))


def number(value: Any) -> str:
    """A whole number in groups of three with no-break spaces, a dash when missing."""
    return MISSING if is_missing(value) else f"{int(value):,}".replace(",", NO_BREAK)


def decimal(value: Any) -> str:
    """A number to the hundredth with a decimal comma."""
    return MISSING if is_missing(value) else f"{float(value):.2f}".replace(".", ",")


def share(value: Any) -> str:
    """A fraction as per cent with a decimal comma."""
    return MISSING if is_missing(value) else f"{float(value):.1%}".replace(".", ",").replace("%", f"{NO_BREAK}%")


def day(value: Any) -> str:
    """A date as 01.09.2025."""
    return MISSING if is_missing(value) else f"{value:%d.%m.%Y}"


def long_day(value: date) -> str:
    """A date as 1 сентября 2025 года."""
    return f"{value.day}{NO_BREAK}{MONTHS[value.month - 1]} {value.year}{NO_BREAK}года"


def moment(value: Any) -> str:
    """A moment in the region's time as 01.09.2025 14:05."""
    return MISSING if is_missing(value) else f"{pd.Timestamp(value).tz_convert(REGION):%d.%m.%Y %H:%M}"


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian noun form that goes with `count`."""
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else many


def counted(count: int, one: str, few: str, many: str) -> str:
    """The number and the noun in its form."""
    return f"{number(count)} {plural(count, one, few, many)}"
