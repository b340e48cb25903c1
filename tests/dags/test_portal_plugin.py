"""The portal inside Airflow: only for those who are logged in, and only files of the current portal."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.dags


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The plugin over a small portal."""
    made = tmp_path / "var" / "portal" / "build"
    made.mkdir(parents=True)
    (made / "index.html").write_text("<h1>Портал</h1>", "utf-8")
    (tmp_path / "var" / "portal" / "current").symlink_to("build")
    (tmp_path / "var" / "secret.txt").write_text("x", "utf-8")
    monkeypatch.setenv("KONTINGENT_VAR", str(tmp_path / "var"))
    found = importlib.util.spec_from_file_location("portal_plugin", ROOT / "plugins" / "portal.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_every_route_asks_who_is_there(plugin: ModuleType) -> None:
    assert [dependency.dependency for dependency in plugin.app.router.dependencies] == [plugin.get_user]
    assert plugin.app.openapi_url is None


def test_a_logged_in_person_sees_the_portal_and_nothing_beside_it(plugin: ModuleType) -> None:
    from starlette.testclient import TestClient

    plugin.app.dependency_overrides[plugin.get_user] = lambda: object()
    client = TestClient(plugin.app)
    answer = client.get("/index.html")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for name in ("../../secret.txt", "..%2F..%2Fsecret.txt", "%2e%2e/secret.txt", "nothing.html", "/etc/passwd"):
        assert client.get(f"/{name}").status_code == 404, name


def test_the_page_of_a_source_that_never_sent_anything_is_the_overview(plugin: ModuleType, tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    (tmp_path / "var" / "portal" / "build" / "checks").mkdir()
    (tmp_path / "var" / "portal" / "build" / "checks" / "index.html").write_text("x", "utf-8")
    plugin.app.dependency_overrides[plugin.get_user] = lambda: object()
    client = TestClient(plugin.app, follow_redirects=False)
    assert client.get("/checks/source-zags_deaths.html").headers["location"] == "/portal/checks/index.html"
    assert client.get("/checks/source-..%2F..%2F..%2Fnothing.txt").status_code == 404
