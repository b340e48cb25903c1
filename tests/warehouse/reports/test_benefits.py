"""Tests of marts and report of benefits: what a register proves, what needs a paper, and what it never says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from drawn import AS_OF, KABANSK, KINDERGARTEN, OPEN, OTHER_SCHOOL, SCHOOL, Database, Region

from schemas.benefit_rules import parse, read
from schemas.errors import ConfigurationError
from warehouse.reports import benefits, catalogue, provenance
from warehouse.reports.model import Report
from warehouse.reports.reader import frame, snapshot

pytestmark = pytest.mark.warehouse
MOTHER = {"mother_family_name": "ДОРЖИЕВА", "mother_given_name": "СЭСЭГ", "mother_patronymic": "БАТОЕВНА", "mother_birth_date": "1985-05-06"}
NUMBER = "11223344595"


def born(region: Region, birth_date: str, mother: dict[str, Any] | None = None, *, source: str = "zags_births", of: int | None = None, **more: Any) -> int:
    """A child and its birth act; `of` gives another act to a child that stands."""
    child = of or region.child(birth_date, **{name: more.pop(name) for name in ("death_date", "is_resident", "snils") if name in more})
    number = next(region.numbers)
    meta = region.meta(number, source)
    region.insert("identity.source_record", record_id=number, source=source, source_key=meta["source_key"])
    told = {"record_status": "active"} | more | (MOTHER if mother is None else mother)
    region.insert("identity.person_record", record_id=number, **meta, birth_date=birth_date, **told)
    region.insert("identity.link", record_id=number, pupil_id=child, rule="new", link_status="new", version_from=1, version_to=OPEN)
    return child


def tot(region: Region, birth_date: str, mother: dict[str, Any] | None = None, **more: Any) -> int:
    """A child with its act who goes to the kindergarten."""
    child = born(region, birth_date, mother, **more)
    region.enrol(child, "2024-09-01", at=KINDERGARTEN, grade=None, programme="preschool")
    return child


def register(region: Region, child: int, valid_from: str = "2020-01-01", valid_to: str | None = None, *, outside: bool = False,
             citizenship: str | None = None) -> None:
    """What МВД says of a child."""
    region.insert("core.residence", **region.meta(next(region.numbers), "fms_residence"), record_id=child, residence_kind="living", is_outside_region=outside,
                  oktmo=KABANSK, valid_from=valid_from, valid_to=valid_to)
    if citizenship:
        region.insert("core.citizenship", **region.meta(next(region.numbers), "fms_residence"), record_id=child, citizenship=citizenship)


def rights(warehouse: Database, benefit: str, day: date = AS_OF) -> pd.DataFrame:
    with snapshot(warehouse.engine(), version=1, as_of=day) as connection:
        return frame(connection, f"SELECT * FROM marts.benefit WHERE benefit = '{benefit}'").set_index("pupil_id")


def evidence(warehouse: Database, child: int, benefit: str, day: date = AS_OF) -> dict[str, Any]:
    with snapshot(warehouse.engine(), version=1, as_of=day) as connection:
        rows = frame(connection, f"SELECT * FROM marts.benefit_evidence WHERE benefit = '{benefit}' AND pupil_id = {child}")
    return rows.set_index("evidence").to_dict("index")


def report(warehouse: Database, *, with_names: bool = False) -> Report:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        return catalogue.of("R8").make(connection, provenance.read(connection, version=1, as_of=AS_OF, titles={}), with_names=with_names)


def percents(warehouse: Database) -> dict[int, Any]:
    return {int(child): None if pd.isna(value) else int(value) for child, value in rights(warehouse, "kindergarten_fee")["amount_percent"].items()}


def test_a_hot_meal_of_grades_1_to_4_needs_no_paper_and_grade_5_has_no_right_to_it(region: Region, warehouse: Database) -> None:
    first, fourth, fifth = (region.child("2016-05-01") for _ in range(3))
    for child, grade in ((first, 1), (fourth, 4), (fifth, 5)):
        region.enrol(child, "2022-09-01", grade=grade, programme="primary" if grade < 5 else "basic")
    found = rights(warehouse, "hot_meal_1_4")
    assert set(found.index) == {first, fourth}
    assert found["benefit_status"].unique().tolist() == ["proved"]
    assert found[["saved_count", "needed_count"]].to_numpy().sum() == 0
    assert found.loc[first, ["valid_from", "valid_to"]].tolist() == [date(2025, 9, 1), date(2026, 9, 1)], "a grade lasts one school year"


def test_a_right_begins_and_ends_with_the_enrolment_and_not_on_the_day_it_ends(region: Region, warehouse: Database) -> None:
    ends, stays = region.child("2016-05-01"), region.child("2016-05-01")
    region.enrol(ends, "2025-09-10", "2025-10-24", grade=2)
    region.enrol(stays, "2025-09-10", "2025-10-25", grade=2)
    found = rights(warehouse, "hot_meal_1_4")
    assert found[["valid_from", "valid_to"]].to_dict("index") == {stays: {"valid_from": date(2025, 9, 10), "valid_to": date(2025, 10, 25)}}
    assert set(rights(warehouse, "hot_meal_1_4", date(2025, 10, 23)).index) == {ends, stays}


def test_the_fee_is_paid_back_by_20_50_and_70_per_cent_by_the_order_of_birth(region: Region, warehouse: Database) -> None:
    first, second, third, fourth = (tot(region, day) for day in ("2019-01-01", "2020-01-01", "2021-06-01", "2022-07-01"))
    assert percents(warehouse) == {first: 20, second: 50, third: 70, fourth: 70}


def test_twins_are_counted_in_the_order_the_act_names(region: Region, warehouse: Database) -> None:
    second = tot(region, "2020-01-01", birth_count=2, birth_order=2)
    first = tot(region, "2020-01-01", birth_count=2, birth_order=1)
    assert percents(warehouse) == {first: 20, second: 50}


def test_an_elder_child_counts_though_dead_and_a_stillborn_or_annulled_one_does_not(region: Region, warehouse: Database) -> None:
    born(region, "2015-01-01", death_date="2016-01-01")
    child = tot(region, "2021-06-01")
    other = MOTHER | {"mother_given_name": "ОЛЬГА"}
    born(region, "2016-01-01", other)
    with region.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE identity.person_record SET death_date = birth_date WHERE source = 'zags_births' AND mother_given_name = 'ОЛЬГА'")
    born(region, "2017-01-01", other, record_status="annulled")
    alone = tot(region, "2021-06-01", other)
    assert percents(warehouse) == {child: 50, alone: 20}


def test_an_equal_surname_makes_no_kin_and_a_changed_one_with_the_same_number_does(region: Region, warehouse: Database) -> None:
    born(region, "2015-01-01", MOTHER | {"mother_given_name": "ОЛЬГА"})
    namesake = tot(region, "2021-06-01")
    born(region, "2016-01-01", MOTHER | {"mother_given_name": "ИРИНА", "mother_snils": NUMBER})
    younger = tot(region, "2021-06-01", MOTHER | {"mother_given_name": "ИРИНА", "mother_snils": NUMBER, "mother_family_name": "ИНАЯ"})
    assert percents(warehouse) == {namesake: 20, younger: 50}


def test_a_like_mother_of_another_surname_whom_no_number_tells_apart_needs_a_paper(region: Region, warehouse: Database) -> None:
    elder = tot(region, "2020-01-01")
    younger = tot(region, "2021-06-01", MOTHER | {"mother_family_name": "ИНАЯ"})
    assert percents(warehouse) == {elder: None, younger: None}
    assert evidence(warehouse, younger, "kindergarten_fee")["birth_order"]["evidence_status"] == "document"


def test_a_child_whose_mother_no_act_names_needs_a_paper_and_is_never_denied(region: Region, warehouse: Database) -> None:
    unknown = region.child("2021-06-01")
    region.enrol(unknown, "2024-09-01", at=KINDERGARTEN, grade=None, programme="preschool")
    nameless = tot(region, "2021-06-01", {})
    assert percents(warehouse) == {unknown: None, nameless: None}
    found = rights(warehouse, "kindergarten_fee")
    assert set(found["benefit_status"]) == {"document"}
    assert {name: row["evidence_status"] for name, row in evidence(warehouse, unknown, "kindergarten_fee").items()} == {
        "kindergarten": "proved", "birth_order": "document", "snils": "document"}


def test_two_acts_that_name_different_mothers_are_silence_for_an_adoption_may_be_behind_them(region: Region, warehouse: Database) -> None:
    child = tot(region, "2021-06-01")
    born(region, "2021-06-01", MOTHER | {"mother_given_name": "ОЛЬГА", "mother_birth_date": "1990-01-01"}, source="zags_paternity", of=child)
    shown = evidence(warehouse, child, "kindergarten_fee")["birth_order"]
    assert shown["evidence_status"] == "document"
    assert pd.isna(shown["contradiction"])
    assert percents(warehouse) == {child: None}


def test_three_minor_children_prove_a_category_until_one_of_them_is_eighteen(region: Region, warehouse: Database) -> None:
    elder = born(region, "2007-11-01")
    born(region, "2015-01-01")
    pupil = born(region, "2013-05-01")
    region.enrol(pupil, "2020-09-01", grade=6, programme="basic")
    shown = evidence(warehouse, pupil, "meals_5_11")["minor_children"]
    assert (shown["evidence_status"], shown["fact_number"], shown["valid_to"], shown["is_expiring"]) == ("proved", 3, date(2025, 11, 1), True)
    assert "minor_children" not in evidence(warehouse, pupil, "meals_5_11", date(2025, 11, 1)), f"child {elder} is grown up"
    assert evidence(warehouse, pupil, "meals_5_11", date(2025, 10, 1))["minor_children"]["is_expiring"] is False, "31 days are left"


def test_what_no_source_tells_needs_a_paper_and_is_never_a_no(region: Region, warehouse: Database) -> None:
    pupil = born(region, "2013-05-01")
    region.enrol(pupil, "2020-09-01", grade=6, programme="basic")
    assert evidence(warehouse, pupil, "meals_5_11")["one_of"]["evidence_status"] == "document"
    assert rights(warehouse, "meals_two_for_disabled").loc[pupil, "benefit_status"] == "document"


def test_a_sibling_in_a_school_gives_priority_to_who_may_enter_it_next_year(region: Region, warehouse: Database) -> None:
    elder = born(region, "2015-01-01")
    region.enrol(elder, "2022-09-01", at=OTHER_SCHOOL, grade=4)
    enters, too_young = born(region, "2020-03-01"), born(region, "2020-03-02")
    region.enrol(born(region, "2019-01-01"), "2025-09-01", grade=1)
    register(region, enters, citizenship="643")
    found = rights(warehouse, "sibling_priority")
    assert set(found.index) == {enters}, f"{too_young} is 6 years and 6 months a day too late"
    shown = evidence(warehouse, enters, "sibling_priority")
    assert {name: row["evidence_status"] for name, row in shown.items()} == dict.fromkeys(
        ("school_entry", "sibling_school", "birth_act", "residence", "citizenship"), "proved")
    assert found.loc[enters, "saved_count"] == 4


def test_an_only_child_has_no_priority_and_a_foreign_one_needs_a_paper(region: Region, warehouse: Database) -> None:
    born(region, "2019-05-01", MOTHER | {"mother_given_name": "ОЛЬГА"})
    region.enrol(born(region, "2015-01-01"), "2022-09-01", grade=4)
    foreign = born(region, "2019-05-01")
    register(region, foreign, citizenship="496", outside=True)
    shown = evidence(warehouse, foreign, "sibling_priority")
    assert set(rights(warehouse, "sibling_priority").index) == {foreign}
    assert (shown["citizenship"]["evidence_status"], shown["residence"]["evidence_status"]) == ("document", "document")


def test_a_registration_that_ended_is_expired_and_one_that_ends_soon_is_expiring(region: Region, warehouse: Database) -> None:
    region.enrol(born(region, "2015-01-01"), "2022-09-01", grade=4)
    over, soon, later = (born(region, "2019-05-01") for _ in range(3))
    for child, until in ((over, "2025-10-24"), (soon, "2025-11-23"), (later, "2025-11-24")):
        register(region, child, "2025-01-01", until)
    states = {child: evidence(warehouse, child, "sibling_priority")["residence"] for child in (over, soon, later)}
    assert [states[child]["evidence_status"] for child in (over, soon, later)] == ["expired", "proved", "proved"]
    assert [states[child]["is_expiring"] for child in (over, soon, later)] == [False, True, False]


def test_the_word_of_the_parent_against_the_ministry_of_the_interior_is_a_contradiction(region: Region, warehouse: Database) -> None:
    region.enrol(born(region, "2015-01-01"), "2022-09-01", grade=4)
    child = born(region, "2019-05-01")
    register(region, child, citizenship="643")
    with region.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE identity.person_record SET citizenship = '496' WHERE record_id = {child}")
    shown = evidence(warehouse, child, "sibling_priority")["citizenship"]
    assert (shown["evidence_status"], shown["contradiction"]) == ("contradictory", "citizenship_of_parent")
    assert report(warehouse).tables[-1].rows["contradiction"].tolist() == ["гражданство по МВД и со слов родителя (журнал) разное"]


def test_two_schools_at_once_are_a_contradiction(region: Region, warehouse: Database) -> None:
    child = region.child("2016-05-01")
    region.enrol(child, "2022-09-01", at=SCHOOL, grade=3)
    region.enrol(child, "2025-09-01", at=OTHER_SCHOOL, grade=3)
    assert rights(warehouse, "hot_meal_1_4")["benefit_status"].tolist() == ["contradictory"]


def test_a_number_that_the_fund_denies_is_a_contradiction_and_one_it_confirms_is_proved(region: Region, warehouse: Database) -> None:
    confirmed, denied = (tot(region, "2021-06-01", {}, snils=number) for number in (NUMBER, "11223344600"))
    for child, number, is_confirmed in ((confirmed, NUMBER, True), (denied, "11223344600", False)):
        region.insert("core.snils_validation", **region.meta(next(region.numbers), "pfr_snils"), record_id=child, asked_source="journal_eljur",
                      asked_key=f"journal_eljur:{child}", snils=number, is_confirmed=is_confirmed)
    assert evidence(warehouse, confirmed, "kindergarten_fee")["snils"]["evidence_status"] == "proved"
    assert evidence(warehouse, denied, "kindergarten_fee")["snils"]["contradiction"] == "snils_unconfirmed"


def test_the_dead_have_no_rights(region: Region, warehouse: Database) -> None:
    region.enrol(region.child("2016-05-01", death_date="2025-10-24"), "2022-09-01", grade=3)
    assert rights(warehouse, "hot_meal_1_4").empty


def test_a_sealed_child_and_its_former_mother_are_nowhere(region: Region, warehouse: Database) -> None:
    former, younger = tot(region, "2019-01-01"), tot(region, "2021-06-01")
    with region.engine.begin() as connection:
        records = connection.exec_driver_sql(f"SELECT record_id FROM identity.link WHERE pupil_id = {former}").scalars().all()
    try:
        for record in records:
            region.insert("identity.seal", record_id=record, ground="test", sealed_by="test", created_version=0)
        region.insert("identity.sealed_pupil", pupil_id=former, created_version=0)
        assert percents(warehouse) == {younger: 20}
        with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
            assert frame(connection, f"SELECT * FROM marts.evidence WHERE pupil_id = {former}").empty
    finally:
        with region.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM identity.seal; DELETE FROM identity.sealed_pupil")


def test_who_is_whose_brother_is_closed_to_people_and_rights_are_open_to_analysts(warehouse: Database) -> None:
    with warehouse.engine("owner").connect() as connection:
        may = {(role, view): connection.exec_driver_sql(f"SELECT has_table_privilege('{role}', 'marts.{view}', 'SELECT')").scalar()
               for role in ("analyst", "auditor", "officer", "steward", "publisher") for view in ("family_child", "benefit")}
    assert {view for (_, view), allowed in may.items() if not allowed} == {"family_child"}
    assert all(allowed for (_, view), allowed in may.items() if view == "benefit")


def test_the_report_adds_up_and_its_main_figure_counts_papers_of_rules_in_force_only(region: Region, warehouse: Database) -> None:
    pupil = born(region, "2013-05-01")
    for day in ("2015-01-01", "2016-01-01"):
        born(region, day)
    region.enrol(pupil, "2020-09-01", grade=6, programme="basic")
    tot(region, "2021-06-01", MOTHER | {"mother_given_name": "ОЛЬГА"})
    made = report(warehouse)
    assert {check.outcome for check in made.checks} == {"passed"}
    sums = made.tables[0].rows.set_index("benefit")["saved_count"]
    assert sums.drop("Всего").sum() == 3, "two papers for the fee, one for the category that the republic has not confirmed"
    assert made.lead.startswith("2 документа родителям больше не нужно приносить")


def test_names_stand_only_in_the_restricted_lists(region: Region, warehouse: Database) -> None:
    child = region.child("2016-05-01")
    for at in (SCHOOL, OTHER_SCHOOL):
        region.enrol(child, "2022-09-01", at=at, grade=3)
    made = report(warehouse, with_names=True)
    assert report(warehouse).restricted == ()
    assert not any("ЦЫДЫПОВ" in table.rows.to_string() for table in made.tables)
    assert made.restricted[1].rows["family_name"].tolist() == ["ЦЫДЫПОВ"]


def test_a_ground_is_printed_only_when_confirmed_and_a_draft_is_called_a_draft(region: Region, warehouse: Database) -> None:
    grounds = {rule.title: rule.printed_ground for rule in read()}
    rows = report(warehouse).tables[0].rows.set_index("benefit")
    assert rows.loc["Бесплатное горячее питание, 1–4 классы", "ground"] == "–"
    assert rows.loc["Компенсация родительской платы за детский сад", "ground"].startswith("273-ФЗ, ст. 65")
    assert rows.loc["Бесплатное питание в районах, приравненных к северным (проект)", "standing"] == "проект"
    assert set(grounds.values()) > {"–"}


def test_a_rule_edited_wrongly_is_one_clear_error() -> None:
    good = """
