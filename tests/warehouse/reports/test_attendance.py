"""Tests of marts and report of attendance and the signs that ask for attention (R6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from drawn import AS_OF, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, Database, Region
from journal_drawn import final, missed

from warehouse.reports import make
from warehouse.reports.model import Report
from warehouse.reports.reader import frame, mart, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, as_of: date = AS_OF, *, with_names: bool = False) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return next(made for made in make(connection, version=1, as_of=as_of, with_names=with_names) if made.name == "attendance")


def rows(made: Report, table: str) -> Any:
    return next(part for part in made.tables if part.name == table).rows


def signal(warehouse: Database, child: int, as_of: date = AS_OF) -> Any:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return mart(connection, "pupil_signal").set_index("pupil_id").loc[child]


def pupil(region: Region, *, grade: int | None = 5, at: str = SCHOOL, valid_from: str = "2023-09-01", valid_to: str | None = None,
          study_form: str = "full_time") -> int:
    child = region.child("2014-05-01")
    region.enrol(child, valid_from, valid_to, at=at, grade=grade, letter="А", programme="basic", study_form=study_form)
    return child


def test_lessons_are_counted_by_reason_and_month_and_a_late_one_is_not_missed(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    for day, reason, lessons in (("2025-09-02", "ill", 5), ("2025-09-03", "valid", 2), ("2025-10-01", "absent", 3), ("2025-10-02", "late", 1)):
        missed(region, child, day, reason, lessons=lessons)
    made = report(warehouse)
    assert rows(made, "months").to_numpy().tolist() == [
        ["сентябрь 2025", 5, 2, 0, 7, 0], ["октябрь 2025", 0, 0, 3, 3, 1], ["Всего", 5, 2, 3, 10, 1]]
    assert rows(made, "class_months")["month_title"].iloc[:2].tolist() == ["сентябрь 2025", "октябрь 2025"]
    assert {check.outcome for check in made.checks} <= {"passed", "not_applicable"}


def test_lessons_of_last_year_of_the_future_and_of_a_kindergarten_do_not_count(region: Region, warehouse: Database) -> None:
    child, small = pupil(region), region.child("2020-05-01")
    region.enrol(small, "2024-09-01", at=KINDERGARTEN, grade=0, programme="preschool")
    for day in ("2025-05-20", "2025-08-31", "2025-10-25"):
        missed(region, child, day)
    missed(region, small, "2025-09-02", at=KINDERGARTEN)
    missed(region, child, "2025-09-01")
    missed(region, child, "2025-10-24")
    assert rows(report(warehouse), "municipalities")["missed_count"].tolist() == [2, 2]


@pytest.mark.parametrize(("as_of", "school_days"), [
    (date(2025, 9, 1), 1), (date(2025, 9, 8), 6), (date(2025, 10, 24), 40), (date(2025, 11, 4), 40), (date(2025, 11, 5), 41), (date(2026, 2, 17), 107),
    (date(2026, 2, 18), 107), (date(2026, 2, 19), 108)])
def test_weekends_breaks_holidays_and_sagaalgan_are_no_school_days(region: Region, warehouse: Database, as_of: date, school_days: int) -> None:
    child = pupil(region)
    assert signal(warehouse, child, as_of)["school_day_count"] == school_days


def test_a_year_without_a_calendar_has_weekdays_but_holidays_and_summer_and_the_report_says_so(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    assert signal(warehouse, child, date(2024, 10, 31))["school_day_count"] == 44
    assert signal(warehouse, child, date(2025, 7, 15))["school_day_count"] == signal(warehouse, child, date(2025, 5, 31))["school_day_count"]
    said = "Каникулы этого учебного года в справочнике не указаны"
    assert any(said in note for note in report(warehouse, date(2024, 10, 31)).notes)
    assert not any(said in note for note in report(warehouse).notes)


@pytest.mark.parametrize(("grade", "lessons"), [(1, 620 / 33), (2, 23), (4, 23), (5, 29), (6, 30), (7, 32), (8, 33), (9, 33), (11, 33)])
def test_the_least_lessons_are_the_load_of_the_grade_by_the_weeks_gone(region: Region, warehouse: Database, grade: int, lessons: float) -> None:
    child = pupil(region, grade=grade)
    assert signal(warehouse, child)["least_lesson_count"] == round(lessons * 40 / 5)


@pytest.mark.parametrize(("lessons", "is_signed"), [(23, False), (24, True)])
def test_a_tenth_is_reached_by_ill_valid_and_unexcused_lessons_together(region: Region, warehouse: Database, lessons: int, is_signed: bool) -> None:
    child = pupil(region, grade=6)                     # 30 lessons a week, 8 weeks: 240
    for day, reason, count in (("2025-09-02", "ill", 10), ("2025-09-05", "valid", 10), ("2025-09-10", "absent", lessons - 20), ("2025-09-12", "late", 9)):
        missed(region, child, day, reason, lessons=count)
    assert bool(signal(warehouse, child)["is_tenth_missed"]) is is_signed


@pytest.mark.parametrize(("valid_from", "is_signed"), [("2025-10-13", True), ("2025-10-14", False)])
def test_a_share_is_judged_from_the_tenth_school_day_in_school(region: Region, warehouse: Database, valid_from: str, is_signed: bool) -> None:
    child = pupil(region, valid_from=valid_from)       # 13 October is ten school days before the 24th
    missed(region, child, "2025-10-20", lessons=20)
    assert bool(signal(warehouse, child)["is_tenth_missed"]) is is_signed


@pytest.mark.parametrize("child", [{"study_form": "family"}, {"grade": None}])
def test_without_a_load_there_is_no_share(region: Region, warehouse: Database, child: dict[str, Any]) -> None:
    one = pupil(region, **child)
    missed(region, one, "2025-10-20", lessons=200)
    assert not signal(warehouse, one)["is_tenth_missed"]
    made = report(warehouse)
    assert next(check.left for check in made.checks if check.name == "unjudged") == 1


@pytest.mark.parametrize(("days", "in_a_row"), [
    (("2025-09-03", "2025-09-04", "2025-09-05"), 3), (("2025-09-04", "2025-09-05", "2025-09-08"), 3), (("2025-09-03", "2025-09-05", "2025-09-08"), 2),
    (("2025-09-03", "2025-09-04"), 2), (("2025-09-03", "2025-09-04", "2025-09-06", "2025-09-08"), 2),
    (("2025-09-02", "2025-09-03", "2025-09-04", "2025-09-09", "2025-09-10", "2025-09-11", "2025-09-12"), 4)])
def test_days_in_a_row_pass_over_weekends(region: Region, warehouse: Database, days: tuple[str, ...], in_a_row: int) -> None:
    child = pupil(region)
    for day in days:
        missed(region, child, day, lessons=2)
    found = signal(warehouse, child)
    assert (found["unexcused_day_count"], bool(found["is_absent_three_days"])) == (in_a_row, in_a_row >= 3)


def test_days_in_a_row_pass_over_a_break_and_a_holiday(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    for day in ("2025-10-23", "2025-10-24", "2025-11-05"):
        missed(region, child, day)
    assert signal(warehouse, child, date(2025, 11, 6))["unexcused_day_count"] == 3


@pytest.mark.parametrize("reason", ["ill", "valid", "late"])
def test_a_day_missed_for_a_reason_breaks_the_row(region: Region, warehouse: Database, reason: str) -> None:
    child = pupil(region)
    for day, why in (("2025-09-03", "absent"), ("2025-09-04", reason), ("2025-09-05", "absent")):
        missed(region, child, day, why)
    assert signal(warehouse, child)["unexcused_day_count"] == 1


def test_saturday_is_a_school_day_where_the_journal_has_absences_on_two(region: Region, warehouse: Database) -> None:
    child, other = pupil(region), pupil(region, at=OTHER_SCHOOL)
    for one, at in ((child, SCHOOL), (other, OTHER_SCHOOL)):
        for day in ("2025-09-05", "2025-09-08", "2025-09-09"):
            missed(region, one, day, at=at)
    for day in ("2025-09-13", "2025-09-20"):
        missed(region, pupil(region), day, "ill")
    assert signal(warehouse, child)["unexcused_day_count"] == 2, "present on Saturday the 6th"
    assert signal(warehouse, other)["unexcused_day_count"] == 3


def test_failing_is_a_two_of_the_last_period_in_russian_or_in_a_part_of_mathematics(region: Region, warehouse: Database) -> None:
    russian, algebra, other = pupil(region), pupil(region), pupil(region)
    final(region, russian, "2", subject="russian")
    final(region, algebra, "2", subject="algebra", name="Алгебра")
    final(region, other, "2", subject="history", name="История")
    made = report(warehouse)
    assert dict(rows(made, "work_list")[["pupil_id", "reasons"]].to_numpy().tolist()) == {russian: "«2» по русскому языку", algebra: "«2» по математике"}


def test_a_change_of_school_is_an_enrolment_elsewhere_after_1_september(region: Region, warehouse: Database) -> None:
    moved, in_summer, came, two = (region.child("2014-05-01") for _ in range(4))
    region.enrol(moved, "2022-09-01", "2025-10-01", grade=5, programme="basic")
    region.enrol(moved, "2025-10-01", at=OTHER_SCHOOL, grade=5, programme="basic")
    region.enrol(in_summer, "2022-09-01", "2025-06-01", grade=5, programme="basic")
    region.enrol(in_summer, "2025-09-01", at=OTHER_SCHOOL, grade=5, programme="basic")
    region.enrol(came, "2025-09-15", grade=5, programme="basic")
    region.enrol(two, "2022-09-01", grade=5, programme="basic")
    region.enrol(two, "2025-09-10", at=OTHER_SCHOOL, grade=5, programme="basic")
    assert [signal(warehouse, child)["school_change_count"] for child in (moved, in_summer, came, two)] == [1, 0, 0, 1]
    made = report(warehouse)
    assert sorted(rows(made, "work_list")["pupil_id"]) == [moved, two]
    assert rows(made, "organisation_signs")["pupil_count"].iloc[-1] == 4, "a pupil of two schools is counted once"
    assert signal(warehouse, two)["organisation_key"] == OTHER_SCHOOL


def test_a_pupil_listed_in_two_schools_is_missed_in_the_later_only_and_before_it_in_the_earlier(region: Region, warehouse: Database) -> None:
    child = region.child("2014-05-01")
    region.enrol(child, "2022-09-01", grade=5, programme="basic")
    region.enrol(child, "2025-09-10", at=OTHER_SCHOOL, grade=5, programme="basic")
    for day, at in (("2025-09-09", SCHOOL), ("2025-09-10", SCHOOL), ("2025-09-11", SCHOOL), ("2025-09-11", OTHER_SCHOOL)):
        missed(region, child, day, at=at)
    made = report(warehouse)
    assert dict(rows(made, "organisations")[["organisation_key", "missed_count"]].iloc[:-1].to_numpy().tolist()) == {SCHOOL: 1, OTHER_SCHOOL: 1}
    assert next(check.left for check in made.checks if check.name == "aside") == 2


def test_who_left_or_died_is_in_no_list_and_the_lessons_stay_with_the_school(region: Region, warehouse: Database) -> None:
    left, died = pupil(region, valid_to="2025-10-01"), region.child("2014-05-01", death_date="2025-10-02")
    region.enrol(died, "2023-09-01", grade=5, programme="basic")
    for child in (left, died):
        for day in ("2025-09-03", "2025-09-04", "2025-09-05"):
            missed(region, child, day)
    made = report(warehouse)
    assert rows(made, "work_list").empty
    assert rows(made, "organisations")["absent_count"].iloc[0] == 6


def test_what_no_source_tells_is_printed_as_no_data(region: Region, warehouse: Database) -> None:
    pupil(region)
    assert dict(rows(report(warehouse), "signs").to_numpy().tolist()) == {
        "пропущено 10 % уроков и больше": 0, "пропуски без причины три учебных дня подряд и больше": 0, "«2» по русскому языку": 0, "«2» по математике": 0,
        "смена школы в этом учебном году": 0, "оставлен на повторное обучение": "нет данных", "пропущен весь учебный день": "нет данных"}


def test_the_share_of_lessons_is_of_the_least_load_of_all_pupils_of_the_class(region: Region, warehouse: Database) -> None:
    child, _ = pupil(region, grade=6), pupil(region, grade=6)
    missed(region, child, "2025-09-02", lessons=12)
    assert rows(report(warehouse), "classes")["missed_share"].tolist() == [pytest.approx(12 / 480)] * 2


def test_names_are_in_the_restricted_list_only(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    final(region, child, "2")
    made = report(warehouse, with_names=True)
    assert made.restricted[0].rows[["pupil_id", "family_name"]].to_numpy().tolist() == [[child, "ЦЫДЫПОВ"]]
    assert not any("ЦЫДЫПОВ" in part.rows.astype(str).to_string() for part in made.tables)


def test_a_sealed_record_shows_no_absence(region: Region, warehouse: Database) -> None:
    child = pupil(region)
    missed(region, child, "2025-09-02")
    region.insert("identity.seal", record_id=child, ground="test", sealed_by="test", created_version=0)
    try:
        with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
            assert frame(connection, "SELECT * FROM marts.absence_counted").empty
    finally:
        with warehouse.engine("owner").begin() as connection:
            connection.exec_driver_sql("DELETE FROM identity.seal")
