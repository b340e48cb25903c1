"""Tests of marts and report of final marks (R7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from drawn import AS_OF, OTHER_SCHOOL, SCHOOL, Database, Region
from journal_drawn import final, finals

from warehouse.reports import make
from warehouse.reports.model import Report
from warehouse.reports.reader import frame, mart, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, as_of: date = AS_OF, *, with_names: bool = False) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return next(made for made in make(connection, version=1, as_of=as_of, with_names=with_names) if made.name == "progress")


def rows(made: Report, table: str) -> Any:
    return next(part for part in made.tables if part.name == table).rows


def pupil(region: Region, *, grade: int = 5, letter: str = "А", at: str = SCHOOL, valid_from: str = "2023-09-01", valid_to: str | None = None) -> int:
    child = region.child("2014-05-01")
    region.enrol(child, valid_from, valid_to, at=at, grade=grade, letter=letter, programme="basic")
    return child


def test_shares_are_of_marks_5_to_2_and_credits_and_not_attested_are_counted_apart(region: Region, warehouse: Database) -> None:
    for value in ("5", "5", "4", "3", "2", "зач", "н/а", "осв"):
        final(region, pupil(region), value)
    made = report(warehouse)
    total, kinds = rows(made, "municipalities").iloc[-1], ("graded", "five", "four", "three", "two", "not_attested", "credit", "other_mark")
    assert [total[f"{kind}_count"] for kind in kinds] == [5, 2, 1, 1, 1, 1, 1, 1]
    assert (total["success_share"], total["quality_share"]) == (pytest.approx(4 / 5), pytest.approx(3 / 5))
    assert total["learning_share"] == pytest.approx((2 * 1 + 0.64 + 0.36 + 0.16) / 5)
    assert total["mean_mark"] == pytest.approx((5 + 5 + 4 + 3 + 2) / 5)
    assert {check.outcome for check in made.checks} <= {"passed", "not_applicable"}


def test_where_nobody_has_a_mark_from_5_to_2_there_is_no_share(region: Region, warehouse: Database) -> None:
    final(region, pupil(region), "зач")
    total = rows(report(warehouse), "municipalities").iloc[-1]
    assert total["graded_count"] == 0
    assert total[["success_share", "quality_share", "learning_share", "mean_mark"]].isna().all()


def test_a_one_is_counted_with_the_twos_and_is_a_one_in_the_mean(region: Region, warehouse: Database) -> None:
    finals(region, pupil(region), "1 5")
    made = report(warehouse)
    total = rows(made, "municipalities").iloc[-1]
    assert (total["two_count"], total["mean_mark"]) == (1, 3.0)
    assert rows(made, "municipality_pupils").iloc[-1]["failing_count"] == 1


@pytest.mark.parametrize(("marks", "lists"), [
    ("5 5 5", ["отличники"]), ("5 зач", ["отличники"]), ("5 н/а", ["не аттестованы"]), ("зач зач", []), ("5 5 4", ["с одной «4»"]), ("4", []), ("5 4 4", []),
    ("5 4 3", ["с одной «3»"]), ("3", []), ("5 3 3", []), ("5 4 н/а", ["не аттестованы"]), ("5 3 н/а", ["не аттестованы"]), ("5 5 2", ["неуспевающие"]),
    ("2 н/а", ["не аттестованы", "неуспевающие"])])
def test_a_pupil_stands_in_the_list_that_the_marks_make(region: Region, warehouse: Database, marks: str, lists: list[str]) -> None:
    finals(region, pupil(region), marks)
    made = report(warehouse)
    assert sorted(rows(made, "lists")["list_name"]) == lists
    counts = rows(made, "class_pupils").iloc[0][["excellent_count", "one_four_count", "one_three_count", "failing_count", "not_attested_count"]]
    assert (int(counts.sum()), rows(made, "class_pupils").iloc[0]["pupil_count"]) == (len(lists), 1)


def test_a_subject_without_a_code_keeps_the_name_of_the_school(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    final(region, child, "5", subject="russian", name="Рус. яз.")
    final(region, child, "4", subject=None, name="Шахматы")
    assert rows(report(warehouse), "class_subjects")["subject_title"].iloc[:-1].tolist() == ["Русский язык", "Шахматы"]


@pytest.mark.parametrize(("as_of", "expected"), [
    (date(2025, 10, 23), []), (date(2025, 10, 24), ["1 четверть 2025/26"]), (date(2025, 12, 29), ["1 четверть 2025/26"]),
    (date(2025, 12, 30), ["2 четверть 2025/26"]), (date(2026, 5, 26), ["Год 2025/26"])])
def test_the_period_is_the_last_one_finished_by_the_report_date(region: Region, warehouse: Database, as_of: date, expected: list[str]) -> None:
    child = pupil(region)
    for period in ("2025-Q1", "2025-Q2", "2025-Q4", "2025-Y"):
        final(region, child, "5", period=period)
    made = report(warehouse, as_of)
    assert rows(made, "classes")["period_title"].iloc[:-1].tolist() == expected
    ended = {date(2025, 10, 23): 0, date(2025, 10, 24): 1, date(2025, 12, 29): 1, date(2025, 12, 30): 2, date(2026, 5, 26): 4}[as_of]
    assert len(rows(made, "trend")) == ended


def test_each_class_has_its_own_last_period_and_a_pupil_who_left_before_it_is_not_in_its_lists(region: Region, warehouse: Database) -> None:
    stayed, left = pupil(region), pupil(region, valid_to="2025-11-10")
    in_halves = pupil(region, grade=9, at=OTHER_SCHOOL)
    for child, period, at in ((stayed, "2025-Q1", SCHOOL), (stayed, "2025-Q2", SCHOOL), (left, "2025-Q1", SCHOOL), (in_halves, "2025-H1", OTHER_SCHOOL)):
        final(region, child, "5", period=period, at=at)
    made = report(warehouse, date(2026, 1, 15))
    assert sorted(rows(made, "classes")["period_title"].dropna()) == ["1 полугодие 2025/26", "2 четверть 2025/26"]
    assert sorted(rows(made, "lists")["pupil_id"]) == [stayed, in_halves]
    assert rows(made, "trend")["five_count"].tolist() == [2, 1, 1]


def test_of_two_schools_that_marked_one_subject_the_later_enrolment_counts(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    region.enrol(child, "2025-09-20", at=OTHER_SCHOOL, grade=5, letter="Б", programme="basic")
    final(region, child, "3", at=SCHOOL)
    final(region, child, "4", at=OTHER_SCHOOL)
    made = report(warehouse)
    assert rows(made, "organisations")[["organisation_key", "graded_count", "four_count"]].values.tolist()[0] == [OTHER_SCHOOL, 1, 1]
    assert rows(made, "municipality_pupils").iloc[-1]["pupil_count"] == 1
    assert next(check.left for check in made.checks if check.name == "aside") == 1


def test_a_mark_stays_with_the_school_that_gave_it_when_the_pupil_has_left(region: Region, warehouse: Database) -> None:
    child = pupil(region, valid_to="2025-10-20")
    region.enrol(child, "2025-10-20", at=OTHER_SCHOOL, grade=5, programme="basic")
    final(region, child, "5", at=SCHOOL)
    made = report(warehouse)
    assert rows(made, "organisations")["organisation_key"].iloc[:-1].tolist() == [SCHOOL]
    assert rows(made, "lists")["organisation_key"].tolist() == [SCHOOL]


def test_a_mark_of_an_earlier_year_belongs_to_the_class_of_that_year(region: Region, warehouse: Database) -> None:
    final(region, pupil(region, grade=6), "5", period="2024-Y")
    final(region, pupil(region, grade=9, valid_to="2025-06-10"), "4", period="2024-Y")
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        assert sorted(mart(connection, "progress_subject")["class_name"]) == ["5А", "9А"]


def test_classes_stand_by_grade_and_a_class_that_is_not_known_is_said_to_be_so(region: Region, warehouse: Database) -> None:
    for grade in (10, 2, 5):
        final(region, pupil(region, grade=grade), "5")
    final(region, region.child("2014-01-01"), "4")
    assert rows(report(warehouse), "classes")["class_name"].iloc[:-1].tolist() == ["2А", "5А", "10А", "не указан"]


def test_names_are_in_the_restricted_list_only(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    final(region, child, "2")
    made = report(warehouse, with_names=True)
    assert made.restricted[0].rows[["pupil_id", "family_name", "list_name"]].values.tolist() == [[child, "ЦЫДЫПОВ", "неуспевающие"]]
    assert not any("ЦЫДЫПОВ" in part.rows.astype(str).to_string() for part in made.tables)
    assert report(warehouse).restricted == ()


def test_a_sealed_record_shows_no_mark(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    final(region, child, "5")
    region.insert("identity.seal", record_id=child, ground="test", sealed_by="test", created_version=0)
    try:
        with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
            assert len(frame(connection, "SELECT * FROM marts.final_counted")) == 0
    finally:
        with warehouse.engine("owner").begin() as connection:
            connection.exec_driver_sql("DELETE FROM identity.seal")
