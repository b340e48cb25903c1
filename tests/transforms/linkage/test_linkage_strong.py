"""Strong evidence joins, unless the records contradict each other."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

Linked = Callable[..., tuple[set[frozenset[int]], set[str]]]
ONE = {frozenset({1, 2})}
TWO = {frozenset({1}), frozenset({2})}
HEAD = "id | source | family | given | patronymic | born | sex | snils\n1 | zags_births | ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012-03-05 | F | 11223344595\n"


@pytest.mark.parametrize("other", [
    "ЦЫРЕНОВА | НАТАЛИЯ | СЕРГЕЕВНА | 2012-03-05 | F",
    "Цэрэнов | Наталья | Сергеевна | 2012-03-05 | F",
    "ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012-05-03 | F",
    "ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012-03-06 | F",
    "ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012-03 | F",
    "ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012 |",
    "ЦЫРЕНОВА | Н | С | 2012-03-05 | F",
    "ЦЫРЕНОВА | СЕРГЕЕВНА | НАТАЛЬЯ | 2012-03-05 | F",
    "Tsyrenova | Nataliia | Sergeevna | 2012-03-05 | F",
    "ЦЫPEHOBA | HATAЛЬЯ | CEPГEEBHA | 2012-03-05 | F",
    "ИВАНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2012-03-05 | F",
    " | | | 2012-03-05 | ",
])
def test_equal_snils_joins_what_only_looks_different(linked: Linked, other: str) -> None:
    assert linked(f"{HEAD}2 | journal | {other} | 11223344595") == (ONE, set())


@pytest.mark.parametrize(("other", "reason"), [
    ("ЦЫРЕНОВА | НАТАЛЬЯ | СЕРГЕЕВНА | 2011-07-21 | F", "snils.birth_date_differs"),
    ("ЦЫРЕНОВА | ОЛЬГА | ИВАНОВНА | 1985-07-21 | F", "snils.parent"),
    ("ЦЫРЕНОВА | ОЛЬГА | СЕРГЕЕВНА | 2014-07-21 | F", "snils.siblings"),
    ("ЦЫРЕНОВА | АЛИНА | СЕРГЕЕВНА | 2012-03-05 | F", "snils.siblings"),
    ("КУЗНЕЦОВ | ПЛАТОН | ИЛЬИЧ | 2009-11-30 | M", "snils.stranger"),
    ("ЦЫРЕНОВА | НАТАЛЬЯ | ИВАНОВНА | 2012-03-05 | F", "snils.patronymic_differs"),
    ("ЦЫРЕНОВ | НАТАЛЬЯ | СЕРГЕЕВИЧ | 2012-03-05 | M", "snils.sex_differs"),
])
def test_a_contradicted_snils_goes_to_review_with_the_reason_named(linked: Linked, other: str, reason: str) -> None:
    parts, reasons = linked(f"{HEAD}2 | journal | {other} | 11223344595")
    assert parts == TWO
    assert reason in reasons


def test_twins_with_names_one_letter_apart_are_not_a_slip(linked: Linked) -> None:
    parts, _ = linked("""
        id | source  | family  | given | patronymic | born       | sex | snils
        1  | journal | БАДМАЕВА | АЛИНА | БАТОРОВНА  | 2012-03-05 | F   | 11223344595
        2  | college | БАДМАЕВА | АРИНА | БАТОРОВНА  | 2012-03-05 | F   | 11223344595""")
    assert parts == TWO


@pytest.mark.parametrize("number", ["11223344500", "00000000000", "11111111145", "1122334459"])
def test_a_number_that_is_none_is_no_evidence(linked: Linked, number: str) -> None:
    parts, _ = linked(f"""
        id | source  | family | given | born       | snils
        1  | journal | ИВАНОВ | ИВАН  | 2012-03-05 | {number}
        2  | college | ПЕТРОВ | ИВАН  | 2012-03-05 | {number}""")
    assert parts == TWO


def test_a_number_the_pension_fund_denied_is_no_evidence(linked: Linked) -> None:
    drawing = """
        id | source  | family | given | snils
        1  | journal | ИВАНОВ | ИВАН  | 11223344595
        2  | college | ИВАНОВ | ИВАН  | 11223344595"""
    denied = pa.table({"record_id": [2], "snils": ["11223344595"], "is_confirmed": [False]})
    assert linked(drawing)[0] == ONE
    assert linked(drawing, validations=denied)[0] == TWO


def test_a_number_on_too_many_persons_is_poison(linked: Linked) -> None:
    names = ["АННА", "БОРИС", "ВЕРА", "ГЛЕБ", "ДИНА", "ЕГОР", "ЖАННА", "ЗОЯ", "ИГОРЬ"]
    rows = "\n".join(f"{n} | journal | ИВАНОВ | {name} | 11223344595" for n, name in enumerate(names, 1))
    parts, reasons = linked(f"id | source | family | given | snils\n{rows}\n99 | college | ИВАНОВ | АННА | 11223344595")
    assert len(parts) == 10
    assert reasons == set()


@pytest.mark.parametrize(("column", "value"), [("act", "77"), ("certificate", "I-АЖ 600001"), ("document", "8115 600001")])
def test_act_certificate_and_document_join_and_are_contradicted_alike(linked: Linked, column: str, value: str) -> None:
    head = f"id | source | family | given | born | {column}\n1 | journal | ИВАНОВ | ИВАН | 2012-03-05 | {value}\n"
    assert linked(f"{head}2 | college | ИВАНОВ | ИВАН | 2012-03-05 | {value}")[0] == ONE
    parts, reasons = linked(f"{head}2 | college | ПЕТРОВА | ВЕРА | 2009-01-25 | {value}")
    assert parts == TWO
    assert f"{column}.stranger" in reasons


def test_a_birth_certificate_given_as_a_document_is_a_certificate(linked: Linked) -> None:
    parts, _ = linked("""
        id | source  | family | given | certificate | document_kind | document
        1  | journal | ИВАНОВ | ИВАН  | I-АЖ 600001 |               |
        2  | college | ИВАНОВ | ИВАН  |             | 03            | I-АЖ 600001""")
    assert parts == ONE


def test_an_answer_joins_the_record_asked_about_unless_its_content_contradicts(linked: Linked) -> None:
    head = "id | source | key | family | given | born | asked_source | asked_key\n1 | journal | a | ИВАНОВ | ИВАН | 2012-03-05 | |\n"
    assert linked(f"{head}2 | fms | q1 | ИВАНОВ | ИВАН | 2012-03-05 | journal | a")[0] == ONE
    parts, reasons = linked(f"{head}2 | fms | q1 | ПЕТРОВ | ПЕТР | 2001-12-25 | journal | a")
    assert parts == TWO
    assert "answer.stranger" in reasons


def test_two_answers_of_the_pension_fund_with_different_numbers_join_nobody(linked: Linked) -> None:
    parts, reasons = linked("""
        id | source    | key  | family | given | born       | snils       | asked_source | asked_key
        1  | journal   | a    | ИВАНОВ | ИВАН  | 2012-03-05 |             |              |
        2  | pfr_snils | q1:1 | ИВАНОВ | ИВАН  | 2012-03-05 | 11223344595 | journal      | a
        3  | pfr_snils | q1:2 | ИВАНОВ | ИВАН  | 2012-03-05 | 12345678964 | journal      | a""")
    assert parts == {frozenset({1}), frozenset({2}), frozenset({3})}
    assert "answer.near_tie" in reasons


def test_a_name_change_joins_the_records_before_and_after_it(linked: Linked) -> None:
    parts, reasons = linked("""
        id | source            | family | given | previous_given_name | was    | born       | act | snils
        1  | zags_births       | СОМОВА | ЗЛАТА |                     |        | 2012-03-05 | 77  |
        2  | zags_name_changes | ИВАНОВА | ВЕРА | ЗЛАТА               | СОМОВА | 2012-03-05 | 77  | 11223344595
        3  | journal           | ИВАНОВА | ВЕРА |                     |        | 2012-03-05 |     | 11223344595""")
    assert parts == {frozenset({1, 2, 3})}
    assert reasons == set()


def test_a_poor_record_between_two_persons_joins_neither(linked: Linked) -> None:
    parts, reasons = linked("""
        id | source      | family | given | born       | snils       | certificate
        1  | zags_births | ИВАНОВ | ПЕТР  | 2012-03-05 | 11223344595 |
        2  | journal     | ИВАНОВ |       |            | 11223344595 | I-АЖ 600001
        3  | zags_births | ИВАНОВ | ЕГОР  | 2012-03-05 |             | I-АЖ 600001""")
    assert frozenset({1, 2, 3}) not in parts
    assert frozenset({2, 3}) not in parts  # the number outweighs the certificate
    assert "certificate.contradiction" in reasons


def test_a_source_with_one_record_a_person_never_has_two_in_one_pupil(linked: Linked) -> None:
    parts, reasons = linked("""
        id | source      | family | given | born       | snils       | certificate
        1  | zags_births | ИВАНОВ | ПЕТР  | 2012-03-05 | 11223344595 |
        2  | journal     | ИВАНОВ | ПЕТР  | 2012-03-05 | 11223344595 | I-АЖ 600001
        3  | zags_births | ИВАНОВ | ПЕТР  | 2012-03-05 |             | I-АЖ 600001""")
    assert parts == {frozenset({1, 2}), frozenset({3})}
    assert "certificate.one_record_source" in reasons


def test_a_persons_decision_outlives_the_rules(linked: Linked) -> None:
    drawing = """
        id | source  | family | given | born       | snils
        1  | journal | ИВАНОВ | ИВАН  | 2012-03-05 | 11223344595
        2  | college | ИВАНОВ | ИВАН  | 2012-03-05 | 11223344595"""
    apart = pa.table({"record_id_a": [2], "record_id_b": [1], "verdict": ["different"]})
    assert linked(drawing, decisions=apart) == (TWO, set())
    strangers = drawing.replace("ИВАН  | 2012-03-05 | 11223344595\n        2", "ИВАН | 2001-12-25 |\n        2")
    together = pa.table({"record_id_a": [1], "record_id_b": [2], "verdict": ["same"]})
    assert linked(strangers)[0] == TWO
    assert linked(strangers, decisions=together) == (ONE, set())


