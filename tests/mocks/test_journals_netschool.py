"""NetSchool: the protocol rule by rule."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from journal_world import PASSWORD, client
from starlette.testclient import TestClient

from connectors.mocks.journals.sessions import Sessions

BASE = "/netschool/webapi"


def log_in(journal: TestClient, password: str = PASSWORD, **changed: str) -> int:
    ticket = journal.post(f"{BASE}/auth/getdata").json()
    inner = md5(password.encode("cp1251"), usedforsecurity=False).hexdigest()
    digest = md5((ticket["salt"] + inner).encode(), usedforsecurity=False).hexdigest()
    form = {"loginType": "1", "scid": "501", "un": "user10", "pw": digest[:len(password)], "pw2": digest, "lt": ticket["lt"], "ver": ticket["ver"]} | changed
    answer = journal.post(f"{BASE}/login", data=form)
    if answer.status_code == 200:
        journal.headers["at"] = answer.json()["at"]
    return int(answer.status_code)


@pytest.fixture
def journal(tmp_path: Path) -> TestClient:
    made = client(tmp_path)
    assert log_in(made) == 200
    return made


def assignments(journal: TestClient, **asked: str) -> list[dict[str, Any]]:
    question = {"studentId": "7", "weekStart": "2025-09-01", "weekEnd": "2025-10-24"} | asked
    days = journal.get(f"{BASE}/student/diary", params=question).json()["weekDays"]
    return [assignment for day in days for lesson in day["lessons"] for assignment in lesson["assignments"]]


def test_a_wrong_password_name_school_or_ticket_opens_nothing(tmp_path: Path) -> None:
    journal = client(tmp_path)
    assert log_in(journal, "другой") == 409
    assert [log_in(journal, **{name: "x"}) for name in ("un", "scid", "lt", "pw", "loginType")] == [409] * 5


def test_both_token_and_cookie_are_needed(journal: TestClient) -> None:
    assert journal.get(f"{BASE}/years/current").json()["id"] == 2025
    journal.cookies.clear()
    assert journal.get(f"{BASE}/years/current").status_code == 401


def test_a_session_ends_after_its_requests_or_its_seconds(tmp_path: Path) -> None:
    now = [0.0]
    journal = client(tmp_path, sessions={"netschool": Sessions(requests=2, seconds=10, clock=lambda: now[0])})
    log_in(journal)
    assert [journal.get(f"{BASE}/years/current").status_code for _ in range(3)] == [200, 200, 401]
    log_in(journal)
    now[0] = 11
    assert journal.get(f"{BASE}/years/current").status_code == 401


def test_the_roll_has_no_names_and_only_pupils_of_the_day(journal: TestClient) -> None:
    students = journal.get(f"{BASE}/student/diary/init").json()["students"]
    assert {student["studentId"] for student in students} == {7, 8}
    assert set(students[0]) == {"studentId", "nickName", "className"}


def test_marks_are_numbers_debts_are_null_and_absences_are_an_assignment_type(journal: TestClient) -> None:
    types = {kind["id"]: kind["name"] for kind in journal.get(f"{BASE}/grade/assignment/types").json()}
    found = [(types[one["typeId"]], one["mark"]["mark"], one["mark"]["dutyMark"]) for one in assignments(journal)]
    assert found == [("Контрольная работа", 5, False), ("Контрольная работа", 4, False), ("Посещаемость", "н", False), ("Тест", None, True)]


def test_the_natural_key_is_unique_even_where_ids_are_zero(journal: TestClient) -> None:
    keys = [(one["classMeetingId"], one["typeId"], one["assignmentName"]) for one in assignments(journal)]
    assert len(set(keys)) == len(keys) == 4


def test_dates_have_no_zone_and_bounds_are_included(journal: TestClient) -> None:
    assert [one["dueDate"] for one in assignments(journal, weekStart="2025-10-02", weekEnd="2025-10-02")] == ["2025-10-02T00:00:00"]


def test_unknown_pupils_and_bad_dates_are_refused(journal: TestClient) -> None:
    asked = {"studentId": "999", "weekStart": "2025-09-01", "weekEnd": "2025-09-07"}
    assert journal.get(f"{BASE}/student/diary", params=asked).status_code == 404
    assert journal.get(f"{BASE}/student/diary", params=asked | {"weekEnd": "x"}).status_code == 400


def test_final_marks_are_told_by_subject_and_the_card_to_its_school_only(journal: TestClient) -> None:
    answer = journal.get(f"{BASE}/student/finalmarks", params={"studentId": "7", "yearId": "2025"}).json()
    assert answer["subjects"] == [{"subjectName": "Математика", "marks": [{"periodName": "1 четверть", "mark": "5"}]}]
    assert journal.get(f"{BASE}/schools/501/card").json()["commonInfo"]["schoolName"] == "Школа 10"
    assert journal.get(f"{BASE}/schools/502/card").status_code == 403
