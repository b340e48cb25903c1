"""Tests of mart and report of the contingent on 20 September (form ОО-1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from drawn import AS_OF, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, Database, Region
from sqlalchemy import text

from warehouse.reports import make
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import frame, mart, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, as_of: Any = AS_OF) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return next(made for made in make(connection, version=1, as_of=as_of) if made.name == "contingent")


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def roll(warehouse: Database) -> Any:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        return mart(connection, "contingent")


def test_an_enrolment_counts_when_it_is_in_force_on_20_september(region: Region, warehouse: Database) -> None:
    for valid_from, valid_to in (("2025-09-20", None), ("2025-09-01", "2025-09-21"),       # both count
                                 ("2025-09-21", None), ("2025-09-01", "2025-09-20"), ("2026-01-10", None)):  # none of these
        region.enrol(region.child("2018-05-01"), valid_from, valid_to)
    assert roll(warehouse)["pupil_count"].sum() == 2


def test_the_counting_date_is_the_last_20_september(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2010-05-01"), "2019-09-01")
    for as_of, expected in ((date(2025, 9, 19), date(2024, 9, 20)), (date(2025, 9, 20), date(2025, 9, 20)), (date(2026, 3, 1), date(2025, 9, 20)),
                            (date(2024, 12, 31), date(2024, 9, 20))):
        with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
            assert mart(connection, "contingent")["counting_date"].tolist() == [expected]


def test_a_pupil_in_two_schools_counts_once_in_the_later_enrolment_and_the_other_is_a_conflict(region: Region, warehouse: Database) -> None:
    child = region.child("2016-05-01", "F")
    region.enrol(child, "2023-09-01", at=SCHOOL, grade=3)
    region.enrol(child, "2025-09-05", at=OTHER_SCHOOL, grade=3)
    made = report(warehouse)
    places = table(made, "organisations").rows
    assert list(places["organisation_name"].iloc[:-1]) == ["Школа села Кабанск"]
    conflict = table(made, "conflicts").rows.iloc[0]
    assert (conflict["pupil_id"], conflict["counted_organisation_key"], conflict["organisation_key"]) == (child, OTHER_SCHOOL, SCHOOL)
    assert conflict[["counted_class_letter", "class_letter", "source"]].tolist() == ["А", "А", "Журнал «ЭлЖур»"]
    titles = [column.title for column in table(made, "conflicts").columns]
    assert len(set(titles)) == len(titles)


def test_a_transfer_before_the_date_is_no_conflict(region: Region, warehouse: Database) -> None:
    child = region.child("2016-05-01")
    region.enrol(child, "2023-09-01", "2025-09-10", exit_reason="transfer")
    region.enrol(child, "2025-09-10", at=OTHER_SCHOOL, grade=3)
    made = report(warehouse)
    assert len(table(made, "conflicts").rows) == 0
    assert roll(warehouse)["organisation_key"].tolist() == [OTHER_SCHOOL]


def test_the_same_class_from_two_records_is_neither_counted_twice_nor_a_conflict(region: Region, warehouse: Database) -> None:
    child = region.child("2016-05-01")
    region.enrol(child, "2023-09-01", grade=3)
    region.enrol(child, "2023-09-01", grade=3)
    made = report(warehouse)
    assert (roll(warehouse)["pupil_count"].sum(), len(table(made, "conflicts").rows)) == (1, 0)


def test_the_dead_and_kindergarten_children_are_not_pupils(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2016-05-01", death_date="2025-09-20"), "2023-09-01")
    region.enrol(region.child("2016-05-01", death_date="2025-09-21"), "2023-09-01")
    region.enrol(region.child("2020-05-01"), "2023-09-01", at=KINDERGARTEN, programme="preschool", grade=None)
    assert roll(warehouse)["pupil_count"].sum() == 1


def test_section_2_1_1_counts_classes_and_pupils_by_grade_and_leaves_family_form_out(region: Region, warehouse: Database) -> None:
    for grade, letter, sex, form in ((1, "А", "M", "full_time"), (1, "А", "F", "full_time"), (1, "Б", "F", "full_time"),
                                     (5, "А", "M", "full_time"), (5, "А", "M", "family")):
        region.enrol(region.child("2015-05-01", sex), "2025-09-01", grade=grade, letter=letter, study_form=form,
                     programme="primary" if grade < 5 else "basic")
    made = report(warehouse)
    rows = table(made, "classes_and_pupils_full_time").rows.set_index("title")
    assert rows.loc["Всего классов", ["code", "total", "grade_1", "grade_5"]].tolist() == ["09", 3, 2, 1]
    assert rows.loc["Всего обучающихся", ["code", "total", "grade_1", "grade_5"]].tolist() == ["–", 4, 3, 1]
    assert rows.loc["из них девочки", "total"] == 2
    assert rows.loc["Обычные классы – классов", "total"] == "нет данных"
    assert table(made, "classes_and_pupils_family").rows.set_index("title").loc["Всего обучающихся", "total"] == 1


def test_full_years_at_1_january_after_the_counting_date(region: Region, warehouse: Database) -> None:
    for born, sex in (("2019-01-01", "F"), ("2019-01-02", "M"), ("2018-12-31", "M"), ("2006-05-05", "F"), (None, "M")):
        region.enrol(region.child(born, sex), "2025-09-01")
    made = report(warehouse)
    rows = table(made, "ages").rows.set_index("age")
    assert rows.loc["7 лет", ["pupils_total", "girls_total"]].tolist() == [2, 1]
    assert rows.loc["6 лет и моложе", "pupils_total"] == 1
    assert rows.loc["18 лет и старше", "girls_1"] == 1
    assert rows.loc["Дата рождения неизвестна", "pupils_total"] == 1
    assert rows.loc["Всего", "pupils_total"] == 5


def test_the_age_expression_of_the_marts_on_leap_days_and_edges(warehouse: Database) -> None:
    marts = Path(__file__).parents[3] / "warehouse" / "marts"
    for name, date_column, birth in (("age_at_1_january", "aged.age_date", "aged.birth_date"), ("school_age_child", "moment.age_date", "pupil.birth_date")):
        expression = f"EXTRACT(YEAR FROM age({date_column}, {birth}))::integer"
        assert expression in (marts / f"{name}.sql").read_text(encoding="utf-8")
    drawn = [("2016-02-29", "2025-02-28", 8), ("2016-02-29", "2025-03-01", 9), ("2016-02-29", "2024-02-29", 8), ("2016-02-29", "2024-02-28", 7),
             ("2018-01-01", "2026-01-01", 8), ("2018-12-31", "2026-01-01", 7), ("2026-01-01", "2026-01-01", 0)]
    values = ", ".join(f"(DATE '{born}', DATE '{at}')" for born, at, _ in drawn)
    with warehouse.engine("owner").connect() as connection:
        rows = frame(connection, f"SELECT EXTRACT(YEAR FROM age(at, born))::integer AS years FROM (VALUES {values}) AS drawn (born, at)")
    assert rows["years"].tolist() == [years for *_, years in drawn]


def test_control_equalities_hold_and_say_what_cannot_be_checked(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2016-05-01", "F"), "2023-09-01", grade=3)
    region.enrol(region.child("2016-05-01", None), "2023-09-01", grade=3, at=OTHER_SCHOOL)
    outcomes = {check.name: check.outcome for check in report(warehouse).checks}
    assert outcomes == {"row_09": "not_applicable", "pupils": "passed", "sexes": "failed", "municipalities": "passed", "organisations": "passed",
                        "ages": "passed"}


def test_an_empty_warehouse_gives_an_empty_report(region: Region, warehouse: Database) -> None:
    made = report(warehouse)
    assert made.lead.startswith("0 обучающихся")
    assert all(check.outcome != "failed" for check in made.checks)


def test_an_analyst_reads_the_marts_of_counts_without_names(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2016-05-01"), "2023-09-01", grade=3)
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("UPDATE core.published_version SET version = 1, as_of = NULL"))
    with warehouse.engine("analyst").connect() as connection:
        assert frame(connection, "SELECT pupil_count FROM marts.contingent")["pupil_count"].tolist() == [1]
