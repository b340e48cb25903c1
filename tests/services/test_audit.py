"""The trail handed out and verified as a whole: export, anchors outside the database, what is noticed of rules and roles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.landing import Landing
from pipeline import anchors, publish, watch
from pipeline.anchors import AnchorBroken
from schemas.errors import ConfigurationError
from schemas.trail import ACTIONS
from services import audit, summary
from tests.conftest import Warehouse
from warehouse import ledger, trail, trail_read

pytestmark = pytest.mark.warehouse
LINE = {"action": "look", "by": "a", "purpose": "b", "ground": "c"}
FORGE = "ALTER TABLE audit.access DISABLE TRIGGER ALL; GRANT ALL ON audit.access, audit.receipt, quality.delivery TO kontingent_owner; "


@pytest.fixture
def lived(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    """Five looks and three deliveries whose bytes lie in the installation's landing folder."""
    landing = Landing(tmp_path / "landing")
    for number in range(3):
        trail.note_alone("officer", **LINE, subject=f"pupil {number} «\"\\Ё", pupil_id=number)
        with landing.receive("zags_births", origin="a", media="xml", received_at=f"2025-10-24T10:00:0{number}+08:00", as_of="2025-10-24") as inbox:
            inbox.write(f"<a>{number}</a>".encode())
        assert inbox.delivery is not None
        ledger.register([inbox.delivery])
        landing.settle(inbox.delivery)
    trail.note_alone("steward", **LINE)
    trail.note_alone("auditor", **LINE)
    return warehouse


def verified() -> tuple[int, list[str]]:
    said: list[str] = []
    return audit.verify("Анна", said.append), said


def chain(warehouse: Warehouse) -> str:
    return f"{warehouse.scalar('SELECT chain_id FROM audit.chain')}.ndjson"


def alone(folder: Path, landing: Path) -> subprocess.CompletedProcess[bytes]:
    """The exported program on the exported files, with nothing of ours."""
    asked = ["trail.ndjson", "--ledger", "ledger.ndjson", "--anchors", "anchors.ndjson", "--landing", str(landing)]
    return subprocess.run([sys.executable, "-I", "-S", "verify.py", *asked],
                          cwd=folder, env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}, capture_output=True, check=False)


def test_what_the_database_exports_is_whole_to_the_program_alone(lived: Warehouse, tmp_path: Path) -> None:
    told = audit.export(tmp_path / "export", by="Анна", ground="запрос № 5")
    assert {name: told[name] for name in ("entries", "deliveries", "anchors")} == {"entries": 6, "deliveries": 3, "anchors": 1}
    done = alone(tmp_path / "export", tmp_path / "landing")
    assert (done.returncode, done.stderr) == (0, b""), done.stdout.decode()
    lines = (tmp_path / "export" / "trail.ndjson").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["action"] == "export"
    assert json.loads(lines[-1])["ground"] == "запрос № 5"


def test_an_export_takes_a_folder_of_its_own(lived: Warehouse, tmp_path: Path) -> None:
    audit.export(tmp_path / "export", by="a", ground="b")
    with pytest.raises(ConfigurationError, match="not empty"):
        audit.export(tmp_path / "export", by="a", ground="b")


def test_the_installation_verifies_itself(lived: Warehouse) -> None:
    for _ in range(2):
        status, (summed_up,) = verified()
        assert (status, summed_up.startswith("ЦЕЛО")) == (0, True)


