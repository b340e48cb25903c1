"""Measures marts, reports and analysts' queries on a region of any size, drawn by SQL into a scratch warehouse: seconds and the memory of the client."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services import databases, worked_queries
from services.bench import machine
from services.bench_incremental import own_warehouse
from warehouse import built, publish, views
from warehouse.engine import engine
from warehouse.reports import make, shelf
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.reader import snapshot

SQL = Path(__file__).with_suffix(".sql")
VERSION, AS_OF = 1, date(2025, 10, 24)
CHILDREN_A_SCHOOL = 540
"""Children of every age; about 320 of them are pupils."""
PATIENCE = 60
"""Seconds after which a mart is given up: it is a view of single facts, or too slow."""
TYPICAL = (1, 3, 5, 7, 12)
"""Numbers of the questions of docs/queries.md that are asked."""
Say = Callable[[str], None]


def bench(children: int, marks: int, *, say: Say) -> dict[str, Any]:
    """Figures of a scratch region: `built` and `marts` by mart, `reports` by report, `queries` by number; nothing is kept."""
    folder = Path(tempfile.mkdtemp(prefix="kontingent-reports-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account
    with own_warehouse(folder):
        try:
            databases.up(folder)
            began = time.perf_counter()
            rows = fill(children, marks, say)
            say(f"drawn in {time.perf_counter() - began:.0f} s")
            return {"children": children, "marks": marks, "rows": rows, "machine": machine(), **measure(folder, say)}
        finally:
            databases.down(folder)
            shutil.rmtree(folder, ignore_errors=True)


def fill(children: int, marks: int, say: Say) -> dict[str, int]:
    """Draw the region and publish it; rows by table."""
    written: dict[str, int] = {}
    wanted = {"children": children, "marks": marks, "schools": max(1, children // CHILDREN_A_SCHOOL)}
    with engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        for statement in SQL.read_text("utf-8").replace("::", r"\:\:").split(";\n"):
            if statement.strip():
                table = statement.split("INSERT INTO ", 1)[1].split(" ", 1)[0]
                written[table] = connection.execute(text(statement), wanted).rowcount
                connection.execute(text("SELECT core.refresh_statistics(CAST(:table AS regclass))"), {"table": table})
                say(f"{table}: {written[table]:,} rows")
    publish.publish(VERSION, "bench")
    return written


def measure(folder: Path, say: Say) -> dict[str, Any]:
    """Build the marts, look through each, make every report with its files, ask as an analyst."""
    made: list[dict[str, Any]] = []
    began = time.perf_counter()
    built.fill(VERSION, AS_OF, views.marked(), views.definition(),
               lambda name, rows, seconds: made.append({"mart": name, "rows": rows, "seconds": round(seconds, 2)}))
    built_seconds = time.perf_counter() - began
    say(f"marts built in {built_seconds:.1f} s")
    with snapshot(engine(), version=VERSION, as_of=AS_OF) as connection:
        looked = [_look(connection, name) for name in views.read_queries()]
    began = time.perf_counter()
    reports = [_report(folder, one.name) for one in DEFINITIONS]
    return {"built_seconds": round(built_seconds, 1), "built": made, "marts": looked, "reports_seconds": round(time.perf_counter() - began, 1),
            "reports": reports, "peak_megabytes": _peak(), "queries": [_ask(number) for number in TYPICAL]}


def _look(connection: Connection, mart: str) -> dict[str, Any]:
    """Every column of every row of a mart, counted in the database; `seconds` is None when patience ended."""
    began = time.perf_counter()
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{PATIENCE}s'")
            rows = connection.exec_driver_sql(f'SELECT count(shown) FROM (SELECT * FROM marts."{mart}" OFFSET 0) AS shown').scalar_one()  # noqa: S608
    except DBAPIError:
        return {"mart": mart, "rows": None, "seconds": None}
    return {"mart": mart, "rows": int(rows), "seconds": round(time.perf_counter() - began, 3)}


def _report(folder: Path, name: str) -> dict[str, Any]:
    """One report with its files; the peak is that of the process so far."""
    one = next(found for found in DEFINITIONS if found.name == name)
    began = time.perf_counter()
    with snapshot(engine(), version=VERSION, as_of=AS_OF) as connection:
        report = make(connection, version=VERSION, as_of=AS_OF, wanted=(one,))[0]
    read = time.perf_counter() - began
    (folder / name).mkdir()
    shelf.write(report, folder / name)
    return {"code": one.code, "report": name, "read_seconds": round(read, 2), "seconds": round(time.perf_counter() - began, 2), "peak_megabytes": _peak()}


def _ask(number: int) -> dict[str, Any]:
    """One worked query by an analyst, the second time it is asked."""
    worked = next(one for one in worked_queries.read() if one.number == number)
    with engine("analyst").connect() as connection:
        for _ in range(2):
            began = time.perf_counter()
            rows = len(connection.execute(text(worked.sql.replace("::", r"\:\:"))).all())
    return {"number": number, "question": worked.question, "rows": rows, "milliseconds": round((time.perf_counter() - began) * 1000, 1)}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(figures: dict[str, Any], console: Console) -> None:
    """The figures as a person reads them."""
    build = {one["mart"]: one["seconds"] for one in figures["built"]}
    shown = Table("mart", "rows", "look, s", "build, s", title=f"{figures['children']:,} children, {figures['marks']:,} marks", title_justify="left")
    for one in figures["marts"]:
        look = f"> {PATIENCE}" if one["seconds"] is None else f"{one['seconds']:.2f}"
        shown.add_row(one["mart"], f"{one['rows']:,}" if one["rows"] is not None else "?", look, f"{build[one['mart']]:.2f}" if one["mart"] in build else "")
    console.print(shown)
    shown = Table("report", "read, s", "with files, s", "client, MB", title="reports", title_justify="left")
    for one in figures["reports"]:
        shown.add_row(f"{one['code']} {one['report']}", f"{one['read_seconds']:.1f}", f"{one['seconds']:.1f}", str(one["peak_megabytes"]))
    console.print(shown)
    for one in figures["queries"]:
        console.print(f"query {one['number']}: {one['milliseconds']:.0f} ms, {one['rows']} rows")
    console.print(f"marts built in {figures['built_seconds']} s, all reports in {figures['reports_seconds']} s, client {figures['peak_megabytes']} MB")
