"""The worked questions of docs/queries.md: what is asked, what a row of the answer is, the SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "queries.md"
_ONE = re.compile(r"^## (?P<number>\d+)\. (?P<question>[^\n]+)\n\n(?P<grain>Строка ответа: [^\n]+)\n\n```sql\n(?P<sql>.*?)\n```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One question."""

    number: int
    question: str
    """Russian."""
    grain: str
    """Russian: what a row of the answer is."""
    sql: str


def read() -> list[Worked]:
    """All questions, in their order."""
    return [Worked(number=int(found["number"]), question=found["question"], grain=found["grain"], sql=found["sql"].rstrip(";"))
            for found in _ONE.finditer(FILE.read_text("utf-8"))]
