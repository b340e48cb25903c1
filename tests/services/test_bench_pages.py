"""The drawn ledger of the benchmark is a ledger like any other: it adds up, and its pages are built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.bench_pages import fill, measure


def test_the_drawn_ledger_adds_up_and_its_pages_are_built(warehouse: Any, tmp_path: Path) -> None:
    rows = fill(30, 3)
    assert rows["quality.delivery"] > 80
    assert warehouse.scalar("SELECT count(*) FROM quality.delivery AS d WHERE refused <> "
                            "(SELECT count(*) FROM quality.refused_record AS r WHERE r.delivery_id = d.delivery_id)") == 0
    figures = measure(30, tmp_path)
    assert figures["files"] == 2 * figures["pages"]
    assert {path.name for path in (tmp_path / "pages" / "checks").glob("source-source_*.html")} == {f"source-source_0{n}.html" for n in (1, 2, 3)}
    assert len(list((tmp_path / "pages" / "checks").glob("run-*.html"))) == 30
