"""The explanation of a pupil inside Airflow: who may look, on which ground, and that every look is recorded."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from pipeline import access, decide
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person
from tests.warehouse.test_explanation import WORD, two, values
from tests.warehouse.test_load import accept

__all__ = ["two"]
pytestmark = [pytest.mark.dags, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    return importlib.import_module("plugins.pupil")


@pytest.fixture
def client(plugin: ModuleType) -> Iterator[TestClient]:
    yield TestClient(plugin.app, raise_server_exceptions=False)
    plugin.app.dependency_overrides.clear()


@pytest.fixture
def log_in(plugin: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[object]:
    """Log in as a person with an Airflow role; «inspector» is an officer here."""
    (tmp_path / "access.json").write_text('{"users": {"inspector": "officer", "auditor": "auditor"}, "roles": {"admin": "steward", "op": "steward"}}', "utf-8")
    monkeypatch.setattr(access, "CONFIG", tmp_path / "access.json")
    access._declared.cache_clear()

    def person(name: str, role: str) -> None:
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

        from plugins.access import get_user

        plugin.app.dependency_overrides[get_user] = lambda: SimpleAuthManagerUser(username=name, role=role)

    yield person
    access._declared.cache_clear()


def looks(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows("SELECT role, person_in_charge, pupil_id FROM audit.access WHERE action = 'look' ORDER BY access_id")


def test_who_is_not_logged_in_gets_401_everywhere(client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/", "/1", "/find?pupil_id=1")] + [client.post("/1").status_code] == [401] * 4


@pytest.mark.parametrize(("name", "role"), [("analyst", "VIEWER"), ("clerk", "USER")])
def test_who_has_no_right_gets_403_and_nothing_is_read(client: TestClient, log_in: object, warehouse: Warehouse, two: None, name: str, role: str) -> None:
    log_in(name, role)  # type: ignore[operator]
    for answer in (client.get("/1"), client.post("/1", data={"ground": "x"}), client.get("/")):
        assert answer.status_code == 403
        assert not values(answer.text)
    assert looks(warehouse) == []


@pytest.mark.parametrize("role", ["ADMIN", "OP"])
def test_a_steward_sees_the_pupil_and_the_look_is_recorded(client: TestClient, log_in: object, warehouse: Warehouse, two: None, role: str) -> None:
    log_in("petrova", role)  # type: ignore[operator]
    answer = client.get("/1")
    assert answer.status_code == 200
    for value in ("Ребёнок 1", "ДОРЖИЕВ", "112-233-445 95", "09.03.2014", "ключ s:7", "ЗАГС: рождения", "дан идентификатор 1"):
        assert value in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "form-action 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert looks(warehouse) == [("steward", "petrova", 1)]


def test_the_auditor_sees_no_value(client: TestClient, log_in: object, warehouse: Warehouse, two: None) -> None:
    log_in("auditor", "VIEWER")  # type: ignore[operator]
    answer = client.get("/1")
    assert answer.status_code == 200
    assert "ключ s:7" in answer.text
    assert not values(answer.text)
    assert looks(warehouse) == [("auditor", "auditor", 1)]


def test_an_officer_names_the_ground_before_anything_is_read(client: TestClient, log_in: object, warehouse: Warehouse, two: None) -> None:
    log_in("inspector", "VIEWER")  # type: ignore[operator]
    asked = client.get("/1")
    assert asked.status_code == 200
    assert "Правовое основание" in asked.text
    assert "form-action 'self'" in asked.headers["content-security-policy"]
    assert client.post("/1", data={"ground": "  "}).status_code == 422
    assert looks(warehouse) == []
    answer = client.post("/1", data={"ground": "обращение родителя № 17"})
    assert "ДОРЖИЕВ" in answer.text
    assert warehouse.rows("SELECT role, person_in_charge, ground, pupil_id FROM audit.access WHERE action = 'look'") == [
        ("officer", "inspector", "обращение родителя № 17", 1)]


def test_a_merged_id_leads_on_to_the_one_that_lives_with_a_note(client: TestClient, log_in: object, two: None) -> None:
    decide.merge(1, 2, **WORD)
    log_in("petrova", "OP")  # type: ignore[operator]
    answer = client.get("/2")
    assert answer.status_code == 200
    assert "Идентификатор 2 объединён с 1" in answer.text
    assert "<h1>Ребёнок 1</h1>" in answer.text


@pytest.mark.parametrize(("path", "status"), [("/99", 404), ("/0", 422), ("/x", 422), ("/99999999999999999999", 422), ("/1%27--", 422), ("/find?pupil_id=x", 422)])
def test_what_is_no_pupil_is_one_clear_answer(client: TestClient, log_in: object, warehouse: Warehouse, two: None, path: str, status: int) -> None:
    log_in("petrova", "OP")  # type: ignore[operator]
    assert client.get(path).status_code == status
    assert looks(warehouse) == []


def test_what_a_sender_or_a_steward_wrote_is_text_and_never_markup(client: TestClient, log_in: object, two: None, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    accept(tmp_path, {"person": [person(evil, family_name="ДРУГОЙ", given_name="ЕГОР", sex="M", document=evil)]},
           Receipt(source="vuz_scos", origin=evil, minute=5))
    decide.link.link()
    decide.merge(2, 3, reason=evil, by=evil)
    log_in(evil, "OP")  # type: ignore[operator]
    answer = client.get("/2")
    assert answer.status_code == 200
    assert answer.text.count("&lt;img src=x") >= 4
    assert "<img" not in answer.text


def test_the_start_page_sends_an_id_to_its_page(client: TestClient, log_in: object) -> None:
    log_in("petrova", "OP")  # type: ignore[operator]
    assert 'action="/pupil/find"' in client.get("/").text
    answer = client.get("/find?pupil_id=7", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pupil/7")


def test_every_route_asks_who_is_there(plugin: ModuleType) -> None:
    assert plugin.app.openapi_url is None
    for route in plugin.app.routes:
        assert any(dependency.call.__qualname__.startswith("only.") for dependency in route.dependant.dependencies), route.path
