"""Late sources: what the ledger says, whether or not a scheduler runs, and what Airflow's deadline alert leaves in it."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from connectors.sources import BY_NAME, SOURCES, Source, patience
from pipeline.settings import REGION_ZONE, settings
from warehouse import day, settled

log = logging.getLogger(__name__)

SETTLED = settled.SETTLED
LATE = "late"
"""Step noted by the alert."""


@dataclass(frozen=True, kw_only=True)
class Late:
    """One source whose day should be settled and is not."""

    source: str
    title: str
    owner: str
    due: str
    expected: date
    settled: date | None
    """The last day that is; None = never one."""


def expected(source: Source, now: datetime) -> date:
    """The latest business day that must be settled at `now` (local time of the region)."""
    return now.date() if now.time() >= source.due else now.date() - timedelta(days=1)


def late(days: dict[str, date], now: datetime) -> list[Late]:
    """The late ones in the order of the catalogue; `days` as of `settled.last_days`."""
    return [Late(source=source.name, title=source.title, owner=source.owner, due=f"{source.due:%H:%M}", expected=expected(source, now),
                 settled=days.get(source.name))
            for source in SOURCES if days.get(source.name, date.min) < expected(source, now)]


def late_now() -> list[Late]:
    """The late ones of this moment; a business date told by KONTINGENT_TODAY is over as far as deadlines go."""
    told = os.environ.get("KONTINGENT_TODAY")
    now = datetime.combine(settings().today, time.max) if told else datetime.now(REGION_ZONE).replace(tzinfo=None)
    return late(settled.last_days([source.name for source in SOURCES if not source.per_organisation]), now)


def missed(source_name: str) -> None:
    """What the alert of Airflow does: one line in the log and one step in the ledger."""
    source, today = BY_NAME[source_name], settings().today
    log.warning("%s: the run of %s is not over %s after it began (due %s)", source.name, today, patience(source), f"{source.due:%H:%M}")
    day.note_step(LATE, source.name, today)
