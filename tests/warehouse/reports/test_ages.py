"""Tests of mart and report of ages at 1 January (age section of form ОО-1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from drawn import AS_OF, OTHER_SCHOOL, Database, Region

from schemas.errors import ConfigurationError
from warehouse.reports import forms, make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import frame, snapshot

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, as_of: date = AS_OF) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=as_of) as connection:
        return make(connection, version=1, as_of=as_of, wanted=[of("R2")])[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


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


def test_ages_by_municipality_have_a_row_for_each_age_there_is_and_add_up(region: Region, warehouse: Database) -> None:
    region.organisation("1020000000009", "Школа вне муниципалитетов", oktmo="99999999")
    for born, sex, grade, at in (("2018-05-01", "F", 1, "1020000000001"), ("2018-06-01", "M", 1, "1020000000001"), ("2008-05-01", "M", 11, OTHER_SCHOOL),
                                 (None, "F", None, "1020000000009")):
        region.enrol(region.child(born, sex), "2025-09-01", grade=grade, at=at)
    made = report(warehouse)
    rows = table(made, "municipalities").rows
    assert rows[["municipality", "age", "pupils_total", "girls_total", "pupils_1", "girls_1", "pupils_11", "pupils_?"]].to_numpy().tolist() == [
        ["Кабанский район", "17 лет", 1, 0, 0, 0, 1, 0], ["г. Улан-Удэ", "7 лет", 2, 1, 2, 1, 0, 0],
        ["не указан", "Дата рождения неизвестна", 1, 1, 0, 0, 0, 1], ["Всего", "Всего", 4, 2, 2, 1, 1, 1]]
    assert {check.name: check.outcome for check in made.checks} == {
        "contingent": "passed", "grades": "passed", "municipalities": "passed", "sexes": "passed", "undated": "not_applicable"}


def test_a_date_without_data_gives_an_empty_report_that_says_so(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2018-05-01"), "2025-09-01")
    for as_of in (date(1999, 3, 1), date(2025, 9, 19)):
        made = report(warehouse, as_of)
        assert made.lead.startswith("0 обучающихся")
        assert "отчёт пуст" in made.notes[0]
        assert table(made, "ages").rows["pupils_total"].sum() == 0
        assert all(check.outcome != "failed" for check in made.checks)


def test_a_map_with_an_age_nobody_counts_is_one_clear_error(region: Region, warehouse: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (forms.FOLDER / "oo1_age.yaml").read_text("utf-8")
    broken = forms.parse("oo1_age", content.replace('{name: "18"', '{name: "19"'))
    monkeypatch.setattr(forms, "read", lambda _: broken)
    with pytest.raises(ConfigurationError) as raised:
        report(warehouse)
    assert raised.value.code == "form.row_unknown"
