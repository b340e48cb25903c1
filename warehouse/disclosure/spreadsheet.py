"""CSV that spreadsheet programs open as what it is: `;` between cells, UTF-8 with a byte-order mark, text never taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_FORMULA = re.compile(r"(^|[,;|])(\s*)(?=[=+\-@＝＋－＠])")
"""Where a formula could begin: at the start of a cell, or behind a sign that a program of another locale takes for the end of one. Quotes do not help:
spreadsheet programs drop them before they look for a formula. An apostrophe does, and is seen."""


def text(value: str) -> str:
    """The value with an apostrophe before whatever could begin a formula, and without control characters."""
    return _FORMULA.sub(r"\1\2'", _CONTROL.sub(" ", value))


def written(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The table as bytes: text in quotes, numbers bare, nothing where a cell is None."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(header)
    for row in rows:
        writer.writerow([text(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def read(content: bytes) -> list[dict[str, str]]:
    """The rows that `written` wrote, text as it stands in the file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
