"""What the tasks of a run tell people: how many rules were asked and which did not hold, what was refused; counts and rule ids only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from warehouse.day import RUN
from warehouse.engine import engine, without_values


@dataclass(frozen=True, kw_only=True)
class Told:
    """The rules one run asked of one subject, and those that did not hold: (rule, rows)."""

    asked: int
    stopped: tuple[tuple[str, int], ...]
    refusing: tuple[tuple[str, int], ...]
    warned: tuple[tuple[str, int], ...]


_RESULTS = """
    SELECT expectation, CASE coalesce(severity, kwargs ->> 'severity') WHEN 'warn' THEN 'warned' WHEN 'refuse' THEN 'refusing' ELSE 'stopped' END,
        sum(unexpected) FILTER (WHERE NOT success) AS rows
    FROM quality.validation_result
    WHERE run_id = :run AND gate = ANY(:gates) AND split_part(subject_checked, '/', 1) = :subject AND at > now() - interval '1 day'
    GROUP BY 1, 2 ORDER BY 1
"""
_REFUSED = """
    SELECT refused.rule, count(*) FROM quality.refused_record AS refused INNER JOIN quality.delivery AS one USING (delivery_id)
    WHERE one.source = :source AND one.as_of = :as_of GROUP BY 1 ORDER BY 2 DESC, 1
"""


def results(subject: str, gates: tuple[str, ...]) -> Told:
    """What the gates of this run said of a source (with all its entities), or of `version N`."""
    with without_values(), engine().connect() as connection:
        rows = connection.execute(text(_RESULTS), {"run": os.environ.get(RUN, "by hand"), "gates": list(gates), "subject": subject}).all()
    found = {effect: tuple((row[0], int(row[2])) for row in rows if row[2] is not None and row[1] == effect) for effect in ("stopped", "refusing", "warned")}
    return Told(asked=len(rows), **found)


def refused(source: str, as_of: date) -> list[tuple[str, int]]:
    """(rule, records) refused of what a source sent that day, the most first."""
    with without_values(), engine().connect() as connection:
        return [(row[0], int(row[1])) for row in connection.execute(text(_REFUSED), {"source": source, "as_of": as_of}).tuples()]
