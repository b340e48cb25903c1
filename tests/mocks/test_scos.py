"""ГИС СЦОС: the key, the pages, the nested shapes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from journal_world import client
from starlette.testclient import TestClient

KEY = {"X-CN-UUID": "11111111-2222-3333-4444-555555555555"}


@pytest.fixture
def service(tmp_path: Path) -> TestClient:
    return client(tmp_path)


def ask(service: TestClient, entity: str, **asked: int) -> Any:
    return service.get(f"/vam/api/v2/{entity}", params=asked, headers=KEY).json()


def test_without_the_key_there_is_nothing(service: TestClient) -> None:
    assert service.get("/vam/api/v2/students").status_code == 403
    assert service.get("/vam/api/v1/connection/check").status_code == 403
    assert service.get("/vam/api/v1/connection/check", headers=KEY).status_code == 200


def test_pages_cover_every_result_once(service: TestClient) -> None:
    first, second = (ask(service, "students", page=page, page_size=2) for page in (1, 2))
    assert (first["page"], first["last_page"]) == (1, 2)
    assert [one["id"] for one in first["results"] + second["results"]] == ["s0", "s1", "s2"]
    assert service.get("/vam/api/v2/students", params={"page": 2}, headers=KEY).status_code == 404


def test_a_student_may_have_several_plans(service: TestClient) -> None:
    assert [[plan["id"] for plan in one["study_plans"]] for one in ask(service, "students")["results"]] == [["p1", "p2"], ["p1"], ["p1"]]
    assert len(ask(service, "study_plan_students")["results"]) == 4


def test_marks_are_nested_and_called_value_and_belong_to_the_day(service: TestClient) -> None:
    (mark,) = ask(service, "marks")["results"]
    assert (mark["value"], mark["mark_type"]) == (1, "CREDIT")
    assert mark["discipline"] == {"id": "d1", "title": "Оптика"}
    assert mark["student"]["external_id"] == "e0"


def test_who_was_deducted_may_be_reinstated(service: TestClient) -> None:
    flows = ask(service, "contingent_flows")["results"]
    assert [flow["flow_type"] for flow in flows] == ["ENROLLMENT", "DEDUCTION", "REINSTATEMENT"]
    assert flows[0]["date"] == "2024-09-01T00:00:00.000"


def test_plans_and_disciplines(service: TestClient) -> None:
    assert ask(service, "study_plans")["results"][0]["code_direction"] == "03.03.02"
    assert ask(service, "disciplines")["results"][0]["title"] == "Оптика"
    assert ask(service, "study_plan_disciplines")["results"][0]["semester"] == 3
    assert service.get("/vam/api/v2/secrets", headers=KEY).status_code == 404
