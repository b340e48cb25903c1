"""Builds the pages on checks of a ledger of many runs and sources, drawn by SQL into a scratch warehouse; says how long, how many, how large."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import text

from services import databases
from services.bench import machine
from services.bench_incremental import own_warehouse
from warehouse.engine import engine
from warehouse.portal.build import build_portal
from warehouse.portal.validation import write
from warehouse.reports.reader import snapshot

SQL = Path(__file__).with_suffix(".sql")
FIRST = date(2024, 1, 1)
TABLES = ("quality.delivery", "quality.delivery_event", "quality.refused_record", "quality.validation_result", "core.pupil_cell")


def bench(runs: int, sources: int, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Figures of the pages on checks alone and of the whole portal; nothing is kept."""
    folder = Path(tempfile.mkdtemp(prefix="kontingent-pages-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account
    with own_warehouse(folder):
        try:
            databases.up(folder)
            rows = _fill(runs, sources)
            say(f"{rows['quality.delivery']:,} deliveries, {rows['quality.validation_result']:,} results, {rows['quality.refused_record']:,} refused records")
            return {"runs": runs, "sources": sources, "rows": rows, "machine": machine(), **_build(runs, folder)}
        finally:
            databases.down(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _fill(runs: int, sources: int) -> dict[str, int]:
    with engine().begin() as connection:
        for statement in SQL.read_text("utf-8").split(";\n"):
            if statement.strip():
                connection.execute(text(statement), {"runs": runs, "sources": sources})
    with engine().begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"SELECT core.refresh_statistics('{table}')")
        return {table: int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()) for table in TABLES}  # noqa: S608 - names of ours


def _build(runs: int, folder: Path) -> dict[str, Any]:
    as_of = FIRST + timedelta(days=runs)
    out = folder / "pages"
    out.mkdir()
    began = time.perf_counter()
    with snapshot(engine(), version=runs, as_of=as_of) as connection:
        write(connection, out, version=runs, as_of=as_of, site=())
    seconds = time.perf_counter() - began
    files = [path for path in out.rglob("*") if path.is_file()]
    began = time.perf_counter()
    build_portal(engine(), runs, as_of, folder / "portal")
    pages = [path for path in files if path.suffix == ".html"]
    largest = max(pages, key=lambda path: path.stat().st_size)
    return {"seconds": round(seconds, 2), "portal_seconds": round(time.perf_counter() - began, 2), "files": len(files), "pages": len(pages),
            "bytes": sum(path.stat().st_size for path in files), "largest_page": largest.name, "largest_page_bytes": largest.stat().st_size}


def table(figures: dict[str, Any], console: Console) -> None:
    """The figures as a person reads them."""
    console.print(f"{figures['runs']} runs × {figures['sources']} sources: {figures['seconds']} s for the pages on checks "
                  f"({figures['portal_seconds']} s for the whole portal), {figures['files']} files ({figures['pages']} pages), "
                  f"{figures['bytes'] / 1e6:.1f} MB; largest page {figures['largest_page']}, {figures['largest_page_bytes'] / 1e3:.0f} KB")
