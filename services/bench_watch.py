"""Watches from outside what process trees cost while a step works: memory as shares (shared pages counted once), CPU seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil

EVERY = 0.5
"""Seconds between two looks: a peak that lasts shorter may be missed."""
SIGN_OF_LIFE = 15.0
"""Seconds after which a step that still works is told of."""


@dataclass
class Seen:
    """The largest megabytes of each tree, and of all of them at one moment (`all`)."""

    peak_megabytes: dict[str, float] = field(default_factory=dict)

    def take(self, now: Mapping[str, float]) -> None:
        for name, megabytes in {**now, "all": sum(now.values())}.items():
            self.peak_megabytes[name] = max(self.peak_megabytes.get(name, 0.0), megabytes)


@contextmanager
def watched(trees: Callable[[], Mapping[str, int]], tell: Callable[[float, float], None], every: float = EVERY) -> Iterator[Seen]:
    """Look at the trees (name → pid of the root) until the block ends; `tell(seconds, megabytes)` comes now and then."""
    seen, end = Seen(), threading.Event()

    def look() -> None:
        began = told = time.monotonic()
        while True:
            seen.take({name: megabytes(pid) for name, pid in trees().items()})
            if time.monotonic() - told > SIGN_OF_LIFE:
                told = time.monotonic()
                tell(told - began, seen.peak_megabytes["all"])
            if end.wait(every):
                return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        end.set()
        thread.join()


def megabytes(pid: int) -> float:
    """Memory of a process and all below it; 0 when it is gone."""
    return sum(_share(process) for process in tree(pid)) / (1 << 20)


def cpu_seconds(pid: int) -> float:
    """CPU of a process and all below it, the ended ones included when their parent waited for them."""
    total = 0.0
    for process in tree(pid):
        with suppress(psutil.Error):
            spent = process.cpu_times()
            total += spent.user + spent.system + getattr(spent, "children_user", 0.0) + getattr(spent, "children_system", 0.0)
    return total


def tree(pid: int) -> list[psutil.Process]:
    """The process and all below it that live now."""
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    return []


def _share(process: psutil.Process) -> float:
    """Proportional share where the system tells it; resident size elsewhere."""
    with suppress(psutil.Error):
        told = process.memory_full_info()
        return float(getattr(told, "pss", told.rss))
    return 0.0
