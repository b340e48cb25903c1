from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from connectors.mocks import region
from connectors.mocks.region.progress import COLUMNS, FINAL_COLUMNS
from tests.mocks.region_made import ask, district

FIRST, LAST = date(2025, 9, 1), date(2025, 10, 24)


@pytest.fixture(scope="module")
def school() -> str:
    largest = "SELECT organisation_key FROM seen.journal_pupil WHERE grade >= 2 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    return str(ask(district(), largest).organisation_key[0])


@pytest.fixture(scope="module")
def marks(school: str) -> pd.DataFrame:
    return region.progress_marks(district(), school, FIRST, LAST, 0)


def test_marks_are_the_same_each_time_from_folder_or_connection(school: str, marks: pd.DataFrame) -> None:
    assert list(marks.columns) == COLUMNS
    with duckdb.connect(str(district() / "world.duckdb"), read_only=True) as connection:
        pd.testing.assert_frame_equal(region.progress_marks(connection, school, FIRST, LAST, 0), marks)


def test_a_shorter_question_gets_a_part_of_the_longer_answer(school: str, marks: pd.DataFrame) -> None:
    week = region.progress_marks(district(), school, date(2025, 10, 6), date(2025, 10, 10), 0)
    inside = marks[(marks.lesson_date >= date(2025, 10, 6)) & (marks.lesson_date <= date(2025, 10, 10))]
    assert set(week.mark_id) == set(inside.mark_id)


def test_there_are_about_two_hundred_marks_a_pupil_a_year_and_four_percent_absences(school: str, marks: pd.DataFrame) -> None:
    pupils = marks.local_id.nunique()
    numbers, absences = marks.value.isin(list("2345")).sum(), marks.value.isin(["н", "б"]).sum()
    assert 160 < numbers / pupils * 34 / 8 < 260
    assert 0.1 < absences / numbers < 0.26
    assert set(marks.value) <= {"2", "3", "4", "5", "н", "б", "оп", "."}


def test_grade_one_has_no_marks(school: str, marks: pd.DataFrame) -> None:
    first = ask(district(), "SELECT wire_key FROM seen.journal_pupil WHERE organisation_key = ? AND grade = 1", [school])
    assert not set(first.wire_key) & set(marks.local_id)


def test_ids_of_marks_are_unique_and_exact_in_json(marks: pd.DataFrame) -> None:
    assert marks.mark_id.is_unique
    assert marks.mark_id.between(1, 2**53).all()


def test_no_lesson_is_later_than_the_day_asked_on(school: str) -> None:
    assert region.progress_marks(district(), school, FIRST, date(2026, 5, 26), 3).lesson_date.max() <= region.day_date(3)
    assert region.progress_marks(district(), school, date(2025, 11, 5), date(2025, 11, 5), 0).empty


def test_a_few_per_thousand_marks_are_corrected_later_and_nothing_else_changes(school: str, marks: pd.DataFrame) -> None:
    later = region.progress_marks(district(), school, FIRST, LAST, 12).set_index("mark_id").loc[marks.mark_id].reset_index()
    changed = later.value.to_numpy() != marks.value.to_numpy()
    assert 0 < changed.mean() < 0.005
    rest = [column for column in COLUMNS if column not in ("value", "mark_id")]
    pd.testing.assert_frame_equal(later[rest], marks[rest])


def test_marks_do_not_depend_on_who_else_is_in_the_class(school: str, marks: pd.DataFrame, tmp_path: Path) -> None:
    copy = tmp_path / "world.duckdb"
    copy.write_bytes((district() / "world.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as connection:
        gone = marks.local_id.iloc[0]
        connection.execute("DELETE FROM seen.journal_pupil WHERE organisation_key = ? AND wire_key = ?", [school, gone])
        rest = region.progress_marks(connection, school, FIRST, LAST, 0)
    assert set(rest.mark_id) == set(marks[marks.local_id != gone].mark_id)


def test_final_marks_are_of_finished_quarters_and_follow_the_current_ones(school: str) -> None:
    finals = region.final_marks(district(), school, 0)
    assert list(finals.columns) == FINAL_COLUMNS
    assert set(finals.period) == {"2025-Q1"}
    assert set(finals.value) <= {"2", "3", "4", "5", "н/а", "зач"}
    assert not finals.duplicated(["local_id", "subject", "period"]).any()


def test_the_second_quarter_closes_at_the_end_of_december(school: str) -> None:
    december = next(day for day in range(80) if region.day_date(day) >= date(2025, 12, 30))
    assert set(region.final_marks(district(), school, december).period) == {"2025-Q1", "2025-Q2"}
    assert set(region.final_marks(district(), school, december - 1).period) == {"2025-Q1"}


def test_a_kindergarten_has_no_marks() -> None:
    garden = str(ask(district(), "SELECT organisation_key FROM seen.organisation WHERE kind = 'kindergarten' ORDER BY 1 LIMIT 1").organisation_key[0])
    assert region.progress_marks(district(), garden, FIRST, LAST, 0).empty
    assert region.final_marks(district(), garden, 0).empty
