"""Links the same records with the project's engine and with Splink alone, one after the other, and says which was better, faster and smaller."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from schemas.errors import ConfigurationError
from services import bench_incremental, link_records, mocks
from services.bench import machine
from services.bench_watch import watched
from transforms.linkage_quality import ALL, measure

ROOT = Path(__file__).resolve().parent.parent
SIDES = ("engine", "splink")
BYTES_A_CHILD = 2_500
"""Disk one child needs: its records twice, and the links of both sides."""
QUALITY = ("precision", "recall", "f1", "b3_f1", "twins_merged_pupils", "false_links_per_10000", "false_doubtful_number_links_per_10000", "review_share")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`errors` is default or held_out; `records` is a folder of `kontingent synthesise` to use instead of making one."""

    children: int
    seed: int = 1
    errors: str = "default"
    records: Path | None = None
    registry: bool = True
    """Whether 1,000 changed records are measured too: that loads all of them into a warehouse of its own first."""


def bench(wanted: Wanted, say: Callable[[str], None]) -> dict[str, Any]:
    """Figures of both sides and their ratios; nothing is kept.

    `seconds` of a side is its whole process from the start of the interpreter to links on disk; of Splink's clusterings only the one whose
    F1 is best is counted, and its peak memory is that of the first one. Raises ConfigurationError when a side was killed or failed.
    """
    with _folder(wanted, say) as folder:
        truth = pq.read_table(folder / "truth.parquet")
        sides = {side: _side(side, folder, truth, say) for side in SIDES}
        return {"children": wanted.children, "records": truth.num_rows, "seed": wanted.seed, "errors": wanted.errors,
                "machine": machine() | {"splink": version("splink")}, "sides": sides, "ratios": ratios(sides["engine"], sides["splink"]),
                "incremental": incremental(folder, say) if wanted.registry else None}


def incremental(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """What 1,000 changed records cost against the registry of this folder's records, through a warehouse (`bench_incremental.measure`)."""
    return bench_incremental.measure(folder, say)


@contextmanager
def _folder(wanted: Wanted, say: Callable[[str], None]) -> Iterator[Path]:
    if wanted.records:
        yield wanted.records
        return
    folder = Path(tempfile.mkdtemp(prefix="kontingent-bench-link-"))
    try:
        if shutil.disk_usage(folder).free < wanted.children * BYTES_A_CHILD:
            raise ConfigurationError("bench.disk", f"{wanted.children:,} children need {wanted.children * BYTES_A_CHILD >> 20:,} MiB in {folder.parent}")
        made = link_records.synthesise(link_records.Wanted(children=wanted.children, seed=wanted.seed, errors=wanted.errors), folder)
        say(f"{made['records']:,} records of {wanted.children:,} children made in {made['seconds']} s")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _side(side: str, folder: Path, truth: pa.Table, say: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix=f"kontingent-{side}-") as out:
        told = _measured(side, folder / "records.parquet", Path(out), say)
        linkings = {name: _quality(Path(out), name, truth) for name in told["linkings"]}
    best = max(linkings, key=lambda name: linkings[name]["f1"])
    idle = sum(each["seconds"] for name, each in told["linkings"].items() if name != best)
    figures = {"seconds": round(told["wall_seconds"] - idle, 2), "train_seconds": round(told["train_seconds"], 2), "cpu_seconds": round(told["cpu_seconds"], 2),
               "peak_megabytes": round(told["peak_megabytes"]), "tree_megabytes": round(told["tree_megabytes"]), "best": best, **linkings[best],
               "linkings": {name: {"seconds": round(each["seconds"], 2)} | linkings[name] for name, each in told["linkings"].items()}}
    say(f"{side}: {figures['seconds']:.1f} s, {figures['peak_megabytes']:,} MB, F1 {figures['f1']:.5f} ({best})")
    return figures


def _measured(side: str, records: Path, out: Path, say: Callable[[str], None]) -> dict[str, Any]:
    began = time.perf_counter()
    with (out / "log").open("w+b") as log, subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "services.bench_link_side", side, str(records), str(out)], cwd=ROOT, stdout=subprocess.PIPE, stderr=log) as process:
        with watched(lambda: {"step": process.pid}, lambda seconds, megabytes: say(f"{side}: at work for {seconds:.0f} s, {megabytes:,.0f} MB"), 0.1) as seen:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            lines = process.stdout.read().decode("utf-8", "replace").strip().splitlines()
            status = process.wait()
        if status:
            log.seek(0)
            last = (log.read().decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]
            raise ConfigurationError("bench.side", f"{side} ended with status {status}{': out of memory?' if status == -9 else f': {last}'}")
    told: dict[str, Any] = json.loads(lines[-1])
    return told | {"wall_seconds": time.perf_counter() - began, "tree_megabytes": seen.peak_megabytes.get("step", 0.0)}


