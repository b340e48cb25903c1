"""What the ledger says of a delivery that drifted: rule, place, what was seen and what is usual; counts and shares only."""

from __future__ import annotations

from typing import Any

from schemas.drift import UNITS

_SHARES = {"missing": "empty", "refused": "refused", "distinct": "different", "latin": "with Latin letters", "digits": "with digits", "lost": "with «?»"}


def told(row: Any) -> str:
    """One measure out of its bounds, a row of `transforms.profile_bounds.COLUMNS`."""
    place = f"{row.entity}.{row.column_name}" if isinstance(row.column_name, str) else row.entity
    return f"{row.rule}: {place}: {_seen(row)} ({row.deliveries:.0f} deliveries before)"


def _seen(row: Any) -> str:
    if row.measure in _SHARES:
        return f"{row.observed:.0%} {_SHARES[row.measure]} of {row.rows_seen:,.0f}, usually {row.usual:.0%}"
    if row.measure == "rate":
        unit = f" a {UNITS[row.entity]}" if row.entity in UNITS else ""
        return f"{row.observed:,.0f} rows{unit}, usually {row.usual:,.0f}"
    if row.measure == "stability":
        return f"the codes of {row.rows_seen:,.0f} values stand {row.observed:.2f} apart from the usual ones, {row.high:.2f} at most is usual"
    return f"the {row.measure} of {row.rows_seen:,.0f} values is not the usual one"
