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
    (f"1 | journal | {CHILD} | | |\n2 | journal | {CHILD} | | |", "name.not_unique"),
    (f"1 | journal | {CHILD} | | | 81701000\n2 | college | {CHILD} | | | 81633000", "name.place_differs"),
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
