"""Tests of dimensions, facts and what an analyst may ask of any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from drawn import KABANSK, KINDERGARTEN, OPEN, OTHER_SCHOOL, SCHOOL, ULAN_UDE, Database, Region
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from warehouse.views import MARTS

pytestmark = pytest.mark.warehouse
FACTS = ("residence", "mark", "attendance", "final_mark", "exam")


@pytest.fixture(autouse=True)
def _published(region: Region, warehouse: Database) -> Iterator[None]:
    """Version 1 is published, so that analysts see it; facts of this file go after it."""
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("UPDATE core.published_version SET version = 1"))
    yield
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("UPDATE core.published_version SET version = 0"))
        for table in (*(f"core.{name}" for name in FACTS), "identity.seal", "identity.sealed_pupil"):
            connection.execute(text(f"DELETE FROM {table}"))


def rows(warehouse: Database, query: str, role: str = "analyst", **parameters: Any) -> list[tuple[Any, ...]]:
    with warehouse.engine(role).connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), parameters)]


def one(warehouse: Database, query: str, **parameters: Any) -> Any:
    return rows(warehouse, query, **parameters)[0][0]


def lives(region: Region, child: int, valid_from: str, valid_to: str | None = None, *, kind: str = "living", oktmo: str | None = KABANSK,
          outside: bool = False) -> None:
    region.insert("core.residence", **region.meta(next(region.numbers), "fms_residence"), record_id=child, residence_kind=kind, oktmo=oktmo, is_rural=True,
                  is_outside_region=outside, valid_from=valid_from, valid_to=valid_to)


@pytest.mark.parametrize(("born", "day", "years"), [
    ("2012-02-29", "2025-02-28", 12), ("2012-02-29", "2025-03-01", 13), ("2012-02-29", "2024-02-28", 11), ("2012-02-29", "2024-02-29", 12),
    ("2018-01-01", "2025-01-01", 7), ("2018-01-02", "2025-01-01", 6), ("2025-10-24", "2025-10-24", 0), ("2025-10-25", "2025-10-24", None)])
def test_full_years_grow_on_the_birthday_and_on_1_march_for_29_february(warehouse: Database, born: str, day: str, years: int | None) -> None:
    assert one(warehouse, "SELECT marts.age_at(CAST(:born AS date), CAST(:day AS date))", born=born, day=day) == years


def test_the_age_of_forms_is_that_of_1_january(warehouse: Database) -> None:
    assert rows(warehouse, "SELECT marts.age_at_1_january('2019-01-01', 2026), marts.age_at_1_january('2019-01-02', 2026)") == [(7, 6)]


def test_the_grade_of_a_day_is_that_of_the_latest_enrolment_in_force(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    region.enrol(child, "2022-09-01", "2025-09-01", grade=6, programme="basic")
    region.enrol(child, "2025-09-01", grade=7, programme="basic")
    region.enrol(child, "2025-09-10", grade=8, programme="basic", at=OTHER_SCHOOL)
    region.enrol(child, "2025-09-20", grade=None, programme="preschool", at=KINDERGARTEN)
    asked = {"2022-08-31": None, "2022-09-01": 6, "2025-08-31": 6, "2025-09-01": 7, "2025-09-09": 7, "2025-09-10": 8, "2025-10-24": 8}
    assert {day: one(warehouse, "SELECT marts.grade_on(:child, CAST(:day AS date))", child=child, day=day) for day in asked} == asked


def test_enrolled_on_the_counting_date_is_the_school_roll(region: Region, warehouse: Database) -> None:
    both = region.child("2012-05-01")
    region.enrol(both, "2020-09-01", grade=5, programme="basic")
    region.enrol(both, "2025-09-02", grade=6, programme="basic", at=OTHER_SCHOOL)
    region.enrol(region.child("2012-05-01", death_date="2025-09-20"), "2020-09-01", grade=5, programme="basic")
    region.enrol(region.child("2020-05-01"), "2024-09-01", grade=0, programme="preschool", at=KINDERGARTEN)
    columns = "pupil_id, record_id, organisation_key, grade, class_letter, study_form, shift, valid_from, place"
    roll = rows(warehouse, f"SELECT {columns} FROM marts.school_roll")
    assert len(roll) == 2
    assert sorted(roll) == sorted(rows(warehouse, f"SELECT {columns} FROM marts.enrolled_on(DATE '2025-09-20') "
                                                  "WHERE programme IN ('primary', 'basic', 'secondary')"))


def test_the_place_of_living_counts_before_that_of_staying_and_the_latest_before_others(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    lives(region, child, "2013-01-01", "2025-03-01", oktmo=ULAN_UDE)
    lives(region, child, "2025-02-01", oktmo=KABANSK)
    lives(region, child, "2025-09-01", "2026-09-01", kind="staying", oktmo=ULAN_UDE)
    asked = {"2012-12-31": None, "2013-01-01": ULAN_UDE, "2025-01-31": ULAN_UDE, "2025-02-01": KABANSK, "2025-10-24": KABANSK}
    assert {day: one(warehouse, "SELECT marts.residence_on(:child, CAST(:day AS date))", child=child, day=day) for day in asked} == asked
    assert rows(warehouse, "SELECT pupil_id, oktmo FROM marts.resident_on(DATE '2025-10-24')") == [(child, KABANSK)]
    away = region.child("2012-05-01")
    lives(region, away, "2013-01-01", oktmo=None, outside=True)
    assert one(warehouse, "SELECT marts.residence_on(:child, DATE '2025-10-24')", child=away) is None
    assert rows(warehouse, "SELECT is_outside_region FROM marts.resident_on(DATE '2025-10-24') WHERE pupil_id = :child", child=away) == [(True,)]


def test_no_function_tells_of_a_sealed_child(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    region.enrol(child, "2022-09-01", grade=6, programme="basic")
    lives(region, child, "2013-01-01")
    asked = ("SELECT marts.grade_on(:child, DATE '2025-10-24'), marts.residence_on(:child, DATE '2025-10-24'), "
             "(SELECT count(*) FROM marts.enrolled_on(DATE '2025-10-24')), (SELECT count(*) FROM marts.resident_on(DATE '2025-10-24')), "
             "(SELECT count(*) FROM marts.fact_enrolment), (SELECT count(*) FROM marts.fact_residence)")
    assert rows(warehouse, asked, child=child) == [(6, KABANSK, 1, 1, 1, 1)]
    region.insert("identity.seal", record_id=child, ground="тест", sealed_by="officer", created_version=0)
    region.insert("identity.sealed_pupil", pupil_id=child, created_version=0)
    assert rows(warehouse, asked, child=child) == [(None, None, 0, 0, 0, 0)]


def test_the_functions_are_for_those_who_read_marts_and_each_is_explained(warehouse: Database) -> None:
    found = rows(warehouse, "SELECT CAST(oid AS regprocedure)::text, obj_description(oid, 'pg_proc'), prosecdef, has_function_privilege('public', oid, 'EXECUTE'), "
                            "has_function_privilege('analyst', oid, 'EXECUTE') FROM pg_proc WHERE pronamespace = 'marts'::regnamespace".replace("::", r"\:\:"),
                 role="owner")
    assert {name.split("(")[0] for name, *_ in found} == {
        f"marts.{name}" for name in ("age_at", "age_at_1_january", "enrolled_on", "grade_on", "residence_on", "resident_on")}
    assert [row for row in found if not row[1] or row[2] or row[3] or not row[4]] == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        rows(warehouse, "SELECT * FROM core.enrolment")


@pytest.mark.parametrize(("day", "is_school_day", "reason", "quarter", "year"), [
    ("2025-09-01", True, None, "2025-Q1", 2025), ("2025-08-31", False, "Воскресенье", None, 2024), ("2025-10-24", True, None, "2025-Q1", 2025),
    ("2025-10-25", False, "Осенние каникулы", None, 2025), ("2025-11-04", False, "День народного единства", "2025-Q2", 2025),
    ("2025-11-08", False, "Суббота", "2025-Q2", 2025), ("2026-05-26", True, None, "2025-Q4", 2025), ("2026-05-27", False, "Летние каникулы", None, 2025),
    ("2024-09-02", None, "Календарь учебного года не задан", None, 2024), ("2026-08-31", False, "Летние каникулы", None, 2025)])
def test_a_day_is_a_school_day_or_says_why_not(warehouse: Database, day: str, is_school_day: bool | None, reason: str | None, quarter: str | None,
                                               year: int) -> None:
    assert rows(warehouse, "SELECT is_school_day, day_off_reason, school_quarter, school_year FROM marts.dim_date WHERE day = CAST(:day AS date)", day=day) == [
        (is_school_day, reason, quarter, year)]


def test_every_day_and_week_is_there_once_and_weeks_are_those_of_iso(warehouse: Database) -> None:
    days = rows(warehouse, "SELECT day, iso_year, iso_week, iso_weekday FROM marts.dim_date ORDER BY day")
    assert (days[0][0], days[-1][0]) == (date(1990, 1, 1), date(2031, 8, 31))
    assert len(days) == (days[-1][0] - days[0][0]).days + 1
    assert [tuple(day.isocalendar()) for day, *_ in days] == [tuple(row[1:]) for row in days]


def test_the_first_line_of_every_mart_tells_what_a_row_is() -> None:
    untold = [file.name for file in sorted(MARTS.glob("*.sql")) if not file.read_text("utf-8").startswith("-- One row")]
    assert untold == []


@pytest.mark.parametrize(("dimension", "key"), [
    ("dim_date", "day"), ("dim_school_year", "school_year"), ("dim_municipality", "oktmo"), ("dim_grade", "grade"), ("dim_subject", "subject"),
    ("dim_period", "period"), ("dim_programme", "programme"), ("dim_organisation", "organisation_key, valid_from")])
def test_no_key_of_a_dimension_is_there_twice_or_missing(warehouse: Database, dimension: str, key: str) -> None:
    assert one(warehouse, f"SELECT count(*) FROM marts.{dimension}") > 0
    assert rows(warehouse, f"SELECT {key} FROM marts.{dimension} GROUP BY {key} HAVING count(*) > 1 OR num_nulls({key}) > 0") == []


def test_grades_1_to_12_belong_to_their_level_and_periods_have_the_codes_of_the_exchange(warehouse: Database) -> None:
    levels = dict(rows(warehouse, "SELECT grade, programme FROM marts.dim_grade"))
    assert levels == {0: "preschool"} | dict.fromkeys(range(1, 5), "primary") | dict.fromkeys(range(5, 10), "basic") | dict.fromkeys(range(10, 13), "secondary")
    assert rows(warehouse, "SELECT period_kind, uftt_code FROM marts.dim_period WHERE school_year = 2025 ORDER BY CAST(uftt_code AS integer)") == [
        ("Q1", "1"), ("Q2", "2"), ("Q3", "3"), ("Q4", "4"), ("T1", "5"), ("T2", "6"), ("T3", "7"), ("H1", "8"), ("H2", "9"), ("Y", "20")]
    assert rows(warehouse, "SELECT first_day, last_day FROM marts.dim_period WHERE period = '2025-Q1'") == [(date(2025, 9, 1), date(2025, 10, 24))]
    assert rows(warehouse, "SELECT first_day FROM marts.dim_period WHERE period = '2025-T1'") == [(None,)], "nobody told when trimesters are"


def test_an_organisation_has_one_state_each_day(region: Region, warehouse: Database) -> None:
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("INSERT INTO quality.version (version, kind, as_of) VALUES (2, 'load', '2025-11-05'), (3, 'load', '2025-11-05')"))
        connection.execute(text(f"UPDATE core.organisation SET version_to = 2 WHERE organisation_key = '{SCHOOL}'"))
        connection.execute(text("UPDATE core.published_version SET version = 3"))
    for version, until, name in ((2, 3, "Школа № 1 (описка)"), (3, OPEN, "Лицей № 1")):
        region.insert("core.organisation", **region.meta(next(region.numbers), "education_organisations") | {"version_from": version, "version_to": until},
                      organisation_key=SCHOOL, organisation_name=name, organisation_kind="school", oktmo=ULAN_UDE)
    history = "SELECT organisation_name, valid_from, valid_to, is_current FROM marts.dim_organisation WHERE organisation_key = :key ORDER BY valid_from"
    assert rows(warehouse, history, key=SCHOOL) == [("Школа № 1", date(1990, 1, 1), date(2025, 11, 5), False), ("Лицей № 1", date(2025, 11, 5), None, True)]
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("UPDATE core.published_version SET version = 1"))
    assert rows(warehouse, history, key=SCHOOL) == [("Школа № 1", date(1990, 1, 1), None, True)], "a version knows nothing of what came after it"
    assert one(warehouse, "SELECT count(*) FROM marts.dim_organisation WHERE is_current") == one(warehouse, "SELECT count(*) FROM marts.organisation")


def test_facts_have_the_rows_of_what_they_are_made_of_and_their_school_year(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    common = {"record_id": child, "organisation_key": SCHOOL}
    for day in ("2025-08-31", "2025-09-01", "2026-01-12"):
        number = next(region.numbers)
        region.insert("core.mark", **region.meta(number, "journal_eljur"), **common, subject="algebra", subject_raw="Алгебра", lesson_date=day, mark_value=5,
                      is_debt=False)
        region.insert("core.attendance", **region.meta(number, "journal_eljur"), **common, lesson_date=day, absence_reason="ill")
    region.insert("core.final_mark", **region.meta(1, "journal_eljur"), **common, subject="algebra", subject_raw="Алгебра", period="2025-Q1", mark_text="н/а")
    region.insert("core.exam", **region.meta(1, "vuz_scos"), **common, discipline="Химия", semester=1, mark_type="MARK", exam_value=5, is_passed=True)
    for name in ("mark", "attendance"):
        assert rows(warehouse, f"SELECT pupil_id, school_year FROM marts.fact_{name} ORDER BY lesson_date") == [(child, 2024), (child, 2025), (child, 2025)]
    assert rows(warehouse, "SELECT school_year, period_kind, mark_value FROM marts.fact_final_mark JOIN marts.dim_period USING (period, school_year)") == [
        (2025, "Q1", None)]
    assert rows(warehouse, "SELECT pupil_id, discipline FROM marts.fact_exam") == [(child, "Химия")]
