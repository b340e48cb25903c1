"""Reports and the portal of one version: a function of (definitions, version, date)."""

from __future__ import annotations

from pathlib import Path

from pipeline.measure import measured
from pipeline.settings import settings
from warehouse import publish as publication
from warehouse.engine import engine
from warehouse.portal.build import build_portal


def build(*, version: int | None = None, to: Path | None = None) -> int:
    """Build everything for the published version (or a past one); returns the number of files."""
    with measured("report") as work:
        wanted, as_of = publication.version_of(version)
        folder = build_portal(engine("loader"), wanted, as_of, to or settings().portal)
        work.written = sum(1 for path in Path(folder).rglob("*") if path.is_file())
    return work.written
