"""Tests of marts and report on students (R10)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from drawn import AS_OF, KABANSK, OTHER_SCHOOL, SCHOOL, Database, Region
from hypothesis import given
from hypothesis import strategies as st
from students_drawn import OTHER_UNIVERSITY, UNIVERSITY, course, exam, stay, student, universities

from warehouse.reports import make
from warehouse.reports.model import Report
from warehouse.reports.reader import snapshot
from warehouse.reports.universities_tables import LEAST, OTHER_UNIVERSITIES, OTHERS, merged

pytestmark = pytest.mark.warehouse
CELL = ["organisation_key", "programme_field", "municipality"]


@pytest.fixture(autouse=True)
def _universities(region: Region) -> None:
    universities(region)


def report(warehouse: Database, as_of: date = AS_OF) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        made = next(made for made in make(connection, version=1, as_of=as_of) if made.name == "universities")
    assert {check.outcome for check in made.checks} <= {"passed", "not_applicable"}
    return made


def drawn_cells(sizes: dict[tuple[str, str, str], int]) -> pd.DataFrame:
    return pd.DataFrame([(*key, count) for key, count in sizes.items()], columns=[*CELL, "student_count"])


def rows(made: Report, table: str) -> Any:
    return next(part for part in made.tables if part.name == table).rows


def test_without_students_the_report_says_that_nothing_was_sent(region: Region, warehouse: Database) -> None:
    made = report(warehouse)
    assert "не передали" in made.lead
    assert len(rows(made, "courses")) == 0
    assert rows(made, "universities").iloc[-1]["student_count"] == 0


def test_students_are_counted_by_programme_form_and_sex_on_the_report_date(region: Region, warehouse: Database) -> None:
    for sex, form in (("F", "full_time"), ("M", "full_time"), (None, "correspondence")):
        stay(region, student(region, sex=sex), study_form=form)
    stay(region, student(region), valid_to="2025-10-24", exit_reason="expelled")
    stay(region, student(region), valid_from="2025-10-25")
    stay(region, student(region, death_date="2025-01-10"))
    row = rows(report(warehouse), "universities").iloc[0]
    assert row[["student_count", "female_count", "male_count", "no_sex_count", "full_time_count", "correspondence_count"]].tolist() == [3, 1, 1, 1, 2, 1]
    assert rows(report(warehouse, date(2025, 10, 25)), "universities").iloc[-1]["student_count"] == 4


def test_the_year_of_entry_outlives_a_reinstatement_and_a_student_of_two_programmes_counts_in_each(region: Region, warehouse: Database) -> None:
    one = student(region)
    stay(region, one, "2022-09-01", "2023-03-20", exit_reason="expelled")
    stay(region, one, "2023-09-01")
    stay(region, one, "2024-09-01", at=OTHER_UNIVERSITY, code="38.03.01")
    made = report(warehouse)
    assert rows(made, "cohorts")[["organisation_key", "entry_year"]].values.tolist()[:-1] == [[UNIVERSITY, "2022"], [OTHER_UNIVERSITY, "2024"]]
    assert next(check.left for check in made.checks if check.name == "second_programmes") == 1
    flows = rows(made, "flow_years").set_index("year_title")
    assert flows.loc["2022/23", ["entered_count", "expelled_count"]].tolist() == [1, 1]
    assert flows.loc["2023/24", ["entered_count", "reinstated_count"]].tolist() == [0, 1]


@pytest.mark.parametrize(("ended", "reason", "column"), [
    ("2025-08-31", "graduated", "graduated_count"), ("2025-08-31", "expelled", "expelled_count"), ("2025-08-31", None, "left_count"),
    ("2025-08-31", "transfer", "left_count")])
def test_who_left_is_counted_by_the_reason_in_the_school_year_that_ends_on_31_august(
        region: Region, warehouse: Database, ended: str, reason: str | None, column: str) -> None:
    stay(region, student(region), "2024-09-01", ended, exit_reason=reason)
    stay(region, student(region), "2024-09-01", "2025-09-01", exit_reason="expelled")
    flows = rows(report(warehouse), "flow_years").set_index("year_title")
    assert flows.loc["2024/25", ["entered_count", column]].tolist() == [2, 1]
    assert flows.loc["2025/26", "expelled_count"] == 1


@pytest.mark.parametrize(("mark_type", "passing", "failing", "mean"), [
    ("MARK", 3, 2, 2.5), ("DIF_CREDIT", 3, 2, 2.5), ("CREDIT", 1, 0, None), ("HUNDRED_POINT", 60, 59, 59.5)])
def test_each_kind_of_mark_has_its_share_of_passed_and_only_credits_have_no_mean(
        region: Region, warehouse: Database, mark_type: str, passing: int, failing: int, mean: float | None) -> None:
    for value in (passing, failing):
        exam(region, student(region), value, mark_type)
    made = report(warehouse)
    row = rows(made, "exams").iloc[0]
    assert row[["result_count", "passed_count", "debt_count", "passed_share"]].tolist() == [2, 1, 1, 0.5]
    assert (None if pd.isna(row["mean_value"]) else row["mean_value"]) == mean
    assert rows(made, "exam_kinds").iloc[-1][["student_count", "debtor_count", "result_count"]].tolist() == [2, 1, 2]


def test_a_resit_that_is_passed_closes_the_debt_and_the_best_attempt_counts(region: Region, warehouse: Database) -> None:
    one = student(region)
    for value in (2, 4, 2):
        exam(region, one, value)
    row = rows(report(warehouse), "exams").iloc[0]
    assert row[["result_count", "debt_count", "mean_value"]].tolist() == [1, 0, 4.0]


def test_the_same_discipline_of_another_semester_kind_or_university_is_another_result(region: Region, warehouse: Database) -> None:
    one = student(region)
    exam(region, one, 5)
    exam(region, one, 2, semester=2)
    exam(region, one, 0, "CREDIT")
    exam(region, one, 2, at=OTHER_UNIVERSITY)
    made = report(warehouse)
    assert rows(made, "exams").iloc[-1][["result_count", "debt_count"]].tolist() == [4, 3]
    assert rows(made, "exam_kinds").iloc[-1][["student_count", "debtor_count"]].tolist() == [1, 1], "one person in the total, of two universities"


def test_students_are_counted_by_how_many_debts_they_have_in_this_university(region: Region, warehouse: Database) -> None:
    for failed in range(4):
        one = student(region)
        stay(region, one)
        exam(region, one, 5, discipline="Физика")
        for number in range(failed):
            exam(region, one, 2, discipline=f"Дисциплина {number}")
    without = student(region)
    stay(region, without)
    exam(region, without, 2, at=OTHER_UNIVERSITY)
    gone = student(region)
    stay(region, gone, valid_to="2025-03-01", exit_reason="expelled")
    exam(region, gone, 2)
    row = rows(report(warehouse), "debts").iloc[0]
    names = ["student_count", "assessed_count", "debtor_count", "one_debt_count", "two_debt_count", "more_debt_count"]
    assert row[names].tolist() == [5, 4, 3, 1, 1, 1]
    assert row["debtor_share"] == 0.75


def test_a_discipline_of_two_plans_of_one_programme_counts_a_student_once(region: Region, warehouse: Database) -> None:
    one, other = student(region), student(region)
    for pupil, semester in ((one, 1), (one, 1), (other, 1), (one, 2)):
        course(region, pupil, "Химия", semester=semester)
    assert rows(report(warehouse), "courses")[["semester", "student_count"]].values.tolist() == [["1", 2], ["2", 1]]


def test_the_school_is_the_one_that_was_finished_or_else_the_last_before_the_university(region: Region, warehouse: Database) -> None:
    finished, left, later = student(region), student(region), student(region)
    for pupil in (finished, left, later):
        stay(region, pupil, "2025-09-01")
    region.enrol(finished, "2020-09-01", "2025-06-25", at=OTHER_SCHOOL, grade=11, programme="secondary", exit_reason="graduated")
    region.enrol(finished, "2024-09-01", "2025-02-01", at=SCHOOL, grade=11, programme="secondary", exit_reason="transfer")
    region.enrol(left, "2022-09-01", "2023-06-01", at=SCHOOL, grade=9, programme="basic", exit_reason="transfer")
    region.enrol(left, "2023-09-01", "2024-06-01", at=OTHER_SCHOOL, grade=10, programme="secondary", exit_reason="transfer")
    region.enrol(later, "2025-09-02", at=SCHOOL, grade=11, programme="secondary")
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        found = dict(connection.exec_driver_sql("SELECT pupil_id, school_key FROM marts.student_origin").tuples().all())
    assert found == {finished: OTHER_SCHOOL, left: OTHER_SCHOOL, later: None}
    assert rows(report(warehouse), "origins").iloc[-1][["student_count", "known_count", "not_told_count"]].tolist() == [3, 2, 1]


def test_why_no_school_is_known_depends_on_the_first_year_of_which_schools_tell_graduates(region: Region, warehouse: Database) -> None:
    known, silent, before = student(region), student(region, is_resident=None), student(region, oktmo=None)
    for pupil, year in ((known, 2024), (silent, 2025), (before, 2023)):
        stay(region, pupil, f"{year}-09-01")
    assert rows(report(warehouse), "origins").iloc[-1]["before_register_count"] == 3, "no school tells graduates"
    region.enrol(known, "2020-09-01", "2024-06-25", grade=11, programme="secondary", exit_reason="graduated")
    table = rows(report(warehouse), "origins").set_index("entry_year")
    assert table.loc["2023", ["before_register_count", "place_unknown_count"]].tolist() == [1, 1]
    assert table.loc["2024", ["known_count", "place_residence_count"]].tolist() == [1, 0]
    assert table.loc["2025", ["not_told_count", "place_birth_count"]].tolist() == [1, 1]


def test_the_trajectory_takes_the_municipality_of_the_school_before_that_of_residence(region: Region, warehouse: Database) -> None:
    for number in range(2 * LEAST):
        pupil = student(region)
        stay(region, pupil, "2025-09-01")
        if number < LEAST:
            region.enrol(pupil, "2020-09-01", "2025-06-25", at=OTHER_SCHOOL, grade=11, programme="secondary", exit_reason="graduated")
    found = rows(report(warehouse), "trajectory")
    assert found[["municipality", "programme_field", "student_count"]].values.tolist()[:-1] == [["Кабанский район", "44", LEAST], ["г. Улан-Удэ", "44", LEAST]]


def test_a_municipality_of_four_students_is_shown_with_others_and_one_of_five_by_its_name(region: Region, warehouse: Database) -> None:
    for oktmo, count in (("81701000", 6), (KABANSK, LEAST - 1)):
        for _ in range(count):
            stay(region, student(region, oktmo=oktmo), "2025-09-01")
    assert rows(report(warehouse), "trajectory")["municipality"].tolist() == [OTHERS["municipality"], "Всего"], "four alone would be seen by subtraction"
    stay(region, student(region, oktmo=KABANSK), "2025-09-01")
    assert rows(report(warehouse), "trajectory")["municipality"].tolist() == ["Кабанский район", "г. Улан-Удэ", "Всего"]


def test_a_university_of_four_students_is_shown_with_the_smallest_of_the_others(region: Region, warehouse: Database) -> None:
    third = "1020000000013"
    region.organisation(third, "ВСГИК", kind="university")
    for at, count in ((UNIVERSITY, LEAST - 1), (OTHER_UNIVERSITY, LEAST), (third, LEAST + 1)):
        for _ in range(count):
            stay(region, student(region), "2025-09-01", at=at)
    found = rows(report(warehouse), "trajectory")
    assert found[["organisation_name", "organisation_key", "student_count"]].values.tolist()[:-1] == [
        ["ВСГИК", third, LEAST + 1], [OTHER_UNIVERSITIES, OTHERS["organisation_key"], 2 * LEAST - 1]]


def test_small_fields_are_merged_before_small_municipalities() -> None:
    sizes = {("А", "44", "м1"): 9, ("А", "44", "м2"): 1, ("А", "44", "м3"): 2, ("А", "38", "м1"): 3, ("А", "09", "м1"): 7}
    found = merged(drawn_cells(sizes)).groupby(CELL)["student_count"].sum()
    assert found.to_dict() == {("А", "44", OTHERS["municipality"]): 12, ("А", OTHERS["programme_field"], "м1"): 10}


@given(st.dictionaries(st.tuples(*(st.sampled_from(names) for names in ("АБВ", "123", "клмн"))), st.integers(1, 9), min_size=1))
def test_no_cell_of_the_trajectory_is_below_the_least_unless_all_students_are_and_nobody_is_lost(sizes: dict[tuple[str, str, str], int]) -> None:
    found = merged(drawn_cells(sizes)).groupby(CELL)["student_count"].sum()
    total = sum(sizes.values())
    assert found.sum() == total
    assert found.min() >= min(LEAST, total)


def test_students_and_results_of_a_sealed_record_are_not_shown(region: Region, warehouse: Database) -> None:
    one = student(region)
    stay(region, one)
    exam(region, one, 2)
    course(region, one, "Химия")
    region.insert("identity.seal", record_id=one, ground="test", sealed_by="test", created_version=0)
    try:
        made = report(warehouse)
        assert [len(rows(made, table)) for table in ("universities", "exams", "courses")] == [1, 1, 0], "totals only"
    finally:
        with warehouse.engine("owner").begin() as connection:
            connection.exec_driver_sql("DELETE FROM identity.seal")
