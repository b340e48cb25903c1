"""The warehouse gate over the latest linked version, its heavy marts, the form gate, then one UPDATE; a failed gate leaves what is published."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline import anchors, watch
from pipeline.measure import measured
from schemas.errors import ConfigurationError, GateFailed
from warehouse import built, day, views
from warehouse import publish as publication

if TYPE_CHECKING:
    from pipeline import gates

log = logging.getLogger(__name__)


def gate() -> int:
    """Judge the latest version in which every record is linked; returns it, or raises GateFailed naming the rules (never the data).

    ConfigurationError when nothing was linked yet, or a form's map is written wrongly.
    """
    return judge_forms(build_marts(judge_warehouse()))


def judge_warehouse() -> int:
    """The warehouse gate alone; returns the version it judged."""
    from pipeline import gates
    from warehouse.engine import url

    version = publication.latest_version()
    if not version:
        raise ConfigurationError("version.empty", "nothing is linked yet: load and link first")
    with measured("warehouse gate") as work:
        work.records = _passed("warehouse.gate", version, gates.warehouse(url("loader"), version))
    return version


def build_marts(version: int) -> int:
    """Compute the heavy marts of a version that passed the warehouse gate, so that nobody who asks waits for them; returns the version."""
    with measured("marts") as work:
        _, as_of = publication.version_of(version)
        work.written = built.fill(version, as_of, views.marked(), views.definition(), _tell)
    return version


def _tell(mart: str, rows: int, seconds: float) -> None:
    log.info("mart %s: %d rows in %.1f s", mart, rows, seconds)


def judge_forms(version: int) -> int:
    """The form gate alone, after the other: forms of a version whose keys are broken would tell nothing. Returns the version."""
    from pipeline import form_gate

    with measured("form gate") as work:
        work.records = _passed("form.gate", version, form_gate.judge(version))
    return version


def _passed(code: str, version: int, results: Sequence[gates.Result]) -> int:
    """Keep the results of one gate; how many there are. GateFailed when one of them keeps the version back."""
    from pipeline import gates

    day.store_results(results)
    broken = gates.failed(list(results))
    if broken:
        raise GateFailed(code, f"version {version} is not published: " + ", ".join(f"{result.rule} ({result.unexpected})" for result in broken))
    return len(results)


def publish(version: int, *, by: str) -> int:
    """Make a version the published one; returns it."""
    with measured("publish"):
        watch.notice(by)
        publication.publish(version, by)
        anchors.try_drop("publish")
    return version


def rollback(version: int, *, by: str) -> int:
    """Publish a version again that was published before; returns it."""
    publication.rollback(version, by)
    anchors.try_drop("rollback")
    return version
