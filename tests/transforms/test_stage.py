"""Staging writes what was counted and counts what came."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from connectors.journal_rows import RAW, frame
from connectors.rows import CompleteScope, RawBatch
from schemas.errors import ConfigurationError
from transforms.arrow import arrow_schema
from transforms.stage import stage

CONSTANT = {"organisation_key": "1020300000001", "date_form": "iso", "local_id": "501"}


def marks(*values: str) -> RawBatch:
    rows = [{**CONSTANT, "position": str(n), "key": f"501:{n}", "subject": "Алгебра", "lesson_date": "2025-10-20", "value": value, "is_debt": "false"}
            for n, value in enumerate(values)]
    return RawBatch("mark", frame(rows, RAW["mark"]))


def test_two_batches_become_one_file_of_the_declared_form(tmp_path: Path) -> None:
    scope = CompleteScope(entity="mark", organisation_key="1020300000001", date_from="2025-10-13", date_to="2025-10-24")
    staged = stage("journal_eljur", iter([marks("5", "зачтено"), scope, marks("4")]), tmp_path)
    assert (staged.counts["mark"].received, staged.counts["mark"].accepted, staged.counts["mark"].refused) == (3, 2, 1)
    assert pq.read_schema(staged.rows["mark"]).equals(arrow_schema("mark"))
    assert pd.read_parquet(staged.rows["mark"])["mark_value"].tolist() == [5, 4]
    assert pd.read_parquet(staged.refused)["rule"].tolist() == ["mark.value.unknown"]
    assert json.loads(staged.scopes.read_text())[0]["date_to"] == "2025-10-24"
    assert json.loads((tmp_path / "counts.json").read_text()) == {"mark": {"received": 3, "accepted": 2, "refused": 1}}


def test_a_delivery_without_rows_still_leaves_its_refusals_and_scopes(tmp_path: Path) -> None:
    staged = stage("journal_eljur", iter([]), tmp_path)
    assert pq.read_metadata(staged.refused).num_rows == 0
    assert json.loads(staged.scopes.read_text()) == []


def test_a_source_without_a_transform_is_an_error_of_the_installation(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"transform\.missing"):
        stage("journal_nobody", iter([]), tmp_path)
