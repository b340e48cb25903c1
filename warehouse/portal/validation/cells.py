"""What stands in a cell beside plain text and numbers: a link, a word with a colour, a small line; each knows its plain form for JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import escape

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
SPARK_WIDTH, SPARK_HEIGHT = 100, 20


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another page of this folder; without `href` they are just words."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return f'<a href="{escape(self.href)}">{escape(self.text)}</a>' if self.href else str(escape(self.text))

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: `kind` is good, warn, refused, bad or quiet; the words say it without the colour."""

    text: str
    kind: str

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return f'<span class="badge {self.kind}">{escape(self.text)}</span>'

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line over runs, drawn from zero to the largest value."""

    values: tuple[int, ...]
    over: str = "запускам"

    def __str__(self) -> str:
        return str(self.values[-1] if self.values else 0)

    def __html__(self) -> str:
        top = max((*self.values, 1))
        step = SPARK_WIDTH / max(len(self.values) - 1, 1)
        points = " ".join(f"{n * step:.4g},{SPARK_HEIGHT - 1 - (SPARK_HEIGHT - 2) * value / top:.4g}" for n, value in enumerate(self.values))
        words = f"по {len(self.values)} {self.over}: наибольшее {max(self.values, default=0)}, последнее {self}"
        return (f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{words}">'
                f'<polyline points="{points}"/></svg>')

    def plain(self) -> list[int]:
        return list(self.values)


Cell = str | int | float | None | Link | Badge | Spark


def file_name(kind: str, key: str) -> str:
    """`<kind>-<key>` as a file name without its ending; a key with unusual characters keeps its difference in a hash."""
    safe = _UNSAFE.sub("-", key)
    return f"{kind}-{safe}" if safe == key else f"{kind}-{safe}-{sha256(key.encode()).hexdigest()[:8]}"
