"""The measure of marts and reports takes all that stand in the catalogue, on a drawn region small enough for a test."""

from __future__ import annotations

import json

import pytest

from services import bench_reports
from warehouse import views
from warehouse.reports.catalogue import DEFINITIONS

pytestmark = pytest.mark.warehouse


def test_every_mart_report_and_typical_question_is_measured() -> None:
    said: list[str] = []
    figures = json.loads(json.dumps(bench_reports.bench(1080, 3000, say=said.append)))
    assert {one["mart"] for one in figures["marts"]} == set(views.read_queries())
    assert [one["mart"] for one in figures["marts"] if one["seconds"] is None] == []
    assert {one["mart"] for one in figures["built"]} == set(views.marked())
    assert [one["code"] for one in figures["reports"]] == [one.code for one in DEFINITIONS]
    assert [one["number"] for one in figures["queries"]] == list(bench_reports.TYPICAL)
    assert figures["rows"]["core.mark"] == 3000
    assert all(one["rows"] > 0 for one in figures["queries"])
    assert said[-1].startswith("marts built in")
