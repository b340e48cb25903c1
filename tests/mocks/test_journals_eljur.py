"""ЭлЖур: the envelope, the quirks, the methods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from journal_world import PASSWORD, client
from starlette.testclient import TestClient

from connectors.mocks.journals import eljur_shapes
from connectors.mocks.journals.sessions import Sessions

BASE = "/eljur/school-502/apiv3"
COMMON = {"devkey": "k", "vendor": "school-502", "out_format": "json"}


def ask(journal: TestClient, method: str, **asked: str) -> Any:
    answer = journal.get(f"{BASE}/{method}", params=COMMON | asked)
    assert answer.status_code == 200
    return answer.json()["response"]


def token(journal: TestClient, password: str = PASSWORD) -> Any:
    return journal.post(f"{BASE}/auth", params=COMMON, data={"login": "user11", "password": password}).json()["response"]


@pytest.fixture
def journal(tmp_path: Path) -> TestClient:
    made = client(tmp_path)
    made.params = made.params.merge({"auth_token": token(made)["result"]["token"]})
    return made


def test_errors_are_http_200_with_the_state_inside(tmp_path: Path) -> None:
    journal = client(tmp_path)
    assert token(journal, "нет")["state"] == 403
    assert ask(journal, "getrules")["state"] == 401
    assert ask(journal, "getrules", devkey="")["state"] == 400
    assert ask(journal, "getnothing")["state"] == 404


def test_a_token_expires(tmp_path: Path) -> None:
    journal = client(tmp_path, sessions={"eljur": Sessions(requests=1)})
    opened = token(journal)["result"]["token"]
    assert [ask(journal, "getrules", auth_token=opened)["state"] for _ in range(2)] == [200, 401]


def test_rules_key_pupils_by_text_ids_and_hold_the_patronymic_in_the_title_only(journal: TestClient) -> None:
    student = ask(journal, "getrules")["result"]["relations"]["students"]["7"]
    assert student["title"] == "Дүгаров Баир Өлзыевич"
    assert "Өлзыевич" not in {value for name, value in student.items() if name != "title"}


def test_the_profile_shows_snils_for_one_for_several_and_for_a_class(journal: TestClient) -> None:
    assert ask(journal, "getprofileuserinfo", student="8")["result"]["snils"] == "112-233-445 95"
    assert set(ask(journal, "getprofileuserinfo", student="7,8")["result"]["students"]) == {"7", "8"}
    assert set(ask(journal, "getprofileuserinfo", **{"class": "5А"})["result"]["students"]) == {"7", "8"}
    assert ask(journal, "getprofileuserinfo", **{"class": "9Я"})["result"]["students"] == []
    assert ask(journal, "getprofileuserinfo", student="7,999")["state"] == 404


def test_absences_are_values_of_marks_that_do_not_count(journal: TestClient) -> None:
    students = ask(journal, "getmarks", student="7", days="20250901-20251024")["result"]["students"]
    student = students[0] if isinstance(students, list) else students["7"]
    assert [(mark["value"], mark["count"], mark["convert"]) for mark in student["lessons"][0]["marks"]] == [
        ("5", True, 5), ("4", True, 4), ("н", False, None), (".", False, None)]
    assert student["lessons"][0]["average"] == "4.50"
    assert ask(journal, "getmarks", student="7", days="2025")["state"] == 400


def test_periods_and_final_marks(journal: TestClient) -> None:
    periods = ask(journal, "getperiods")["result"]["periods"]
    assert [period["start"] for period in periods] == ["20250901", "20251101", "20260101", "20260401"]
    students = ask(journal, "getfinalassessments", student="7")["result"]["students"]
    student = students[0] if isinstance(students, list) else students["7"]
    assert student["items"][0]["assessments"][0] == {"value": "5", "period": "1 четверть", "convert": 5, "comment": None}


def test_some_schools_send_lists_and_every_empty_object_is_a_list() -> None:
    students = {"7": {"name": "7"}}
    assert eljur_shapes.keyed(students, is_list=True) == [{"name": "7"}]
    assert eljur_shapes.keyed(students, is_list=False) == students
    assert eljur_shapes.keyed({}, is_list=False) == []
