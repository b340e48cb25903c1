"""The cleaning all journals share, on rows as layouts give them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.kept_journals import KEY, drawn
from transforms.journal_file import clean

PUPIL = {"full_name": "Доржиев Баир Батоевич", "birth_date": "2014-03-09"}
STAY = {"class": "5А", "study_form": "очная", "entry_date": "2021-09-01"}
MARK = {"key": "501:1", "subject": "Алгебра", "lesson_date": "2025-10-20", "is_debt": "false"}
FINAL = {"subject": "Алгебра", "school_year": "2025", "value": "5"}


@pytest.mark.parametrize(("row", "rule"), [
    ({"full_name": "Тестов Тест", "snils": "000-000-000 00"}, "person.test_record"),
    ({"full_name": "Доржиев"}, "person.name.required"),
    ({"birth_date": None}, "person.birth.required"), ({"birth_date": "2014-02-30"}, "person.birth_date.calendar"),
    ({"full_name": "?ржинов Баир"}, "person.name.lost_letters"), ({"local_id": None}, "person.source_key.required")])
def test_a_bad_pupil_is_refused_and_the_others_load(row: dict[str, str | None], rule: str) -> None:
    found = clean("person", drawn("person", PUPIL, {**PUPIL, **row}))
    assert found.refused["rule"].tolist() == [rule]
    assert found.rows["source_key"].tolist() == [f"{KEY}:501"]


@pytest.mark.parametrize(("typed", "form", "date"), [("09.03.14", "%d.%m.%y", "2014-03-09"), ("01.02.49", "%d.%m.%y", "2049-02-01"),
                                                     ("01.02.99", "%d.%m.%y", "1999-02-01"), ("09.03.2014", "%d.%m.%Y", "2014-03-09")])
def test_dates_are_read_by_the_form_their_layout_declares(typed: str, form: str, date: str) -> None:
    rows = clean("person", drawn("person", {**PUPIL, "birth_date": typed, "date_form": form})).rows
    assert rows["birth_date"].tolist() == [pd.Timestamp(date)]


def test_a_number_that_lost_its_zeros_in_a_cell_gets_them_back() -> None:
    rows = clean("person", drawn("person", {**PUPIL, "snils": "8765430200", "snils_form": "number"})).rows
    assert rows["snils"].tolist() == ["08765430200"]


def test_a_passport_in_the_column_of_certificates_is_a_document() -> None:
    row = clean("person", drawn("person", {**PUPIL, "birth_certificate": "8115 123456"})).rows.iloc[0]
    assert (row["document"], row["document_kind"]) == ("8115 123456", "21")
    assert pd.isna(row["birth_certificate"])


@pytest.mark.parametrize(("typed", "grade", "letter", "programme"), [
    ("1", 1, None, "primary"), ("5 а", 5, "А", "basic"), ("9«Б»", 9, "Б", "basic"), ("11А", 11, "А", "secondary"), ("0", 0, None, "preschool")])
def test_a_class_is_grade_and_letter_and_tells_the_programme(typed: str, grade: int, letter: str | None, programme: str) -> None:
    row = clean("enrolment", drawn("enrolment", {**STAY, "class": typed})).rows.iloc[0]
    assert (row["grade"], None if pd.isna(row["class_letter"]) else row["class_letter"], row["programme"]) == (grade, letter, programme)


def test_a_kindergarten_group_needs_neither_class_nor_form() -> None:
    row = clean("enrolment", drawn("enrolment", {"programme": "preschool", "letter": "Солнышко", "entry_date": "2021-09-01"})).rows.iloc[0]
    assert (row["grade"], row["class_letter"], row["programme"], row["study_form"]) == (0, "Солнышко", "preschool", "full_time")


@pytest.mark.parametrize(("row", "rule"), [
    ({"study_form": "неведомая"}, "enrolment.study_form.values"), ({"entry_date": None}, "enrolment.valid_from.required"),
    ({"exit_date": "2020-01-01"}, "enrolment.interval.order"), ({"class": "старшая"}, "enrolment.class.unknown")])
def test_a_bad_stay_is_refused(row: dict[str, str | None], rule: str) -> None:
    assert clean("enrolment", drawn("enrolment", {**STAY, **row})).refused["rule"].tolist() == [rule]


@pytest.mark.parametrize(("said", "reason"), [("Перевод в другую школу", "transfer"), ("по состоянию здоровья", "health"), ("окончание школы", "graduated"),
                                              ("умер", "death"), ("отчислен", "expelled"), ("иное", "unknown")])
def test_a_reason_of_leaving_is_brought_to_its_code(said: str, reason: str) -> None:
    rows = clean("enrolment", drawn("enrolment", {**STAY, "exit_date": "2025-10-01", "exit_reason": said})).rows
    assert rows["exit_reason"].tolist() == [reason]


def test_a_debt_has_no_value_and_a_word_is_no_mark() -> None:
    found = clean("mark", drawn("mark", *({**MARK, **row} for row in (
        {"value": ".", "is_debt": "true"}, {"value": "зачтено"}, {"value": "7"}, {"value": "5", "weight": "1,5"}))))
    assert found.rows[["is_debt", "mark_weight"]].to_numpy().tolist()[1] == [False, 1.5]
    assert found.rows["mark_value"].isna().tolist() == [True, False]
    assert found.refused["rule"].tolist() == ["mark.value.unknown", "mark.mark_value.range"]


def test_absences_have_their_reasons() -> None:
    values = ["н", "Н", "б", "оп", "уп", "п", "у"]
    rows = clean("attendance", drawn("attendance", *({**MARK, "value": value} for value in values))).rows
    assert rows["absence_reason"].tolist() == ["absent", "absent", "ill", "late", "valid", "valid", "valid"]


@pytest.mark.parametrize(("said", "period"), [("1 четверть", "2025-Q1"), ("IV четверть", "2025-Q4"), ("2-е полугодие", "2025-H2"), ("3 триместр", "2025-T3"),
                                              ("Год", "2025-Y"), ("годовая", "2025-Y")])
def test_a_period_is_named_with_its_school_year(said: str, period: str) -> None:
    rows = clean("final_mark", drawn("final_mark", {**FINAL, "period": said})).rows
    assert rows["period"].tolist() == [period]
    assert rows["source_key"].tolist() == [f"{KEY}:501:Алгебра:{period}"]


def test_an_unknown_period_is_refused_and_not_attested_is_a_mark_without_a_value() -> None:
    found = clean("final_mark", drawn("final_mark", {**FINAL, "period": "5 модуль"}, {**FINAL, "period": "Год", "value": "н/а"}))
    assert found.refused["rule"].tolist() == ["final_mark.period.unknown"]
    assert found.rows["mark_text"].tolist() == ["н/а"]
    assert found.rows["mark_value"].isna().all()


def test_the_same_raw_rows_give_the_same_frame() -> None:
    raw = drawn("person", PUPIL, {**PUPIL, "local_id": "502"})
    before = raw.copy()
    pd.testing.assert_frame_equal(clean("person", raw).rows, clean("person", raw).rows)
    pd.testing.assert_frame_equal(raw, before)