def _quality(out: Path, name: str, truth: pa.Table) -> dict[str, float]:
    reviews = out / f"{name}_reviews.parquet"
    plain = truth.select([column for column in ("record_id", "person_id", "is_twin", "snils_is_wrong", "snils_is_shared") if column in truth.column_names])
    found = measure(pq.read_table(out / f"{name}.parquet"), plain, pq.read_table(reviews) if reviews.exists() else None)
    known = {each.measure: each.value for each in found if each.subgroup == ALL}
    return {wanted: round(known[wanted], 6) for wanted in QUALITY}


def ratios(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """How many times Splink's cost ours is; `trained` leaves its training out, for its weights could be pinned too."""
    return {"seconds": round(theirs["seconds"] / ours["seconds"], 2),
            "seconds_trained": round((theirs["seconds"] - theirs["train_seconds"]) / ours["seconds"], 2),
            "cpu_seconds": round(theirs["cpu_seconds"] / ours["cpu_seconds"], 2),
            "peak_megabytes": round(theirs["peak_megabytes"] / ours["peak_megabytes"], 2), "f1_difference": round(ours["f1"] - theirs["f1"], 6)}


def children(scale: str) -> int:
    """`district`, `republic` or a number of children."""
    return mocks.scale(scale)[0]


def keep(figures: dict[str, Any]) -> Path:
    """Write the figures to `docs/measured/link-<children>.json` (held-out errors have their name in it)."""
    mark = "" if figures["errors"] == "default" else f"-{figures['errors'].replace('_', '-')}"
    path = ROOT / "docs" / "measured" / f"link-{figures['children']}{mark}.json"
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def table(figures: dict[str, Any], console: Console) -> None:
    """The sides beside each other."""
    known = figures["machine"]
    shown = Table(title=f"{figures['records']:,} records of {figures['children']:,} children ({figures['errors']} errors), {known['cores']} cores, "
                        f"{known['memory_gigabytes']} GB, Splink {known['splink']}", title_justify="left")
    for column in ("", "engine", "Splink", "Splink / engine"):
        shown.add_column(column, justify="right" if column else "left")
    ours, theirs = figures["sides"]["engine"], figures["sides"]["splink"]
    for name in ("seconds", "train_seconds", "cpu_seconds", "peak_megabytes", "tree_megabytes", *QUALITY):
        ratio = figures["ratios"].get(name)
        shown.add_row(name, f"{ours[name]:,.6g}", f"{theirs[name]:,.6g}", "" if ratio is None else f"{ratio:,.2f} ×")
    console.print(shown)
    if figures["incremental"]:
        console.print(_changed(figures["incremental"]))
    console.print(f"without Splink's training {figures['ratios']['seconds_trained']:,.2f} ×; F1 differs by {figures['ratios']['f1_difference']:+.6f}; "
                  f"Splink's best clustering: {theirs['best']}")


def _changed(found: dict[str, Any]) -> Table:
    """The links through the warehouse, one a column."""
    shown = Table(title=f"through the warehouse: {found['records']:,} records, then {sum(found['changes'].values()):,} changed", title_justify="left")
    steps = {"first": "first link", "again": "what changed", "unchanged": "nothing new"}
    for column in ("", *steps.values()):
        shown.add_column(column, justify="right" if column else "left")
    for name in found["again"]:
        shown.add_row(name, *(f"{found[step][name]:,.6g}" for step in steps))
    return shown
