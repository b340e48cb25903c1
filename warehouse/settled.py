"""Which business day each source has settled last: what the deadlines are held against."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from warehouse.engine import engine, without_values

SETTLED = "settled"
"""Step noted when every sender of a source answered, what came is loaded and none of it is held."""
_LAST = """
    SELECT source, max(as_of) FROM quality.run_step WHERE step = :settled AND source IS NOT NULL AND as_of IS NOT NULL GROUP BY source
    UNION ALL
    SELECT source, max(as_of) FROM quality.delivery WHERE source = ANY(:alone) AND state IN ('loaded', 'duplicate') GROUP BY source
"""


def last_days(alone: list[str]) -> dict[str, date]:
    """Source → last settled business day. Of the sources in `alone`, which have one sender, a delivery loaded by hand settles the day, too."""
    found: dict[str, date] = {}
    with without_values(), engine().connect() as connection:
        for source, day in connection.execute(text(_LAST), {"settled": SETTLED, "alone": alone}).tuples():
            found[source] = max(day, found.get(source, day))
    return found
