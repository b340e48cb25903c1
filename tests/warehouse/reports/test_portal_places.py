"""Tests of the way from the republic down to an organisation: figures of the right place, no lists of children, links that lead somewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from drawn import AS_OF, KABANSK, KINDERGARTEN, OTHER_SCHOOL, SCHOOL, Database, Region
from lxml import html

from warehouse.portal import build as portal
from warehouse.portal import drill, history, register
from warehouse.portal.register import Organisation
from warehouse.reports.model import Provenance, Report, Table
from warehouse.reports.reader import snapshot
from warehouse.reports.shape import integer, text

pytestmark = pytest.mark.warehouse


def report(*tables: Table) -> Report:
    made = Provenance(version=1, as_of=AS_OF, sources=pd.DataFrame(), record_count=0, review_count=0, code_lists="–")
    return Report(name="drawn", title="Нарисованный", form="–", lead="", tables=tables, checks=(), notes=(), provenance=made)


def table(name: str, rows: dict[str, list[object]], *, has_total: bool = False) -> Table:
    columns = tuple(text(key, key) if isinstance(values[0], str) else integer(key, key) for key, values in rows.items())
    return Table(name=name, sheet=name, title=name, columns=columns, rows=pd.DataFrame(rows, dtype="object"), is_total_last=has_total)


def test_one_row_of_a_place_becomes_facts_beside_the_republic_and_the_total_is_no_place() -> None:
    found = drill.by_place([report(table("places", {"municipality": ["А", "Б", "Всего"], "children": [1, 2, 3]}, has_total=True))], "municipality")
    assert set(found) == {"А", "Б"}
    assert found["Б"][0].pieces[0].facts == (("children", "2", "3"),)


def test_an_organisation_is_not_set_against_the_counts_of_the_republic() -> None:
    rows = {"municipality": ["А", "Всего"], "organisation_key": ["1", None], "children": [1, 3]}
    found = drill.by_place([report(table("schools", rows, has_total=True))], "organisation_key")
    assert found["1"][0].pieces[0].facts == (("children", "1", ""),)
    assert drill.by_place([report(table("schools", rows, has_total=True))], "municipality") == {}


def test_several_rows_stay_a_table_that_is_cut_and_says_how_many_there_are() -> None:
    many = drill.MOST_ROWS + 1
    piece = drill.by_place([report(table("ages", {"municipality": ["А"] * many, "age": [str(n) for n in range(many)], "children": [1] * many}))],
                           "municipality")["А"][0].pieces[0]
    assert (len(piece.table.rows), piece.count) == (drill.MOST_ROWS, many)
    assert [column.name for column in piece.table.columns] == ["age", "children"]


@pytest.mark.parametrize("child", ["pupil_id", "counted_pupil_id"])
def test_a_list_of_children_is_counted_and_not_shown(child: str) -> None:
    part = drill.by_place([report(table("list", {"municipality": ["А", "А"], child: ["k1", "k2"]}))], "municipality")["А"][0]
    assert part.pieces == []
    assert part.listed == [("list", "list", 2)]


def organisation(kind: str, pupils: int, places: int | None) -> Organisation:
    return Organisation(key="1", name="", kind=kind, oktmo=None, municipality=None, settlement=None, is_rural=None, place_count=places, shift_count=None,
                        pupil_count=pupils)


def test_free_places_of_one_school_are_no_places_for_another() -> None:
    sum_of = register.balance([organisation("school", 30, 20), organisation("school", 5, 20), organisation("school", 20, 20),
                               organisation("school", 7, None), organisation("kindergarten", 90, 1)], "school")
    assert (sum_of.short, sum_of.crowded, sum_of.untold) == (10, 1, 1)
    assert (sum_of.pupil_count, sum_of.place_count) == (55, 60)


def test_pages_lead_down_to_a_school_and_back_and_hold_no_dead_link(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.enrol(region.child("2016-05-01", oktmo=KABANSK), "2025-09-01", grade=3, at=OTHER_SCHOOL)
    region.enrol(region.child("2021-05-01", oktmo=KABANSK), "2025-09-01", grade=None, at=KINDERGARTEN, programme="preschool")
    built = portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path)
    school = html.fromstring((built / f"places/o-{OTHER_SCHOOL}.html").read_bytes())
    assert school.xpath("string(//h1)") == "Школа села Кабанск"
    assert school.xpath("//nav[@class='path']//a/@href") == ["../index.html", "../places.html", f"../places/m-{KABANSK}.html"]
    assert school.xpath("string(//dt[.='Детей числится']/following-sibling::dd)") == "1"
    assert school.xpath("string(//th[.='Обучающихся']/following-sibling::td)") == "1"
    pages = sorted((built / "places").glob("*.html"))
    assert len(pages) == 2 + 4
    for path in [*pages, built / "places.html"]:
        tree = html.fromstring(path.read_bytes())
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        assert not tree.xpath("//table[not(caption)]"), path.name
        for target in tree.xpath("//a/@href | //script/@src | //link[@rel='stylesheet']/@href"):
            assert target.startswith("#") or (path.parent / target.partition("#")[0]).exists(), (path.name, target)


def test_history_holds_the_last_published_version_of_each_day_and_leaves_the_look_as_it_was(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.enrol(region.child("2016-05-01"), "2025-09-01", grade=3)
    later = region.child("2016-06-01")
    region.insert("quality.version", version=2, kind="load", as_of=AS_OF, created_at=datetime(2025, 10, 24, 5, tzinfo=UTC))
    region.insert("quality.version", version=3, kind="load", as_of=date(2025, 10, 27), created_at=datetime(2025, 10, 27, 5, tzinfo=UTC))
    region.insert("quality.version", version=4, kind="load", as_of=date(2025, 10, 28), created_at=datetime(2025, 10, 28, 5, tzinfo=UTC))
    region.insert("quality.publication", version=1, published_by="test")
    region.enrol(later, "2025-10-27", grade=3)
    try:
        for _ in range(2):
            with snapshot(warehouse.engine(), version=4, as_of=date(2025, 10, 28)) as connection:
                moments = history.read(connection, version=4, as_of=date(2025, 10, 28), folder=tmp_path)
                assert connection.exec_driver_sql("SELECT core.visible_version(), core.report_date()").one() == (4, date(2025, 10, 28))
            assert [(moment.version, moment.pupils.get(SCHOOL), moment.glance["pupil_count"]) for moment in moments] == [(1, 1, 1), (4, 2, 2)]
    finally:
        with region.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM quality.publication")
