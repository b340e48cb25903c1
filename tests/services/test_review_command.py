"""`kontingent review`: the list, a case side by side, answers, and errors in one line."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kontingent
from services import databases
from tests.conftest import Warehouse
from tests.pipeline.reviewed import SHOWN, brothers

pytestmark = pytest.mark.warehouse
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """One command: status, what it printed, what it complained of. The test's server is up already and is not this command's to prepare."""
    monkeypatch.setattr(databases, "session", contextlib.nullcontext)
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "0")
    monkeypatch.setenv("KONTINGENT_USER", "Анна")
    mask = os.umask(0)
    os.umask(mask)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            kontingent.main(lambda: kontingent.app(["review", *arguments], standalone_mode=False))
        except SystemExit as ended:
            status = int(str(ended.code))
        printed = capsys.readouterr()
        return status, printed.out, printed.err.strip()

    yield command
    os.umask(mask)


def test_a_case_is_listed_shown_decided_and_gone(run: Run, warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    listed = run("list", "--json")[1]
    assert [entry["case"] for entry in json.loads(listed)] == [key]
    assert "ДОРЖИЕВ" not in listed + run("list")[1]
    shown = run("show", key)[1]
    for value in ("БАТОР", "АЮР", SHOWN, "различается", "разные дети"):
        assert value in shown
    masked = run("show", key, "--role", "auditor")[1]
    assert "различается" in masked
    assert "ДОРЖИЕВ" not in masked
    assert json.loads(run("decide", key, "different", "--reason", "братья", "--json")[1]) == {"case": key, "state": "decided", "need": None}
    assert warehouse.rows("SELECT decided_by FROM identity.decision") == [("Анна",)]
    assert json.loads(run("list", "--json")[1]) == []


def test_cases_are_gone_through_one_by_one(run: Run, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brothers(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("d\nразные имена\n"))
    status, printed, _ = run("next", "--by", "Пётр")
    assert status == 0
    assert "decided" in printed
    assert warehouse.rows("SELECT verdict, reason, decided_by FROM identity.decision") == [("different", "разные имена", "Пётр")]


def test_what_is_wrong_is_one_line_and_status_2(run: Run, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brothers(tmp_path)
    for arguments, says in ((("show", "seven"), "review.case"), (("show", "1-2", "--role", "loader"), "review.role"),
                            (("decide", "1-2", "perhaps", "--reason", "x"), "review.opinion"), (("decide", "3-4", "same", "--reason", "x"), "review.not_open")):
        status, _, complaint = run(*arguments)
        assert (status, len(complaint.splitlines())) == (2, 1)
        assert says in complaint
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "many")
    assert "second_opinions.not_a_percentage" in run("list")[2]
