"""Deletes what is past its period (`config/retention.yaml`), in bounded batches that may be interrupted and repeated; or only tells what would go.

What people, ledgers and reports still need is no question of time: see `warehouse.retention` and `warehouse.forgetting`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.landing import Landing
from pipeline.leftovers import remove
from pipeline.settings import settings
from schemas import retention as periods
from schemas.retention import Period
from warehouse import day, forgetting, retention

log = logging.getLogger(__name__)

FILES = 500
"""Landed files noted in one transaction."""
ROWS = 50_000
"""Rows deleted in one transaction."""


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What one class of the file loses."""

    name: str
    title: str
    before: str
    """ISO date: what is older goes."""
    count: int
    size_bytes: int = 0


def clean(*, by: str, is_dry: bool = False, only: str | None = None, now: datetime | None = None) -> list[Gone]:
    """Every class with a period (or `only` the named one) in the order of the file. `is_dry`: counts only, nothing is changed.

    ConfigurationError when the file is wrong, or names no such class.
    """
    now = now or datetime.now(UTC)
    wanted = (periods.period(only),) if only else periods.periods()
    done = []
    for period in wanted:
        if period.days is None or period.name not in _CLEANERS:
            continue
        before = now - timedelta(days=period.days)
        count, size = _CLEANERS[period.name](period, before, by, is_dry)
        done.append(Gone(name=period.name, title=period.title, before=f"{before:%Y-%m-%d}", count=count, size_bytes=size))
        log.info("retention: %s: %d %s, %d bytes, older than %s", period.name, count, "would go" if is_dry else "went", size, done[-1].before)
    return done


def _rows(period: Period, before: datetime, by: str, is_dry: bool) -> tuple[int, int]:
    total = 0
    for function, (name, *_) in forgetting.FUNCTIONS.items():
        if name != period.name:
            continue
        if is_dry:
            total += forgetting.count(function, before)
        while not is_dry and (went := forgetting.forget(function, before, ROWS)):
            total += went
    return total, 0


def _landing(period: Period, before: datetime, by: str, is_dry: bool) -> tuple[int, int]:
    if is_dry:
        found = retention.removable(before, 1_000_000)
        return len(found), sum(file.size_bytes for file in found)
    while batch := retention.removable(before, FILES):
        retention.note_removed(batch, by=by, ground=period.ground, before=before)
    landing, count, size = Landing(settings().landing), 0, 0
    for source, sha256 in retention.noted():
        told: dict[str, object] = {"source": source, "sha256": sha256, "by": by, "ground": period.ground, "received_before": f"{before:%Y-%m-%d}"}
        if freed := landing.remove(source, sha256, told, before=before.timestamp()):
            count, size = count + 1, size + freed
    return count, size


def _staging(period: Period, before: datetime, by: str, is_dry: bool) -> tuple[int, int]:
    """Drafts of killed runs, and rows of deliveries that are loaded; what waits or is held keeps its rows."""
    old = [path for path in settings().staging.glob("*/*") if path.is_dir() and path.stat().st_mtime < before.timestamp()]
    settled = set(day.settled([path.name for path in old if not path.name.startswith("draft-")]))
    return _drop((path for path in old if path.name.startswith("draft-") or path.name in settled), is_dry)


def _portal(period: Period, before: datetime, by: str, is_dry: bool) -> tuple[int, int]:
    shown = (settings().portal / "current").resolve()
    built = [path for path in settings().portal.glob("*") if path.is_dir() and not path.is_symlink() and path.resolve() != shown]
    return _drop((path for path in built if path.stat().st_mtime < before.timestamp()), is_dry)


def _old_files(period: Period, before: datetime, by: str, is_dry: bool) -> tuple[int, int]:
    """Files of the class's folder that nobody wrote to since; `logs` has the files of lineage beside it."""
    folders = [settings().var / name for name in (("logs", "lineage") if period.name == "logs" else (period.name,))]
    return _drop((path for folder in folders for path in _files(folder) if path.stat().st_mtime < before.timestamp()), is_dry)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _drop(paths: Iterable[Path], is_dry: bool) -> tuple[int, int]:
    count = size = 0
    for path in list(paths):
        count, size = count + 1, size + sum(one.stat().st_size for one in ([path] if path.is_file() else _files(path)))
        if not is_dry:
            remove(path)
    return count, size


_CLEANERS = {"checks": _rows, "samples": _rows, "landing": _landing, "staging": _staging, "questions": _old_files, "portal": _portal, "logs": _old_files}
