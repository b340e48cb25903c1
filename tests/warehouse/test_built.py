"""Marts that are built once a version: what is stored is what would be computed, and nothing is shown that may not be."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from pipeline import publish as step
from tests.conftest import Warehouse
from tests.warehouse.adopted import ADOPTER, FORMER, LATTER, Life
from warehouse import built, migrate, publish, seal, views

pytestmark = pytest.mark.warehouse
ACT = 1
WORDS = {"ground": "решение суда № 1", "by": "officer"}
ASKED = "SELECT count(*) FROM marts.school_age_child"


def stored(warehouse: Warehouse, table: str = "school_age_child") -> dict[object, object]:
    """Version → rows stored of a mart."""
    return dict(warehouse.rows(f"SELECT built_version, count(*) FROM built.{table} GROUP BY built_version"))  # type: ignore[arg-type]


def markers(warehouse: Warehouse) -> set[object]:
    return {row[0] for row in warehouse.rows("SELECT DISTINCT version FROM built.mart")}


def plan(warehouse: Warehouse, query: str) -> str:
    with warehouse.engine("analyst").connect() as connection:
        return "\n".join(str(row[0]) for row in connection.execute(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}")))


def child_of(tmp_path: Path) -> tuple[Life, int]:
    """One child in school, published, with every heavy mart built."""
    life = Life(tmp_path)
    life.act(1, FORMER)
    life.school(FORMER)
    version = life.publish()
    step.build_marts(version)
    return life, version


def test_what_is_built_answers_and_the_computed_branch_is_never_run(warehouse: Warehouse, tmp_path: Path) -> None:
    _, version = child_of(tmp_path)
    assert warehouse.scalar(ASKED, role="analyst") == 1
    assert stored(warehouse) == {version: 1}
    scans = [line for line in plan(warehouse, "SELECT * FROM marts.school_age_child").splitlines() if " on " in line and "Subquery" not in line]
    assert [line for line in scans if "never executed" not in line and "school_age_child" not in line] == []
    assert {name for name in ("pupil", "enrolment", "link") if any(f" on {name}" in line and "never executed" in line for line in scans)} == {
        "pupil", "enrolment", "link"}
    warehouse.execute("DELETE FROM built.school_age_child", role="loader")
    assert warehouse.scalar(ASKED, role="analyst") == 0, "the stored rows are what is read"


def test_another_report_date_is_computed_from_the_same_version(warehouse: Warehouse, tmp_path: Path) -> None:
    _, version = child_of(tmp_path)
    warehouse.execute("DELETE FROM built.school_age_child", role="loader")
    with warehouse.engine("analyst").connect() as connection:
        connection.execute(text("SET kontingent.report_date = '2024-09-20'"))
        assert connection.execute(text("SELECT DISTINCT report_date FROM marts.school_age_child")).scalars().all() == [date(2024, 9, 20)]
        connection.execute(text("RESET kontingent.report_date"))
        assert connection.execute(text(ASKED)).scalar() == 0
    assert version in markers(warehouse)


def test_a_rollback_to_a_version_no_longer_built_computes_the_same(warehouse: Warehouse, tmp_path: Path) -> None:
    life, first = child_of(tmp_path)
    before = warehouse.rows("SELECT * FROM marts.school_roll", role="analyst")
    versions = [first]
    for number in range(3):
        life.school(FORMER, local=str(20 + number), marks=(f"n{number}",))
        versions.append(life.publish())
        step.build_marts(versions[-1])
    assert markers(warehouse) == set(versions[-3:]), "the last three published versions stay built"
    assert set(stored(warehouse, "school_roll")) == set(versions[-3:])
    publish.rollback(first, "engineer")
    assert warehouse.rows("SELECT * FROM marts.school_roll", role="analyst") == before


def test_sealing_forgets_what_was_built_and_shows_nothing_sealed(warehouse: Warehouse, tmp_path: Path) -> None:
    _, version = child_of(tmp_path)
    records = [int(str(row[0])) for row in warehouse.rows("SELECT record_id FROM identity.source_record")]
    assert seal.seal(records, **WORDS) == len(records)
    assert (markers(warehouse), stored(warehouse)) == (set(), {})
    assert warehouse.scalar(ASKED, role="analyst") == 0
    step.build_marts(version)
    assert markers(warehouse) == set(), "the loader still sees the version as it was: nothing of it may be stored for others"
    assert warehouse.scalar(ASKED, role="analyst") == 0


def test_unsealing_forgets_what_was_built_without_the_child(warehouse: Warehouse, tmp_path: Path) -> None:
    life, _ = child_of(tmp_path)
    records = [int(str(row[0])) for row in warehouse.rows("SELECT record_id FROM identity.source_record")]
    seal.seal(records, **WORDS)
    version = life.publish()
    step.build_marts(version)
    assert stored(warehouse) == {}
    assert markers(warehouse) == {version}
    seal.unseal(records, by="officer")
    assert markers(warehouse) == set()
    life.publish()
    assert warehouse.scalar(ASKED, role="analyst") == 1


def test_an_adoption_in_a_load_forgets_what_was_built_before_anybody_links(warehouse: Warehouse, tmp_path: Path) -> None:
    life, _ = child_of(tmp_path)
    life.act(2, LATTER, **ADOPTER)
    assert (markers(warehouse), stored(warehouse)) == (set(), {})


def test_rows_built_while_a_seal_was_set_are_never_shown(warehouse: Warehouse, tmp_path: Path) -> None:
    """A filling that commits after the seal leaves rows of the state before: the marker names that state."""
    _, version = child_of(tmp_path)
    row = warehouse.rows("SELECT mart, version, as_of, definition, seal_state, rows_written FROM built.mart WHERE mart = 'school_age_child'")[0]
    kept = warehouse.rows("SELECT pupil_id, report_date FROM built.school_age_child")[0]
    seal.seal([int(str(one[0])) for one in warehouse.rows("SELECT record_id FROM identity.source_record")], **WORDS)
    names = ("mart", "version", "as_of", "definition", "seal_state", "rows_written")
    warehouse.execute(f"INSERT INTO built.mart ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})", role="loader",
                      **dict(zip(names, row, strict=True)))
    warehouse.execute("INSERT INTO built.school_age_child (built_version, pupil_id, report_date) VALUES (:version, :pupil, :day)", role="loader",
                      version=version, pupil=kept[0], day=kept[1])
    for role in ("analyst", "auditor", "steward", "officer"):
        assert warehouse.scalar(ASKED, role=role) == 0


def test_a_filling_that_fails_leaves_nothing_built(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.act(1, FORMER)
    version = life.publish()
    with pytest.raises(RuntimeError):
        built.fill(version, date(2025, 10, 24), views.marked(), views.definition(), _broken)
    assert (markers(warehouse), stored(warehouse)) == (set(), {})
    assert warehouse.scalar(ASKED, role="analyst") == 1


def _broken(mart: str, *_: object) -> None:
    if mart == "not_enrolled":
        raise RuntimeError


def test_filling_twice_leaves_the_rows_once(warehouse: Warehouse, tmp_path: Path) -> None:
    _, version = child_of(tmp_path)
    step.build_marts(version)
    assert stored(warehouse) == {version: 1}


def test_the_tables_are_the_pipelines_alone(warehouse: Warehouse, tmp_path: Path) -> None:
    child_of(tmp_path)
    for role in ("analyst", "auditor", "steward", "officer", "publisher"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            warehouse.rows("SELECT * FROM built.school_roll", role=role)


def test_a_new_release_keeps_what_was_built_while_the_marts_are_the_same(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, version = child_of(tmp_path)
    migrate.upgrade(warehouse.urls["owner"])
    assert (markers(warehouse), stored(warehouse)) == ({version}, {version: 1})
    monkeypatch.setattr(built, "FORM", 99)
    migrate.upgrade(warehouse.urls["owner"])
    assert markers(warehouse) == set()
    assert warehouse.scalar(ASKED, role="analyst") == 1
    step.build_marts(version)
    assert stored(warehouse) == {version: 1}


def test_a_mart_built_no_more_loses_its_table(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_of(tmp_path)
    for file in views.MARTS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace("\n-- built\n", "\n", 1 if file.stem == "glance" else 0), "utf-8")
    monkeypatch.setattr(views, "MARTS", tmp_path)
    migrate.upgrade(warehouse.urls["owner"])
    assert warehouse.scalar("SELECT to_regclass('built.glance')") is None
    assert warehouse.scalar("SELECT to_regclass('built.coverage')") is not None
    assert warehouse.scalar("SELECT child_count FROM marts.glance", role="analyst") == 1


def test_the_log_of_a_filling_tells_marts_rows_and_seconds(warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    child_of(tmp_path)
    assert "mart school_roll: 1 rows" in caplog.text
    assert FORMER["family_name"] not in caplog.text
