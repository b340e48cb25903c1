"""The data dictionary of this installation: its page, XLSX and JSON in a folder, or its rows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.settings import settings
from warehouse import dictionary
from warehouse import publish as publication
from warehouse.engine import engine, without_values


def rows() -> list[dict[str, Any]]:
    """One entry a column. ConfigurationError naming a column that is not declared whole."""
    with without_values(), engine().connect() as connection:
        return [asdict(entry) for entry in dictionary.entries(connection)]


def build(to: Path | None) -> list[Path]:
    """Write `dictionary.html`, `.xlsx` and `.json` into `to` (default `var/dictionary`); equal declarations give equal bytes of a version."""
    from warehouse.portal import dictionary as report

    version = publication.published_version()
    as_of = publication.version_of(version)[1] if version else settings().today
    return report.save(engine(), version=version, as_of=as_of, out=to or settings().var / "dictionary")
