"""What every cleaning gives: the rows that are good and the refusals, one by one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

REFUSED = ("entity", "position", "source_key", "rule", "rule_version")


@dataclass(frozen=True)
class Cleaned:
    """`rows` has the columns of `schemas.tables.STAGING[entity]`; `refused` has REFUSED; together as many as came in."""

    rows: pd.DataFrame
    refused: pd.DataFrame
    left_out: pd.DataFrame | None = None
    """Values that broke a rule of severity `warn` and were left out of rows that go on, one a row, with REFUSED; None = none."""
