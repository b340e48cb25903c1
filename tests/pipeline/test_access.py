"""Who of those logged in to Airflow is what in the warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import access
from schemas.errors import ConfigurationError


@pytest.mark.parametrize(("user", "airflow_role", "role"), [
    ("engineer", "admin", "steward"), ("somebody", "OP", "steward"), ("somebody", "admin", "steward"), ("analyst", "viewer", None), ("somebody", "user", None),
    ("auditor", "viewer", "auditor"), ("somebody", None, None), ("", "", None)])
def test_a_person_is_what_the_configuration_says_by_name_else_by_role(user: str, airflow_role: str | None, role: str | None) -> None:
    assert access.role_of(user, airflow_role) == role


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
