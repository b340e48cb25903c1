"""What a thousand changed records cost a registry: its records go through a warehouse of their own, are linked, change, and are linked again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import text

from services import databases
from services.bench_deliveries import Deliveries, Delivery
from services.bench_step import StepProcess
from services.bench_watch import cpu_seconds, watched
from warehouse import ledger, load
from warehouse.engine import engine

CHANGES = 1_000
SHARE = 20
"""Of a small registry one record in SHARE changes: more would be a rebuild."""
_OWN = {"KONTINGENT_WAREHOUSE_URL": None, "KONTINGENT_TODAY": "2026-09-02"}
Figures = dict[str, Any]


def measure(records: Path, say: Callable[[str], None]) -> Figures:
    """`first` (all records linked), `again` (the changed ones), `unchanged` (nothing new), `quality` (measured after it), and what changed.

    `records` is a folder of `link_records.synthesise`. Times of a link are its own, without starting Python. The warehouse is the embedded one,
    in a folder that is deleted; there are persons in it and no facts, so golden records lack residence and citizenship.
    """
    total = pq.read_metadata(records / "records.parquet").num_rows
    with _scratch() as var:
        databases.up(var)
        deliveries = Deliveries(records, var, min(CHANGES, total // SHARE))
        try:
            loaded = take_in(deliveries.first())
            say(f"{loaded:,} records are loaded")
            figures = {"records": loaded, "changes": deliveries.changes, "first": _step(var, "link", say)}
            take_in(deliveries.second())
        finally:
            deliveries.close()
        figures |= {"again": _step(var, "link", say), "quality": _step(var, "measure", say), "unchanged": _step(var, "link", say)}
        return figures


def take_in(deliveries: Iterable[Delivery]) -> int:
    """Register and load each; returns how many records are new or changed."""
    loaded = 0
    for delivery in deliveries:
        ledger.register([delivery])
        loaded += load.accept(delivery.delivery_id, delivery.folder)["loaded"]
        shutil.rmtree(delivery.folder)
    return loaded


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kontingent-incremental-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account: the cluster must lie in here, to go with it
    with own_warehouse(folder):
        try:
            yield folder
        finally:
            databases.down(folder)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_warehouse(folder: Path) -> Iterator[None]:
    """KONTINGENT_VAR is `folder` in the block, and a warehouse named by URL is left alone."""
    wanted = _OWN | {"KONTINGENT_VAR": str(folder)}
    before = {name: os.environ.get(name) for name in wanted}
    _environ(wanted)
    try:
        yield
    finally:
        _environ(before)


def _environ(wanted: dict[str, str | None]) -> None:
    for name, value in wanted.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _step(var: Path, step: str, say: Callable[[str], None]) -> Figures:
    server = int((var / "postgres" / "postmaster.pid").read_text("ascii").split("\n", 1)[0])
    began = cpu_seconds(server)
    with StepProcess() as process, watched(lambda: {"step": process.pid, "database": server},
                                           lambda seconds, megabytes: say(f"{step}: at work for {seconds:.0f} s, {megabytes:,.0f} MB"), 0.1) as seen:
        done = process.run(step)
    counts = {name: done["value"][name] for name in ("changed", "records", "reviews", "written") if name in done["value"]}
    figures = {"seconds": round(done["seconds"], 2), "cpu_seconds": round(done["cpu_seconds"], 2), "database_cpu_seconds": round(cpu_seconds(server) - began, 2),
               "peak_megabytes": round(done["peak_megabytes"]), "database_megabytes": round(seen.peak_megabytes.get("database", 0.0)), **counts}
    figures |= _kept() if step == "link" else {}
    say(f"{step}: {figures}")
    return figures


def _kept() -> Figures:
    """What the last link noted of itself: seconds of the engine alone, pairs compared and scored."""
    with engine().connect() as connection:
        rows = connection.execute(text("SELECT DISTINCT ON (step) step, seconds, pairs_scored FROM quality.run_step WHERE step IN ('link', 'link: engine') "
                                       "ORDER BY step, at DESC")).all()
    found = {row.step: row for row in rows}
    return {"engine_seconds": round(float(found["link: engine"].seconds), 2), "pairs": int(found["link"].pairs_scored)}
