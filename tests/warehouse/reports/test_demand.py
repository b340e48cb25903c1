"""Report of places ahead over a drawn warehouse: what it reads, what it says when there is no past, knobs and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from drawn import AS_OF, KABANSK, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, ULAN_UDE, Database, Region

from warehouse.reports import demand_knobs, make
from warehouse.reports.catalogue import of
from warehouse.reports.demand_inputs import last_known
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import frame, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        return make(connection, version=1, as_of=AS_OF, wanted=(of("demand"),))[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def seats(region: Region, key: str, count: int | None) -> None:
    with region.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE core.organisation SET place_count = %s WHERE organisation_key = %s", (count, key))


def archive(region: Region, years: range, pupils: dict[int, int], oktmo: str = ULAN_UDE) -> None:
    for year in years:
        for grade, count in pupils.items():
            region.insert("core.past_contingent", **region.meta(next(region.numbers), "oo1_archive"), school_year=year, oktmo=oktmo, grade=grade, pupil_count=count)


@pytest.fixture
def regular(region: Region, monkeypatch: pytest.MonkeyPatch) -> Region:
    """A town where two children are born each March and two study in each of grades 1 and 2, for ever; a village without anybody."""
    monkeypatch.setattr(demand_knobs, "read", lambda: replace(demand_knobs.parse((demand_knobs.forms.FOLDER / "demand.yaml").read_text("utf-8")), least_children=1))
    for year in range(2008, 2026):
        for sex in ("M", "F"):
            child = region.child(f"{year}-03-15", sex)
            if year in (2017, 2018):
                region.enrol(child, "2025-09-01", grade=2025 - year - 6, shift=2 if sex == "F" else 1)
            elif year in (2020, 2022):
                region.enrol(child, "2024-09-01", at=KINDERGARTEN, grade=None, letter="Средняя", programme="preschool")
    archive(region, range(2015, 2025), {1: 2, 2: 2})
    seats(region, SCHOOL, 3)
    seats(region, KINDERGARTEN, 5)
    return region


def test_without_a_past_nothing_is_forecast_for_its_error_cannot_be_known(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2018-03-15"), "2025-09-01", grade=1)
    archive(region, range(2024, 2025), {1: 2})
    made = report(warehouse)
    assert "не построен" in made.lead
    assert table(made, "schools_total").rows["school_year"].tolist() == ["2025/26"]
    assert table(made, "kindergartens_total").rows["school_year"].tolist() == ["2025/26"]
    assert table(made, "back_test").rows.empty


def test_a_regular_town_stays_as_it_is_and_its_error_is_nought(regular: Region, warehouse: Database) -> None:
    made = report(warehouse)
    rows = table(made, "schools_total").rows
    assert rows["school_year"].tolist() == [f"{year}/{year - 1999}" for year in range(2025, 2033)]
    assert rows[["grade_1", "pupils", "low", "high"]].drop_duplicates().to_numpy().tolist() == [[2, 4, 4, 4]]
    tested = table(made, "back_test").rows
    assert tested["horizon"].tolist() == list(range(1, 8))
    assert (tested[["municipality_error", "republic_error"]] == 0).all(axis=None)
    assert "0,0" in made.lead
    assert all(check.outcome == "passed" for check in made.checks)


def test_places_are_short_by_shift(regular: Region, warehouse: Database) -> None:
    town = table(report(warehouse), "schools").rows.query("municipality == 'г. Улан-Удэ'").iloc[-1]
    assert town[["pupils", "place_count", "first_shift", "balance_as_is", "balance_one_shift"]].tolist() == [4, 3, 2, 1, -1]


def test_kindergartens_need_the_share_that_attends_of_both_ages(regular: Region, warehouse: Database) -> None:
    garden = table(report(warehouse), "kindergartens").rows.query("municipality == 'г. Улан-Удэ'").reset_index(drop=True)
    first = garden.iloc[0]
    # under 3 on 1 September 2025: born March 2023, 2024 and 2025, none attends; 3 to 6.5: born March 2019 to 2022 less who began school, four of eight attend
    assert first[["children_0_3", "unborn_count", "children_3_7", "demand_0_3", "demand_3_7", "demand", "place_count", "balance"]].tolist() == [
        6, 0, 8, 0, 4, 4, 5, 1]
    assert garden["unborn_count"].tolist() == [0, 2, 4, 6, 6, 6, 6, 6]
    assert garden["children_3_7"].tolist() == [8] * 8


def test_the_take_up_of_the_knobs_stands_for_the_observed_one(regular: Region, warehouse: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    knobs = replace(demand_knobs.read(), take_up_0_3=0.5, take_up_3_7=1.0, one_shift=False)
    monkeypatch.setattr(demand_knobs, "read", lambda: knobs)
    made = report(warehouse)
    garden = table(made, "kindergartens").rows.query("municipality == 'г. Улан-Удэ'").iloc[0]
    assert garden[["demand_0_3", "demand_3_7"]].tolist() == [3, 8]
    assert "до 3 лет – 50,0" in made.notes[-3]
    assert "при нынешних сменах" in made.lead


def test_a_form_of_this_year_or_later_does_not_stand_for_the_register(regular: Region, warehouse: Database) -> None:
    archive(regular, range(2025, 2026), {1: 900})
    assert table(report(warehouse), "schools_total").rows["pupils"].iloc[0] == 4


def test_pupils_without_a_grade_are_told_and_not_carried_on(regular: Region, warehouse: Database) -> None:
    regular.enrol(regular.child("2015-03-15"), "2025-09-01", grade=None, at=OTHER_SCHOOL)
    check = next(one for one in report(warehouse).checks if one.name == "contingent")
    assert (check.left, check.right, check.note) == (5, 5, "вне 1–12 классов: 1")


def test_births_are_counted_by_month_and_residence_and_only_of_those_who_live_here(region: Region, warehouse: Database) -> None:
    for born, more in (("2020-03-01", {}), ("2020-03-31", {}), ("2020-04-01", {"oktmo": KABANSK}), ("2020-03-05", {"is_resident": False}),
                       ("2020-03-06", {"death_date": "2024-01-01"}), ("2007-10-31", {}), ("2007-11-01", {})):
        region.child(born, **more)  # type: ignore[arg-type]
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        found = frame(connection, "SELECT oktmo, birth_month, child_count FROM marts.birth_cohort ORDER BY birth_month")
    assert found.to_numpy().tolist() == [[ULAN_UDE, date(2007, 11, 1), 1], [ULAN_UDE, date(2020, 3, 1), 2], [KABANSK, date(2020, 4, 1), 1]]


def test_a_month_of_birth_counts_as_known_a_month_after_its_end() -> None:
    for day, month in ((date(2025, 10, 24), "2025-08-01"), (date(2025, 10, 1), "2025-08-01"), (date(2026, 1, 31), "2025-11-01"), (date(2025, 4, 30), "2025-02-01")):
        assert last_known(day) == pd.Timestamp(month), day
