"""XML by templates with escaping: the only place where a value becomes text of a message."""

from __future__ import annotations

import re
from datetime import date

_ESCAPES: dict[int, str | None] = {code: None for code in (*range(32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))}
_ESCAPES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", 9: "&#9;", 10: "&#10;", 13: "&#13;"}
_SPECIAL = re.compile("[\x00-\x1f&<>\"\ud800-\udfff\ufffe\uffff]")
"""Most texts have none of these; translating each letter is slow."""

Value = str | int | date | None


def text(value: str | int | date) -> str:
    """Escaped for content and for attributes in double quotes; characters XML 1.0 forbids are dropped."""
    plain = str(value)
    return plain.translate(_ESCAPES) if _SPECIAL.search(plain) else plain


def attribute(name: str, value: Value) -> str:
    """` name="value"`, or nothing when there is no value."""
    return "" if value is None else f' {name}="{text(value)}"'


def element(tag: str, value: str | int | date) -> str:
    return f"<{tag}>{text(value)}</{tag}>"


def optional(tag: str, value: Value) -> str:
    """The element, or nothing when there is no value."""
    return "" if value is None else element(tag, value)


def absent(prefix: str, name: str) -> str:
    """The sign of ЗАГС that the act itself has no such value: `Пр<Name>` = 1."""
    return f"<{prefix}:Пр{name}>1</{prefix}:Пр{name}>"


def either(prefix: str, name: str, value: Value) -> str:
    """The value, or the sign of its absence."""
    return absent(prefix, name) if value is None else element(f"{prefix}:{name}", value)
