"""One step of the pipeline in a process of its own, as a task would be; what importing costs is told apart from the work."""

from __future__ import annotations

import importlib
import multiprocessing
import resource
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from schemas.errors import ConfigurationError, KontingentError

MODULES = {"targets": ("pipeline.ingest",), "measure": ("pipeline.quality_of_links",), "receive": ("pipeline.ingest", "connectors.{source}", "transforms.{source}"),
           "gate": ("pipeline.ingest", "pipeline.gate_deliveries"), "load": ("pipeline.ingest",), "link": ("pipeline.link",),
           "publish": ("pipeline.publish", "pipeline.gates"), "report": ("pipeline.report",), "region": ("connectors.mocks.region",)}
"""What a step imports before it works."""


GRACE = 10.0
"""Seconds a process may take to end by itself once its step is done; killed, it would leave the system's semaphores behind."""


class StepProcess:
    """A fresh interpreter for one step; `pid` can be watched while it works."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()
        self.pid = int(self._process.pid or 0)

    def __enter__(self) -> StepProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._here.close()
        self._process.join(0 if kind else GRACE)
        self._process.terminate()
        self._process.join()

    def run(self, step: str, *arguments: Any) -> dict[str, Any]:
        """`value`, `seconds`, `cpu_seconds`, `import_seconds`, `records` and `peak_megabytes` of the step; its error is raised here.

        Raises ConfigurationError when the process was killed: then it was out of memory.
        """
        self._here.send((step, *arguments))
        try:
            done = self._here.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            raise ConfigurationError("bench.killed", f"the process of step {step} ended with status {self._process.exitcode}: out of memory?") from None
        if isinstance(done, BaseException):
            raise done
        return dict(done)


def _serve(told: Connection) -> None:
    """The other end: one step, its figures or its error back."""
    try:
        step, *arguments = told.recv()
    except EOFError:  # never told
        return
    try:
        told.send(measure(step, *arguments))
    except KontingentError as error:
        told.send(error)
    except Exception as error:  # noqa: BLE001 - it is raised again where the step was asked for
        told.send(RuntimeError("".join(traceback.format_exception(error))))


def measure(step: str, *arguments: Any) -> dict[str, Any]:
    """Run a step here; children it waited for are part of its CPU."""
    began = time.perf_counter()
    for module in MODULES[step]:
        importlib.import_module(module.format(source=arguments[0] if arguments else ""))
    wall, cpu = time.perf_counter(), _cpu()
    value = _call(step)(*arguments)
    return {"value": value, "seconds": time.perf_counter() - wall, "cpu_seconds": _cpu() - cpu, "import_seconds": wall - began,
            "records": _records(value), "peak_megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    """The largest resident size of this process: the kernel's own mark, which a parent's size before the start does not raise."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next((one for one in status.read_text("ascii", "replace").splitlines() if one.startswith("VmHWM:")), None)
        if line:
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _call(step: str) -> Callable[..., Any]:
    from pipeline import ingest, link, publish, quality_of_links, report

    calls: dict[str, Callable[..., Any]] = {
        "targets": ingest.targets, "receive": lambda source, name: ingest.receive(source, name or None), "gate": ingest.gate,
        "load": ingest.load_staged, "link": link.link,
        "measure": quality_of_links.measure, "publish": lambda: publish.publish(publish.gate(), by="bench"), "report": report.build,
        "region": _region}
    return calls[step]


def _region(folder: str, day: int, children: int, seed: int, home: str | None) -> dict[str, int]:
    """The synthetic region on its day; it is no part of the pipeline."""
    from connectors.mocks import region

    if day == 0:
        region.build(Path(folder), children=children, seed=seed, home=home)
    else:
        region.advance(Path(folder), day)
    return {"records": children if day == 0 else 0}


def _records(value: object) -> int:
    return int(value.get("records") or value.get("received") or 0) if isinstance(value, dict) else 0


def _cpu() -> float:
    return sum(spent.ru_utime + spent.ru_stime for spent in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
