"""Tests of mart and report of children of school age who study nowhere (successor of form 1-НД)."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from drawn import AS_OF, COLLEGE, KABANSK, KINDERGARTEN, OPEN, OTHER_SCHOOL, SCHOOL, Database, Region
from sqlalchemy import text

from warehouse.reports import make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import mart, snapshot
from warehouse.reports.shape import LEAST

pytestmark = pytest.mark.warehouse


def listed(warehouse: Database) -> dict[int, str]:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        rows = mart(connection, "not_enrolled")
    return dict(zip(rows["pupil_id"], rows["reason"], strict=True))


def report(warehouse: Database, *, with_names: bool = False) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        return make(connection, version=1, as_of=AS_OF, with_names=with_names, wanted=(of("not_enrolled"),))[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def test_ages_7_to_17_at_1_january_of_the_report_year(region: Region, warehouse: Database) -> None:
    inside = [region.child(born) for born in ("2018-01-01", "2007-01-02", "2016-02-29")]
    for born in ("2018-01-02", "2007-01-01", None):
        region.child(born)
    assert set(listed(warehouse)) == set(inside)


def test_the_dead_and_those_who_moved_away_are_not_listed(region: Region, warehouse: Database) -> None:
    region.child("2012-05-01", death_date="2025-10-24")
    region.child("2012-05-01", is_resident=False)
    dies_later = region.child("2012-05-01", death_date="2025-10-25")
    assert set(listed(warehouse)) == {dies_later}


def test_school_college_and_family_form_are_enrolment_and_kindergarten_is_a_known_reason(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2012-05-01"), "2019-09-01", grade=7, programme="basic")
    region.enrol(region.child("2008-05-01"), "2024-09-01", at=COLLEGE, grade=None, programme="vocational")
    region.enrol(region.child("2012-05-01"), "2019-09-01", grade=7, programme="basic", study_form="family")
    small = region.child("2018-01-01")
    region.enrol(small, "2022-09-01", at=KINDERGARTEN, grade=None, programme="preschool")
    assert listed(warehouse) == {small: "kindergarten"}


def test_an_enrolment_ends_on_the_day_it_is_valid_to(region: Region, warehouse: Database) -> None:
    ends, lasts, comes = (region.child("2012-05-01") for _ in range(3))
    region.enrol(ends, "2019-09-01", "2025-10-24", exit_reason="expelled")
    region.enrol(lasts, "2019-09-01", "2025-10-25")
    region.enrol(comes, "2025-10-25")
    assert listed(warehouse) == {ends: "expelled", comes: "never_enrolled"}


def test_the_last_organisation_and_reason_are_those_of_the_latest_enrolment(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01", "F", oktmo=KABANSK, is_rural=True)
    region.enrol(child, "2019-09-01", "2023-09-01", at=SCHOOL, exit_reason="transfer")
    region.enrol(child, "2023-09-01", "2025-06-01", at=OTHER_SCHOOL, grade=6, exit_reason="transfer")
    made = report(warehouse)
    row = table(made, "work_list").rows.iloc[0]
    assert row[["municipality", "pupil_id", "age_years", "area", "last_organisation_name", "last_grade"]].tolist() == [
        "Кабанский район", child, 12, "село", "Школа села Кабанск", 6]
    assert row["reason"] == "выбыл переводом, нигде не принят"
    assert table(made, "by_age").rows.set_index("title")["total"].to_dict() == {
        "Не обучаются, всего": 1, "из них девочки": 1, "из них причина известна": 0, "из них причина неизвестна": 1,
        "из них регистрация МВД не подтверждена": 0, "из них возможно обучаются: связь на рассмотрении": 0, "из них местность неизвестна": 0}


def test_a_child_whose_journal_has_dropped_it_still_has_its_last_organisation(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2012-05-01"), "2019-09-01", "2025-09-15", grade=6, programme="basic", exit_reason="expelled")
    with region.engine.begin() as connection:
        connection.execute(text("UPDATE core.enrolment SET version_from = 0, version_to = 1"))
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        row = mart(connection, "not_enrolled").iloc[0]
    assert row[["last_organisation_key", "last_grade", "reason"]].tolist() == [SCHOOL, 6, "expelled"]


def test_municipalities_add_up_and_those_without_children_are_there(region: Region, warehouse: Database) -> None:
    region.child("2012-05-01", is_rural=True)
    for _ in range(LEAST - 1):
        region.enrol(region.child("2012-05-01"), "2019-09-01")
    region.child("2012-05-01", oktmo=KABANSK)
    made = report(warehouse)
    places = table(made, "municipalities").rows.set_index("municipality")
    assert places.loc["г. Улан-Удэ", ["child_count", "enrolled_count", "not_enrolled_count", "rural_count"]].tolist() == [LEAST, LEAST - 1, 1, 1]
    assert places.loc["г. Улан-Удэ", "not_enrolled_share"] == 1 / LEAST
    assert pd.isna(places.loc["Кабанский район", "not_enrolled_share"])
    assert {check.outcome for check in made.checks if check.right is not None} == {"passed"}


def test_a_child_without_a_municipality_is_counted_under_its_own_line(region: Region, warehouse: Database) -> None:
    region.child("2012-05-01", oktmo=None)
    made = report(warehouse)
    assert table(made, "municipalities").rows.set_index("municipality").loc["не указан", "not_enrolled_count"] == 1
    assert all(check.outcome != "failed" for check in made.checks)


def test_names_are_read_only_for_the_restricted_table(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    assert report(warehouse).restricted == ()
    named = report(warehouse, with_names=True).restricted[0].rows.iloc[0]
    assert (named["pupil_id"], named["family_name"]) == (child, "ЦЫДЫПОВ")


def test_those_without_a_birth_date_are_counted_for_the_selection_cannot_judge_them(region: Region, warehouse: Database) -> None:
    region.child(None)
    assert {check.name: check.left for check in report(warehouse).checks if check.right is None} == {"undated": 1}


def test_a_child_whose_residence_nobody_confirms_is_not_lost_from_sight(region: Region, warehouse: Database) -> None:
    unconfirmed = region.child("2012-05-01", is_resident=None)
    region.child("2012-05-01")
    region.enrol(region.child("2012-05-01", is_resident=None), "2019-09-01")
    assert unconfirmed in listed(warehouse)
    assert report(warehouse).tables[0].rows.set_index("title")["total"].loc["из них регистрация МВД не подтверждена"] == 1


def test_a_child_whose_record_is_in_review_with_an_enrolled_child_may_be_enrolled(region: Region, warehouse: Database) -> None:
    candidate, of_record, with_nobody_enrolled, decided, alone = (region.child("2012-05-01") for _ in range(5))
    enrolled = [region.child("2012-05-01") for _ in range(3)]
    for child in enrolled:
        region.enrol(child, "2019-09-01", programme="basic", grade=7)
    pairs = ((enrolled[0], candidate, OPEN), (of_record, enrolled[1], OPEN), (with_nobody_enrolled, alone, OPEN), (enrolled[2], decided, 1))
    for number, (record, other, until) in enumerate(pairs, 1):
        region.insert("identity.review", review_id=number, record_id=record, candidate_pupil_id=other, reasons="[]", version_from=1, version_to=until)
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        rows = mart(connection, "not_enrolled")
    assert set(rows.loc[rows["may_be_enrolled"], "pupil_id"]) == {candidate, of_record}
    made = report(warehouse)
    assert "5 из 8 детей 7–17 лет нигде не обучаются, из них 2 возможно обучаются (связь записей на рассмотрении)" in made.lead
    assert table(made, "by_age").rows.set_index("title")["total"].loc["из них возможно обучаются: связь на рассмотрении"] == 2
    assert table(made, "work_list").rows["doubt"].notna().sum() == 2
    assert table(made, "municipalities").rows["may_be_count"].iloc[-1] == 2


def test_a_note_says_how_many_person_records_of_the_latest_deliveries_are_refused(region: Region, warehouse: Database) -> None:
    for day, keys in ((24, ("1", "2")), (25, ("2",))):
        delivery = region.delivery("journal_eljur", refused=len(keys), received_at=datetime(2025, 10, day, tzinfo=UTC))
        for key in keys:
            region.insert("quality.refused_record", delivery_id=delivery, entity="person", position=key, source_key=key, rule="person.test_record",
                          rule_version=1, refused_at_version=1)
    assert "отвергнуто записей о лицах: 1." in report(warehouse).notes[-1]


def test_a_child_of_unknown_area_is_neither_rural_nor_urban(region: Region, warehouse: Database) -> None:
    for is_rural in (True, False, None):
        region.child("2012-05-01", is_rural=is_rural)
    check = next(check for check in report(warehouse).checks if check.name == "areas")
    assert (check.left, check.right, check.note) == (3, 3, "местность неизвестна: 1")
    assert sorted(table(report(warehouse), "work_list").rows["area"]) == ["город", "неизвестна", "село"]
