"""What every cleaning gives: the rows that are good and the refusals, one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

REFUSED = ("entity", "position", "source_key", "rule", "rule_version")


@dataclass(frozen=True)
class Cleaned:
    """`rows` has the columns of `schemas.tables.STAGING[entity]`; `refused` has REFUSED; together as many as came in."""

    rows: pd.DataFrame
    refused: pd.DataFrame
    left_out: dict[str, int] = field(default_factory=dict)
    """Values that broke a rule of severity `warn` and were left out of rows that go on: rule → count."""
