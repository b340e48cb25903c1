"""Tests of marts and report of preschool groups (form 85-К), places and coverage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from drawn import AS_OF, KABANSK, KINDERGARTEN, SCHOOL, Database, Region

from warehouse.reports import control_sides, make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report, Table
from warehouse.reports.preschool_tables import named
from warehouse.reports.reader import snapshot

pytestmark = pytest.mark.warehouse
OTHER_KINDERGARTEN, SILENT = "1020000000005", "1020000000006"


def report(warehouse: Database, as_of: Any = AS_OF) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return make(connection, version=1, as_of=as_of, wanted=(of("preschool"),))[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def attend(region: Region, child: int, valid_from: str = "2025-09-01", valid_to: str | None = None, *, at: str = KINDERGARTEN,
           group: str | None = "Средняя № 1") -> None:
    region.enrol(child, valid_from, valid_to, at=at, grade=None, letter=group, programme="preschool")  # type: ignore[arg-type]


def section_7(made: Report) -> pd.DataFrame:
    return table(made, "children").rows.set_index("code")


def test_age_is_full_years_at_1_january_of_the_next_year(region: Region, warehouse: Database) -> None:
    born = {"2026-01-01": None, "2025-01-01": "age_1", "2025-01-02": "age_0", "2024-12-31": "age_1", "2020-01-01": "age_6", "2020-01-02": "age_5",
            "2019-01-01": "age_7", "2017-05-01": "age_7"}
    for birth_date, age in born.items():
        if age:
            attend(region, region.child(birth_date))
    row = section_7(report(warehouse)).loc["701"]
    assert row["total"] == 7
    assert {age: row[age] for age in (f"age_{n}" for n in range(8))} == {
        "age_0": 1, "age_1": 2, "age_2": 0, "age_3": 0, "age_4": 0, "age_5": 1, "age_6": 1, "age_7": 2}
    assert "age_unknown" not in row


def test_a_child_without_a_birth_date_stands_in_a_column_of_its_own_and_the_sum_still_holds(region: Region, warehouse: Database) -> None:
    attend(region, region.child(None))
    attend(region, region.child("2021-05-01"))
    row = section_7(report(warehouse)).loc["701"]
    assert (row["total"], row["age_4"], row["age_unknown"]) == (2, 1, 1)


def test_rows_of_girls_and_foreign_children_and_what_no_source_sends(region: Region, warehouse: Database) -> None:
    for sex, citizenship in (("F", "643"), ("F", "496"), ("M", "496"), ("M", None)):
        child = region.child("2021-05-01", sex)
        attend(region, child)
        with region.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE core.pupil SET citizenship = %s WHERE pupil_id = %s", (citizenship, child))
    made = report(warehouse)
    rows = section_7(made)["total"]
    assert {code: rows[code] for code in ("701", "702", "703", "704", "707", "708")} == {"701": 4, "702": 2, "703": 4, "704": 2, "707": 2, "708": 1}
    assert {rows[code] for code in ("705", "706", "709", "710")} == {"нет данных"}
    assert {check.name: check.left for check in made.checks}["citizenship"] == 1
    assert rows.index.tolist().count("–") == 2, "codes of stateless children are not confirmed"


def test_groups_are_counted_once_and_told_by_the_beginning_of_their_names(region: Region, warehouse: Database) -> None:
    names = ("Средняя № 1", "Средняя № 1", "СРЕДНЯЯ № 2",
             "Первая младшая", "Вторая младшая", "Ясли", "Подготовительная", "Старшая", "Разновозрастная", "Солнышко", None)
    for name in names:
        attend(region, region.child("2021-05-01"), group=name)
    made = report(warehouse)
    row = table(made, "groups").rows.set_index("code").loc["401"]
    assert [row[name] for name in ("total", "age_0", "age_1", "age_3", "age_5", "mixed", "unknown")] == [9, 0, 2, 3, 2, 1, 1]
    kinds = table(made, "group_kinds").rows.set_index("title")
    assert kinds.loc["Средняя"].tolist() == [2, 3]
    assert kinds.loc["Другое название"].tolist() == [1, 1]
    assert kinds.loc["Группа не названа"].tolist() == [0, 1]
    assert kinds.loc["Всего"].tolist() == [9, 11]


def test_a_name_tells_its_age_whatever_its_letters_and_first_junior_is_not_second() -> None:
    drawn = {" вторая Младшая": "age_3", "первая младшая": "age_1", "ЯСЛИ-2": "age_1", "Младшая": "unknown", "Старшая логопедическая": "age_5", "": None}
    made = named(pd.Series(list(drawn), dtype="string"))["column"]
    assert [None if pd.isna(one) else one for one in made] == list(drawn.values())


def test_an_enrolment_counts_when_it_is_in_force_on_the_report_date_and_a_child_once(region: Region, warehouse: Database) -> None:
    attend(region, region.child("2021-05-01"), "2025-10-24")
    attend(region, region.child("2021-05-01"), "2025-10-25")
    attend(region, region.child("2021-05-01"), "2025-09-01", "2025-10-24")
    attend(region, region.child("2021-05-01", death_date="2025-10-24"))
    twice = region.child("2021-05-01")
    region.organisation(OTHER_KINDERGARTEN, "Детский сад села", kind="kindergarten", oktmo=KABANSK, is_rural=True)
    attend(region, twice, "2024-09-01")
    attend(region, twice, "2025-09-01", at=OTHER_KINDERGARTEN)
    made = report(warehouse)
    assert section_7(made).loc["701", "total"] == 2
    children = table(made, "municipalities").rows.set_index("municipality")["child_count"]
    assert children.to_dict() == {"г. Улан-Удэ": 1, "Кабанский район": 1, "Всего": 2}
    assert "двойной учёт: 1" in made.lead


@pytest.mark.parametrize(("as_of", "expected"), [
    (date(2025, 12, 31), {"age_5": 1, "age_4": 1}), (date(2026, 1, 1), {"age_5": 1, "age_4": 1}), (date(2026, 1, 31), {"age_5": 1, "age_4": 1}),
    (date(2026, 2, 1), {"age_5": 1, "age_2": 1})])
def test_in_january_the_form_is_that_of_31_december_and_from_february_of_the_new_year(
        region: Region, warehouse: Database, as_of: date, expected: dict[str, int]) -> None:
    attend(region, region.child("2021-06-01"), "2025-12-31")
    attend(region, region.child("2020-06-01"), "2025-09-01", "2026-01-01")
    attend(region, region.child("2024-06-01"), "2026-01-01")
    row = section_7(report(warehouse, as_of)).loc["701"]
    assert {f"age_{n}": row[f"age_{n}"] for n in range(8) if row[f"age_{n}"]} == expected


def seats(region: Region, key: str, count: int | None) -> None:
    with region.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE core.organisation SET place_count = %s WHERE organisation_key = %s", (count, key))


def test_children_per_100_places_and_overloaded_kindergartens(region: Region, warehouse: Database) -> None:
    region.organisation(OTHER_KINDERGARTEN, "Детский сад села", kind="kindergarten", oktmo=KABANSK, is_rural=True)
    region.organisation(SILENT, "Детский сад, который молчит", kind="kindergarten")
    seats(region, SILENT, 40)
    seats(region, KINDERGARTEN, 3)
    seats(region, OTHER_KINDERGARTEN, 8)
    seats(region, SCHOOL, 500)
    for at, children in ((KINDERGARTEN, 4), (OTHER_KINDERGARTEN, 1), (SCHOOL, 2)):
        for _ in range(children):
            attend(region, region.child("2021-05-01"), at=at)
    made = report(warehouse)
    rows = table(made, "organisations").rows.set_index("organisation_key")
    names = ["child_count", "outside_count", "place_count", "silent_place_count", "excess_count", "free_count", "per_hundred"]
    assert rows.loc[KINDERGARTEN, names].tolist() == [4, 0, 3, 0, 1, 0, 133]
    assert rows.loc[OTHER_KINDERGARTEN, names].tolist() == [1, 0, 8, 0, 0, 7, 13], "12.5 is rounded upwards"
    assert rows.loc[SCHOOL, names[:-1]].tolist() == [2, 2, 0, 0, 0, 0]
    assert rows.loc[SILENT, names[:-1]].tolist() == [0, 0, 40, 40, 0, 0], "who sends nothing has no free places"
    assert pd.isna(rows.loc[SCHOOL, "per_hundred"])
    total = table(made, "organisations").rows.iloc[-1]
    assert total[names].tolist() == [7, 2, 51, 40, 1, 7, 45], "5 children of 11 places"
    assert "не передали сведений 1;" in made.lead
    assert table(made, "overloaded").rows["organisation_key"].tolist() == [KINDERGARTEN]
    assert table(made, "municipalities").rows["overloaded_count"].tolist() == [0, 1, 1]


def test_coverage_is_children_in_kindergartens_among_living_children_of_1_to_6_by_residence(region: Region, warehouse: Database) -> None:
    for _ in range(19):
        attend(region, region.child("2021-05-01"))
    region.child("2021-05-01", is_resident=None)
    for left_out in ({"is_resident": False}, {"death_date": "2025-10-24"}):
        region.child("2021-05-01", **left_out)  # type: ignore[arg-type]
    for other_age in ("2025-01-02", "2019-01-01"):
        attend(region, region.child(other_age))
    attend(region, region.child("2021-05-01", oktmo=KABANSK))
    region.enrol(region.child("2019-01-02", oktmo=KABANSK), "2025-09-01")
    rows = table(report(warehouse), "coverage").rows.set_index("municipality")
    assert rows.loc["г. Улан-Удэ"].tolist() == [20, 19, 0, 0.95]
    assert rows.loc["Кабанский район"].tolist()[:3] == [2, 1, 1]
    assert pd.isna(rows.loc["Кабанский район", "coverage_share"]), "no share of fewer than 20 children"


def test_equalities_of_85k_are_judged_before_publication(region: Region, warehouse: Database) -> None:
    attend(region, region.child("2021-05-01", "F"))
    attend(region, region.child("2022-05-01"), group="Ясли")
    sides = {one.equality.id: one for one in control_sides(warehouse.engine(), version=1, as_of=AS_OF) if one.equality.id.startswith("form.85k.")}
    assert {(one.left, one.right) for name, one in sides.items() if name.endswith(("_by_age", "register", "municipalities", "organisations", "in_groups"))} == {
        (2, 2), (1, 1), (0, 0)}
    assert sides["form.85k.groups_by_kind"].right is None, "the orientation of groups is not sent"
    assert len(sides) == 10