@pytest.mark.parametrize(("forged", "expected"), [
    ("UPDATE audit.access SET ground = 'x' WHERE access_id = 2", "журнал: запись 2 изменена"),
    ("UPDATE audit.access SET subject_named = 'x' WHERE access_id = 5", "журнал: запись 5 изменена"),
    ("UPDATE audit.access SET at = at + interval '1 microsecond' WHERE access_id = 2", "журнал: запись 2 изменена"),
    ("DELETE FROM audit.access WHERE access_id = 3", "журнал: нет записи 3"),
    ("DELETE FROM audit.access WHERE access_id > 3", "журнал: "),
    ("ALTER TABLE audit.receipt DISABLE TRIGGER ALL; DELETE FROM audit.receipt WHERE receipt_id = 3", "опись поставок: последняя запись 2"),
    ("UPDATE quality.delivery SET sha256 = 'x' WHERE origin = 'a'", "строка ведомости не та"),
    ("DELETE FROM quality.delivery", "строка ведомости не та"),
])
def test_what_the_owner_forged_in_the_database_is_found(lived: Warehouse, forged: str, expected: str) -> None:
    anchors.drop("publish")
    lived.execute(FORGE + forged)
    lived.execute("ALTER TABLE audit.access ENABLE ALWAYS TRIGGER seal")
    status, said = verified()
    assert status == 1
    assert any(line.startswith(f"НАРУШЕНО  {expected}") or expected in line for line in said), said


def test_a_trail_rewritten_as_a_whole_is_found_by_its_anchor(lived: Warehouse) -> None:
    anchors.drop("publish")
    lived.execute(FORGE + "DELETE FROM audit.access")
    lived.execute("ALTER TABLE audit.access ENABLE ALWAYS TRIGGER seal")
    for _ in range(9):
        trail.note_alone("officer", **LINE)
    status, said = verified()
    assert (status, any("не та, которую знает отметка 1" in line for line in said)) == (1, True)
    with pytest.raises(AnchorBroken, match="restored, copied or rewritten"):
        anchors.drop("publish")
    assert anchors.try_drop("publish") is None


def test_each_anchor_names_chain_and_heads_and_seals_the_one_before(lived: Warehouse, tmp_path: Path) -> None:
    first = anchors.drop("publish")
    assert anchors.drop("publish") == first, "nothing came since"
    trail.note_alone("officer", **LINE)
    second = anchors.drop("link")
    rows = [json.loads(line) for line in (tmp_path / "anchors" / chain(lived)).read_text("utf-8").splitlines()]
    assert rows == [first, second]
    assert [(row["anchor_id"], row["entries"], row["deliveries"], row["why"]) for row in rows] == [(1, 5, 3, "publish"), (2, 6, 3, "link")]
    assert second["entries_hash"] == lived.scalar("SELECT row_hash FROM audit.access WHERE access_id = 6")
    assert second["chain_id"] == lived.scalar("SELECT chain_id FROM audit.chain")


def test_anchors_dropped_at_once_are_one_chain(lived: Warehouse) -> None:
    def work(_: int) -> None:
        trail.note_alone("officer", **LINE)
        anchors.drop("publish")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    assert verified()[0] == 0


def test_further_places_hold_the_same_and_catch_up(lived: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / "share", tmp_path / "medium"]
    anchors.drop("publish")
    monkeypatch.setenv(anchors.PLACES, os.pathsep.join(map(str, places)))
    assert summary.figures()["trail"]["behind"] == [str(place) for place in places]
    trail.note_alone("officer", **LINE)
    anchors.drop("publish")
    kept = (tmp_path / "anchors" / chain(lived)).read_bytes()
    assert [(place / chain(lived)).read_bytes() for place in places] == [kept, kept]
    assert summary.figures()["trail"]["behind"] == []
    (places[0] / chain(lived)).write_bytes(kept.replace(b"publish", b"pubIish"))
    trail.note_alone("officer", **LINE)
    with pytest.raises(AnchorBroken, match="not a beginning"):
        anchors.drop("publish")


def test_a_line_a_crash_left_unfinished_never_was_an_anchor(lived: Warehouse, tmp_path: Path) -> None:
    anchors.drop("publish")
    with (tmp_path / "anchors" / chain(lived)).open("ab") as file:
        file.write(b'{"anchor_id":2,"chain')
    trail.note_alone("officer", **LINE)
    assert anchors.drop("publish")["anchor_id"] == 2
    assert verified()[0] == 0


def test_an_anchor_that_somebody_broke_stops_the_next_one_and_is_shown(lived: Warehouse, tmp_path: Path) -> None:
    anchors.drop("publish")
    (tmp_path / "anchors" / chain(lived)).write_text("nothing\n")
    with pytest.raises(AnchorBroken, match="no anchor"):
        anchors.drop("publish")
    assert anchors.try_drop("publish") is None
    assert summary.figures()["trail"]["behind"] == [str(tmp_path / "anchors")]
    assert verified()[0] == 1


