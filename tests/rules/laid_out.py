"""Lays drawn rows out in `staging`, past the cleaning: what cleaning would have refused lies there too."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

from schemas.fields import FIELDS
from tests.rules.fields import ROWS
from tests.rules.records import Case, Row
from tests.warehouse import staged
from tests.warehouse.staged import Receipt
from warehouse import ledger, staging

SOURCE = "journal_file"
TYPED: dict[str, Any] = {"date": date.fromisoformat, "integer": int, "decimal": float, "boolean": lambda text: text == "true", "text": str}
_numbers = itertools.count()


def typed(column: str, text: str | None) -> Any:
    """A text as its column's type."""
    return None if text is None else TYPED[FIELDS[column].type](text)


def good(entity: str, **change: Any) -> Row:
    """A good row of a relation, changed."""
    row = {name: typed(name, text) for name, text in ROWS[entity].items()} | change
    return staged._row(entity, row.pop("source_key", f"k{next(_numbers)}"), row.pop("sequence", 0), row)


def lay_out(folder: Path, rows: dict[str, list[Row]], source: str = SOURCE) -> str:
    """One delivery of 24 October 2025; returns its id."""
    receipt = Receipt(source=source, minute=next(_numbers))
    ledger.register([receipt])
    staged.write(folder / receipt.delivery_id, rows)
    ledger.staged(receipt.delivery_id)
    staging.fill(receipt.delivery_id, folder / receipt.delivery_id)
    return receipt.delivery_id


def drawn(case: Case) -> dict[str, list[Row]]:
    """The rows of a case, with a good one beside them."""
    rows = {entity: [good(entity, **row) for row in beside] for entity, beside in case.others.items()}
    return rows | {case.entity: [*rows.get(case.entity, []), good(case.entity), *(good(case.entity, **row) for row in case.rows)]}
