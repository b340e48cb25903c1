"""Consents: given once, withdrawn once, never changed; marks are shown only while one is in force, and the statutory record never asks for one."""

from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from pipeline import extract as extracts
from schemas.consent import purposes
from tests.conftest import Warehouse
from tests.warehouse.adopted import ADOPTER, FORMER, LATTER, Life
from warehouse import consent, extract
from warehouse.consent import Consent, ConsentRefused
from warehouse.explanation import Look, LookRefused

pytestmark = pytest.mark.warehouse
TODAY = date(2025, 10, 24)
GROUND = "обращение родителя № 17"
OFFICER = Look(role="officer", person="Иванова", ground=GROUND)


@pytest.fixture
def life(warehouse: Warehouse, tmp_path: Path) -> Life:
    """One child with its act, a class and a mark of October, published; and a stranger."""
    made = Life(tmp_path / "life")
    made.childhood()
    return made


@pytest.fixture
def child(warehouse: Warehouse, life: Life) -> int:
    return int(str(warehouse.scalar("SELECT pupil_id FROM core.pupil WHERE given_name = 'ИВАН' AND version_to = 9223372036854775807")))


def given(child: int, **more: Any) -> Consent:
    usual = {"pupil_id": child, "representative": "parent", "purpose": "journal", "scope": "отметки и пропуски", "given": date(2025, 9, 1),
             "valid_to": None, "form": "paper", "document": "№ 17-С"}
    return Consent(**(usual | more))


def progress(warehouse: Warehouse, day: str | None = None) -> set[object]:
    """Children whose marks the service shows on a day."""
    with warehouse.engine("analyst").connect() as connection:
        if day:
            connection.execute(text("SELECT set_config('kontingent.report_date', :day, true)"), {"day": day})
        return set(connection.execute(text("SELECT pupil_id FROM marts.service_progress")).scalars())


def test_marks_are_shown_from_the_day_a_consent_is_given_until_the_day_before_it_ends(warehouse: Warehouse, child: int) -> None:
    assert progress(warehouse) == set()
    consent.give(given(child, given=date(2025, 10, 10), valid_to=date(2025, 10, 25)), by="Иванова", today=TODAY)
    assert [bool(progress(warehouse, f"2025-10-{day}")) for day in ("09", "10", "24")] == [False, True, True]
    assert progress(warehouse, "2025-10-10") == {child}


def test_a_consent_that_has_ended_does_not_open_again_for_who_looks_at_an_earlier_day(warehouse: Warehouse, child: int) -> None:
    consent.give(given(child, given=date(2025, 10, 10), valid_to=date(2025, 10, 20)), by="Иванова", today=TODAY)
    assert [bool(progress(warehouse, f"2025-10-{day}")) for day in ("10", "19", "20")] == [False, False, False]


def test_a_withdrawal_closes_at_once_and_for_every_day_and_history_stays(warehouse: Warehouse, child: int) -> None:
    number = consent.give(given(child), by="Иванова", today=TODAY)
    consent.withdraw(child, number, on=date(2025, 10, 20), document="№ 18-О", by="Петрова", today=TODAY)
    assert [bool(progress(warehouse, f"2025-10-{day}")) for day in ("19", "20", "24")] == [False, False, False]
    row = consent.listed(child, by="Иванова", ground=GROUND)[0]
    assert (row["given_date"], row["withdrawn_date"]) == (date(2025, 9, 1), date(2025, 10, 20))
    with pytest.raises(ConsentRefused, match=r"consent\.unknown"):
        consent.withdraw(child, number, on=TODAY, document="№ 19-О", by="Петрова", today=TODAY)


def test_a_consent_for_another_purpose_opens_no_marks(warehouse: Warehouse, child: int) -> None:
    consent.give(given(child, purpose="photo", scope="фотография"), by="Иванова", today=TODAY)
    assert progress(warehouse) == set()


