"""Measures the record gate: marks of a region laid out in PostgreSQL and passed through every rule, on a scratch warehouse."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import STAGING
from services import databases
from services.bench import machine
from services.bench_step import StepProcess

SOURCE, AS_OF = "journal_netschool", "2026-03-02"
MARKS_A_DELIVERY, MARKS_A_PUPIL = 1_000_000, 200
PUPIL = "'1020300000001:' || CAST(pupil AS VARCHAR)"
COMMON: dict[str, str] = {"sequence": "0", "organisation_key": "'1020300000001'", "person_key": PUPIL}
VALUES: dict[str, dict[str, str]] = {
    "person": COMMON | {"source_key": PUPIL, "family_name": "'ДОРЖИЕВ'", "given_name": "'БАИР'", "record_status": "'active'",
                        "birth_date": "DATE '2014-01-01' + CAST(pupil % 300 AS INTEGER)"},
    "enrolment": COMMON | {"source_key": PUPIL, "programme": "'basic'", "grade": "5", "study_form": "'full_time'", "valid_from": "DATE '2021-09-01'"},
    "mark": COMMON | {"source_key": "'1020300000001:' || CAST(number AS VARCHAR)", "subject": "'algebra'", "subject_raw": "'Алгебра'", "is_debt": "false",
                      "lesson_date": "DATE '2025-09-02' + CAST(number % 180 AS INTEGER)", "mark_value": "2 + number % 4", "mark_weight": "1"},
}
"""One good row of each relation, as SQL over `number` and `pupil`; a mark in 100,000 is made bad, so that rows are refused too."""
BAD = {"mark": {"lesson_date": "CASE WHEN number % 100000 = 7 THEN DATE '2027-01-11' ELSE {good} END"}}


@dataclass(frozen=True)
class Drawn:
    """A delivery as the landing names it."""

    delivery_id: str
    origin: str
    source: str = SOURCE
    media: str = "tar"
    sha256: str = "0" * 64
    size_bytes: int = 1
    received_at: str = f"{AS_OF}T06:00:00+08:00"
    as_of: str = AS_OF


def bench(rows: int, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Draw, lay out and judge `rows` marks; returns seconds, rows a minute and the peak of the client in megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="kontingent-bench-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account
    os.environ |= {"KONTINGENT_VAR": str(folder), "KONTINGENT_TODAY": AS_OF}
    try:
        databases.up(folder)
        deliveries = list(_draw(folder / "staging" / SOURCE, rows))
        say(f"{rows:,} marks in {len(deliveries)} deliveries are drawn")
        _register(deliveries)
        with StepProcess() as process:
            began = time.perf_counter()
            done = process.run("gate", SOURCE)
            seconds = time.perf_counter() - began - done["import_seconds"]
        return {"marks": rows, "records": done["records"], "held": done["value"]["held"], "seconds": seconds, "import_seconds": done["import_seconds"],
                "records_a_minute": done["records"] / seconds * 60, "peak_megabytes": done["peak_megabytes"], "refused": _refused(), "machine": machine()}
    finally:
        databases.down(folder)
        shutil.rmtree(folder, ignore_errors=True)


def table(figures: dict[str, Any]) -> str:
    """The figures in one line."""
    return (f"{figures['records']:,} records in {figures['seconds']:.0f} s: {figures['records_a_minute']:,.0f} a minute, "
            f"client {figures['peak_megabytes']:,.0f} MB, "
            f"{figures['refused']:,} refused, {figures['held']} deliveries held")


def _draw(folder: Path, rows: int) -> Iterator[Drawn]:
    for first in range(0, rows, MARKS_A_DELIVERY):
        one = Drawn(delivery_id=str(uuid.uuid4()), origin=f"{1020300000001 + first // MARKS_A_DELIVERY}")
        marks = min(MARKS_A_DELIVERY, rows - first)
        pupils = max(1, marks // MARKS_A_PUPIL)
        place = folder / one.delivery_id
        place.mkdir(parents=True)
        for entity, count in (("person", pupils), ("enrolment", pupils), ("mark", marks)):
            _write(place / f"{entity}.parquet", entity, count, pupils)
        _write_nothing_refused(place / "refused.parquet")
        counts = {"person": pupils, "enrolment": pupils, "mark": marks}
        (place / "counts.json").write_text(json.dumps({entity: {"received": count, "accepted": count, "refused": 0} for entity, count in counts.items()}), "utf-8")
        (place / "scopes.json").write_text("[]", "utf-8")
        (place / "left_out.json").write_text("{}", "utf-8")
        yield one


def _write(path: Path, entity: str, count: int, pupils: int) -> None:
    types = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
    given = VALUES[entity] | {"position": "CAST(number AS VARCHAR)", "record_hash": "md5(CAST(number AS VARCHAR))"}
    given |= {name: bad.format(good=given[name]) for name, bad in BAD.get(entity, {}).items()}
    cells = ", ".join(f'CAST({given.get(name, "NULL")} AS {types[STAGING[entity].field(name).type]}) AS "{name}"' for name in STAGING[entity].columns)
    duckdb.sql(f"COPY (SELECT {cells} FROM (SELECT range AS number, range % {pupils} AS pupil FROM range({count}))) TO '{path}'")  # noqa: S608 - ours


def _write_nothing_refused(path: Path) -> None:
    columns = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in (
        ("entity", "VARCHAR"), ("position", "VARCHAR"), ("source_key", "VARCHAR"), ("rule", "VARCHAR"), ("rule_version", "BIGINT")))
    duckdb.sql(f"COPY (SELECT {columns} WHERE false) TO '{path}'")


def _register(deliveries: list[Drawn]) -> None:
    from warehouse import ledger

    ledger.register(deliveries)
    for one in deliveries:
        ledger.staged(one.delivery_id)


def _refused() -> int:
    from warehouse import day

    return day.count_rows(["staging.refused"])[0]
