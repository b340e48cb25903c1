"""Who of those logged in to Airflow is what in the warehouse."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from pipeline import access
from pipeline.settings import ROOT
from schemas.errors import ConfigurationError
from services import secrets


@pytest.mark.parametrize(("user", "airflow_role", "role"), [
    ("engineer", "admin", "steward"), ("somebody", "OP", None), ("somebody", "admin", None), ("analyst", "viewer", None), ("somebody", "user", None),
    ("auditor", "viewer", "auditor"), ("somebody", None, None), ("", "", None)])
def test_a_person_is_what_the_configuration_says_by_name_else_by_role(user: str, airflow_role: str | None, role: str | None) -> None:
    assert access.role_of(user, airflow_role) == role


def test_a_role_of_airflow_counts_where_the_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "access.json").write_text('{"users": {"b": "auditor"}, "roles": {"op": "steward"}}', "utf-8")
    monkeypatch.setattr(access, "CONFIG", tmp_path / "access.json")
    access._declared.cache_clear()
    assert [access.role_of(*who) for who in (("a", "OP"), ("b", "op"), ("a", "admin"))] == ["steward", "auditor", None]
    access._declared.cache_clear()


@pytest.mark.parametrize(("content", "code"), [
    ("{", "access.unreadable"), ('{"users": {}}', "access.unreadable"), ("[]", "access.unreadable"),
    ('{"users": {}, "roles": {"admin": "loader"}}', "access.role_unknown")])
def test_a_broken_configuration_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, code: str) -> None:
    (tmp_path / "access.json").write_text(content, "utf-8")
    monkeypatch.setattr(access, "CONFIG", tmp_path / "access.json")
    access._declared.cache_clear()
    with pytest.raises(ConfigurationError) as refused:
        access.role_of("engineer", "admin")
    assert refused.value.code == code
    access._declared.cache_clear()


def test_who_is_named_can_log_in_and_three_stewards_can_end_a_dispute() -> None:
    ini = ConfigParser(interpolation=None)
    ini.read(ROOT / "airflow.cfg", "utf-8")
    users = {user.partition(":")[0] for user in ini["core"]["simple_auth_manager_users"].split(",")}
    assert users == set(secrets.USERS)
    assert {*access.named("steward"), *access.named("auditor")} <= users
    assert len(access.named("steward")) >= 3
