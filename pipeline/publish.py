"""The warehouse gate over the latest linked version, then one UPDATE; a failed gate leaves what is published."""

from __future__ import annotations

import logging

from pipeline.measure import measured
from schemas.errors import ConfigurationError, GateFailed
from warehouse import day
from warehouse import publish as publication

log = logging.getLogger(__name__)


def gate() -> int:
    """Judge the latest version in which every record is linked; returns it, or raises GateFailed naming the rules (never the data).

    ConfigurationError when nothing was linked yet.
    """
    from pipeline import gates
    from warehouse.engine import url

    with measured("warehouse gate") as work:
        version = publication.latest_version()
        if not version:
            raise ConfigurationError("version.empty", "nothing is linked yet: load and link first")
        results = gates.warehouse(url("loader"), version)
        day.store_results(results)
        work.records = len(results)
    broken = gates.failed(results)
    if broken:
        raise GateFailed("warehouse.gate", f"version {version} is not published: "
                         + ", ".join(f"{result.rule} ({result.unexpected})" for result in broken))
    return version


def publish(version: int, *, by: str) -> int:
    """Make a version the published one; returns it."""
    with measured("publish"):
        publication.publish(version, by)
    return version


def rollback(version: int, *, by: str) -> int:
    """Publish a version again that was published before; returns it."""
    publication.rollback(version, by)
    return version