benefit: b
title: Льгота
kind: питание
versions:
  - {version: 1, valid_from: 2020-01-01, valid_to: 2024-01-01, standing: in_force, scope: [{evidence: grade}], evidence: [],
     ground: {text: t, mark: confirmed}, note: ""}
  - {version: 2, valid_from: 2024-01-01, valid_to: null, standing: in_force, scope: [{evidence: grade}], evidence: [],
     ground: {text: t, mark: confirmed}, note: ""}
"""
    assert [rule.version for rule in parse("b.yaml", good)] == [1, 2]
    for wrong, code in ((good.replace("2024-01-01, standing", "2024-01-02, standing", 1), "benefit.overlap"),
                        (good.replace("evidence: grade", "evidence: shoe size"), "benefit.broken"),
                        (good.replace("mark: confirmed", "mark: sure"), "benefit.broken"), (good.replace("evidence: grade", "evidence: snils"), "benefit.broken"),
                        (good.replace("title: Льгота\n", ""), "benefit.broken"), ("[", "benefit.not_yaml")):
        with pytest.raises(ConfigurationError, match=code):
            parse("b.yaml", wrong)


def test_the_rules_in_force_on_a_day_are_those_whose_days_hold_it() -> None:
    assert "kindergarten_fee" in benefits.in_force(date(2013, 9, 1))
    assert "kindergarten_fee" not in benefits.in_force(date(2013, 8, 31))
