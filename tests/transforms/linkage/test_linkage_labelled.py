"""On tables whose truth is known nothing is merged wrongly, and what is not joined is asked about."""

from __future__ import annotations

import importlib.util
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from transforms.link_table import link_table

_SPEC = importlib.util.spec_from_file_location("labelled", Path(__file__).with_name("labelled.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
labelled = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(labelled)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_pair_is_merged_wrongly_and_true_pairs_are_joined_or_asked_about(tmp_path: Path, seed: int) -> None:
    records = labelled.table(seed, 700)
    records.drop(columns="person").to_csv(tmp_path / "in.csv", index=False)
    link_table(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "review.csv")
    out = pd.read_csv(tmp_path / "out.csv", dtype="str")
    review = pd.read_csv(tmp_path / "review.csv", dtype="str")
    joined = {pair for _, ids in out.groupby("pupil_id")["record_id"] for pair in combinations(sorted(ids), 2)}
    pupil = out.set_index("record_id")["pupil_id"].to_dict()
    asked = {frozenset(pair) for pair in zip(review["record_id"].map(pupil), review["candidate_pupil_id"], strict=True)}
    true = labelled.true_pairs(records)
    assert not joined - true
    covered = [pair for pair in true if pair in joined or frozenset(pupil[n] for n in pair) in asked]
    assert len(covered) >= 0.95 * len(true)
    assert len(joined) >= 0.88 * len(true)
    assert len(review) <= 0.15 * len(records)
