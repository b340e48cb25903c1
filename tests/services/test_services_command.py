"""`kontingent consent` and `extract`: what an officer types."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import pytest

import kontingent
from services import databases
from tests.conftest import Warehouse
from tests.warehouse.adopted import Life

pytestmark = pytest.mark.warehouse


def test_a_consent_is_given_listed_withdrawn_and_an_extract_written(
        warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(databases, "session", contextlib.nullcontext)
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")
    Life(tmp_path / "life").childhood()
    child = str(warehouse.scalar("SELECT pupil_id FROM core.pupil WHERE given_name = 'ИВАН' AND version_to = 9223372036854775807"))
    mask = os.umask(0)
    os.umask(mask)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            kontingent.main(lambda: kontingent.app(list(arguments), standalone_mode=False))
        except SystemExit as ended:
            status = int(str(ended.code))
        printed = capsys.readouterr()
        return status, printed.out, printed.err.strip()

    try:
        status, told, _ = command("consent", "give", child, "--purpose", "journal", "--given", "2025-09-01", "--document", "17-С", "--by", "Иванова", "--json")
        number = str(json.loads(told)["consent"])
        status, told, _ = command("consent", "list", child, "--ground", "обращение № 17", "--by", "Иванова", "--json")
        assert (status, [row["Состояние"] for row in json.loads(told)]) == (0, ["действует"])
        status, told, _ = command("extract", child, "--ground", "обращение № 17", "--by", "Иванова", "--to", str(tmp_path / "out"), "--json")
        assert {Path(file).suffix for file in json.loads(told).values()} == {".html", ".pdf"}
        assert "ПРЕЖНИЙ" not in told
        status, _, _ = command("consent", "withdraw", child, number, "--document", "18-О", "--by", "Иванова")
        assert status == 0
        status, told, _ = command("consent", "list", child, "--ground", "обращение № 17", "--by", "Иванова", "--json")
        assert [row["Состояние"] for row in json.loads(told)] == ["отозвано"]
        status, _, said = command("consent", "give", child, "--purpose", "statistics", "--given", "2025-09-01", "--document", "17-С")
        assert (status, len(said.splitlines()), "consent.statutory" in said) == (2, 1, True)
    finally:
        os.umask(mask)
