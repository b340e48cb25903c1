"""Full name and birth date join only where they are unique on both sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Linked = Callable[..., tuple[set[frozenset[int]], set[str]]]
HEAD = "id | source | family | given | patronymic | born | sex | snils | act | oktmo\n"
CHILD = "ИВАНОВ | ИВАН | ПЕТРОВИЧ | 2012-03-05 | M"


def test_a_unique_full_name_and_birth_date_join(linked: Linked) -> None:
    parts, reasons = linked(f"{HEAD}1 | zags_births | {CHILD} | | 77 |\n2 | pfr_snils | {CHILD} | 11223344595 | |\n3 | journal | {CHILD} | | |")
    assert parts == {frozenset({1, 2, 3})}
    assert reasons == set()


@pytest.mark.parametrize(("rows", "reason"), [
    (f"1 | zags_births | {CHILD} | | 77 |\n2 | zags_births | {CHILD} | | 78 |\n3 | journal | {CHILD} | | |", "name.not_unique"),
    (f"1 | journal | {CHILD} | 11223344595 | |\n2 | college | {CHILD} | 12345678964 | |", "name.snils_differs"),
    ("1 | journal | БАТО | ДОРЖО | | 2012-03-05 | M | | |\n2 | college | БАТО | ДОРЖО | | 2012-03-05 | M | | |", "name.no_patronymic"),
    (f"1 | journal | {CHILD} | | |\n2 | college | {CHILD[:-1]}F | | |", "name.sex_differs"),
    (f"1 | journal | {CHILD} | | |\n2 | college | ИВАНЦОВ | ИВАН | ПЕТРОВИЧ | 2012-03-05 | M | | |", "near.family_name"),
    (f"1 | journal | {CHILD} | | |\n2 | college | ИВАНОВ | ИВАН | ПЕТРОВИЧ | 2012-05-03 | M | | |", "near.birth_date"),
    (f"1 | journal | {CHILD} | | |\n2 | college | ИВАНОВ | ИВАН | | 2012-03-05 | M | | |", "near.patronymic_missing"),
])
def test_namesakes_and_near_misses_are_asked_about(linked: Linked, rows: str, reason: str) -> None:
    parts, reasons = linked(HEAD + rows)
    assert all(len(part) == 1 for part in parts)
    assert reason in reasons


def test_namesakes_with_numbers_and_acts_of_their_own_are_not_even_asked_about(linked: Linked) -> None:
    parts, reasons = linked(f"{HEAD}1 | journal | {CHILD} | 11223344595 | 77 |\n2 | college | {CHILD} | 12345678964 | 78 |")
    assert len(parts) == 2
    assert reasons == set()


def test_twins_never_join_by_name(linked: Linked) -> None:
    parts, reasons = linked(f"{HEAD}1 | journal | ИВАНОВА | АЛИНА | ПЕТРОВНА | 2012-03-05 | F | | |\n"
                            "2 | college | ИВАНОВА | АРИНА | ПЕТРОВНА | 2012-03-05 | F | | |")
    assert len(parts) == 2
    assert reasons == set()


SWAPPED = "ИВАНОВ | ПЕТРОВИЧ | ИВАН | 2012-03-05 | M"


def test_a_swapped_name_joins_where_it_is_unique(linked: Linked) -> None:
    assert linked(f"{HEAD}1 | zags_births | {CHILD} | | |\n2 | journal | {SWAPPED} | | |")[0] == {frozenset({1, 2})}


def test_a_swapped_spelling_counts_against_uniqueness(linked: Linked) -> None:
    parts, reasons = linked(f"{HEAD}1 | zags_births | {CHILD} | | 77 |\n2 | zags_births | {SWAPPED} | | 78 |\n3 | journal | {CHILD} | | |")
    assert len(parts) == 3
    assert "name.not_unique" in reasons


@pytest.mark.parametrize("born", ["2012", "2012-03"])
def test_an_exact_name_with_a_partial_birth_date_is_asked_about(linked: Linked, born: str) -> None:
    parts, reasons = linked(f"{HEAD}1 | zags_births | {CHILD} | | 77 |\n2 | journal | {CHILD.replace('2012-03-05', born)} | | |")
    assert len(parts) == 2
    assert reasons == {"near.birth_date_partial"}


_CERTIFIED = "id | source | family | given | patronymic | born | sex | snils | certificate | oktmo\n"


def test_a_certificate_alone_that_differs_was_issued_anew(linked: Linked) -> None:
    assert linked(f"{_CERTIFIED}1 | zags_births | {CHILD} | | I-АЖ 600001 |\n2 | journal | {CHILD} | | II-АЖ 600001 |")[0] == {frozenset({1, 2})}


@pytest.mark.parametrize("other", [
    f"{CHILD} | 12345678964 | II-АЖ 600001 | 81701000", f"{CHILD[:-1]}F | | II-АЖ 600001 | 81701000"])
def test_a_certificate_that_differs_with_something_else_is_asked_about(linked: Linked, other: str) -> None:
    parts, reasons = linked(f"{_CERTIFIED}1 | college | {CHILD} | 11223344595 | I-АЖ 600001 | 81701000\n2 | journal | {other}")
    assert len(parts) == 2
    assert "name.certificate_differs" in reasons


@pytest.mark.parametrize(("one", "other"), [("АЮНА", "АРЮНА"), ("АЮНА", "АЮША"), ("ЩЕЛКУНА", "ЩЕЛКАНА")])
def test_a_number_given_to_the_twin_with_a_near_name_joins_nobody_wrongly(linked: Linked, one: str, other: str) -> None:
    rest = "БАТОРОВНА | 2012-03-05 | F"
    parts, reasons = linked(f"{HEAD}1 | zags_births | БАДМАЕВА | {one} | {rest} | | 77 |\n2 | zags_births | БАДМАЕВА | {other} | {rest} | | 78 |\n"
                            f"3 | pfr_snils | БАДМАЕВА | {one} | {rest} | 11223344595 | |\n4 | journal | БАДМАЕВА | {other} | {rest} | 11223344595 | |")
    assert parts == {frozenset({1, 3}), frozenset({2, 4})}
    assert reasons & {"snils.near_twin", "snils.siblings"}


def test_two_spellings_in_a_source_of_one_record_a_person_are_two_children(linked: Linked) -> None:
    rest = "ПЕТРОВИЧ | 2012-03-05 | M"
    parts, _ = linked(f"{HEAD}1 | zags_births | ИВАНОВ | ДАНИИЛ | {rest} | | 77 |\n2 | zags_births | ИВАНОВ | ДАНИЛА | {rest} | | 78 |\n"
                      f"3 | pfr_snils | ИВАНОВ | ДАНИИЛ | {rest} | 11223344595 | |\n4 | journal | ИВАНОВ | ДАНИЛА | {rest} | 11223344595 | |")
    assert parts == {frozenset({1, 3}), frozenset({2, 4})}


def test_two_words_join_only_where_no_fuller_names_are_repeated(linked: Linked) -> None:
    short = CHILD.replace("ПЕТРОВИЧ", "")
    parts, _ = linked(f"{HEAD}1 | zags_births | {CHILD} | | 77 |\n2 | zags_births | {CHILD} | | 78 |\n"
                      f"3 | journal | {short} | | | 81701000\n4 | college | {short} | | | 81701000")
    assert len(parts) == 4
