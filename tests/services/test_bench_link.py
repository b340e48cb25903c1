from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from schemas.errors import ConfigurationError
from services import bench_link, link_records


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    link_records.synthesise(link_records.Wanted(children=400), folder)
    return folder


def test_both_sides_link_the_same_records_and_are_compared(records: Path) -> None:
    said: list[str] = []
    figures = bench_link.bench(bench_link.Wanted(children=400, records=records), said.append)
    ours, theirs = figures["sides"]["engine"], figures["sides"]["splink"]
    assert min(ours["f1"], theirs["f1"]) > 0.9
    assert theirs["best"] in theirs["linkings"]
    assert theirs["f1"] == max(each["f1"] for each in theirs["linkings"].values())
    assert ours["train_seconds"] == 0 < theirs["train_seconds"] < theirs["seconds"]
    assert figures["ratios"] == bench_link.ratios(ours, theirs)
    shown = io.StringIO()
    bench_link.table(figures, Console(file=shown, width=120))
    assert "Splink / engine" in shown.getvalue()
    assert len([line for line in said if "F1" in line]) == 2


def test_a_side_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "records.parquet").write_bytes(b"no parquet")
    link_records.synthesise(link_records.Wanted(children=200), tmp_path / "good")
    (tmp_path / "good" / "truth.parquet").rename(tmp_path / "truth.parquet")
    with pytest.raises(ConfigurationError, match="engine ended with status 1"):
        bench_link.bench(bench_link.Wanted(children=200, records=tmp_path), lambda line: None)
