"""Tests of mart and report of the contingent on 20 September (form ОО-1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from drawn import AS_OF, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, Database, Region
from sqlalchemy import text

from schemas.errors import ConfigurationError
from warehouse.reports import forms, make
from warehouse.reports.catalogue import of
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


def test_control_equalities_hold_and_say_what_cannot_be_checked(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2016-05-01", "F"), "2023-09-01", grade=3)
    region.enrol(region.child("2016-05-01", None), "2023-09-01", grade=3, at=OTHER_SCHOOL)
    outcomes = {check.name: check.outcome for check in report(warehouse).checks}
    assert outcomes == {"row_09": "not_applicable", "pupils": "passed", "sexes": "failed", "municipalities": "passed", "organisations": "passed",
                        "class_sets": "passed", "columns": "not_applicable", "areas": "passed", "shifts": "passed", "third_shift": "not_applicable"}


def fill(region: Region, pupils: int, **place: Any) -> None:
    """One class of so many pupils."""
    for _ in range(pupils):
        region.enrol(region.child("2015-05-01", "F"), "2025-09-01", **place)


def sets(made: Report) -> dict[str, list[Any]]:
    rows = table(made, "class_sets").rows
    return {code if code != "–" else title.removeprefix("Из строки 01: ").split(":")[0]: cells for code, title, *cells in rows.to_numpy().tolist()}


def test_section_2_4_counts_classes_by_step_and_small_ones_by_area(region: Region, warehouse: Database) -> None:
    region.organisation("1020000000009", "Школа без местности", is_rural=None)
    fill(region, 24, grade=1)                                      # town: fewer than 25
    fill(region, 25, grade=5)                                      # town: not fewer
    fill(region, 13, grade=9, at=OTHER_SCHOOL)                     # village: fewer than 14
    fill(region, 14, grade=10, at=OTHER_SCHOOL)                    # village: not fewer
    fill(region, 2, grade=12, at="1020000000009")                  # area unknown: counted in neither
    fill(region, 1, grade=4, study_form="family")                  # no class
    none = ["нет данных"] * 3
    assert sets(report(warehouse)) == {
        "01": [5, *none], "02": [1, *none], "03": [2, *none], "04": [2, *none], "с числом обучающихся менее 25 (город)": [1, *none],
        "с числом обучающихся менее 14 (село)": [1, *none], "местность организации неизвестна, наполняемость не оценена": [1, *none]}


def test_a_class_of_unknown_grade_has_its_own_row_in_2_4(region: Region, warehouse: Database) -> None:
    fill(region, 1, grade=None)
    fill(region, 1, grade=1)
    made = sets(report(warehouse))
    assert (made["01"][0], made["02"][0], made["Класс (параллель) не указан"][0]) == (2, 1, 1)


def test_sections_that_no_source_fills_read_no_data_and_never_zero(region: Region, warehouse: Database) -> None:
    fill(region, 1)
    for name, rows, columns in (("adapted_classes", 8, 15), ("mixed_classes", 3, 1)):
        cells = table(report(warehouse), name).rows
        assert cells.shape == (rows, columns + 2)
        assert set(cells["total"]) == {"нет данных"}
        assert cells.iloc[:, 3:].isna().all(axis=None)


def test_shifts_count_pupils_in_their_own_shift_and_a_class_in_that_of_most(region: Region, warehouse: Database) -> None:
    for shift, grade, letter in ((1, 2, "А"), (2, 2, "А"), (2, 2, "А"), (1, 2, "Б"), (2, 2, "Б"), (3, 7, "А"), (None, 8, "А")):
        fill(region, 1, grade=grade, letter=letter, shift=shift)   # of equals the earlier shift
    fill(region, 1, grade=2, shift=2, study_form="family")
    rows = table(report(warehouse), "shifts").rows.set_index("title")
    assert rows.loc["Всего классов", ["total", "grade_2", "grade_7", "grade_8"]].tolist() == [4, 2, 1, 1]
    assert {title: rows.loc[f"классов: {title}", "total"] for title in ("1-я смена", "2-я смена", "3-я смена", "смена не указана")} == {
        "1-я смена": 1, "2-я смена": 1, "3-я смена": 1, "смена не указана": 1}
    assert rows.loc["обучающихся: 2-я смена", ["total", "grade_2", "grade_7"]].tolist() == [3, 3, 0]
    assert rows.loc["обучающихся: смена не указана", "grade_8"] == 1


def test_an_organisation_without_municipality_is_shown_as_not_told(region: Region, warehouse: Database) -> None:
    region.organisation("1020000000009", "Школа вне муниципалитетов", oktmo="99999999")
    fill(region, 2, at="1020000000009")
    fill(region, 1, at="1020000000008")                            # not in the register at all
    made = report(warehouse)
    assert table(made, "municipalities").rows[["municipality", "pupil_count"]].to_numpy().tolist() == [["не указан", 3], ["Всего", 3]]
    assert all(check.outcome != "failed" for check in made.checks)


def test_a_map_that_names_a_row_or_column_nobody_counts_is_one_clear_error(region: Region, warehouse: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (forms.FOLDER / "oo1.yaml").read_text("utf-8")
    for old, new, code in (("{name: pupils_3,", "{name: pupils_4,", "form.row_unknown"), ("{name: small_rural,", "{name: tiny,", "form.row_unknown"),
                           ("{name: grade_9,", "{name: grade_13,", "form.column_unknown"),
                           ("классы-комплекты, available: false", "классы-комплекты", "form.column_unknown")):
        assert old in content
        broken = forms.parse("oo1", content.replace(old, new))
        with monkeypatch.context() as patch:
            patch.setattr(forms, "read", lambda _, broken=broken: broken)
            with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection, pytest.raises(ConfigurationError) as raised:
                make(connection, version=1, as_of=AS_OF, wanted=[of("R1")])
        assert raised.value.code == code
        assert "\n" not in raised.value.message


def test_a_date_without_data_gives_an_empty_report_that_says_so(region: Region, warehouse: Database) -> None:
    fill(region, 1)
    made = report(warehouse, date(1999, 3, 1))
    assert made.lead.startswith("0 обучающихся")
    assert "отчёт пуст" in made.notes[0]
    assert all(check.outcome != "failed" for check in made.checks)


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
