"""Measures every step of one day and of the next on a fresh region, without Airflow: each step in a process of its own, as a task would be."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from connectors.sources import SOURCES, Source
from schemas.errors import ConfigurationError
from services import databases, mocks
from services.bench_step import StepProcess
from services.bench_watch import cpu_seconds, watched
from services.processes import Processes
from services.schedule import school_day

BYTES_A_CHILD = {False: 400_000, True: 100_000}
"""Disk one child needs in a bench (region, landing, staging, warehouse), with journals and with registries alone."""
VERSIONS = ("duckdb", "pandas", "pyarrow", "psycopg2-binary", "SQLAlchemy", "great-expectations", "lxml")


def sources(registries: bool) -> tuple[Source, ...]:
    """What is measured: the whole catalogue, or the registries that do not come from organisations."""
    return tuple(source for source in SOURCES if not (registries and source.per_organisation))


def bench(scale: str, seed: int, *, registries: bool = False, say: Callable[[str], None], show: Callable[[dict[str, Any]], None]) -> None:
    """Build a region in a scratch folder, load day 0 and day 1, show the figures; nothing of it is kept."""
    children, home = mocks.scale(scale)
    folder = Path(tempfile.mkdtemp(prefix="kontingent-bench-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account: the cluster must lie in here, to go with it
    os.environ["KONTINGENT_VAR"] = str(folder)
    work = _Bench(folder, say, Processes(folder / "logs"), children=children, home=home, seed=seed, registries=registries)
    try:
        _room(folder, children * BYTES_A_CHILD[registries], children)
        began = time.perf_counter()
        databases.up(folder)
        say(f"the warehouse is up: {time.perf_counter() - began:.1f} s")
        for day in (0, 1):
            work.live(day)
        show({"children": children, "seed": seed, "registries": registries, "machine": machine(), "steps": work.steps})
    finally:
        work.processes.stop()
        databases.down(folder)
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {"cores": os.cpu_count(), "memory_gigabytes": round(psutil.virtual_memory().total / (1 << 30)), "python": platform.python_version(),
            "versions": {name: version(name) for name in VERSIONS}}


def table(figures: dict[str, Any], console: Console) -> None:
    """The steps as a person reads them."""
    known = figures["machine"]
    title = f"{figures['children']:,} children, {known['cores']} cores, {known['memory_gigabytes']} GB, Python {known['python']}"
    shown = Table(title=title, title_justify="left")
    for column in ("day", "step", "source", "seconds", "import s", "CPU s", "records", "records/s", "peak MB", "database CPU s",
                   "departments CPU s", "all MB"):
        shown.add_column(column, justify="left" if column in ("step", "source") else "right")
    for step in figures["steps"]:
        rate = f"{step['records'] / step['seconds']:,.0f}" if step["records"] and step["seconds"] else ""
        shown.add_row(str(step["day"]), step["step"], step["source"], f"{step['seconds']:.2f}", f"{step['import_seconds']:.2f}",
                      f"{step['cpu_seconds']:.2f}", f"{step['records']:,}" if step["records"] else "", rate, f"{step['peak_megabytes']:.0f}",
                      f"{step['database_cpu_seconds']:.2f}", f"{step['departments_cpu_seconds']:.2f}", f"{step['all_megabytes']:.0f}")
    console.print(shown)


@dataclass
class _Bench:
    """One bench under way; `steps` are the figures so far."""

    folder: Path
    say: Callable[[str], None]
    processes: Processes
    children: int
    home: str | None
    seed: int
    registries: bool
    steps: list[dict[str, Any]] = field(default_factory=list)

    def live(self, day: int) -> None:
        """One day: the region lives it, the departments serve it, every step takes it in."""
        os.environ["KONTINGENT_TODAY"] = school_day(day).isoformat()
        self._step(day, "region", "", (str(self.folder / "mocks" / "world"), day, self.children, self.seed, self.home))
        with self._departments(day):
            for source in sources(self.registries):
                for name in self._unmeasured("targets", source.name):
                    self._step(day, "receive", source.name, (source.name, name))
                for step in ("gate", "load"):
                    self._step(day, step, source.name, (source.name,))
            for step in ("link", "measure", "publish", "report"):
                self._step(day, step, "", ())

    def _step(self, day: int, step: str, source: str, arguments: tuple[Any, ...]) -> None:
        beside = self._pids()
        before = {name: cpu_seconds(pid) for name, pid in beside.items()}
        with StepProcess() as process, watched(lambda: beside | {"step": process.pid}, self._still(day, step, source)) as seen:
            done = process.run(step, *arguments)
        done |= {f"{name}_cpu_seconds": cpu_seconds(pid) - before[name] for name, pid in beside.items()}
        done["peak_megabytes"] = max(done["peak_megabytes"], seen.peak_megabytes.get("step", 0.0))
        self._note(day, step, source, done | {"seen": seen.peak_megabytes})

    def _note(self, day: int, step: str, source: str, done: dict[str, Any]) -> None:
        """Keep the figures; the organisations of one source are one line."""
        last = self.steps[-1] if self.steps else {}
        if (last.get("day"), last.get("step"), last.get("source")) == (day, step, source):
            merge(last, figure(day, step, source, done))
        else:
            self.steps.append(last := figure(day, step, source, done))
        self.say(f"day {day}: {step} {source}: {last['seconds']:.1f} s, {last['records']:,} records, {last['peak_megabytes']:.0f} MB")

    def _still(self, day: int, step: str, source: str) -> Callable[[float, float], None]:
        return lambda seconds, megabytes: self.say(f"day {day}: {step} {source}: at work for {seconds:.0f} s, {megabytes:,.0f} MB in all")

    def _unmeasured(self, step: str, *arguments: str) -> list[str]:
        with StepProcess() as process:
            return list(process.run(step, *arguments)["value"])

    def _pids(self) -> dict[str, int]:
        """Roots of the processes beside the step: the departments, the database server when it is ours."""
        found: dict[str, int] = {}
        for name, child in self.processes.children:
            found |= {"departments": child.pid} if name == "mocks" else {}
        with suppress(FileNotFoundError, ValueError):  # a server named by URL is not ours to watch
            found["database"] = int((self.folder / "postgres" / "postmaster.pid").read_text("ascii").split("\n", 1)[0])
        return found

    @contextmanager
    def _departments(self, day: int) -> Iterator[None]:
        began = time.perf_counter()
        with watched(self._pids, self._still(day, "departments", "")) as seen:
            mocks.start(self.processes, self.folder, children=self.children, home=self.home, seed=self.seed, day=day, say=self.say,
                        registries=self.registries)
        cpu = cpu_seconds(self._pids()["departments"])
        self._note(day, "departments", "", {"seconds": time.perf_counter() - began, "departments_cpu_seconds": cpu, "seen": seen.peak_megabytes})
        try:
            yield
        finally:
            self.processes.stop()


def figure(day: int, step: str, source: str, done: dict[str, Any]) -> dict[str, Any]:
    """The figures of one step: `all_megabytes` is step, departments and database at one moment."""
    seen = done["seen"]
    return {"day": day, "step": step, "source": source, "seconds": done["seconds"], "import_seconds": done.get("import_seconds", 0.0),
            "cpu_seconds": done.get("cpu_seconds", 0.0), "records": done.get("records", 0), "peak_megabytes": done.get("peak_megabytes", 0.0),
            "departments_cpu_seconds": done.get("departments_cpu_seconds", 0.0), "database_cpu_seconds": done.get("database_cpu_seconds", 0.0),
            "departments_megabytes": seen.get("departments", 0.0),
            "database_megabytes": seen.get("database", 0.0), "all_megabytes": seen.get("all", 0.0)}


def merge(step: dict[str, Any], other: dict[str, Any]) -> None:
    """Add the figures of another run of the same step: times and records add up, memory is the larger."""
    for name, value in other.items():
        if name.endswith("megabytes"):
            step[name] = max(step[name], value)
        elif name.endswith("seconds") or name == "records":
            step[name] += value


def _room(folder: Path, needed: int, children: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ConfigurationError("bench.disk", f"{children:,} children need about {needed >> 30} GiB in {folder.parent}; {free >> 30} GiB are free")
