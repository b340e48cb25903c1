"""Measures every step of one day on a fresh region, without Airflow: each step in a process of its own, as a task would be."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from connectors.sources import SOURCES
from schemas.errors import ConfigurationError
from services import databases, mocks
from services.processes import Processes
from services.schedule import school_day

BYTES_A_CHILD = 400_000
"""Disk one child needs in a bench (landing, staging, warehouse), measured on the district and doubled."""


def bench(scale: str, seed: int, *, say: Callable[[str], None], show: Callable[[dict[str, Any]], None]) -> None:
    """Build a region in a scratch folder, load day 0 and day 1, show the figures; nothing of it is kept."""
    children, home = mocks.scale(scale)
    folder = Path(tempfile.mkdtemp(prefix="kontingent-bench-"))
    free = shutil.disk_usage(folder).free
    if free < children * BYTES_A_CHILD:
        needed = f"{children:,} children need about {children * BYTES_A_CHILD >> 30} GiB in {folder.parent}; {free >> 30} GiB are free"
        raise ConfigurationError("bench.disk", needed)
    os.environ["KONTINGENT_VAR"] = str(folder)
    processes = Processes(folder / "logs")
    figures: dict[str, Any] = {"children": children, "seed": seed, "cores": os.cpu_count(), "python": platform.python_version(), "steps": []}
    try:
        databases.up(folder)
        for day in (0, 1):
            os.environ["KONTINGENT_TODAY"] = school_day(day).isoformat()
            began = time.perf_counter()
            with _departments(processes, folder, children=children, home=home, seed=seed, day=day, say=say):
                figures["steps"].append(_figure(day, "mock departments start", "", time.perf_counter() - began, {}))
                _day(day, figures["steps"], say)
        show(figures)
    finally:
        processes.stop()
        databases.down(folder)
        shutil.rmtree(folder, ignore_errors=True)


def table(figures: dict[str, Any], console: Console) -> None:
    """The steps as a person reads them."""
    shown = Table(title=f"{figures['children']:,} children, {figures['cores']} cores, Python {figures['python']}", title_justify="left")
    for column in ("day", "step", "source", "seconds", "CPU s", "records", "records/s", "peak MB"):
        shown.add_column(column, justify="left" if column in ("step", "source") else "right")
    for step in figures["steps"]:
        rate = f"{step['records'] / step['seconds']:,.0f}" if step["records"] and step["seconds"] else ""
        shown.add_row(str(step["day"]), step["step"], step["source"], f"{step['seconds']:.2f}", f"{step['cpu_seconds']:.2f}",
                      f"{step['records']:,}" if step["records"] else "", rate, f"{step['peak_megabytes']:.0f}")
    console.print(shown)


def _day(day: int, steps: list[dict[str, Any]], say: Callable[[str], None]) -> None:
    for source in SOURCES:
        organisations = _run("targets", source.name)["value"]
        for step, arguments in (*(("receive", (name,)) for name in organisations), ("gate", ()), ("load", ())):
            done = _run(step, source.name, *arguments)
            if steps[-1]["step"] == step == "receive" and steps[-1]["source"] == source.name:
                _add(steps[-1], done)
            else:
                steps.append(_figure(day, step, source.name, done["seconds"], done))
        say(f"day {day}: {source.name} done")
    for step in ("link", "publish", "report"):
        done = _run(step)
        steps.append(_figure(day, step, "", done["seconds"], done))
        say(f"day {day}: {step} done")


def _figure(day: int, step: str, source: str, seconds: float, done: dict[str, Any]) -> dict[str, Any]:
    return {"day": day, "step": step, "source": source, "seconds": seconds, "cpu_seconds": done.get("cpu_seconds", 0.0),
            "records": done.get("records", 0), "peak_megabytes": done.get("peak_megabytes", 0.0)}


def _add(step: dict[str, Any], done: dict[str, Any]) -> None:
    for name in ("seconds", "cpu_seconds", "records"):
        step[name] += done[name]
    step["peak_megabytes"] = max(step["peak_megabytes"], done["peak_megabytes"])


def _run(step: str, *arguments: str) -> dict[str, Any]:
    """One step in a new process; its error ends the bench."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (step, *arguments))


def _measure(step: str, *arguments: str) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    value = _call(step, arguments)
    records = 0
    if isinstance(value, dict):
        records = int(value.get("records") or value.get("received") or 0)
    return {"value": value, "seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu, "records": records,
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _call(step: str, arguments: tuple[str, ...]) -> Any:
    from pipeline import ingest, link, publish, report

    calls: dict[str, Callable[..., Any]] = {
        "targets": ingest.targets, "receive": lambda source, name: ingest.receive(source, name or None), "gate": ingest.gate,
        "load": ingest.load_staged, "link": link.link, "publish": lambda: publish.publish(publish.gate(), by="bench"), "report": report.build}
    return calls[step](*arguments)


@contextmanager
def _departments(processes: Processes, folder: Path, **region: Any) -> Any:
    mocks.start(processes, folder, **region)
    try:
        yield
    finally:
        processes.stop()