def test_a_publication_stands_where_its_anchor_cannot_be_written(lived: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "anchors").write_text("in the way")
    lived.execute("INSERT INTO quality.version (version, kind) VALUES (1, 'link')")
    assert publish.publish(1, by="Анна") == 1
    assert lived.scalar("SELECT version FROM core.published_version") == 1
    (tmp_path / "anchors").unlink()
    assert publish.rollback(1, by="Анна") == 1
    assert summary.figures()["trail"]["anchored"] == lived.scalar("SELECT max(access_id) FROM audit.access")
    assert "anchored" in summary.anchored(summary.figures()["trail"])


def rules(root: Path) -> Path:
    for name in ("schemas/rules.py", "schemas/codes/subjects.csv", "connectors/layouts/a.yaml", "transforms/linkage/weights.json", "config/access.json"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def said(warehouse: Warehouse, action: str) -> list[str]:
    return [str(row[0]) for row in warehouse.rows("SELECT subject_named FROM audit.access WHERE action = :action ORDER BY access_id", action=action)]


def test_each_changed_rule_is_one_line_with_both_hashes_and_nothing_is_told_twice(warehouse: Warehouse, tmp_path: Path) -> None:
    root = rules(tmp_path / "code")
    assert len(watch.notice("Анна", root)) > 5
    assert watch.notice("Анна", root) == []
    (root / "schemas" / "rules.py").write_text("changed")
    (root / "schemas" / "codes" / "subjects.csv").unlink()
    gone, changed = watch.notice("Анна", root)
    assert (gone.name, gone.after, changed.name) == ("schemas/codes/subjects.csv", "–", "schemas/rules.py")
    assert said(warehouse, "rule")[-2:] == [gone.subject, changed.subject]
    assert changed.before != changed.after
    (root / "schemas" / "rules.py").write_text("schemas/rules.py")
    (back,) = watch.notice("Анна", root)
    assert (back.before, back.after) == (changed.after, changed.before)


@pytest.mark.parametrize(("change", "name"), [
    (lambda warehouse, root: (root / "config" / "access.json").write_text("x"), "config/access.json"),
    (lambda warehouse, root: warehouse.execute("GRANT SELECT ON core.pupil TO analyst"), "grants of analyst"),
    (lambda warehouse, root: warehouse.execute("GRANT SELECT (snils) ON core.pupil TO auditor"), "grants of auditor"),
    (lambda warehouse, root: warehouse.execute("GRANT SELECT ON core.pupil TO PUBLIC"), "grants of PUBLIC"),
])
def test_a_changed_role_or_right_is_told(warehouse: Warehouse, tmp_path: Path, change: Callable[[Warehouse, Path], object], name: str) -> None:
    root = rules(tmp_path / "code")
    watch.notice("Анна", root)
    change(warehouse, root)
    assert [one.name for one in watch.notice("Анна", root)] == [name]
    assert said(warehouse, "role")[-1].startswith(name)


def test_two_that_notice_at_once_tell_once(warehouse: Warehouse, tmp_path: Path) -> None:
    root = rules(tmp_path / "code")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: watch.notice("Анна", root), range(4)))
    told = said(warehouse, "rule") + said(warehouse, "role")
    assert len(told) == len(set(told)) > 5


def test_what_is_watched_is_there() -> None:
    from pipeline.settings import ROOT

    for pattern in (*watch.RULES, *watch.ROLES):
        assert list(ROOT.glob(pattern)), pattern


def test_reading_the_trail_is_a_line_of_it(lived: Warehouse) -> None:
    newest, *older = audit.listed(3, action=None, who=None, by="Аудитор")
    assert (newest["action"], newest["person_in_charge"], len(older)) == ("list", "Аудитор", 2)
    assert {row["action"] for row in trail_read.latest(99)} <= {*ACTIONS}
