"""What each step cost: seconds, records, peak memory; stored with the run and shown by `kontingent bench`."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.lineage import Run
from pipeline.settings import settings
from warehouse import day


@dataclass
class Work:
    """Counters of one step; the step sets them."""

    step: str
    source: str
    records: int = 0
    pairs: int = 0
    written: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_megabytes: float = 0.0
    deliveries: list[str] = field(default_factory=list)
    """Those the step received or loaded, for the lineage events."""
    parts: dict[str, float] = field(default_factory=dict)
    """Seconds of what the step names a part of it; the rest of the step is no part."""

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add the time of the block to a part; `part(name)(function)` is the function, timed so at each call."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.parts[name] = self.parts.get(name, 0.0) + time.perf_counter() - began


@contextmanager
def measured(step: str, source: str = "") -> Iterator[Work]:
    """Time the block and store its counters (also when it fails: a slow failure is worth knowing); each part is a row of its own, `step: part`.

    Its start and its end are lineage events.
    """
    work, wall, cpu = Work(step, source), time.perf_counter(), time.process_time()
    run = Run(step, source)
    run.start()
    try:
        yield work
    except BaseException as error:
        run.fail(error, work.deliveries)
        raise
    else:
        run.complete(work.deliveries, work.written)
    finally:
        work.seconds, work.cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
        work.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        as_of = settings().today
        day.note_step(work.step, work.source, as_of, seconds=work.seconds, cpu_seconds=work.cpu_seconds, records_read=work.records,
                         pairs_scored=work.pairs, rows_written=work.written, peak_memory_mb=work.peak_megabytes)
        for name, seconds in work.parts.items():
            day.note_step(f"{work.step}: {name}", work.source, as_of, seconds=seconds)
