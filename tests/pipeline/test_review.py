"""Clerical review from a doubt of linking to a decision that the next linking obeys."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import link, review
from schemas.review import ReviewRefused
from tests.conftest import Warehouse
from tests.pipeline.reviewed import BORN, SHOWN, SNILS, belong_together, brothers, child, namesakes
from tests.warehouse.staged import Receipt
from tests.warehouse.test_load import accept
from warehouse import identity

pytestmark = pytest.mark.warehouse


@pytest.fixture(autouse=True)
def _single(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person decides, where a test does not say otherwise."""
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "0")


def two_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_SECOND_OPINIONS", "100")


def looks(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows("SELECT role, person_in_charge, subject_named, pupil_id FROM audit.access WHERE action = 'look' ORDER BY access_id")


def test_a_doubt_is_listed_with_its_reasons_and_a_proposal(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    (entry,) = review.work_list("Анна")
    assert (entry.case.key, entry.case.kind, entry.need, entry.proposal) == (key, "review", "first", "different")
    assert "snils.siblings" in entry.case.reasons


def test_the_steward_sees_both_records_and_each_look_is_recorded(warehouse: Warehouse, tmp_path: Path) -> None:
    view = review.look(brothers(tmp_path), "steward", "Анна")
    lines = {line.name: (line.left, line.right, line.agreement) for line in view.lines}
    assert lines["given_name"] == ("БАТОР", "АЮР", "differs")
    assert lines["birth_date"] == ("04.03.2015", "04.03.2015", "equal")
    assert lines["snils"] == (SHOWN, SHOWN, "equal")
    assert looks(warehouse) == [("steward", "Анна", "case 1-2", pupil) for pupil in (1, 2)]


def test_the_auditor_sees_which_fields_agree_and_no_value(warehouse: Warehouse, tmp_path: Path) -> None:
    view = review.look(brothers(tmp_path), "auditor", "Пётр")
    assert {line.name: line.agreement for line in view.lines}["given_name"] == "differs"
    assert view.records == (("Файлы школ и детских садов", "a"), ("Файлы школ и детских садов", "b"))
    assert all(line.left is None and line.right is None for line in view.lines)
    assert not any(value in repr(view) for value in ("БАТОР", "ДОРЖИЕВ", SNILS, SHOWN, "2015"))


@pytest.mark.parametrize("role", ["analyst", "loader", "officer", "publisher", ""])
def test_nobody_else_sees_a_case(warehouse: Warehouse, role: str) -> None:
    with pytest.raises(ReviewRefused, match=r"review\.role"):
        review.look("1-2", role, "x")
    assert looks(warehouse) == []


def test_a_decision_is_obeyed_by_the_next_linking_and_the_case_is_gone(warehouse: Warehouse, tmp_path: Path) -> None:
    key = namesakes(tmp_path, 1)[0]
    assert review.decide(key, "same", "свидетельство одно", "Анна") == {"case": key, "state": "decided", "need": None}
    assert review.work_list() == []
    assert not belong_together(warehouse, 1, 2)
    link.link()
    assert belong_together(warehouse, 1, 2)
    assert review.work_list() == []
    assert warehouse.rows("SELECT verdict, reason, decided_by, opinion_id FROM identity.decision") == [("same", "свидетельство одно", "Анна", 1)]


def test_a_decision_can_be_taken_back_and_all_rows_stay(warehouse: Warehouse, tmp_path: Path) -> None:
    key = namesakes(tmp_path, 1)[0]
    review.decide(key, "same", "похоже", "Анна")
    link.link()
    with pytest.raises(ReviewRefused, match=r"review\.not_open"):
        review.decide(key, "different", "школа ответила", "Анна")
    review.decide(key, "different", "школа ответила: двое", "Анна", again=True)
    link.link()
    assert not belong_together(warehouse, 1, 2)
    assert [row[0] for row in warehouse.rows("SELECT verdict FROM identity.decision ORDER BY decision_id")] == ["same", "different"]
    assert warehouse.scalar("SELECT count(*) FROM identity.opinion") == 2


def test_unsure_decides_nothing_and_the_case_stays(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    assert review.decide(key, "unsure", "нет документов", "Анна")["state"] == "unsure"
    assert [entry.case.key for entry in review.work_list("Пётр")] == [key]
    assert warehouse.scalar("SELECT count(*) FROM identity.decision") == 0


def test_a_double_pair_waits_for_a_blind_word_of_another_person(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_decide(monkeypatch)
    key = brothers(tmp_path)
    assert review.decide(key, "different", "разные имена", "Анна") == {"case": key, "state": "waiting", "need": "second"}
    assert review.work_list("анна ") == []
    (entry,) = review.work_list("Пётр")
    assert entry.need == "second"
    assert not any("разные имена" in repr(seen) or "Анна" in repr(seen) for seen in (entry, review.look(key, "steward", "Пётр")))
    with pytest.raises(ReviewRefused, match=r"review\.second_needed"):
        review.decide(key, "different", "точно", "Анна")
    assert review.decide(key, "different", "двое", "Пётр")["state"] == "decided"
    assert warehouse.rows("SELECT decided_by, is_blind FROM identity.opinion ORDER BY opinion_id") == [("Анна", False), ("Пётр", True)]
    assert warehouse.rows("SELECT verdict, decided_by, reason FROM identity.decision") == [("different", "Анна, Пётр", "разные имена; двое")]


@pytest.mark.parametrize(("first", "again"), [
    ("Семёнова Анна Петровна", "семенова  анна петровна"), ("Семёнова Анна Петровна", "А. П. Семёнова"), ("Анна Семёнова", "Семёнова Анна Петровна"),
    ("Орос А.", "Opoc A"), ("reviewer", "Reviewer ")])
def test_the_blind_word_is_not_given_by_the_same_person_under_another_spelling(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                                first: str, again: str) -> None:
    two_decide(monkeypatch)
    key = brothers(tmp_path)
    review.decide(key, "different", "разные имена", first)
    assert review.work_list(again) == []
    with pytest.raises(ReviewRefused, match=r"review\.second_needed"):
        review.decide(key, "different", "точно", again)
    assert review.decide(key, "different", "двое", "Семёнова Ольга Петровна")["state"] == "decided"


def test_a_dispute_goes_to_a_third_person_whose_word_is_final(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_decide(monkeypatch)
    key = brothers(tmp_path)
    review.decide(key, "different", "имена", "Анна")
    assert review.decide(key, "same", "один номер", "Пётр") == {"case": key, "state": "waiting", "need": "third"}
    for person in ("Анна", "Пётр"):
        with pytest.raises(ReviewRefused, match=r"review\.third_needed"):
            review.decide(key, "same", "уговорили", person)
    assert review.decide(key, "different", "братья", "Ольга")["state"] == "decided"
    assert warehouse.rows("SELECT verdict, decided_by FROM identity.decision") == [("different", "Анна, Ольга")]


def test_the_first_opinion_is_closed_to_stewards_in_the_database_too(warehouse: Warehouse) -> None:
    for column in ("opinion", "reason"):
        assert warehouse.scalar("SELECT has_column_privilege('steward', 'identity.opinion', :column, 'SELECT')", column=column) is False
    assert warehouse.scalar("SELECT has_table_privilege('steward', 'identity.opinion', 'UPDATE, DELETE')") is False


def test_a_case_decided_meanwhile_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    identity.decide(1, 2, "different", "раньше", "Ольга")
    with pytest.raises(ReviewRefused, match=r"review\.not_open"):
        review.decide(key, "same", "позже", "Анна")


def test_what_a_crash_left_undone_comes_into_force_later(warehouse: Warehouse, tmp_path: Path) -> None:
    brothers(tmp_path)
    warehouse.execute("INSERT INTO identity.opinion (record_id, other_record_id, opinion, reason, decided_by, is_blind) "
                      "VALUES (1, 2, 'different', 'имена', 'Анна', false)", role="steward")
    assert review.settle() == 1
    assert review.settle() == 0
    assert review.work_list() == []


def test_a_decision_that_linking_cannot_obey_is_raised(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [child("a"), child("b", given_name="АЮР"), child("c", given_name="СОЛБОН")]})
    link.link()
    for pair, verdict in (((1, 2), "same"), ((2, 3), "same"), ((1, 3), "different")):
        identity.decide(*pair, verdict, "проба", "Ольга")
    link.link()
    raised = [entry.case for entry in review.work_list() if entry.case.kind == "raised"]
    assert raised
    assert {reason for case in raised for reason in case.reasons} == {"decision.not_obeyed"}


def test_a_sealed_record_is_never_a_case(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    warehouse.execute("INSERT INTO identity.seal (record_id, ground, sealed_by, created_version) VALUES (2, 'ст. 139 СК РФ', 'officer', 1)")
    assert review.work_list() == []
    with pytest.raises(ReviewRefused, match=r"review\.not_open"):
        review.look(key, "steward", "Анна")


WRONG = [(("1-2", "maybe", "x", "Анна"), "review.opinion"), (("1-2", "same", " ", "Анна"), "review.unsigned"), (("1-2", "same", "x", ""), "review.unsigned"),
         (("seven", "same", "x", "Анна"), "review.case"), (("1-99", "same", "x", "Анна"), "review.not_open")]


def test_a_wrong_answer_is_one_clear_line(warehouse: Warehouse, tmp_path: Path) -> None:
    brothers(tmp_path)
    for arguments, code in WRONG:
        with pytest.raises(ReviewRefused) as refused:
            review.decide(*arguments)
        assert refused.value.code == code
    assert warehouse.scalar("SELECT count(*) FROM identity.opinion") == 0


@pytest.mark.parametrize(("changed", "asked"), [
    ({"family_name": "ОЧИРОВ", "given_name": "БУЛАТ", "birth_date": date(2009, 11, 30)}, ["decision.data_changed"]), ({"oktmo": "81701000"}, [])])
def test_a_decision_is_raised_again_when_changed_data_speak_against_it_and_only_then(
        warehouse: Warehouse, tmp_path: Path, changed: dict[str, Any], asked: list[str]) -> None:
    key = namesakes(tmp_path, 1)[0]
    review.decide(key, "same", "похоже", "Анна")
    link.link()
    assert review.work_list() == [], "nothing changed yet"
    second = {"family_name": "БАДМАЕВ", "given_name": "АЛДАР", "birth_date": date(2014, 1, 2)}
    accept(tmp_path, {"person": [child("0b", **second | changed)]}, Receipt(minute=600))
    assert [reason for entry in review.work_list() for reason in entry.case.reasons] == asked
    if asked:
        review.decide(key, "same", "подтверждаю: дата исправлена", "Анна")
        assert review.work_list() == []


def test_the_evidence_is_told_in_russian_with_its_weights(warehouse: Warehouse, tmp_path: Path) -> None:
    parts = {part.title: (part.level, part.weight) for part in review.look(brothers(tmp_path), "auditor", "Пётр").parts}
    assert parts["СНИЛС"] == ("совпадает", pytest.approx(17.6, abs=0.1))
    assert parts["Имя"][0] == "различается"
    assert (parts["Имя"][1] or 0) < 0


def sampled(warehouse: Warehouse, *pairs: tuple[int, int, bool]) -> None:
    for record, other, is_linked in pairs:
        warehouse.execute("INSERT INTO identity.sample (version, stratum, record_id, other_record_id, stratum_size, is_linked) "
                          "VALUES (2, 's', :a, :b, 10, :linked)", a=record, b=other, linked=is_linked)


def drawn(warehouse: Warehouse, folder: Path) -> None:
    """Records 1 and 2 linked, 3 not, and the pairs 1-2 and 1-3 drawn into the sample."""
    accept(folder, {"person": [child("a", snils=SNILS), child("c", given_name="СОЛБОН", birth_date=date(2012, 5, 6))]})
    accept(folder, {"person": [child("b", snils=SNILS)]}, Receipt(source="zags_births", minute=90))
    link.link()
    assert belong_together(warehouse, 1, 3)
    sampled(warehouse, (1, 3, True), (1, 2, False))


def test_a_sampled_pair_does_not_tell_what_the_machine_thinks_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    drawn(warehouse, tmp_path)
    entries = review.work_list("Анна")
    assert {(entry.case.kind, entry.case.reasons, entry.case.weight, entry.proposal) for entry in entries} == {("sample", ("sample",), None, None)}
    for entry in entries:
        view = review.look(entry.case.key, "steward", "Анна")
        assert view.proposal is None
        assert all(part.weight is None for part in view.parts)


def test_an_opinion_on_a_sampled_pair_decides_nothing_unless_it_contradicts_the_machine(warehouse: Warehouse, tmp_path: Path) -> None:
    drawn(warehouse, tmp_path)
    assert review.decide("1-3", "same", "записи", "Анна", batch="review-9-1")["state"] == "measured"
    assert review.decide("1-2", "same", "записи", "Анна", batch="sample-2-1")["state"] == "measured"
    assert warehouse.rows("SELECT batch, is_blind FROM identity.opinion ORDER BY opinion_id") == [("sample-2", True), ("sample-2-1", True)]
    assert warehouse.scalar("SELECT count(*) FROM identity.decision") == 0
    (entry,) = review.work_list()
    assert (entry.case.key, entry.case.kind, entry.case.reasons, entry.need) == ("1-2", "raised", ("sample.contradicts",), "first")
    assert review.decide("1-2", "different", "проверено", "Пётр")["state"] == "decided"
    assert review.work_list() == []


def test_a_look_and_an_opinion_stand_in_the_chained_trail(warehouse: Warehouse, tmp_path: Path) -> None:
    key = brothers(tmp_path)
    review.look(key, "steward", "Анна")
    review.decide(key, "different", "имена", "Анна")
    rows = warehouse.rows("SELECT person_in_charge, ground, previous_hash, row_hash FROM audit.access ORDER BY access_id")
    assert len(rows) == 3
    assert [row[2] for row in rows[1:]] == [row[3] for row in rows[:-1]]


def test_no_value_of_a_person_is_logged(warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    key = brothers(tmp_path)
    review.look(key, "steward", "Анна")
    review.decide(key, "different", "имена", "Анна")
    assert not any(value in caplog.text for value in ("ДОРЖИЕВ", "БАТОР", SNILS, BORN.isoformat()))