def test_what_rests_on_law_takes_no_consent_and_a_refusal_never_stops_it(warehouse: Warehouse, child: int) -> None:
    statutory = [code for code, purpose in purposes().items() if not purpose.needs_consent]
    assert {"contingent", "statistics"} <= set(statutory)
    for purpose in statutory:
        with pytest.raises(ConsentRefused, match=r"consent\.statutory"):
            given(child, purpose=purpose)
    before = warehouse.rows("SELECT pupil_id FROM marts.school_roll")
    number = consent.give(given(child), by="Иванова", today=TODAY)
    consent.withdraw(child, number, on=TODAY, document="№ 18-О", by="Иванова", today=TODAY)
    assert warehouse.rows("SELECT pupil_id FROM marts.school_roll") == before != []
    assert warehouse.scalar("SELECT count(*) FROM marts.mark WHERE pupil_id = :child", child=child) == 1


@pytest.mark.parametrize(("more", "code"), [
    ({"purpose": "profiling"}, "consent.purpose"), ({"representative": "neighbour"}, "consent.words"), ({"form": "oral"}, "consent.words"),
    ({"valid_to": date(2025, 9, 1)}, "consent.term"), ({"document": "по просьбе мамы"}, "consent.document"), ({"scope": " "}, "consent.scope")])
def test_a_consent_that_says_too_little_or_nonsense_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(ConsentRefused, match=code):
        given(1, **more)


def test_a_consent_of_tomorrow_or_about_nobody_is_refused(warehouse: Warehouse, child: int) -> None:
    with pytest.raises(ConsentRefused, match=r"consent\.future"):
        consent.give(given(child, given=date(2025, 10, 25)), by="Иванова", today=TODAY)
    with pytest.raises(ConsentRefused, match=r"pupil\.unknown"):
        consent.give(given(99999), by="Иванова", today=TODAY)


