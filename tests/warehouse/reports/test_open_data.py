"""Tests of the open-data report: what leaves the warehouse for everybody is protected, and shows what it should."""

from __future__ import annotations

import pytest
from drawn import AS_OF, KABANSK, OTHER_SCHOOL, Database, Region

from warehouse import trace_figures
from warehouse.drills import drill_of
from warehouse.reports import catalogue, make
from warehouse.reports.model import Report
from warehouse.reports.reader import frame, snapshot
from warehouse.trace_units import UNITS

pytestmark = pytest.mark.warehouse


def report(warehouse: Database) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        return make(connection, version=1, as_of=AS_OF, wanted=(catalogue.of("open_data"),))[0]


def cells(made: Report, name: str) -> dict[tuple[str, ...], str]:
    table = next(one for one in made.tables if one.name == name)
    return {tuple(row[1:-1]): row[-1] for row in table.rows.itertuples(index=False, name=None)}


def children(region: Region, count: int, sex: str, *, grade: int = 1, born: str = "2018-05-01", at: str | None = None, oktmo: str | None = None) -> None:
    for _ in range(count):
        child = region.child(born, sex, **({"oktmo": oktmo} if oktmo else {}))
        region.enrol(child, "2025-09-01", grade=grade, **({"at": at} if at else {}))


def test_small_counts_zero_and_rounded_counts_are_shown_as_the_method_says(region: Region, warehouse: Database) -> None:
    for grade in (1, 2, 3, 4):
        children(region, 15, "F", grade=grade)
        children(region, 20, "M", grade=grade)
        children(region, 2, "F", grade=grade, at=OTHER_SCHOOL, oktmo=KABANSK)
        children(region, 10 if grade > 1 else 0, "M", grade=grade, at=OTHER_SCHOOL, oktmo=KABANSK)
    shown = cells(report(warehouse), "pupils_by_place")
    assert shown["г. Улан-Удэ", "1", "женский"] == "15"
    assert shown["г. Улан-Удэ", "1", "мужской"] == "20"
    assert shown["Кабанский район", "1", "женский"] == "1–4"
    assert shown["Кабанский район", "1", "мужской"] == "0"
    assert shown["г. Улан-Удэ", "1", "Всего"] == "35"


def test_where_counts_are_exact_a_small_one_is_hidden_and_cannot_be_reckoned_from_the_totals(region: Region, warehouse: Database) -> None:
    for born, girls, boys in (("2018-05-01", 2, 20), ("2017-05-01", 30, 21), ("2016-05-01", 15, 25)):
        children(region, girls, "F", born=born)
        children(region, boys, "M", born=born)
    shown = cells(report(warehouse), "pupils_by_age")
    assert shown["7", "женский"] == "…"
    for line in (["7"], ["8"], ["9"], ["Всего"]):
        assert [shown[line[0], sex] for sex in ("женский", "мужской", "Всего")].count("…") != 1, line
    assert sum(shown[age, "женский"] == "…" for age in ("7", "8", "9", "Всего")) > 1
    assert shown["9", "мужской"] == "25" or shown["8", "женский"] == "30"


def test_every_table_counts_the_same_children_and_an_empty_region_has_no_tables(region: Region, warehouse: Database) -> None:
    assert [table.name for table in report(warehouse).tables] == ["audit"]
    children(region, 9, "F", born="2015-05-01")
    made = report(warehouse)
    assert [check.outcome for check in made.checks] == ["passed", "passed"]
    assert {table.name for table in made.tables} == {"audit", "pupils_by_place", "pupils_by_age", "children_by_home", "children_by_age"}


def test_every_row_is_found_by_its_name_and_no_cell_of_it_is_a_count_that_lists_children(region: Region, warehouse: Database) -> None:
    children(region, 9, "F", born="2015-05-01")
    children(region, 2, "M", born="2014-05-01", at=OTHER_SCHOOL, oktmo=KABANSK, grade=2)
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        units = frame(connection, UNITS["roll"].query)
    for table in report(warehouse).tables:
        drill = drill_of("open_data", table.name)
        for row in table.rows.to_dict("records"):
            found = trace_figures._row(table, " / ".join(str(row[name]) for name in drill.named), drill.named)
            assert found.to_dict() == row
            assert drill.belongs(units, found).empty
            assert {drill.measures(found, str(column)) for column in table.rows.columns} == {None}
