"""«Сетевой город»: contingent file and diaries become one conversation, and rows in loading order."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from connectors import journal_netschool
from connectors.landing import members
from connectors.mocks.faults import Shares
from connectors.sources import BY_NAME
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.journal_world import region
from tests.connectors.kept import read_all, tar_of

SOURCE = BY_NAME["journal_netschool"]
DIARY = {"weekDays": [{"date": "2025-10-14T00:00:00", "lessons": [{"classmeetingId": 7, "day": "2025-10-14T00:00:00", "subjectName": "Алгебра", "assignments": [
    {"id": 0, "typeId": 1, "assignmentName": "Устно", "mark": {"mark": 5, "dutyMark": False}},
    {"id": 0, "typeId": 1, "assignmentName": "Письменно", "mark": {"mark": 4, "dutyMark": False}},
    {"id": 0, "typeId": 1, "assignmentName": "Дома", "mark": {"mark": None, "dutyMark": True}},
    {"id": 0, "typeId": 90, "assignmentName": "---", "mark": {"mark": "ОП", "dutyMark": False}},
    {"id": 0, "typeId": 1, "assignmentName": "Задано"}]}]}]}


def test_a_school_lands_as_one_conversation_without_secrets(tmp_path: Path) -> None:
    with region(tmp_path, requests=7) as world:  # the session ends in the middle and is renewed
        [delivery_id] = journal_netschool.fetch(SOURCE, world.target("netschool"), world.landing)
        delivery = world.delivery(SOURCE.name, delivery_id)
        with world.landing.open(delivery) as stream:
            kept = dict(members(stream))
    assert delivery.origin == "1020300000001"
    assert [name.split("-", 1)[1] for name in kept][:4] == ["question-scope.json", "contingent.csv", "types.json", "diary/501.json"]
    assert not any("пароль".encode() in body or b'"at"' in body for body in kept.values())


def test_faults_on_the_way_do_not_change_what_lands(tmp_path: Path) -> None:
    hashes = []
    for name, shares in (("calm", Shares(error=0, page=0, slow=0, expired=0)), ("rough", Shares(error=0.15, page=0.1, slow=0, expired=0.05))):
        folder = tmp_path / name
        folder.mkdir()
        with region(folder, shares=shares) as world:
            [delivery_id] = journal_netschool.fetch(SOURCE, world.target("netschool"), world.landing)
            hashes.append(world.delivery(SOURCE.name, delivery_id).sha256)
    assert hashes[0] == hashes[1]


def test_a_school_that_dropped_no_contingent_is_not_loaded(tmp_path: Path) -> None:
    with region(tmp_path) as world:
        (world.drop / "1020300000001" / "contingent.csv").unlink()
        with pytest.raises(SourceUnavailable, match=r"drop\.empty"):
            journal_netschool.fetch(SOURCE, world.target("netschool"), world.landing)
        assert world.landing.pending(SOURCE.name) == []


def test_persons_come_before_their_marks_and_scopes_name_the_days_asked_for(tmp_path: Path) -> None:
    rows, scopes, order = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path))
    assert order == ["person", "enrolment", "mark", "attendance", "final_mark"]
    assert {entity: len(frame) for entity, frame in rows.items()} == {"person": 4, "enrolment": 4, "mark": 16, "attendance": 4, "final_mark": 4}
    assert {(scope.entity, scope.date_from, scope.date_to) for scope in scopes if scope.date_from} == {
        ("mark", "2025-10-13", "2025-10-24"), ("attendance", "2025-10-13", "2025-10-24")}


def test_marks_without_an_id_get_a_key_of_their_own(tmp_path: Path) -> None:
    rows, _, _ = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path, **{"diary/501": orjson.dumps(DIARY)}))
    marks = rows["mark"][rows["mark"]["local_id"] == "501"]
    assert len(marks) == 3  # work that was set and not marked is no row
    assert marks["key"].is_unique
    assert marks["key"].str.startswith("501:7:1:").all()
    assert marks["is_debt"].tolist() == ["false", "false", "true"]
    assert rows["attendance"].query("local_id == '501'")["value"].tolist() == ["ОП"]


def test_an_answer_of_another_shape_holds_the_delivery(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match=r"json\.shape"):
        read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path, **{"diary/501": b'{"days": []}'}))
