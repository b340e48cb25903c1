"""Renders one self-contained page: styles and script inside, sealed by a content security policy, nothing from the network."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.reports.model import Kind

FOLDER = Path(__file__).parent
REGION = ZoneInfo("Asia/Irkutsk")
NO_BREAK = "\u00a0"
MISSING = "–"
MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")


def number(value: Any) -> str:
    """A whole number in groups of three with no-break spaces, a dash when missing."""
    return MISSING if value is None or pd.isna(value) else f"{int(value):,}".replace(",", NO_BREAK)


def share(value: Any) -> str:
    """A fraction as per cent with a decimal comma."""
    return MISSING if value is None or pd.isna(value) else f"{float(value):.1%}".replace(".", ",").replace("%", f"{NO_BREAK}%")


def day(value: Any) -> str:
    """A date as 01.09.2025."""
    return MISSING if value is None or pd.isna(value) else f"{value:%d.%m.%Y}"


def long_day(value: date) -> str:
    """A date as 1 сентября 2025 года."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year} года"


def moment(value: Any) -> str:
    """A moment in the region's time as 01.09.2025 14:05."""
    return MISSING if value is None or pd.isna(value) else f"{pd.Timestamp(value).tz_convert(REGION):%d.%m.%Y %H:%M}"


def cell(value: Any, kind: Kind) -> str:
    """How a value is shown; text in a column of numbers (such as «нет данных») stays text."""
    if value is None or pd.isna(value):
        return MISSING
    if kind == "text" or isinstance(value, str):
        return str(value)
    return {"integer": number, "share": share, "date": day}[kind](value)


def sort_value(value: Any) -> str:
    """What the sorting script compares: numbers plain, dates in ISO form."""
    if value is None or pd.isna(value):
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian noun form that goes with `count`."""
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else many


def _seal(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


@cache
def environment() -> Environment:
    """Templates with escaping on and undefined names refused; the policy allows only the page's own style and script."""
    made = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True, keep_trailing_newline=True)
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("portal.css", "portal.js"))
    policy = f"default-src 'none'; style-src {_seal(style)}; script-src {_seal(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    made.globals |= {"style": Markup(style), "script": Markup(script), "policy": policy, "plural": plural}  # noqa: S704 - our own files
    made.filters |= {"number": number, "share": share, "day": day, "long_day": long_day, "moment": moment, "cell": cell, "sort_value": sort_value,
                     "zip": zip}
    return made


def render(template: str, **context: Any) -> str:
    """One page as HTML."""
    return environment().get_template(template).render(**context)
