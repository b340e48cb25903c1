"""`kontingent refused`, `replay`, `feedback`: what an operator types when something was refused."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kontingent
from services import databases
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.test_replay import BORN, bring_pupils, too_narrow

pytestmark = pytest.mark.flow
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """One command over a list of three pupils one of whom was refused: status, what it printed, what it complained of."""
    monkeypatch.setattr(databases, "session", contextlib.nullcontext)
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), *(wire.pupil(number, born="2014-09-01") for number in (2, 3)))
    mask = os.umask(0)
    os.umask(mask)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            status = int(kontingent.main(lambda: kontingent.app(list(arguments), standalone_mode=False)) or 0)  # type: ignore[func-returns-value]
        except SystemExit as ended:
            status = int(str(ended.code))
        printed = capsys.readouterr()
        return status, printed.out, printed.err.strip()

    yield command
    os.umask(mask)


def test_refusals_are_listed_with_what_to_do_and_gone_after_a_replay(run: Run, tmp_path: Path) -> None:
    listed = json.loads(run("refused", "--rule", BORN, "--json")[1])
    assert listed["groups"] == [{"rule": BORN, "rule_version": 1, "entity": "person", "records": 1, "deliveries": 1, "title": listed["groups"][0]["title"],
                                 "advice": listed["groups"][0]["advice"]}]
    assert listed["groups"][0]["advice"]
    (record,) = listed["records"]
    assert (record["source_key"], record["position"], len(record["sha256"])) == (f"{wire.SCHOOL}:1", "2", 64)
    assert "2014-03-09" not in run("refused", "--all")[1]
    done = json.loads(run("replay", "--rule", BORN, "--by", "engineer", "--reason", "граница исправлена", "--json")[1])
    assert (done["loaded"], done["next"]) == (2, "kontingent link, publish, report")
    assert json.loads(run("refused", "--json")[1])["groups"] == []
    assert len(json.loads(run("refused", "--all", "--by", "delivery", "--json")[1])["records"]) == 2
    told = json.loads(run("feedback", record["delivery_id"], "--to", str(tmp_path / "out"), "--json")[1])
    assert [Path(path).suffix for path in told["files"]] == [".xml", ".xlsx"]


@pytest.mark.parametrize(("typed", "code"), [
    (("replay", "--rule", "no.such.rule"), "replay.nothing_open"), (("replay",), "replay.of_what"), (("replay", "--delivery", "x"), "delivery.unknown"),
    (("refused", "--by", "colour"), "refused.by"), (("feedback", "x", "--to", "out"), "feedback.not_settled"),
    (("release", "x", "--by", "a", "--reason", "b"), "delivery.unknown"), (("replay", "--rule", BORN, "--reason", " "), "decision.unsigned")])
def test_bad_input_is_one_line(run: Run, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], code: str) -> None:
    monkeypatch.chdir(tmp_path)
    before = warehouse.rows("SELECT * FROM quality.delivery")
    status, _, complaint = run(*typed)
    assert status == 2
    assert complaint.startswith(f"kontingent: {code}")
    assert "\n" not in complaint
    assert warehouse.rows("SELECT * FROM quality.delivery") == before
