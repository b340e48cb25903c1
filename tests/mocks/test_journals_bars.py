"""БАРС: the cookie, the methods, the dirt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from journal_world import BARS, PASSWORD, client, make
from starlette.testclient import TestClient

from connectors.mocks.journals.bars_shapes import Dirt

BASE = "/bars/api"
PERIOD = {"pupil_id": "7", "date_from": "2025-09-01", "date_to": "2025-10-24"}


def washed(text: str) -> str:
    return re.sub(r"<[^>]+>|\u200b", "", text)


@pytest.fixture
def journal(tmp_path: Path) -> TestClient:
    made = client(tmp_path)
    assert made.post(f"{BASE}/AuthService/login", data={"login": "user12", "password": PASSWORD}).status_code == 200
    return made


def ask(journal: TestClient, path: str, **asked: str) -> Any:
    return journal.get(f"{BASE}/{path}", params=asked).json()


def test_nothing_is_said_without_a_session(tmp_path: Path) -> None:
    journal = client(tmp_path)
    assert journal.post(f"{BASE}/AuthService/login", json={"login": "user12", "password": "x"}).status_code == 403
    assert journal.get(f"{BASE}/SchoolService/getSchoolInfo").status_code == 401


def test_classes_list_pupils_with_the_whole_name_in_one_field(journal: TestClient) -> None:
    listed = ask(journal, "SchoolService/getSchoolInfo")["class_years"]
    pupils = ask(journal, "SchoolService/getClassYearInfo", class_year_id=listed[0]["class_year_id"])["pupils"]
    assert {washed(pupil["fullname"]) for pupil in pupils} == {"Дүгаров Баир Өлзыевич", "Иванова Анна"}


def test_person_data_has_birth_date_sex_and_snils(journal: TestClient) -> None:
    person = ask(journal, "ProfileService/GetPersonData", pupil_id="8")
    assert (person["birth_date"], person["sex"], washed(person["snils"])) == ("09.03.2014", "М", "112-233-445 95")


def test_summary_marks_go_by_quarter_and_discipline(journal: TestClient) -> None:
    (period,) = ask(journal, "MarkService/GetSummaryMarks", **PERIOD)["summary_marks_data"]
    assert period["subperiod"]["code"] == "Q1"
    assert period["dates"] == ["2025-09-01", "2025-10-02", "2025-10-03"]
    discipline = period["discipline_marks"][0]
    assert (washed(discipline["discipline"]), discipline["average_mark"]) == ("Математика", "4,50")
    assert [washed(mark["mark"]) for mark in discipline["marks"]] == ["5", "4", "н", "."]


def test_total_marks_name_the_period_by_code(journal: TestClient) -> None:
    total = ask(journal, "MarkService/GetTotalMarks", pupil_id="8")
    assert total["subperiods"] == [{"code": "Q1", "name": "1 четверть"}]
    assert washed(total["total_marks_data"][0]["period_marks"][0]["mark"]) == "н/а"


def test_unknown_pupils_and_bad_periods_are_refused(journal: TestClient) -> None:
    assert journal.get(f"{BASE}/MarkService/GetTotalMarks", params={"pupil_id": "x"}).status_code == 404
    assert journal.get(f"{BASE}/MarkService/GetSummaryMarks", params=PERIOD | {"date_to": "x"}).status_code == 400


@pytest.fixture(scope="module")
def dirt(tmp_path_factory: pytest.TempPathFactory) -> Dirt:
    return Dirt(make(tmp_path_factory.mktemp("world")).organisations[BARS])


@given(text=some.text(alphabet="АБв г", min_size=1))
def test_dirt_washes_off(dirt: Dirt, text: str) -> None:
    assert washed(dirt(text) or "") == text
