"""«ЭлЖур»: the five-point equivalent is the mark."""

from __future__ import annotations

from pathlib import Path

from tests.transforms.kept_journals import cleaned, drawn
from transforms.journal_eljur import clean


def test_a_kept_school_is_cleaned_without_loss(tmp_path: Path) -> None:
    found = cleaned("journal_eljur", tmp_path)
    assert {entity: (len(one.rows), len(one.refused)) for entity, one in found.items()} == {
        "person": (3, 1), "enrolment": (4, 0), "mark": (16, 0), "attendance": (4, 0), "final_mark": (4, 0)}
    assert found["person"].rows["patronymic"].isna().sum() == 1
    assert all(one.rows["source_key"].is_unique for one in found.values())


def test_the_equivalent_wins_over_the_text() -> None:
    raw = drawn("mark", {"key": "1", "subject": "Алгебра", "lesson_date": "2025-10-14", "value": "4+", "convert": "4", "is_debt": "false"})
    assert clean("mark", raw).rows["mark_value"].tolist() == [4]