def test_nobody_can_change_or_delete_a_consent_and_the_pipeline_cannot_give_one(warehouse: Warehouse, child: int) -> None:
    consent.give(given(child), by="Иванова", today=TODAY)
    for role in ("loader", "officer", "steward", "auditor", "analyst", "publisher"):
        for statement in ("UPDATE core.consent SET valid_to = NULL", "DELETE FROM core.consent"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                warehouse.execute(statement, role=role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        warehouse.execute("INSERT INTO core.consent (pupil_id) VALUES (1)", role="loader")
    with pytest.raises(Exception, match="only ever appended to"):
        warehouse.execute("DELETE FROM core.consent", role="owner")


def test_every_act_and_look_is_a_line_of_the_trail(warehouse: Warehouse, child: int) -> None:
    number = consent.give(given(child), by="Иванова", today=TODAY)
    consent.withdraw(child, number, on=TODAY, document="№ 18-О", by="Петрова", today=TODAY)
    consent.listed(child, by="Сидорова", ground=GROUND)
    assert warehouse.rows("SELECT action, person_in_charge, subject_named, pupil_id FROM audit.access WHERE role = 'officer' ORDER BY access_id") == [
        ("consent", "Иванова", "consent for journal given", child), ("consent", "Петрова", f"consent {number} withdrawn", child),
        ("look", "Сидорова", f"consents of pupil {child}", child)]
    with pytest.raises(ConsentRefused, match=r"look\.ground"):
        consent.listed(child, by="Сидорова", ground=" ")


def test_without_a_look_an_officer_sees_no_consent(warehouse: Warehouse, child: int) -> None:
    assert warehouse.rows("SELECT * FROM identity.explained_consent", role="officer") == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        warehouse.rows("SELECT pupil_id FROM core.consent", role="officer")


def test_an_extract_is_made_by_an_officer_on_a_ground_only(warehouse: Warehouse, child: int, tmp_path: Path) -> None:
    for role in ("steward", "auditor"):
        with pytest.raises(LookRefused, match=r"look\.role"):
            extracts.make(child, Look(role=role, person="Иванова", ground=GROUND), tmp_path / "out")
    with pytest.raises(LookRefused, match=r"look\.ground"):
        Look(role="officer", person="Иванова", ground=" ")
    assert not (tmp_path / "out").exists()
    assert warehouse.scalar("SELECT count(*) FROM audit.access WHERE action = 'export'") == 0


def test_the_trail_tells_of_an_extract_before_anything_is_read(warehouse: Warehouse, child: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the reading failed")
    monkeypatch.setattr("warehouse.explanation.read", broken)
    with pytest.raises(RuntimeError):
        extract.read(child, OFFICER)
    assert warehouse.rows("SELECT person_in_charge, ground, pupil_id FROM audit.access WHERE action = 'export'") == [("Иванова", GROUND, child)]


def test_an_extract_tells_values_sources_grounds_and_who_looked_and_its_files_are_their_owners_alone(warehouse: Warehouse, child: int, tmp_path: Path) -> None:
    consent.listed(child, by="Любопытнова", ground="проверка № 5")
    files = extracts.make(child, OFFICER, tmp_path / "out")
    assert [(file.suffix, file.stat().st_mode & 0o777) for file in files] == [(".html", 0o600), (".pdf", 0o600)]
    page = files[0].read_text("utf-8")
    for said in ("ПРЕЖНИЙ", "112-233-445 95", "14.03.2015", "273-ФЗ, ст. 98", "152-ФЗ, ст. 6", "проверка № 5", "Школа", GROUND):
        assert said in page, said
    assert "Любопытнова" not in page
    assert "Иванова" not in page, "who of the staff it was stays with the auditor"
    assert "ЧУЖОЙ" not in page
    assert "МВД о регистрации не сообщало" in page
    assert "Адрес регистрации хранится" not in page, "an address that nobody sent is not held"
    assert files[1].read_bytes().startswith(b"%PDF")


def test_nothing_in_an_extract_comes_from_the_network(warehouse: Warehouse, child: int, tmp_path: Path) -> None:
    page = unescape(extracts.make(child, OFFICER, tmp_path / "out")[0].read_text("utf-8"))
    assert "default-src 'none'" in page
    assert not any(part in page for part in ("http://", "https://", "<script", "@import", "url(//"))


def test_marks_stand_in_an_extract_only_with_a_consent_in_force(warehouse: Warehouse, child: int, tmp_path: Path) -> None:
    without = extracts.document(extract.read(child, OFFICER))
    consent.give(given(child), by="Иванова", today=TODAY)
    with_it = extracts.document(extract.read(child, OFFICER))
    marks = {name: next(one for one in made.sections if one.title.startswith("Отметки")) for name, made in (("no", without), ("yes", with_it))}
    assert (marks["no"].rows, "отметок здесь нет" in marks["no"].note) == ((), True)
    assert marks["yes"].rows == (("Школа", "Алгебра", "1", "5,00", "0", "0", "0", "–", "–"),)
    assert [one.title for one in without.sections][:6] == [one.title for one in with_it.sections][:6], "nothing else depends on it"


def test_an_extract_of_an_adopted_child_and_its_consents_say_nothing_of_the_time_before(warehouse: Warehouse, life: Life, child: int, tmp_path: Path) -> None:
    consent.give(given(child, document="№ 1-ПРЕЖ"), by="Иванова", today=TODAY)
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    after = int(str(warehouse.scalar("SELECT pupil_id FROM core.pupil WHERE given_name = 'БАИР' AND version_to = 9223372036854775807")))
    assert after != child
    page = extracts.make(after, OFFICER, tmp_path / "out")[0].read_text("utf-8")
    assert "ДОРЖИЕВ" in page
    assert not any(word in page for word in (FORMER["family_name"], FORMER["given_name"], FORMER["birth_certificate"], "№ 1-ПРЕЖ", "усыновл"))
    assert child not in progress(warehouse)
    assert after not in progress(warehouse)


def test_the_service_of_enrolment_counts_places_and_children_and_knows_no_queue(warehouse: Warehouse, life: Life) -> None:
    found = warehouse.rows("SELECT organisation_name, place_count, pupil_count, free_count FROM marts.service_enrolment", role="analyst")
    assert found == [("Школа", None, 1, None)], "where the number of places is not told, free places are not known"
    columns = {row[0] for row in warehouse.rows("SELECT column_name FROM information_schema.columns "
                                                "WHERE table_schema = 'marts' AND table_name = 'service_enrolment'")}
    assert not any("queue" in str(name) or "application" in str(name) for name in columns), "no source sends them"


def test_the_service_of_programmes_counts_children_of_each_programme(warehouse: Warehouse, life: Life) -> None:
    assert warehouse.rows("SELECT organisation_name, programme, study_form, pupil_count FROM marts.service_programmes", role="analyst") == [
        ("Школа", "primary", "full_time", 1)]
