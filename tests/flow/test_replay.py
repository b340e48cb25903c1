"""Refused records after the rule was mended: they come in as if the rule had been right from the start, and the ledger shows both lives."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from connectors import journal_rows
from pipeline import files, ingest, link, refused
from pipeline.replay import replay
from schemas.errors import ConfigurationError, KontingentError
from schemas.fields import FIELDS
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import State, adds_up, keys, state
from transforms import journal
from warehouse import day, ledger, load
from warehouse import replay as lives

pytestmark = pytest.mark.flow
ENGINEER = {"by": "engineer", "reason": "дата рождения: граница исправлена"}
BORN = "person.birth_date.minimum"
ORIGIN = f"{wire.SCHOOL}/pupils.csv"


@contextmanager
def too_narrow() -> Iterator[None]:
    """The mistake: children born before June 2014 are refused."""
    right = FIELDS["birth_date"]
    FIELDS["birth_date"] = replace(right, minimum="2014-06-01")
    try:
        yield
    finally:
        FIELDS["birth_date"] = right


def register(folder: Path) -> None:
    files.ingest("education_organisations", [wire.write(folder / "register", "register.csv", (wire.DATA / "education_organisations" / "register.csv").read_bytes())])


def bring_pupils(folder: Path, *lines: str) -> dict[str, object]:
    return files.ingest("journal_file", [wire.write(folder, "pupils.csv", wire.table(wire.HEADER, *lines))], wire.SCHOOL)


def bring_marks(folder: Path, *lines: str) -> dict[str, object]:
    return files.ingest("journal_file", [wire.write(folder, "marks_2025_1.csv", wire.table(wire.MARKS, *lines))], wire.SCHOOL)


def school(folder: Path) -> None:
    """A list of five pupils, one of them old, and a mark of each."""
    bring_pupils(folder, wire.pupil(1), *(wire.pupil(number, born="2014-09-01") for number in range(2, 6)))
    bring_marks(folder, *(wire.mark(number, number) for number in range(1, 6)))


def truth(warehouse: Warehouse, folder: Path) -> State:
    """What the warehouse holds when the rule is right from the start."""
    register(folder)
    school(folder)
    found = state(warehouse)
    warehouse.execute("TRUNCATE quality.delivery, quality.delivery_entity, quality.delivery_scope, quality.refused_record, identity.person_record, core.enrolment, "
                      "core.mark, core.attendance, core.organisation, identity.source_record CASCADE")
    return found


def standing() -> dict[str, int]:
    return {str(row["rule"]): row["records"] for row in refused.groups("rule")}


def test_a_replay_brings_the_person_and_what_waited_for_it(warehouse: Warehouse, tmp_path: Path) -> None:
    right = truth(warehouse, tmp_path)
    with too_narrow():
        register(tmp_path)
        school(tmp_path)
    assert standing() == {"person.birth_date.minimum": 1, "enrolment.person_unknown": 1, "mark.person_unknown": 1}
    first = ledger.totals()
    done = replay(rule=BORN, **ENGINEER)
    assert {name: done[name] for name in ("deliveries", "received", "loaded", "refused")} == {"deliveries": 3, "received": 3, "loaded": 3, "refused": 0}
    assert state(warehouse) == right
    assert standing() == {}
    after = ledger.totals()
    assert {name: after[name] for name in first if name not in ("replayed", "open")} == {name: first[name] for name in first if name not in ("replayed", "open")}
    assert (first["open"], first["replayed"], after["open"], after["replayed"]) == (3, 0, 0, 3)
    assert (day.status()["total"]["replayed"], day.status()["total"]["received"]) == (3, first["received"])
    adds_up()
    assert link.link()["changed"] > 0


def test_both_lives_stand_in_the_ledger(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), wire.pupil(2, born="2014-09-01"), wire.pupil(3, born="2014-09-02"))
        replay(rule=BORN, with_dependents=False, **ENGINEER)
    assert standing()[BORN] == 1
    assert warehouse.rows("SELECT r.rule, r.replayed_by IS NULL, d.replay_of IS NULL FROM quality.refused_record r JOIN quality.delivery d USING (delivery_id) "
                          "WHERE entity = 'person' ORDER BY 3 DESC") == [(BORN, False, True), (BORN, True, False)]
    replay(rule=BORN, with_dependents=False, **ENGINEER)
    assert len(keys(warehouse)) == 3
    original = warehouse.rows("SELECT received, loaded, refused FROM quality.delivery WHERE replay_of IS NULL")
    assert original == [(6, 4, 2)]
    assert warehouse.rows("SELECT received, loaded, refused FROM quality.delivery WHERE replay_of IS NOT NULL ORDER BY version") == [(1, 0, 1), (1, 1, 0)]
    assert {row[0] for row in warehouse.rows("SELECT action FROM audit.access", role="auditor")} == {"replay"}


def test_facts_wait_until_their_person_is_known(warehouse: Warehouse, tmp_path: Path) -> None:
    bring_marks(tmp_path, wire.mark(1, 1), wire.mark(2, 2))
    with pytest.raises(ConfigurationError, match=r"replay\.nothing_ready"):
        replay(rule="mark.person_unknown", **ENGINEER)
    bring_pupils(tmp_path, wire.pupil(1))
    assert replay(rule="mark.person_unknown", **ENGINEER)["loaded"] == 1
    assert standing()["mark.person_unknown"] == 1
    assert ledger.totals()["deliveries"] == 2
    adds_up()


def test_a_mended_code_list_may_make_another_entity_of_a_cell(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_pupils(tmp_path, *(wire.pupil(number, born="2014-09-01") for number in range(1, 4)))
    with monkeypatch.context() as patch:
        patch.setattr(journal_rows, "ABSENCES", journal_rows.ABSENCES - {"нп"})
        patch.delitem(journal.ABSENCES, "НП")
        bring_marks(tmp_path, wire.mark(1, 1), wire.mark(2, 2), wire.mark(3, 3), wire.mark(4, 1, "НП"))
    assert standing() == {"mark.value.unknown": 1}
    assert replay(rule="mark.value.unknown", **ENGINEER)["loaded"] == 1
    assert len(keys(warehouse, "attendance")) == 1
    assert standing() == {}
    adds_up()


def test_a_replay_does_not_undo_what_the_sender_said_later(warehouse: Warehouse, tmp_path: Path) -> None:
    others = [wire.pupil(number, born="2014-09-01") for number in (2, 3)]
    with too_narrow():
        bring_pupils(tmp_path, wire.pupil(1), wire.pupil(4), *others)
    bring_pupils(tmp_path, wire.pupil(1, name="Доржиев Баир Иванович"), *others)
    before = state(warehouse)
    done = replay(source="journal_file", **ENGINEER)
    assert (done["received"], done["superseded"]) == (4, 4)
    assert state(warehouse) == before
    adds_up()


def test_the_same_bytes_again_after_a_replay_change_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        school(tmp_path)
    replay(rule=BORN, **ENGINEER)
    before = state(warehouse)
    school(tmp_path)
    assert state(warehouse) == before
    assert ledger.totals()["open"] == 0
    adds_up()


@pytest.mark.parametrize("asked", [{"rule": BORN}, {"source": "journal_file"}, {"rule": "person.no_such_rule"}])
def test_what_was_replayed_cannot_be_replayed(warehouse: Warehouse, tmp_path: Path, asked: dict[str, str]) -> None:
    with too_narrow():
        school(tmp_path)
    replay(rule=BORN, **ENGINEER)
    before = warehouse.rows("SELECT * FROM quality.delivery ORDER BY delivery_id")
    with pytest.raises(ConfigurationError, match=r"replay\.nothing_open"):
        replay(**asked, **ENGINEER)
    assert warehouse.rows("SELECT * FROM quality.delivery ORDER BY delivery_id") == before


@pytest.mark.parametrize("harm", ["gone", "changed", "cut"])
def test_bytes_that_are_not_those_that_came_are_not_read(warehouse: Warehouse, tmp_path: Path, harm: str) -> None:
    with too_narrow():
        school(tmp_path)
    sha256 = str(warehouse.scalar("SELECT sha256 FROM quality.delivery WHERE origin LIKE '%pupils.csv'"))
    kept = tmp_path / "landing" / "journal_file" / sha256[:2] / f"{sha256}.gz"
    content = kept.read_bytes()
    kept.unlink()
    if harm != "gone":
        kept.write_bytes(content[:-20] if harm == "cut" else gzip.compress(gzip.decompress(content) + b"9;"))
    before = warehouse.rows("SELECT * FROM quality.delivery ORDER BY delivery_id")
    with pytest.raises(ConfigurationError, match=r"landing\.(missing|altered)"):
        replay(rule=BORN, **ENGINEER)
    assert warehouse.rows("SELECT * FROM quality.delivery ORDER BY delivery_id") == before
    assert standing()[BORN] == 1


class Crash(RuntimeError):
    """The process died here."""


@pytest.mark.parametrize(("module", "step"), [(lives, "standing"), (load, "accept"), (lives, "close_lives"), (load, "_report"), (day, "note_step")])
def test_a_crash_in_a_replay_is_healed_by_the_next(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str) -> None:
    with too_narrow():
        school(tmp_path)

    def die(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(module, step, die)
        with pytest.raises(Crash):
            replay(rule=BORN, **ENGINEER)
    ingest.gate("journal_file")
    ingest.load_staged("journal_file")
    if step == "note_step":
        replay(rule="enrolment.person_unknown", **ENGINEER)
    else:
        replay(rule=BORN, **ENGINEER)
    assert standing() == {}
    assert len(keys(warehouse)) == len(keys(warehouse, "mark")) == 5
    assert list((tmp_path / "staging" / "journal_file").iterdir()) == []
    adds_up()


def test_two_replays_at_once_load_a_record_once(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with too_narrow():
        school(tmp_path)
    accept = load.accept

    def after_another(*told: object, **more: object) -> object:
        monkeypatch.undo()
        monkeypatch.setenv("KONTINGENT_VAR", str(tmp_path))
        monkeypatch.setenv("KONTINGENT_WAREHOUSE_URL", warehouse.urls["loader"])
        replay(rule=BORN, **ENGINEER)
        return accept(*told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "accept", after_another)
    with pytest.raises(ConfigurationError, match=r"replay\.overtaken"):
        replay(rule=BORN, **ENGINEER)
    assert ledger.totals()["replayed"] == 3
    adds_up()


def test_a_replay_needs_a_name_and_a_reason_and_something_to_replay() -> None:
    for told in ({"by": " ", "reason": "x", "rule": BORN}, {"by": "x", "reason": "", "rule": BORN}):
        with pytest.raises(ConfigurationError, match=r"decision\.unsigned"):
            replay(**told)
    for told in ({}, {"source": "no_such_source"}):
        with pytest.raises(KontingentError, match=r"replay\.of_what|source\.unknown"):
            replay(**told, **ENGINEER)


def test_staging_of_a_replay_leaves_nothing_behind(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        school(tmp_path)
    shutil.rmtree(tmp_path / "staging")
    replay(rule=BORN, **ENGINEER)
    assert list((tmp_path / "staging" / "journal_file").iterdir()) == []


def totals_at(warehouse: Warehouse, version: int) -> tuple[object, ...]:
    """total, processed, refused, replayed of the ledger's mart, refusals of the latest deliveries and refusals that stand, as that version shows them."""
    with warehouse.engine("loader").begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL kontingent.version = {version}")
        return tuple(connection.exec_driver_sql(
            "SELECT sum(total), sum(processed), sum(refused), sum(replayed), (SELECT coalesce(sum(refused_count), 0) FROM marts.refused_now), "
            "(SELECT coalesce(sum(open_count), 0) FROM marts.refused_by_rule) FROM marts.delivery_total WHERE source = 'journal_file'").one())


def test_marts_count_a_record_once_and_a_past_version_knows_no_later_replay(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        school(tmp_path)
    before = int(str(warehouse.scalar("SELECT max(version) FROM quality.version")))
    replay(rule=BORN, **ENGINEER)
    now = int(str(warehouse.scalar("SELECT max(version) FROM quality.version")))
    assert totals_at(warehouse, before) == (15, 12, 3, 0, 3, 3)
    assert totals_at(warehouse, now) == (15, 12, 3, 3, 0, 0)
