"""Tests of the shelf: a report is made again when, and only when, something it reads has changed; a past one is made again byte for byte."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from drawn import AS_OF, Database, Region
from sqlalchemy import text

from warehouse.reports import as_html, catalogue, make, pdf, shelf
from warehouse.reports.reader import snapshot

pytestmark = pytest.mark.warehouse
CONTINGENT = catalogue.of("R1")


@pytest.fixture
def published(region: Region) -> Region:
    """Version 1 is published with one enrolment that a journal sent."""
    region.enrol(region.child("2016-05-01"), "2023-09-01", grade=3)
    region.delivery("journal_eljur", created=1, entity="enrolment")
    region.delivery("journal_eljur", created=1)
    publish(region, 1)
    return region


def publish(region: Region, version: int) -> None:
    if version > 1:
        region.publish(version)
    region.insert("quality.publication", version=version, published_by="test")


def taken(warehouse: Database, folder: Path, version: int, **how: object) -> shelf.Made:
    return shelf.take(warehouse.engine(), (CONTINGENT,), version=version, as_of=AS_OF, shelf=folder, **how)[0]  # type: ignore[arg-type]


def contents(made: shelf.Made) -> dict[str, bytes]:
    return {kind: made.file(kind).read_bytes() for kind in shelf.KINDS}


def test_a_version_that_changed_nothing_the_report_reads_shows_the_report_of_before(published: Region, warehouse: Database, tmp_path: Path) -> None:
    first = taken(warehouse, tmp_path, 1)
    published.delivery("fms_residence", version=2, created=5, entity="residence")
    published.delivery("journal_eljur", version=2, unchanged=5, entity="enrolment")
    publish(published, 2)
    again = taken(warehouse, tmp_path, 2)
    assert (first.is_new, again.is_new, again.folder) == (True, False, first.folder)
    assert again.report.provenance.version == 1


@pytest.mark.parametrize("counts", [{"created": 1}, {"updated": 1}])
def test_a_version_that_changed_an_input_makes_the_report_anew(published: Region, warehouse: Database, tmp_path: Path, counts: dict[str, int]) -> None:
    first = taken(warehouse, tmp_path, 1)
    published.delivery("journal_eljur", version=2, entity="enrolment", **counts)
    publish(published, 2)
    later = taken(warehouse, tmp_path, 2)
    assert later.is_new
    assert later.folder != first.folder
    assert later.report.provenance.version == 2


def test_a_decision_on_who_is_who_makes_reports_of_children_anew(published: Region, warehouse: Database, tmp_path: Path) -> None:
    taken(warehouse, tmp_path, 1)
    published.insert("quality.version", version=2, kind="link", as_of=AS_OF, base_version=1)
    published.insert("quality.publication", version=2, published_by="test")
    assert taken(warehouse, tmp_path, 2).is_new


def test_a_seal_makes_reports_of_children_anew_though_no_delivery_came(published: Region, warehouse: Database, tmp_path: Path) -> None:
    taken(warehouse, tmp_path, 1)
    with published.engine.begin() as connection:
        connection.execute(text("INSERT INTO identity.seal (record_id, ground, sealed_by, created_version) "
                                "SELECT min(record_id), 'суд', 'test', 1 FROM identity.link"))
    publish(published, 2)
    assert taken(warehouse, tmp_path, 2).is_new
    with published.engine.begin() as connection:
        connection.execute(text("DELETE FROM identity.seal"))


def test_a_new_form_of_a_past_year_makes_the_forecast_anew(published: Region, warehouse: Database, tmp_path: Path) -> None:
    forecast = (catalogue.of("R9"),)
    shelf.take(warehouse.engine(), forecast, version=1, as_of=AS_OF, shelf=tmp_path)
    published.delivery("oo1_archive", version=2, created=5, entity="past_contingent")
    publish(published, 2)
    assert shelf.take(warehouse.engine(), forecast, version=2, as_of=AS_OF, shelf=tmp_path)[0].is_new


def test_another_date_is_another_report(published: Region, warehouse: Database, tmp_path: Path) -> None:
    taken(warehouse, tmp_path, 1)
    assert shelf.take(warehouse.engine(), (CONTINGENT,), version=1, as_of=AS_OF - timedelta(days=1), shelf=tmp_path)[0].is_new


def test_a_past_version_is_made_again_byte_for_byte(published: Region, warehouse: Database, tmp_path: Path) -> None:
    first = contents(taken(warehouse, tmp_path / "first", 1))
    published.insert("core.enrolment", **published.meta(900, "journal_eljur") | {"version_from": 2}, record_id=1, organisation_key="1020000000001",
                     programme="primary", grade=3, class_letter="Б", study_form="full_time", shift=1, valid_from="2025-09-02")
    published.delivery("journal_eljur", version=2, entity="enrolment", created=1)
    publish(published, 2)
    assert contents(taken(warehouse, tmp_path / "second", 1)) == first
    assert contents(taken(warehouse, tmp_path / "second", 2)) != first


def test_a_report_read_from_its_json_is_the_report_that_was_made(published: Region, warehouse: Database, tmp_path: Path) -> None:
    with snapshot(warehouse.engine(), version=1, as_of=AS_OF) as connection:
        made = make(connection, version=1, as_of=AS_OF)
    for report in made:
        folder = tmp_path / report.name
        folder.mkdir()
        shelf.write(report, folder)
        read = shelf.machine.read(folder / f"{report.name}.json")
        (folder / "again").mkdir()
        shelf.write(read, folder / "again")
        for kind in shelf.KINDS:
            name = f"{report.name}.{kind}"
            assert (folder / "again" / name).read_bytes() == (folder / name).read_bytes(), name
        assert as_html(read) == as_html(report)


def test_a_crash_while_a_report_is_written_leaves_nothing_of_it(published: Region, warehouse: Database, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Path:
        raise RuntimeError
    monkeypatch.setattr(pdf, "save", broken)
    with pytest.raises(RuntimeError):
        taken(warehouse, tmp_path, 1)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert taken(warehouse, tmp_path, 1).is_new


def test_only_the_latest_makings_of_a_report_stay(published: Region, warehouse: Database, tmp_path: Path) -> None:
    for days in range(shelf.KEPT + 2):
        shelf.take(warehouse.engine(), (CONTINGENT,), version=1, as_of=AS_OF - timedelta(days=days), shelf=tmp_path)
    assert len(list(tmp_path.iterdir())) == shelf.KEPT
