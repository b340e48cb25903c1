"""Disputed cases inside Airflow: who may look, what each sees, and that every look is recorded."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from tests.conftest import Warehouse
from tests.pipeline.reviewed import SHOWN, SNILS, brothers
from tests.warehouse.staged import Receipt, person
from tests.warehouse.test_load import accept

pytestmark = [pytest.mark.dags, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    return importlib.import_module("plugins.review")


@pytest.fixture
def case(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page of the plugin to ask for: two brothers on one СНИЛС."""
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "0")
    return brothers(tmp_path)


@pytest.fixture
def client(plugin: ModuleType) -> Iterator[TestClient]:
    yield TestClient(plugin.app, raise_server_exceptions=False)
    plugin.app.dependency_overrides.clear()


def log_in(plugin: ModuleType, name: str, role: str) -> None:
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from plugins.access import get_user

    plugin.app.dependency_overrides[get_user] = lambda: SimpleAuthManagerUser(username=name, role=role)


def looks(warehouse: Warehouse) -> object:
    return warehouse.scalar("SELECT count(*) FROM audit.access WHERE action = 'look'")


def test_who_is_not_logged_in_gets_401_everywhere(client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/", "/case/1-2", "/case/../")] == [401, 401, 401]


@pytest.mark.parametrize(("name", "role"), [("analyst", "VIEWER"), ("clerk", "USER"), ("petrova", "OP"), ("chief", "ADMIN")])
def test_who_has_no_right_gets_403_and_nothing_is_read(plugin: ModuleType, client: TestClient, warehouse: Warehouse, case: str, name: str, role: str) -> None:
    log_in(plugin, name, role)
    for path in ("/", f"/case/{case}"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "ДОРЖИЕВ" not in answer.text
    assert looks(warehouse) == 0


def test_a_steward_sees_both_records_and_the_look_is_recorded(plugin: ModuleType, client: TestClient, warehouse: Warehouse, case: str) -> None:
    log_in(plugin, "reviewer", "USER")
    answer = client.get(f"/case/{case}")
    assert answer.status_code == 200
    for value in ("БАТОР", "АЮР", SHOWN, "04.03.2015", "возможно, братья или сёстры", "разные дети"):
        assert value in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert warehouse.rows("SELECT role, person_in_charge, pupil_id FROM audit.access WHERE action = 'look' ORDER BY access_id") == [
        ("steward", "reviewer", 1), ("steward", "reviewer", 2)]


def test_the_auditor_sees_which_fields_agree_and_no_value(plugin: ModuleType, client: TestClient, warehouse: Warehouse, case: str) -> None:
    log_in(plugin, "auditor", "VIEWER")
    answer = client.get(f"/case/{case}")
    assert answer.status_code == 200
    assert "различается" in answer.text
    assert not any(value in answer.text for value in ("БАТОР", "АЮР", "ДОРЖИЕВ", SNILS, SHOWN, "2015"))


def test_the_list_names_cases_and_reasons_and_nothing_of_a_person(plugin: ModuleType, client: TestClient, warehouse: Warehouse, case: str) -> None:
    log_in(plugin, "engineer", "ADMIN")
    answer = client.get("/")
    assert answer.status_code == 200
    assert f'href="/review/case/{case}"' in answer.text
    assert "ДОРЖИЕВ" not in answer.text
    assert looks(warehouse) == 0


@pytest.mark.parametrize("key", ["9-10", "x", "<script>alert(1)</script>", "1-2%27%3B--"])
def test_a_case_that_is_not_there_is_one_clear_page(plugin: ModuleType, client: TestClient, warehouse: Warehouse, key: str) -> None:
    log_in(plugin, "engineer", "ADMIN")
    answer = client.get("/case/" + key.replace("/", "%2F"))
    assert answer.status_code == 404
    assert "<script" not in answer.text


def test_what_a_sender_wrote_is_text_and_never_markup(plugin: ModuleType, client: TestClient, warehouse: Warehouse, tmp_path: Path) -> None:
    from pipeline import link

    evil = "<img src=x onerror=alert(1)>"
    accept(tmp_path, {"person": [person(evil, snils=SNILS, family_name="А", given_name="Б", birth_certificate_issuer=evil, sex="M"),
                                 person("b", snils=SNILS, family_name="В", given_name="Г", sex="F")]}, Receipt(minute=5))
    link.link()
    log_in(plugin, "engineer", "ADMIN")
    answer = client.get("/case/1-2")
    assert answer.status_code == 200
    assert "&lt;img src=x" in answer.text
    assert "<img" not in answer.text


def test_every_route_asks_who_is_there(plugin: ModuleType) -> None:
    assert plugin.app.openapi_url is None
    for route in plugin.app.routes:
        assert any(dependency.call.__qualname__.startswith("only.") for dependency in route.dependant.dependencies), route.path
