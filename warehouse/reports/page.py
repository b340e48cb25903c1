"""Renders one page sealed by a content security policy: style and script inside, or beside it on disk; nothing from the network."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.reports.model import Kind
from warehouse.reports.wording import MISSING, day, decimal, is_missing, long_day, moment, number, plural, share

FOLDER = Path(__file__).parents[1] / "portal"
"""Templates, style and script."""
MOST_ROWS = 3000
"""Rows of one table that a page shows; the file has them all, and the page stays quick."""


def cell(value: Any, kind: Kind) -> str:
    """How a value is shown; text in a column of numbers (such as «нет данных») stays text."""
    if hasattr(value, "__html__"):
        return Markup(value.__html__())  # noqa: S704 - a cell of ours escapes what it holds
    if isinstance(value, str):
        return value
    if is_missing(value):
        return MISSING
    if kind == "text":
        return str(value)
    return {"integer": number, "decimal": decimal, "share": share, "date": day}[kind](value)


def sort_value(value: Any) -> str:
    """What the sorting script compares: numbers plain, dates in ISO form."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _seal(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


@cache
def environment() -> Environment:
    """Templates with escaping on and undefined names refused; the policy allows only the page's own style and script."""
    made = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True, keep_trailing_newline=True)
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("portal.css", "portal.js"))

    def policy(*, is_linked: bool, has_files: bool) -> str:
        """What the page may load: its own style and script by their hashes, files beside it where it has some (a hash holds for none on disk)."""
        styles = "'self'" if is_linked else _seal(style)
        scripts = "'self'" if is_linked else f"'self' {_seal(script)}" if has_files else _seal(script)
        return f"default-src 'none'; style-src {styles}; script-src {scripts}; img-src data:; base-uri 'none'; form-action 'none'"

    made.globals |= {"style": Markup(style), "script": Markup(script), "policy": policy, "plural": plural, "most": MOST_ROWS, "root": "",  # noqa: S704 - our own files
                     "assets": (), "is_linked": False, "above": "", "pictures": {}}
    made.filters |= {"number": number, "share": share, "day": day, "long_day": long_day, "moment": moment, "cell": cell, "sort_value": sort_value,
                     "zip": zip}
    return made


def render(template: str, **context: Any) -> str:
    """One page as HTML."""
    return environment().get_template(template).render(**context)
