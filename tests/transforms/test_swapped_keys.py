"""Renumberings of any shape are told from any ordinary day, in schools of every size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.swapped_keys import SIGNATURE, Swapped, swapped_keys

BOYS = ("БАИР", "ТИМУР", "СТЕПАН", "ГЛЕБ", "ЗОРИКТО", "АРТЁМ", "ИВАН", "ЮРИЙ", "ФЁДОР", "ЭРДЭНИ", "КИРИЛЛ", "ОЛЕГ", "ЖАРГАЛ", "МАКСИМ", "ПЁТР")
FAMILIES = ("ДОРЖИЕВ", "ИВАНОВ", "ЦЫРЕНОВ", "ПЕТРОВ", "БАДМАЕВ", "СИДОРОВ", "ОЧИРОВ", "КУЗНЕЦОВ", "НИМАЕВ", "ЛОБАНОВ", "ГОМБОЕВ", "ШАРАПОВ")


@dataclass(frozen=True)
class Child:
    family_name: str
    given_name: str
    patronymic: str | None
    birth_date: date | None
    snils: str | None
    birth_certificate: str | None


School = dict[int, Child]
FIELDS = pa.schema([(name, pa.date32() if name == "birth_date" else pa.string()) for name in SIGNATURE])


def child(number: int, luck: int) -> Child:
    """A child of its own: names repeat in a school, birth dates and numbers hardly do."""
    has_snils, has_paper = luck % 7 != 0, luck % 5 != 0
    return Child(FAMILIES[luck % 12], BOYS[(luck // 12) % 15], "БАТОЕВИЧ" if luck % 3 else None, date(2008, 1, 1) + timedelta(days=(number * 389 + luck) % 3600),
                 f"{(number * 7919 + luck * 104729) % 10**9:09}{luck % 90 + 10}" if has_snils else None,
                 f"I-АЖ {(number * 6007 + luck) % 10**6:06}" if has_paper else None)


def rows(school: School) -> pa.Table:
    return pa.Table.from_pylist([{"source_key": f"s:{key}", **vars(one)} for key, one in sorted(school.items())], FIELDS)


def judged(before: School, after: School, listed: bool = True) -> Swapped:
    return swapped_keys(rows(after), rows(before).append_column("is_listed", pa.array([listed] * len(before), pa.bool_())))


@st.composite
def schools(draw: st.DrawFn, least: int = 3) -> School:
    count = draw(st.integers(least, 40))
    luck = draw(st.lists(st.integers(0, 10**6), min_size=count, max_size=count, unique=True))
    return {number: child(number, one) for number, one in enumerate(luck, 1)}


def rotate(school: School, by: int) -> School:
    keys = sorted(school)
    return {key: school[keys[(place + by) % len(keys)]] for place, key in enumerate(keys)}


def halves(school: School, by: int) -> School:
    keys = sorted(school)
    half = len(keys) // 2
    return dict(zip(keys, [school[key] for key in keys[half:] + keys[:half]], strict=True))


def shift(school: School, by: int) -> School:
    """The first has left, all others move up, a new one stands at the end."""
    keys = sorted(school)
    return {key: school[keys[place + 1]] for place, key in enumerate(keys[:-1])} | {keys[-1]: child(900, by + 11)}


def replaced(school: School, by: int) -> School:
    """A re-load in which every number is another, unknown child."""
    return {key: child(1000 + key, by + 37 * key + 5) for key in school}


@settings(max_examples=60, deadline=None)
@given(schools(), st.sampled_from([rotate, halves, shift, replaced]), st.integers(1, 1000))
def test_a_renumbering_is_told(school: School, renumber: Callable[[School, int], School], by: int) -> None:
    by = by % (len(school) - 1) + 1 if renumber is rotate else by
    found = judged(school, renumber(school, by))
    assert found.is_renumbering
    assert found.share > 0.4


@settings(max_examples=40, deadline=None)
@given(schools(6), st.randoms(use_true_random=False))
def test_a_shuffle_is_told_when_it_moves_children(school: School, chance: object) -> None:
    children = [school[key] for key in sorted(school)]
    chance.shuffle(children)  # type: ignore[attr-defined]
    after = dict(zip(sorted(school), children, strict=True))
    if sum(school[key].birth_date != after[key].birth_date for key in school) >= 3:
        assert judged(school, after).is_renumbering


def typo(one: Child) -> Child:
    return replace(one, family_name=one.family_name[:2] + one.family_name[3:], patronymic="БАТОЕВНА")


ORDINARY: tuple[Callable[[Child], Child], ...] = (
    typo, lambda one: replace(one, family_name="НОВОФАМИЛЬНЫЙ"), lambda one: replace(one, given_name="АЛЕКСАНДР", birth_certificate="II-АЖ 777777"),
    lambda one: replace(one, birth_date=one.birth_date + timedelta(days=1) if one.birth_date else None), lambda one: replace(one, snils="99988877766"),
    lambda one: replace(one, birth_date=date(2010, 10, 10)), lambda one: replace(one, given_name=one.patronymic or "БАТО", patronymic=one.given_name),
    lambda one: replace(one, family_name="УСЫНОВЛЁННЫЙ", given_name="ДАМДИН", patronymic=None), lambda one: replace(one, birth_certificate=None, snils=None),
    lambda one: replace(one, patronymic=None), lambda one: replace(one, given_name=one.given_name.replace("Ё", "Е")))
"""What a secretary does to one row: a slip, another surname, another name, another date, another number, boxes exchanged, all names anew."""


@settings(max_examples=60, deadline=None)
@given(schools(), st.data())
def test_an_ordinary_day_is_not(school: School, data: st.DataObject) -> None:
    """One thing a row, on as many rows as one likes; leavers, new pupils with new numbers."""
    after = {key: data.draw(st.sampled_from(ORDINARY))(one) if data.draw(st.booleans()) else one for key, one in school.items()}
    for key in data.draw(st.sets(st.sampled_from(sorted(school)), max_size=len(school) // 2)):
        del after[key]
    after |= {5000 + number: child(5000 + number, number * 31) for number in range(data.draw(st.integers(0, 30)))}
    assert not judged(school, after).is_renumbering


@pytest.mark.parametrize("size", [1, 3, 300])
def test_one_row_overwritten_with_another_child_is_somebodys_mistake(size: int) -> None:
    school = {number: child(number, number * 101) for number in range(1, size + 1)}
    found = judged(school, school | {1: child(800, 77)})
    assert (found.is_renumbering, found.keys.num_rows) == (False, 1)


def test_twins_with_each_others_data_corrected_stay_and_a_class_of_twins_renumbered_does_not() -> None:
    twins = {number: replace(child(number // 2, number // 2 * 91), given_name=BOYS[number % 15], birth_certificate=None,
                             snils=f"{number * 1234567:011}") for number in range(2, 12)}
    assert not judged(twins, {key: replace(one, patronymic=None) for key, one in twins.items()}).is_renumbering
    assert judged(twins, {key: twins[key ^ 1] for key in twins}).is_renumbering


def test_numbers_of_leavers_given_to_new_pupils_are_told_though_the_leavers_are_gone() -> None:
    school = {number: child(number, number * 101) for number in range(1, 31)}
    assert judged(school, {number: child(700 + number, number * 57) for number in range(1, 6)}, listed=False).is_renumbering


def test_two_thousand_unchanged_rows_are_nothing() -> None:
    school = {number: child(number, number * 13) for number in range(2000)}
    assert judged(school, school).keys.num_rows == 0
