"""Tests of the auditor's report: ledger, refusals, СНИЛС, disagreement."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from drawn import AS_OF, OPEN, Database, Region
from sqlalchemy import text

from connectors.sources import SOURCES
from warehouse.reports import make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report, Table
from warehouse.reports.reader import snapshot
from warehouse.reports.titles import SOURCE_OWNERS, SOURCE_TITLES

pytestmark = pytest.mark.warehouse


def report(warehouse: Database, version: int = 1) -> Report:
    with snapshot(warehouse.engine(), version=version, as_of=AS_OF) as connection:
        return make(connection, version=version, as_of=AS_OF, wanted=(of("reconciliation"),))[0]


def table(made: Report, name: str) -> Table:
    return next(part for part in made.tables if part.name == name)


def test_the_titles_of_sources_are_those_of_the_catalogue() -> None:
    assert {source.name: source.title for source in SOURCES} == SOURCE_TITLES
    assert {source.name: source.owner for source in SOURCES} == SOURCE_OWNERS


def test_the_ledger_is_summed_by_source_and_entity_and_balances(region: Region, warehouse: Database) -> None:
    region.delivery("zags_births", created=7, updated=2, unchanged=5, superseded=1, refused=3)
    region.delivery("zags_births", created=1)
    made = report(warehouse)
    row = table(made, "by_entity").rows.iloc[0]
    assert row[["delivery_count", "total", "refused", "processed", "created", "updated", "unchanged", "superseded"]].tolist() == [2, 19, 3, 16, 8, 2, 5, 1]
    assert [check.outcome for check in made.checks] == ["passed"]
    assert len(table(made, "deliveries").rows) == 2


def test_the_total_counts_a_delivery_once_and_repeats_are_in_deliveries_and_records_alike(region: Region, warehouse: Database) -> None:
    delivery = region.delivery("journal_eljur", created=3)
    region.insert("quality.delivery_entity", delivery_id=delivery, entity="enrolment", received=4, loaded=4, created=4)
    region.delivery("journal_eljur", state="duplicate", unchanged=3)
    made = report(warehouse)
    assert table(made, "by_entity").rows["delivery_count"].tolist() == [1, 2, 2]
    assert table(made, "by_entity").rows["total"].iloc[-1] == 10
    assert made.provenance.sources["delivery_count"].tolist() == [2]


def test_the_last_day_of_a_source_is_that_of_its_last_delivery_even_a_repeat(region: Region, warehouse: Database) -> None:
    region.delivery("zags_births", created=1)
    repeat = region.delivery("zags_births", state="duplicate", unchanged=1)
    with region.engine.begin() as connection:
        connection.execute(text("UPDATE quality.delivery SET as_of = '2025-10-27' WHERE delivery_id = :id"), {"id": repeat})
    assert report(warehouse).provenance.sources["latest_delivery"].tolist() == [date(2025, 10, 27)]


def test_a_later_version_does_not_change_the_report_of_an_earlier_one(region: Region, warehouse: Database) -> None:
    region.delivery("zags_births", created=1)
    region.publish(2)
    region.delivery("zags_births", created=5, version=2)
    assert table(report(warehouse, 1), "by_entity").rows["total"].iloc[-1] == 1
    assert table(report(warehouse, 2), "by_entity").rows["total"].iloc[-1] == 6


def test_a_held_delivery_is_named_and_a_repeat_is_not(region: Region, warehouse: Database) -> None:
    held = region.delivery("pfr_snils", version=None, state="held", held_code="rows.few")
    region.delivery("pfr_snils", version=None, state="duplicate")
    assert table(report(warehouse), "not_loaded").rows["delivery_id"].tolist() == [held]


def test_a_repeat_counts_as_unchanged_from_the_version_it_came_before(region: Region, warehouse: Database) -> None:
    region.delivery("zags_births", created=3)
    region.delivery("zags_births", state="duplicate", unchanged=3)
    region.delivery("zags_births", state="duplicate", unchanged=3, received_at=datetime(2025, 10, 25, tzinfo=UTC))
    row = table(report(warehouse), "by_entity").rows.iloc[-1]
    assert row[["total", "created", "unchanged"]].tolist() == [6, 3, 3]


def test_refusals_are_counted_by_rule_with_advice(region: Region, warehouse: Database) -> None:
    delivery = region.delivery("journal_eljur", refused=2)
    for position in ("1", "2"):
        region.insert("quality.refused_record", delivery_id=delivery, entity="person", position=position, source_key=position,
                      rule="person.snils.control_number", rule_version="1", refused_at_version=1)
    made = report(warehouse)
    row = table(made, "refused").rows.iloc[0]
    assert (row["refused_count"], row["delivery_count"], row["source_title"]) == (2, 1, "Журнал «ЭлЖур»")
    assert row["advice"]


def test_a_record_that_came_with_a_wrong_number_counts_until_its_sender_mends_it(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    for delivery in (str(uuid.UUID(int=0)), region.delivery("journal_eljur", unchanged=1)):  # that of the record, and a later one that said the same
        region.insert("quality.left_out_value", delivery_id=delivery, entity="person", position="1", source_key=f"journal_eljur:{child}",
                      rule="person.snils.control_number", rule_version="2")
    region.child("2012-05-01")
    row = table(report(warehouse), "snils").rows.set_index("source").loc["Журнал «ЭлЖур»"]
    assert row[["record_count", "missing_count", "invalid_count"]].tolist() == [2, 2, 1]


def test_titles_of_golden_fields_are_russian(region: Region, warehouse: Database) -> None:
    child = region.child("2012-05-01")
    region.insert("core.pupil_cell", pupil_id=child, field="is_resident", record_id=child, source="fms_residence", rule="authority", disagreement=0,
                  sources=1, version_from=1, version_to=OPEN)
    assert table(report(warehouse), "disagreement").rows["field_title"].tolist() == ["Живёт в республике"]


def test_snils_missing_shared_and_unconfirmed(region: Region, warehouse: Database) -> None:
    region.child("2012-05-01")
    for _ in range(2):
        region.child("2012-05-01", snils="11223344595")
    child = region.child("2012-05-01", snils="08765430300")
    region.insert("core.snils_validation", **region.meta(900, "pfr_snils"), record_id=child, asked_source="journal_eljur",
                  asked_key=f"journal_eljur:{child}", snils="08765430300", is_confirmed=False)
    row = table(report(warehouse), "snils").rows.iloc[-1]
    counts = ["record_count", "missing_count", "shared_record_count", "shared_pupil_count", "unconfirmed_count"]
    assert row[counts].tolist() == [4, 1, 2, 2, 1]


def test_disagreement_is_counted_by_field_and_winner(region: Region, warehouse: Database) -> None:
    for disagreement in (0, 1, 2):
        child = region.child("2012-05-01")
        region.insert("core.pupil_cell", pupil_id=child, field="family_name", record_id=child, source="zags_births", rule="authority",
                      disagreement=disagreement, sources=3, version_from=1, version_to=OPEN)
    row = table(report(warehouse), "disagreement").rows.iloc[0]
    assert (row["field_title"], row["cell_count"], row["disagreement_count"]) == ("Фамилия", 3, 2)


def test_provenance_names_sources_and_the_share_of_unresolved_records(region: Region, warehouse: Database) -> None:
    region.delivery("zags_births", created=1)
    first, second = (region.child("2012-05-01") for _ in range(2))
    region.insert("identity.review", review_id=1, record_id=first, candidate_pupil_id=second, reasons="[]", version_from=1, version_to=OPEN)
    made = report(warehouse).provenance
    assert made.sources[["source", "latest_delivery", "delivery_count"]].to_numpy().tolist() == [["zags_births", AS_OF, 1]]
    assert made.unresolved_share == 0.5
