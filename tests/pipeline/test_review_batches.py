"""Batches of cases: what a task of a person says, and how its answers come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import link, review_batches
from schemas.review import ReviewRefused
from schemas.review_form import LEAVE, SIZE, TAKE, fields
from tests.conftest import Warehouse
from tests.pipeline.reviewed import SNILS, belong_together, brothers, namesakes

pytestmark = pytest.mark.warehouse


@pytest.fixture(autouse=True)
def _single(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "0")


def answered(person: str | None = "engineer", option: str = TAKE, **form: str) -> dict[str, Any]:
    """What Airflow's human-in-the-loop task returns."""
    filled = {name: field["default"] for name, field in fields().items()} | form
    return {"chosen_options": [option], "params_input": filled, "responded_at": "2025-10-24T10:00:00Z",
            "responded_by_user": person and {"id": person, "name": person}}


def test_cases_are_handed_out_in_batches_of_the_forms_size(warehouse: Warehouse, tmp_path: Path) -> None:
    keys = namesakes(tmp_path, SIZE + 2)
    batches = review_batches.batches()
    assert [len(batch["cases"]) for batch in batches] == [SIZE, 2]
    assert sorted(key for batch in batches for key in batch["cases"]) == sorted(keys)
    assert [batch["batch"].split("-")[0] for batch in batches] == ["review", "review"]


def test_the_text_of_a_batch_names_keys_and_reasons_and_nothing_of_a_person(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    (batch,) = review_batches.batches()
    said = review_batches.body(batch)
    assert f"/review/case/{key}" in said
    assert "СНИЛС: возможно, братья или сёстры" in said
    assert "разные дети" in said
    assert not any(value in said + repr(batch) for value in ("БАТОР", "ДОРЖИЕВ", SNILS, "2015"))


def test_answers_by_case_number_become_decisions_and_linking_obeys(warehouse: Warehouse, tmp_path: Path) -> None:
    namesakes(tmp_path, 3)
    (batch,) = review_batches.batches()
    first, second = (tuple(int(record) for record in key.split("-")) for key in batch["cases"][:2])
    assert review_batches.record(batch, answered(case_1="same", case_2="different", ground="papers")) == {"decided": 2, "left": 1}
    link.link()
    assert belong_together(warehouse, *first)
    assert not belong_together(warehouse, *second)
    assert warehouse.rows("SELECT DISTINCT reason, decided_by, batch FROM identity.opinion") == [("Документы ребёнка", "engineer", batch["batch"])]


def test_a_batch_put_off_or_empty_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    brothers(tmp_path)
    (batch,) = review_batches.batches()
    for answer in (answered(None, LEAVE, case_1="same"), answered(), answered(person=None)):
        assert review_batches.record(batch, answer) == {"left": 1}
    assert warehouse.scalar("SELECT count(*) FROM identity.opinion") == 0


@pytest.mark.parametrize("person", ["analyst", "auditor", "stranger", None])
def test_only_a_stewards_answers_are_taken(warehouse: Warehouse, person: str | None) -> None:
    with pytest.raises(ReviewRefused, match=r"review\.role"):
        review_batches.record({"batch": "review-1-1", "cases": ["1-2"]}, answered(person, case_1="same"))


def test_a_second_opinion_is_handed_out_apart_and_the_same_person_is_refused(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "100")
    brothers(tmp_path)
    assert review_batches.record(review_batches.batches()[0], answered("engineer", case_1="different")) == {"waiting": 1, "left": 0}
    (second,) = review_batches.batches()
    assert second["batch"].startswith("second-")
    assert review_batches.record(second, answered("engineer", case_1="different")) == {"refused": 1, "left": 0}
    assert review_batches.record(second, answered("reviewer", case_1="different")) == {"decided": 1, "left": 0}
    assert review_batches.record(second, answered("steward", case_1="same")) == {"refused": 1, "left": 0}
    assert review_batches.body(second).count("уже решён") == 1


def test_a_sampled_pair_comes_in_a_batch_of_its_sample_without_a_proposal(warehouse: Warehouse, tmp_path: Path) -> None:
    namesakes(tmp_path, 2)
    warehouse.execute("INSERT INTO identity.sample (version, stratum, record_id, other_record_id, stratum_size, is_linked) VALUES (2, 's', 1, 2, 10, false)")
    sampled = next(batch for batch in review_batches.batches() if batch["cases"] == ["1-2"])
    assert sampled["batch"] == "sample-2-1"
    said = review_batches.body(sampled)
    assert "Предложение" not in said
    assert "Вес" not in said
    assert review_batches.record(sampled, answered(case_1="different")) == {"measured": 1, "left": 0}
    assert warehouse.scalar("SELECT count(*) FROM identity.decision") == 0
