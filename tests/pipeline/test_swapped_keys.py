"""A school's file through landing, gates and load: a renumbering is held, a person releases or returns it, and facts stay with their children."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sources import BY_NAME
from pipeline import files, link, publish, swapped_keys
from pipeline import held as decision
from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.flow import wire
from warehouse import ledger

pytestmark = pytest.mark.flow
CLASS = [("Доржиев Баир Батоевич", "2014-03-09"), ("Иванова Мария Петровна", "2014-11-21"), ("Цыренов Тимур Олегович", "2013-12-30"),
         ("Петров Степан Ильич", "2014-06-17"), ("Бадмаева Арюна Жаргаловна", "2014-01-05"), ("Сидоров Глеб Антонович", "2014-08-14")]
Row = tuple[int, str, str]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")


@pytest.fixture
def school(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    """Six pupils with a mark each, linked and published."""
    register = b"".join((wire.DATA / "education_organisations" / "register.csv").read_bytes().splitlines(keepends=True))
    files.ingest("education_organisations", [wire.write(tmp_path / "register", "register.csv", register)])
    assert bring(tmp_path, numbered(CLASS))["held_codes"] == {}
    assert marks(tmp_path, [(number, number) for number in range(1, 7)])["held_codes"] == {}
    settle()
    return warehouse


def numbered(children: list[tuple[str, str]], first: int = 1) -> list[Row]:
    return [(number, *child) for number, child in enumerate(children, first)]


def bring(folder: Path, rows: list[Row]) -> dict[str, object]:
    lines = [wire.pupil(number, name=name, born=born) for number, name, born in rows]
    return files.ingest("journal_file", [wire.write(folder, "pupils.csv", wire.table(wire.HEADER, *lines))], wire.SCHOOL)


def marks(folder: Path, pairs: list[tuple[int, int]], value: str = "5") -> dict[str, object]:
    """A file of (number of the mark, key of the pupil); the number is also the day of October."""
    lines = [wire.mark(number, pupil, value, f"2025-10-{number:02}") for number, pupil in pairs]
    return files.ingest("journal_file", [wire.write(folder, "marks_2025_1.csv", wire.table(wire.MARKS, *lines))], wire.SCHOOL)


def settle() -> None:
    link.link()
    publish.publish(publish.gate(), by="test")


def held(warehouse: Warehouse, code: str = "identity.keys_swapped") -> str:
    return str(warehouse.scalar("SELECT delivery_id::text FROM quality.delivery WHERE state = 'held' AND held_code = :code ORDER BY received_at DESC LIMIT 1"
                                .replace("::", r"\:\:"), code=code))


def marked(warehouse: Warehouse) -> dict[str, list[object]]:
    """Days of marks by family name, as published."""
    rows = warehouse.rows("SELECT family_name, lesson_date::text FROM marts.mark JOIN marts.pupil_identified USING (pupil_id) ORDER BY 1, 2"
                          .replace("::", r"\:\:"), role="loader")
    return {str(name): [day for other, day in rows if other == name] for name, _ in rows}


def test_a_renumbering_is_held_with_its_evidence_and_without_a_name(school: Warehouse, tmp_path: Path) -> None:
    assert bring(tmp_path, numbered(CLASS[1:] + CLASS[:1]))["held_codes"] == {"identity.keys_swapped": 1}
    delivery_id = held(school)
    evidence = school.rows("SELECT right(source_key, 1), right(matches_source_key, 1), rule FROM quality.swapped_key ORDER BY 1", role="auditor")
    assert evidence == [(str(key), str(key % 6 + 1), "given_birth") for key in range(1, 7)]
    said = str(ledger.delivery(delivery_id)["held_message"])
    assert "6 of 6 known keys (100%)" in said
    assert not any(part.upper() in said.upper() for name, _ in CLASS for part in name.split())
    failed = school.rows("SELECT kwargs ->> 'title', unexpected FROM quality.validation_result WHERE expectation = 'identity.keys_swapped' AND NOT success")
    assert failed == [("Ключи отправителя обозначают других детей, чем прежде", 1)]


def test_marks_of_a_school_in_doubt_wait_and_go_in_with_what_is_released(school: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, numbered(CLASS[1:] + CLASS[:1]))
    whole = [(number, (number - 2) % 6 + 1) for number in range(1, 7)] + [(number + 10, number) for number in range(1, 7)]
    assert marks(tmp_path, whole)["held_codes"] == {"identity.keys_waiting": 1}
    before = marked(school)
    done = decision.release(held(school), by="inspector", reason="журнал перезагружен", is_renumbered=True)
    assert done["deliveries"] == 2
    settle()
    expected = {name.split()[0].upper(): [f"2025-10-{number:02}", f"2025-10-{(number - 2) % 6 + 11:02}"] for number, (name, _) in enumerate(CLASS, 1)}
    assert marked(school) == expected
    assert {name: days[:1] for name, days in marked(school).items()} == before
    assert bring(tmp_path, numbered(CLASS[1:] + CLASS[:1] + [("Новый Олег Павлович", "2014-02-02")]))["held_codes"] == {}
    assert school.rows("SELECT DISTINCT ground, subject_named LIKE '%, rekeyed' FROM audit.access WHERE action = 'release'") == [("журнал перезагружен", True)]


@pytest.mark.parametrize("shift", [2, 3])
def test_new_children_under_old_keys_are_new_records_and_take_nothing_over(school: Warehouse, tmp_path: Path, shift: int) -> None:
    fresh = [(f"Новиков{letter} {given} Львович", f"2015-0{shift}-1{number}") for number, (letter, given) in
             enumerate(zip("абвгде", ["Артём", "Юрий", "Ким", "Зорикто", "Фёдор", "Эрдэни"], strict=True))]
    bring(tmp_path, numbered((CLASS[shift:] + fresh)[:6]))
    decision.release(held(school), by="inspector", reason="номера выданы заново", is_renumbered=True)
    settle()
    found = marked(school)
    assert set(found) == {name.split()[0].upper() for name, _ in CLASS[shift:]}
    assert all(days == [f"2025-10-{number:02}"] for number, (name, _) in enumerate(CLASS, 1) if number > shift for days in [found[name.split()[0].upper()]])
    enrolled = school.scalar("SELECT count(DISTINCT pupil_id) FROM marts.enrolment", role="analyst")
    assert enrolled == school.scalar("SELECT count(*) FROM marts.enrolment", role="analyst") == 6


def test_a_release_as_it_is_keeps_the_records(school: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, numbered(CLASS[1:] + CLASS[:1]))
    before = school.scalar("SELECT count(*) FROM identity.source_record")
    decision.release(held(school), by="inspector", reason="имена были перепутаны в журнале", is_renumbered=False)
    assert school.scalar("SELECT count(*) FROM identity.source_record") == before
    assert ledger.totals()["difference"] == 0


def test_what_is_returned_stays_out_and_the_schools_next_file_comes_in(school: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, numbered(CLASS[1:] + CLASS[:1]))
    marks(tmp_path, [(11, 1)])
    assert decision.give_back(held(school), by="inspector", reason="ошибка выгрузки") == {"deliveries": 2}
    with pytest.raises(ConfigurationError, match="not held"):
        decision.release(held(school, "identity.keys_returned"), by="inspector", reason="", is_renumbered=True)
    assert bring(tmp_path, [*numbered(CLASS), (7, "Новый Олег Павлович", "2014-02-02")])["held_codes"] == {}
    assert marks(tmp_path, [(12, 7)])["held_codes"] == {}


@pytest.mark.parametrize("source", ["pfr_snils", "fms_residence", "zags_births"])
def test_keys_that_are_questions_or_acts_are_not_judged(tmp_path: Path, source: str) -> None:
    assert swapped_keys.find(BY_NAME[source], "", wire.write(tmp_path, "person.parquet", b"")) is None


def test_a_delivery_that_is_not_held_can_be_neither_released_nor_returned(school: Warehouse) -> None:
    loaded = str(school.scalar("SELECT delivery_id::text FROM quality.delivery WHERE state = 'loaded' LIMIT 1".replace("::", r"\:\:")))
    for decide in (lambda: decision.give_back(loaded, by="a", reason="b"),
                   lambda: decision.release(loaded, by="a", reason="b", is_renumbered=False)):
        with pytest.raises(ConfigurationError, match="not held"):
            decide()
