"""«Сетевой город»: a kept conversation, cleaned."""

from __future__ import annotations

from pathlib import Path

from tests.transforms.kept_journals import KEY, cleaned


def test_a_kept_school_is_cleaned_without_loss(tmp_path: Path) -> None:
    found = cleaned("journal_netschool", tmp_path)
    assert {entity: (len(one.rows), len(one.refused)) for entity, one in found.items()} == {
        "person": (3, 1), "enrolment": (4, 0), "mark": (16, 0), "attendance": (4, 0), "final_mark": (4, 0)}
    assert found["person"].refused["rule"].tolist() == ["person.test_record"]


def test_facts_name_the_person_of_the_same_source(tmp_path: Path) -> None:
    found = cleaned("journal_netschool", tmp_path)
    known = {*found["person"].rows["source_key"], *found["person"].refused["source_key"]}
    assert f"{KEY}:501" in known
    assert all(set(found[entity].rows["person_key"]) <= known for entity in ("enrolment", "mark", "attendance", "final_mark"))
    assert all(one.rows["source_key"].is_unique for one in found.values())
