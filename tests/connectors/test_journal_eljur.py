"""«ЭлЖур»: the state inside the answer, objects and lists, absences among the marks."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from connectors import journal_eljur
from connectors.landing import members
from connectors.mocks.faults import Shares
from connectors.sources import BY_NAME
from schemas.errors import SourceUnavailable
from tests.connectors.journal_world import region
from tests.connectors.kept import read_all, tar_of

SOURCE = BY_NAME["journal_eljur"]


def wrapped(result: object) -> bytes:
    return orjson.dumps({"response": {"state": 200, "error": None, "result": result}})


def test_a_school_lands_class_by_class_through_faults_and_without_its_token(tmp_path: Path) -> None:
    with region(tmp_path, requests=3, shares=Shares(error=0.1, page=0.1, slow=0, expired=0)) as world:
        [delivery_id] = journal_eljur.fetch(SOURCE, world.target("eljur"), world.landing)
        with world.landing.open(world.delivery(SOURCE.name, delivery_id)) as stream:
            kept = dict(members(stream))
    assert [name.split("-", 1)[1] for name in kept] == ["question-scope.json", "rules.json", "profiles-0.json", "profiles-1.json", "marks-0.json",
                                                        "marks-1.json", "finals-0.json", "finals-1.json"]
    assert not any(b"token" in body or b"secret" in body for body in kept.values())


def test_a_wrong_password_is_a_refused_login(tmp_path: Path) -> None:
    with region(tmp_path) as world, pytest.raises(SourceUnavailable, match=r"http\.login_refused"):
        journal_eljur.fetch(SOURCE, world.target("eljur", password="wrong"), world.landing)


def test_only_the_days_asked_for_are_asked(tmp_path: Path) -> None:
    rows, _, order = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path))
    assert order == ["person", "enrolment", "mark", "attendance", "final_mark"]
    assert rows["mark"]["lesson_date"].min() >= "2025-10-13"
    assert rows["person"]["full_name"].str.split().str.len().tolist() == [3, 2, 3, 3]  # the patronymic stands in the rules only


def test_pupils_may_come_as_an_object_or_as_a_list(tmp_path: Path) -> None:
    lessons = [{"name": "Алгебра", "marks": [{"value": "Н", "date": "2025-10-14", "lesson_id": "1", "mtype": None, "count": False},
                                             {"value": "4+", "convert": 4, "date": "2025-10-14", "lesson_id": "1", "mtype": {"id": "3", "type": "Устно"}}]}]
    as_object, as_list = {"students": {"501": {"lessons": lessons}}}, {"students": [{"name": "501", "lessons": lessons}]}
    found = []
    for number, shape in enumerate((as_object, as_list)):
        changed = {"marks-0": wrapped(shape), "marks-1": wrapped({"students": []})}
        rows, _, _ = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path / str(number), **changed))
        found.append([rows[entity].drop(columns="position").to_json() for entity in ("mark", "attendance")])
    assert found[0] == found[1]


def test_equal_marks_of_one_lesson_keep_two_keys(tmp_path: Path) -> None:
    rows, _, _ = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path))
    assert rows["mark"]["key"].is_unique
