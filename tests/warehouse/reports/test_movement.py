"""Tests of marts and report of movement and results (R3)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from drawn import AS_OF, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, Database, Region
from sqlalchemy import text

from schemas.errors import ConfigurationError
from warehouse.reports import forms, make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import mart, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, as_of: date = AS_OF) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return make(connection, version=1, as_of=as_of, wanted=[of("R3")])[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def region_lines(made: Report, period: str = "school_year") -> dict[str, list[int]]:
    """Lines of the first table that are not 0, by their names: [for the region, over organisations]."""
    names = {line.title: line.name for line in forms.read("movement").sections["region"].rows}
    rows = table(made, f"region_{period}").rows
    return {names[title]: [region, organisations] for _, title, region, organisations in rows.to_numpy().tolist() if organisations}


def place(made: Report, organisation: str, period: str = "school_year") -> dict[str, int]:
    """Figures of one organisation that are not 0."""
    rows = table(made, f"organisations_{period}").rows
    row = rows[rows["organisation_key"] == organisation].iloc[0].drop(["municipality", "organisation_name", "organisation_key"])
    return {str(name): int(count) for name, count in row.items() if count}


def sound(made: Report) -> bool:
    return all(check.outcome != "failed" for check in made.checks)


def test_who_is_enrolled_on_1_september_is_there_at_the_start_and_who_comes_later_arrives(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2015-05-01"), "2025-09-01", grade=4)
    region.enrol(region.child("2015-05-01"), "2025-09-02", grade=4)
    region.enrol(region.child("2018-05-01"), "2025-10-24", grade=1)
    region.enrol(region.child("2018-05-01"), "2025-10-25", grade=1)     # after the report date
    made = report(warehouse)
    assert region_lines(made) == {"start": [1, 1], "arrived": [2, 2], "arrived_outside": [1, 1], "arrived_first_grade": [1, 1], "end": [3, 3]}
    assert sound(made)


def test_a_transfer_counts_for_both_schools_and_not_for_the_region(region: Region, warehouse: Database) -> None:
    child = region.child("2015-05-01")
    region.enrol(child, "2023-09-01", "2025-10-01", grade=4, exit_reason="transfer")
    region.enrol(child, "2025-10-01", grade=4, at=OTHER_SCHOOL)
    made = report(warehouse)
    assert region_lines(made) == {"start": [1, 1], "arrived": [0, 1], "arrived_transfer": [0, 1], "left": [0, 1], "left_transfer": [0, 1], "end": [1, 1]}
    assert place(made, SCHOOL) == {"start": 1, "left": 1, "left_transfer": 1}
    assert place(made, OTHER_SCHOOL) == {"arrived": 1, "arrived_transfer": 1, "end": 1}
    assert sound(made)


def test_a_pupil_the_old_school_forgot_to_strike_off_moved_with_the_later_enrolment(region: Region, warehouse: Database) -> None:
    child = region.child("2015-05-01")
    region.enrol(child, "2023-09-01", grade=4)
    region.enrol(child, "2025-10-01", grade=4, at=OTHER_SCHOOL)
    made = report(warehouse)
    assert place(made, SCHOOL) == {"start": 1, "left": 1, "left_transfer": 1}
    assert place(made, OTHER_SCHOOL) == {"arrived": 1, "arrived_transfer": 1, "end": 1}
    assert sound(made)


def test_who_goes_back_when_the_later_enrolment_ends_has_moved_twice(region: Region, warehouse: Database) -> None:
    child = region.child("2015-05-01")
    region.enrol(child, "2023-09-01", grade=4)
    region.enrol(child, "2025-09-10", "2025-10-10", grade=4, at=OTHER_SCHOOL, exit_reason="unknown")
    made = report(warehouse)
    assert place(made, SCHOOL) == {"start": 1, "arrived": 1, "arrived_transfer": 1, "left": 1, "left_transfer": 1, "end": 1}
    assert place(made, OTHER_SCHOOL) == {"arrived": 1, "arrived_transfer": 1, "left": 1, "left_transfer": 1}
    assert sound(made)


def test_a_break_inside_the_period_is_no_movement_of_the_region(region: Region, warehouse: Database) -> None:
    elsewhere, same = region.child("2015-05-01"), region.child("2015-05-01")
    for child, at in ((elsewhere, OTHER_SCHOOL), (same, SCHOOL)):
        region.enrol(child, "2023-09-01", "2025-09-10", grade=4, exit_reason=None)
        region.enrol(child, "2025-10-01", grade=4, at=at)
    made = report(warehouse)
    assert region_lines(made) == {"start": [2, 2], "arrived": [0, 2], "arrived_transfer": [0, 1], "arrived_returned": [0, 1], "left": [0, 2],
                                  "left_transfer": [0, 2], "end": [2, 2]}
    assert sound(made)


def test_a_break_over_the_start_is_a_return_for_the_region(region: Region, warehouse: Database) -> None:
    child = region.child("2015-05-01")
    region.enrol(child, "2023-09-01", "2025-05-30", grade=1)
    region.enrol(child, "2025-10-01", grade=1, at=OTHER_SCHOOL)
    made = report(warehouse)
    assert region_lines(made) == {"arrived": [1, 1], "arrived_returned": [1, 1], "end": [1, 1]}


@pytest.mark.parametrize("reason", ["transfer", "health", "expelled", "graduated", "unknown", None])
def test_each_reason_of_leaving_has_its_line_and_none_is_unknown(region: Region, warehouse: Database, reason: str | None) -> None:
    region.enrol(region.child("2015-05-01"), "2023-09-01", "2025-10-24", grade=4, exit_reason=reason)
    made = report(warehouse)
    assert region_lines(made) == {"start": [1, 1], "left": [1, 1], f"left_{reason or 'unknown'}": [1, 1]}
    assert sound(made)


def test_death_is_told_by_the_act_whatever_the_journal_says(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2015-05-01", death_date="2025-10-05"), "2023-09-01", grade=4)
    region.enrol(region.child("2015-05-01", death_date="2025-10-05"), "2023-09-01", "2025-10-20", grade=4, exit_reason="expelled")
    region.enrol(region.child("2015-05-01", death_date="2025-09-01"), "2023-09-01", grade=4)        # before the period
    assert region_lines(report(warehouse)) == {"start": [2, 2], "left": [2, 2], "left_death": [2, 2]}


def test_who_came_and_left_inside_the_period_is_in_both(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2015-05-01"), "2025-09-05", "2025-10-05", grade=4, exit_reason="health")
    made = report(warehouse)
    assert region_lines(made) == {"arrived": [1, 1], "arrived_outside": [1, 1], "left": [1, 1], "left_health": [1, 1]}
    assert sound(made)


def test_another_class_of_the_same_school_is_no_movement_but_of_the_grades(region: Region, warehouse: Database) -> None:
    child = region.child("2015-05-01")
    region.enrol(child, "2023-09-01", "2025-10-01", grade=4)
    region.enrol(child, "2025-10-01", grade=5)
    made = report(warehouse)
    assert region_lines(made) == {"start": [1, 1], "end": [1, 1]}
    grades = table(made, "grades_school_year").rows.set_index("grade")[["start", "grade_in", "grade_out", "end"]]
    assert grades.loc[["4", "5"]].to_numpy().tolist() == [[1, 0, 1, 0], [0, 1, 0, 1]]
    assert sound(made)


def test_a_pupil_dropped_from_the_list_left_on_the_day_told_or_else_on_the_day_missed(region: Region, warehouse: Database) -> None:
    told, silent = region.child("2015-05-01"), region.child("2015-05-01")
    region.enrol(told, "2023-09-01", "2025-09-25", grade=4, exit_reason="health")
    region.enrol(silent, "2023-09-01", grade=4)
    with warehouse.engine("owner").begin() as connection:
        connection.execute(text("UPDATE core.enrolment SET version_from = 0, version_to = 1"))      # version 1 is of the report date
    made = report(warehouse)
    assert region_lines(made) == {"start": [2, 2], "left": [2, 2], "left_health": [1, 1], "left_unknown": [1, 1]}
    assert sound(made)
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        assert mart(connection, "contingent")["pupil_count"].sum() == 2, "who left after 20 September still counts on it"


def test_between_two_20_septembers_where_history_is_known(region: Region, warehouse: Database) -> None:
    for valid_from, valid_to, grade, reason in (("2020-09-01", None, 6, None), ("2024-09-20", "2025-06-25", 9, "graduated"), ("2024-09-21", None, 3, None),
                                                ("2025-09-01", None, 1, None), ("2025-09-21", None, 1, None)):
        region.enrol(region.child("2015-05-01"), valid_from, valid_to, grade=grade, exit_reason=reason)
    region.insert("quality.version", version=0, kind="load", as_of=date(2024, 9, 1), created_at=datetime(2024, 9, 1, tzinfo=UTC))
    made = report(warehouse)
    assert region_lines(made, "twelve_months") == {
        "start": [2, 2], "arrived": [2, 2], "arrived_first_grade": [1, 1], "arrived_outside": [1, 1], "left": [1, 1], "left_graduated": [1, 1], "end": [3, 3]}
    assert sound(made)


def test_between_two_20_septembers_reads_no_data_where_the_first_load_came_later(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2015-05-01"), "2020-09-01", grade=6)
    region.enrol(region.child("2015-05-01"), "2020-09-01", "2025-06-25", grade=9, exit_reason="graduated")
    made = report(warehouse)
    assert set(table(made, "region_twelve_months").rows["region"]) == {"нет данных"}
    assert not [part.name for part in made.tables if part.name == "organisations_twelve_months"]
    assert sound(made)


def test_kindergarten_is_no_school_and_an_organisation_without_municipality_is_not_told(region: Region, warehouse: Database) -> None:
    child = region.child("2018-05-01")
    region.enrol(child, "2022-09-01", "2025-08-31", at=KINDERGARTEN, programme="preschool", grade=None)
    region.enrol(child, "2025-09-03", grade=1, at="1020000000008")
    made = report(warehouse)
    assert region_lines(made) == {"arrived": [1, 1], "arrived_first_grade": [1, 1], "end": [1, 1]}
    assert table(made, "municipalities_school_year").rows["municipality"].tolist() == ["не указан", "Всего"]


@pytest.mark.parametrize("as_of", [date(1999, 3, 1), date(2024, 2, 29), date(2031, 1, 1)])
def test_a_date_outside_all_data_gives_a_report_and_its_note(region: Region, warehouse: Database, as_of: date) -> None:
    region.enrol(region.child("2015-05-01"), "2025-09-01", "2026-06-01", grade=4)
    made = report(warehouse, as_of)
    assert region_lines(made) == {}
    assert "движение пусто" in made.notes[0]
    assert table(made, "results").rows["assessed_count"].tolist() == [0]
    assert sound(made)


def finals(region: Region, child: int, period: str, *marks: str) -> None:
    for number, mark in enumerate(marks):
        region.insert("core.final_mark", **region.meta(next(region.numbers), "journal_eljur"), record_id=child, organisation_key=SCHOOL,
                      subject_raw=f"Предмет {number}", period=period, mark_value=int(mark) if mark.isdigit() else None, mark_text=mark)


def results(made: Report) -> list[dict[str, Any]]:
    return [{name: cell for name, cell in row.items() if pd.notna(cell) and cell} for row in table(made, "results").rows.to_dict("records")]


def test_the_result_of_a_period_is_the_worst_of_its_marks(region: Region, warehouse: Database) -> None:
    for marks in (("5", "5", "зач"), ("5", "4"), ("4", "3"), ("5", "2"), ("н/а", "2"), ("н/а", "5"), ("зач", "осв")):
        child = region.child("2014-05-01")
        region.enrol(child, "2024-09-01", grade=5)
        finals(region, child, "2025-Q1", *marks)
    region.enrol(region.child("2018-05-01"), "2025-09-01", grade=1)     # unmarked
    made = report(warehouse)
    once = {"assessed_count": 7, "excellent": 1, "good": 1, "satisfactory": 1, "failing": 2, "not_attested": 1, "credit_only": 1}
    assert results(made) == [{"period": "1 четверть 2025/26", "grade": "5", **once}, {"period": "Всего", **once}]


def test_only_the_latest_period_finished_by_the_report_date_counts(region: Region, warehouse: Database) -> None:
    for grade, marks in ((5, {"2025-Q1": "2", "2025-Q2": "5", "2025-Q3": "2"}), (10, {"2025-H1": "4"})):
        child = region.child("2012-05-01")
        region.enrol(child, "2024-09-01", grade=grade)
        for period, mark in marks.items():
            finals(region, child, period, mark)
    told = {day: [(row["period"], row["grade"], *(name for name in ("excellent", "good", "failing") if name in row)) for row in results(report(warehouse, day))[:-1]]
            for day in (date(2025, 10, 23), date(2025, 10, 24), date(2025, 12, 30), date(2026, 3, 26))}
    half = [("1 полугодие 2025/26", "10", "good"), ("2 четверть 2025/26", "5", "excellent")]
    assert told == {date(2025, 10, 23): [], date(2025, 10, 24): [("1 четверть 2025/26", "5", "failing")], date(2025, 12, 30): half, date(2026, 3, 26): half}


def test_the_year_reads_no_data_until_there_are_year_finals_and_certificates_always(region: Region, warehouse: Database) -> None:
    for marks in (("5", "4"), ("3",), ("2",), ("н/а",)):
        child = region.child("2010-05-01")
        region.enrol(child, "2024-09-01", grade=9)
        finals(region, child, "2025-Y", *marks)
    assert set(table(report(warehouse), "year_results").rows["total"]) == {"нет данных"}
    assert table(report(warehouse, date(2026, 5, 26)), "year_results").rows["total"].tolist() == [4, 2, 1, 1, 1, "нет данных", "нет данных", "нет данных"]


def test_a_map_with_a_line_nobody_counts_is_one_clear_error(region: Region, warehouse: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (forms.FOLDER / "movement.yaml").read_text("utf-8")
    head = content[:content.index("equalities:")]
    for old, new, code in (("{name: left_health,", "{name: left_home,", "form.row_unknown"), ("{name: year_good,", "{name: year_best,", "form.row_unknown"),
                           ("{name: organisations,", "{name: schools,", "form.column_unknown")):
        broken = forms.parse("movement", head.replace(old, new))
        with monkeypatch.context() as patch:
            patch.setattr(forms, "read", lambda _, broken=broken: broken)
            with pytest.raises(ConfigurationError) as raised:
                report(warehouse)
        assert raised.value.code == code
        assert "\n" not in raised.value.message
