"""Cleaning of one column."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms import columns
from transforms.documents import certificate, passport


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def known(values: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize(("number", "is_valid"), [
    ("112-233-445 95", True), ("112-233-445 00", False), ("001-001-998 00", True), ("001-001-998 57", True), ("001-001-999 00", False),
    ("000-000-000 00", False), ("111-111-111 11", False), ("100-009-999 99", True), ("100-018-999 00", True), ("100-019-899 00", True),
    ("123-456-789 64", True), ("087-654-302 00", True), ("087-654-303 00", True), ("123-456-789 65", False), ("11223344595", True),
])
def test_a_snils_is_judged_by_its_control_number(number: str, is_valid: bool) -> None:
    assert columns.snils_is_valid(columns.snils(texts(number))).tolist() == [is_valid]


def test_a_snils_loses_its_separators_and_a_wrong_one_is_kept_to_be_refused() -> None:
    assert known(columns.snils(texts("112-233-445 95", "112 233 445\u00a095", "1122334459", "нет", "-", None, "абв"))) == [
        "11223344595", "11223344595", "1122334459", None, None, None, "абв"]


def test_names_are_brought_to_one_form() -> None:
    raw = texts(" дoржиев ", "Иванова—Петрова", "<b>Ду\u200bгарова</b>", "Үржин", "сэсэгөө һ", "Ёлкин", "Иванов - Петров", "О’Нил", "-", "нет", "", None)
    assert known(columns.name(raw)) == ["ДОРЖИЕВ", "ИВАНОВА-ПЕТРОВА", "ДУГАРОВА", "ҮРЖИН", "СЭСЭГӨӨ Һ", "ЁЛКИН", "ИВАНОВ-ПЕТРОВ", "О'НИЛ",
                                        None, None, None, None]


def test_a_wholly_latin_name_stays_latin_and_is_left_to_the_rule() -> None:
    assert known(columns.name(texts("Batbayar"))) == ["BATBAYAR"]


@settings(max_examples=300, deadline=None)
@example(["<<>>"])
@given(st.lists(st.one_of(st.none(), st.text(max_size=30), st.text("абвёүөһ ABCЙ-—'<>b/.\u200b", max_size=30)), min_size=1, max_size=5))
def test_cleaning_a_name_twice_is_cleaning_it_once(values: list[str | None]) -> None:
    once = columns.name(texts(*values))
    assert known(columns.name(once)) == known(once)


def test_a_full_name_is_split_and_all_after_the_second_word_is_patronymic() -> None:
    split = columns.full_name(texts("Доржиев Баир Батоевич", "Дугарова  Сэсэг", "Бато", None, "Алиев Али Вели оглы", "Иванова - Петрова Анна Ильинична"))
    assert [known(row) for _, row in split.iterrows()] == [
        ["Доржиев", "Баир", "Батоевич"], ["Дугарова", "Сэсэг", None], ["Бато", None, None], [None, None, None], ["Алиев", "Али", "Вели оглы"],
        ["Иванова-Петрова", "Анна", "Ильинична"]]


def test_a_name_as_sent_is_kept_only_where_it_differs_and_the_missing_patronymic_has_its_reason() -> None:
    names = columns.person_names(texts("Доржиев", "Дoржиев"), texts("Баир", "Баир"), texts("нет", None))
    assert known(names["family_name_raw"]) == [None, "Дoржиев"]
    assert known(names["patronymic_absence"]) == ["declared_absent", "silent"]


def test_dates_that_are_no_dates_are_broken_and_missing_ones_are_not() -> None:
    parsed = columns.date(texts("31.02.2015", "29.02.2012", "29.02.2013", "2015-01-01", "", "нет", None), "%d.%m.%Y")
    assert parsed.broken.tolist() == [True, False, True, True, False, False, False]
    assert known(parsed.values)[1] == pd.Timestamp("2012-02-29")


def test_an_iso_date_may_carry_a_time_and_a_zone_that_do_not_move_it() -> None:
    parsed = columns.iso_date(texts("2014-03-09T00:00:00", "2014-03-09+09:00", "2014-03-09T23:30:00.000Z", "09.03.2014"))
    assert known(parsed.values)[:3] == [pd.Timestamp("2014-03-09")] * 3
    assert parsed.broken.tolist() == [False, False, False, True]


@pytest.mark.parametrize(("typed", "clean"), [
    ("I-АЖ № 600001", "I-АЖ 600001"), ("1-аж 600001", "I-АЖ 600001"), ("ІІ-АЖ600001", "II-АЖ 600001"), ("П-АЖ 600001", "II-АЖ 600001"),
    ("Ш АЖ N 600001", "III-АЖ 600001"), ("l-AЖ 600001", "I-АЖ 600001"), ("Ⅱ-АЖ 123", "II-АЖ 000123"), ("IIIСМ 123456", "III-СМ 123456"), ("абв", "абв")])
def test_a_birth_certificate_is_repaired_or_kept_as_typed(typed: str, clean: str) -> None:
    assert known(certificate(texts(typed))) == [clean]


def test_a_certificate_comes_from_series_and_number_too() -> None:
    assert known(certificate(texts("I-АЖ", None), texts("600001", "600001"))) == ["I-АЖ 600001", None]


def test_a_passport_typed_instead_of_a_certificate_is_told_apart() -> None:
    assert known(passport(texts("8115 123456", "81 15 № 123456", "I-АЖ 600001", None))) == ["8115 123456", "8115 123456", None, None]


def test_buryat_as_native_and_as_state_language_are_two_subjects() -> None:
    assert known(columns.subject(texts("Бурятский язык", "Родной язык (бурятский)", "<span>Матем.</span>", "Физ-ра", "Полёты"))) == [
        "buryat_state", "buryat_native", "mathematics", "physical_education", None]


def test_countries_are_known_by_many_names() -> None:
    assert known(columns.country(texts("РФ", "россия", "643", "Монголия", "Атлантида", None))) == ["643", "643", "643", "496", "Атлантида", None]


def test_numbers_are_read_with_a_comma_and_not_guessed() -> None:
    assert known(columns.decimal(texts("1,5", "1.5", "x", None)).values) == [1.5, 1.5, None, None]
    assert columns.integer(texts("5", "5.0", "5-", None)).broken.tolist() == [False, False, True, False]
