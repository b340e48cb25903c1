"""`kontingent open-data`: a release is written once, told of in the trail, compared with the ones before, and audited by anybody."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import kontingent
from services import databases
from tests.conftest import Warehouse
from warehouse import publish

pytestmark = pytest.mark.warehouse
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    monkeypatch.setattr(databases, "session", contextlib.nullcontext)
    monkeypatch.setenv("KONTINGENT_USER", "Анна")
    mask = os.umask(0)
    os.umask(mask)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            status = int(str(kontingent.main(lambda: kontingent.app(["open-data", *arguments], standalone_mode=False)) or 0))
        except SystemExit as ended:
            status = int(str(ended.code))
        printed = capsys.readouterr()
        return status, printed.out, printed.err.strip()

    yield command
    os.umask(mask)


def children(warehouse: Warehouse, first: int, last: int, version: int) -> None:
    """Children `first`..`last` of 10 years in a published version, boys and girls by turns, enrolled nowhere."""
    warehouse.execute("INSERT INTO quality.version (version, kind, as_of, created_at) VALUES (:version, 'load', :day, :at)", role="owner", version=version,
                      day=date(2025, 10, 24), at=datetime(2025, 10, 24, 4, tzinfo=UTC))
    numbers = f"FROM generate_series({first}, {last}) AS n"
    warehouse.execute(f"INSERT INTO identity.pupil (pupil_id, created_version) OVERRIDING SYSTEM VALUE SELECT n, :version {numbers}", role="owner", version=version)
    warehouse.execute("INSERT INTO core.pupil (pupil_id, birth_date, sex, is_resident, version_from, version_to) "
                      f"SELECT n, '2014-05-01', CASE WHEN n % 2 = 0 THEN 'F' ELSE 'M' END, TRUE, :version, 9223372036854775807 {numbers}",
                      role="owner", version=version)
    publish.publish(version, "test")


def test_a_release_is_written_once_told_of_in_the_trail_and_passes_an_audit_of_its_files(run: Run, warehouse: Warehouse, tmp_path: Path) -> None:
    children(warehouse, 1, 61, 1)
    status, printed, complaint = run("--to", str(tmp_path), "--json")
    assert status == 0, complaint
    told = json.loads(printed)
    assert (told["is_new"], told["compared"]) == (True, 0)
    lines = warehouse.rows("SELECT action, person_in_charge, subject_named FROM audit.access WHERE subject_named LIKE 'open data%'")
    assert [(action, who) for action, who, _ in lines] == [("export", "Анна")]
    assert json.loads(run("--to", str(tmp_path), "--json")[1])["is_new"] is False
    assert len(warehouse.rows("SELECT 1 FROM audit.access WHERE subject_named LIKE 'open data%'")) == 1
    status, printed, _ = run("--audit", str(tmp_path))
    assert "проверка пройдена" in printed
    children(warehouse, 100, 160, 2)
    later = json.loads(run("--to", str(tmp_path), "--json")[1])
    assert later["compared"] == 1
    assert json.loads(run("--to", str(tmp_path), "--version", "1", "--json")[1])["is_new"] is False
    assert "найдено" not in run("--audit", str(tmp_path))[1]


def test_what_was_published_is_never_changed(run: Run, warehouse: Warehouse, tmp_path: Path) -> None:
    children(warehouse, 1, 61, 1)
    folder = Path(json.loads(run("--to", str(tmp_path), "--json")[1])["folder"])
    (folder / "audit.json").write_bytes((folder / "audit.json").read_bytes() + b" ")
    status, _, complaint = run("--to", str(tmp_path))
    assert status == 2
    assert complaint.count("\n") == 0
    assert "release.altered" in complaint
    assert run("--audit", str(tmp_path / "nowhere"))[0] == 2
