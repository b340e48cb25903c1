"""Reports and the portal of one version: a function of (definitions, version, date)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.measure import measured
from pipeline.settings import settings
from schemas.errors import ConfigurationError
from warehouse import publish as publication
from warehouse import reports, trail
from warehouse.engine import engine
from warehouse.portal.build import build_portal
from warehouse.reports import catalogue

log = logging.getLogger(__name__)
YEAR_STARTS = (9, 1)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who takes a list of names out of the warehouse, and on what ground."""

    person: str
    ground: str


def build(*, version: int | None = None, to: Path | None = None) -> int:
    """Build the portal for the published version (or a past one), reports whose inputs changed first; returns the number of files."""
    with measured("report") as work:
        wanted, as_of = publication.version_of(version)
        folder = build_portal(engine("loader"), wanted, as_of, to or settings().portal,
                              lambda one: log.info("%s %s: %s", one.definition.code, one.definition.name, one.report.lead))
        work.written = sum(1 for path in Path(folder).rglob("*") if path.is_file())
    return work.written


def listing() -> list[dict[str, Any]]:
    """The catalogue: number, name, title, forms it fills, marts it reads."""
    return [{"code": one.code, "name": one.name, "title": one.title, "sections": list(one.sections), "marts": list(one.marts),
             "names_children": one.names_children} for one in catalogue.DEFINITIONS]


def files(wanted: Sequence[str], *, version: int | None = None, day: date | None = None, to: Path | None = None, names: Look | None = None) -> list[Path]:
    """Write these reports (by number or name) of a version on a date; returns the files.

    `names`: lists with children's names, too; the trail tells of it before they are read. Raises ConfigurationError for an unknown report or version, or a
    date the version knows nothing of.
    """
    definitions = [catalogue.of(one) for one in wanted]
    of, as_of = publication.version_of(version)
    shown = _known(of, as_of, day or as_of)
    if names:
        trail.note_alone("loader", action="export", by=names.person, purpose="список детей к отчёту", ground=names.ground,
                         subject=f"{', '.join(one.code for one in definitions)} version {of}")
    folder = to or settings().var / "reports" / f"{of:08d}-{shown:%Y-%m-%d}"
    with measured("report") as work:
        written = reports.build(engine("loader"), version=of, as_of=shown, out=folder, wanted=definitions, with_names=names is not None)
        work.written = len(written)
    return written


def _known(version: int, as_of: date, day: date) -> date:
    """`day`, when the version can tell of it: from the school year of its first deliveries to its own date."""
    first = publication.first_day()
    start = date(first.year - ((first.month, first.day) < YEAR_STARTS), *YEAR_STARTS)
    if not start <= day <= as_of:
        raise ConfigurationError("report.date", f"version {version} tells of {start:%Y-%m-%d} to {as_of:%Y-%m-%d}, not of {day:%Y-%m-%d}")
    return day
