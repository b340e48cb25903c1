"""The bench measures each step in its own process; its page is a function of its figures."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import ConfigurationError, ContractBroken
from services import bench, bench_report, bench_step, bench_watch

MEASURED = Path(__file__).resolve().parents[2] / "docs" / "measured"
PAGE = MEASURED.parent / "performance.md"


def step(name: str = "load", source: str = "zags_births", day: int = 0, **told: float) -> dict[str, Any]:
    return bench.figure(day, name, source, {"seconds": 1.0, "seen": {}} | told)


def run(children: int, *steps: dict[str, Any], registries: bool = True) -> dict[str, Any]:
    return {"children": children, "seed": 1, "registries": registries, "steps": list(steps),
            "machine": {"cores": 2, "memory_gigabytes": 24, "python": "3.11.7", "versions": {"duckdb": "2.0"}}}


def test_registries_leave_out_what_organisations_send() -> None:
    assert [source.name for source in bench.sources(registries=True)] == [
        "education_organisations", "oo1_archive", "zags_births", "zags_name_changes", "zags_paternity", "zags_deaths", "fms_residence", "pfr_snils"]
    assert {"journal_file", "vuz_scos"} <= {source.name for source in bench.sources(registries=False)}


def test_a_step_runs_in_another_process_and_its_error_comes_back_as_it_is(tmp_path: Path) -> None:
    with bench_step.StepProcess() as process:
        assert process.pid != os.getpid()
        with pytest.raises(RuntimeError, match="region"):
            process.run("region", str(tmp_path / "nothing"), 3, 200, 1, None)


def test_errors_of_ours_cross_processes_unchanged() -> None:
    import pickle
    again = pickle.loads(pickle.dumps(ContractBroken("zip.bomb", "too large")))  # noqa: S301 - our own bytes
    assert isinstance(again, ContractBroken)
    assert (again.code, again.message) == ("zip.bomb", "too large")


def test_a_killed_step_is_said_and_not_waited_for() -> None:
    with bench_step.StepProcess() as process:
        os.kill(process.pid, 9)
        with pytest.raises((ConfigurationError, BrokenPipeError)):
            process.run("link")


def test_the_organisations_of_one_source_are_one_line() -> None:
    first = step(seconds=2.0, records=10, peak_megabytes=300.0, cpu_seconds=1.0)
    bench.merge(first, step(seconds=3.0, records=5, peak_megabytes=200.0, cpu_seconds=0.5))
    assert (first["seconds"], first["records"], first["peak_megabytes"], first["cpu_seconds"], first["day"]) == (5.0, 15, 300.0, 1.5, 0)


def test_all_memory_is_that_of_one_moment() -> None:
    seen = bench_watch.Seen()
    seen.take({"step": 100.0, "database": 10.0})
    seen.take({"step": 20.0, "database": 50.0})
    assert seen.peak_megabytes == {"step": 100.0, "database": 50.0, "all": 110.0}


def test_memory_and_cpu_of_a_process_are_seen_and_of_a_gone_one_nothing() -> None:
    held = bytearray(os.urandom(1 << 10)) * (20 << 10)
    assert bench_watch.megabytes(os.getpid()) > len(held) >> 20
    assert bench_watch.cpu_seconds(os.getpid()) > 0
    assert bench_watch.megabytes(2 ** 22 + 1) == 0


def test_a_long_step_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_watch, "SIGN_OF_LIFE", 0.0)
    told: list[float] = []
    with bench_watch.watched(lambda: {"step": os.getpid()}, lambda seconds, _: told.append(seconds), every=0.01):
        for _ in range(500):
            if told:
                break
            time.sleep(0.01)
    assert told


def test_twice_the_time_for_twice_the_children_is_linear() -> None:
    found = bench_report.growth(run(100, step(seconds=5.0), step("link", "", seconds=1.0)),
                                run(200, step(seconds=10.0), step("link", "", seconds=4.0), step("report", "", seconds=9.0)))
    assert [(one["step"], round(one["exponent"], 3)) for one in found] == [("load", 1.0), ("link", 2.0)]


def test_the_page_keeps_what_people_wrote(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{bench_report.BEGIN}\nold\n{bench_report.END}\nAfter.\n", "utf-8")
    figures = [run(100, step(records=100)), run(200, step(records=200)), run(100, step(), registries=False)]
    bench_report.write(page, figures)
    once = page.read_text("utf-8")
    bench_report.write(page, figures)
    assert page.read_text("utf-8") == once
    assert once.startswith("Before.\n")
    assert once.endswith("After.\n")
    assert "old" not in once
    assert "From 100 to 200 children" in once


def test_the_page_of_the_project_says_what_was_measured() -> None:
    measured = [json.loads(path.read_text("utf-8")) for path in sorted(MEASURED.glob("*-registries.json"))]
    assert bench_report.markdown(measured) in PAGE.read_text("utf-8")
