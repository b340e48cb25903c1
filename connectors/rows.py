"""What every reader gives: batches of rows of text, and the scopes a delivery is complete for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

BATCH = 50_000
"""Rows in one batch at most: memory is bounded by this, not by the delivery."""


@dataclass(frozen=True)
class RawBatch:
    """Rows of one entity as text, exactly as sent, with a column `position` (where in the delivery each row is).

    `entity` is a staging relation's name (`schemas.tables.STAGING`): one raw row becomes one staging row or one refusal.
    """

    entity: str
    rows: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class CompleteScope:
    """The delivery holds everything the sender has of `entity` for this organisation (and these lesson dates):
    what the warehouse has there and the delivery has not was withdrawn by the sender."""

    entity: str
    organisation_key: str
    date_from: str | None = None
    date_to: str | None = None


Reading = Iterator[RawBatch | CompleteScope]


def frame(rows: list[dict[str, str | None]], columns: list[str]) -> pd.DataFrame:
    """Rows of text as a frame with exactly these columns; what a row lacks is missing."""
    return pd.DataFrame(rows, columns=columns, dtype="str")
