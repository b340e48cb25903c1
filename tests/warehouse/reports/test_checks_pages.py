"""Tests of the pages on checks: each fault is told truly where it belongs, and the same version is the same bytes whatever came later."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from drawn import Database, Region
from hypothesis import given
from hypothesis import strategies as st
from ledger_drawn import LATE_SCHOOL, SILENT, TODAY, Ledger, at, bad_day
from lxml import html

from warehouse.portal import build as portal
from warehouse.portal.validation.cells import file_name
from warehouse.portal.validation.model import Chart, Series
from warehouse.portal.validation.shapes import HEIGHT, drawn, top_of
from warehouse.reports.titles import SOURCE_TITLES

HOLD, REFUSE, WARN = "поставка задерживается", "запись отклоняется", "предупреждение"


@pytest.fixture
def ledger(region: Region) -> Ledger:
    region.insert("core.pupil_cell", pupil_id=1, field="birth_date", source="zags_births", rule="authority", disagreement=1, sources=2, version_from=1,
                  version_to=9223372036854775807)
    return bad_day(region)


@pytest.fixture
def pages(ledger: Ledger, warehouse: Database, tmp_path: Path) -> Path:
    return build(warehouse, tmp_path)


def build(warehouse: Database, out: Path) -> Path:
    return portal.build_portal(warehouse.engine(), 2, TODAY, out) / "checks"


def read(pages: Path, name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((pages / f"{name}.json").read_text("utf-8"))
    return made


def rows(page: dict[str, Any], table: str) -> list[list[Any]]:
    found: list[list[Any]] = next(one["rows"] for one in page["tables"] if one["name"] == table)
    return found


def test_the_overview_tells_every_fault_of_the_last_run_once(pages: Path) -> None:
    page = read(pages, "index")
    found = sorted((row[1], row[3], row[4]) for row in rows(page, "attention"))
    assert found == sorted([("Файлы школ и детских садов", HOLD, 1), ("ЗАГС: установление отцовства", HOLD, 1), ("ЗАГС: рождения", REFUSE, 150),
                            ("ЗАГС: рождения", WARN, 2)])
    figures = {one["title"]: one["value"] for one in page["figures"]}
    assert figures["Поставок задержано"] == 2
    assert figures["Записей отвергнуто"] == 150
    assert figures["Источников без поставки"] == len(SOURCE_TITLES) - 3
    assert figures["Проверок пройдено"] == 2  # the range of rows, and the warehouse; what kept records out is no pass


def test_the_matrix_tells_each_source_and_day_by_its_worst(pages: Path) -> None:
    words = {row[0]: row[1:] for row in rows(read(pages, "index"), "matrix")}
    assert words["Журнал «БАРС. Электронная школа»"] == ["поставки не было", "получено 7"]
    assert words["Файлы школ и детских садов"][0].startswith("1 поставка задержана")
    assert words["ЗАГС: рождения"][0].startswith("отвергнуто 150, 1 предупреждение")
    squares = html.fromstring((pages / "index.html").read_bytes()).xpath("//table[contains(@class, 'heat')]//td[1]/@class")
    assert sorted(squares) == sorted(["heat-bad", "heat-bad", "heat-good", "heat-refused", *["heat-none"] * (len(SOURCE_TITLES) - 3)])


def test_a_source_tells_its_state_owner_and_who_is_silent(pages: Path) -> None:
    facts = {one["title"]: one["value"] for one in read(pages, f"source-{SILENT}")["facts"]}
    assert (facts["Состояние"], facts["Последняя поставка"], facts["Владелец"]) == ("опаздывает", "23.10.2025", "школы")
    assert read(pages, "source-vuz_scos")["lead"] == "Поставок ещё не было."
    page = read(pages, "source-journal_file")
    assert rows(page, "silent") == [[LATE_SCHOOL, "2025-10-23"]]
    assert rows(page, "gates") == [["На входе", "есть отклонения", 1, 1, 0, 0]]


def test_a_delivery_tells_its_refusals_with_places_and_the_page_is_capped(pages: Path, ledger: Ledger) -> None:
    name = f"delivery-{ledger.ids['numbers']}"
    page = read(pages, name)
    assert len(rows(page, "refused")) == 150
    assert rows(page, "refused")[0][:3] == ["1020000000001:0", "Лицо", "строка 2"]
    assert rows(page, "advice")[0][2:] == [150, 0, "Сверить СНИЛС со свидетельством и исправить у отправителя; ребёнок принят без номера."]
    assert page["lead"].replace("\u00a0", " ") == "Получено 170 = загружено 20 + без изменений 0 + вытеснено 0 + отвергнуто 150."
    tree = html.fromstring((pages / f"{name}.html").read_bytes())
    assert len(tree.xpath("//table[caption='Отвергнутые записи']/tbody/tr")) == 100
    assert "первые 100 строк из 150" in tree.text_content()


def test_a_held_delivery_tells_the_reason_and_what_to_do(pages: Path, ledger: Ledger) -> None:
    facts = {one["title"]: one["value"] for one in read(pages, f"delivery-{ledger.ids['schema']}")["facts"]}
    assert facts["Состояние"] == "задержана"
    assert facts["Что не так"]
    assert facts["Что сделать"]
    assert [row[1] for row in rows(read(pages, f"delivery-{ledger.ids['schema']}"), "events")] == ["получена", "задержана"]


def test_a_rule_tells_where_and_when_it_fired(pages: Path, ledger: Ledger) -> None:
    page = read(pages, "rule-person.snils.control_number")
    assert [row[:3] for row in rows(page, "sources")] == [["ЗАГС: рождения", "Лицо", 150]]
    assert [(row[4], row[5]) for row in rows(page, "deliveries")] == [(150, ledger.ids["numbers"])]
    assert rows(page, "trend") == [["23.10.2025", 0], ["24.10.2025", 150]]


def test_a_run_tells_what_is_new_what_is_gone_and_the_versions(pages: Path) -> None:
    page = read(pages, "run-2025-10-24")
    assert len(rows(page, "fresh")) == 4
    assert [row[1:] for row in rows(page, "gone")] == [["ЗАГС: рождения", "Лицо", REFUSE, 1]]
    assert [one["value"] for one in page["facts"]] == ["2", "1", "23.10.2025"]
    assert read(pages, "run-2025-10-23")["lead"].endswith("первый запуск, сравнить не с чем.")


def test_a_field_tells_who_won_and_how_disagreement_grew(pages: Path) -> None:
    page = read(pages, "field-birth_date")
    assert rows(page, "winners") == [["ЗАГС: рождения", 1, 0, 1, 1.0]]
    assert rows(page, "versions") == [["1", 1, 1]]


def test_sources_are_compared_with_each_other_and_with_the_golden_record(region: Region, warehouse: Database, tmp_path: Path) -> None:
    bad_day(region)
    child = region.child("2016-05-01", source="journal_eljur")
    number = next(region.numbers)
    region.insert("identity.source_record", record_id=number, source="zags_births", source_key="act")
    region.insert("identity.person_record", record_id=number, **region.meta(number, "zags_births"), family_name="ЦЫДЫПОВ", birth_date="2016-05-02",
                  record_status="active")
    region.insert("identity.link", record_id=number, pupil_id=child, rule="act", link_status="new", version_from=1, version_to=9223372036854775807)
    page = read(build(warehouse, tmp_path), "field-birth_date")
    assert rows(page, "voices") == [["ЗАГС: рождения", 1, 0, 1, 1.0], ["Журнал «ЭлЖур»", 1, 1, 0, 0.0]]
    assert rows(page, "matrix") == [["Журнал «ЭлЖур»", "", "0 из 1"], ["ЗАГС: рождения", "0 из 1", ""]]
    assert rows(read(tmp_path / "current" / "checks", "field-family_name"), "matrix")[0][2] == "1 из 1"


def test_what_came_after_the_publication_moves_no_byte(ledger: Ledger, warehouse: Database, tmp_path: Path) -> None:
    before = portal.fingerprint(build(warehouse, tmp_path / "first"))
    later = TODAY + timedelta(days=3)
    replay = ledger.delivery("replay", "zags_births", TODAY, version=3, created=150, replay_of=ledger.ids["numbers"], loaded_at=at(later))
    with ledger.region.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE quality.refused_record SET replayed_by = '{replay}' WHERE delivery_id = '{ledger.ids['numbers']}'")
        connection.exec_driver_sql("UPDATE quality.delivery SET state = 'loaded', held_code = NULL, version = 3, received = 4, loaded = 4 "
                                   f"WHERE delivery_id = '{ledger.ids['halved']}'")
    ledger.region.insert("quality.delivery_entity", delivery_id=ledger.ids["halved"], entity="person", received=4, loaded=4, created=4, updated=0, unchanged=0,
                         superseded=0, refused=0, withdrawn=0)
    ledger.event(ledger.ids["halved"], "loaded", at(later, 5), version=3, decided_by="Петрова", reason="сверено")
    ledger.delivery("next", "zags_births", later, version=3, created=3)
    ledger.publish(3, later)
    assert portal.fingerprint(build(warehouse, tmp_path / "again")) == before


def test_both_lives_of_a_replayed_record_are_told(ledger: Ledger, warehouse: Database, tmp_path: Path) -> None:
    replay = ledger.delivery("replay", "zags_births", TODAY, version=2, created=150, replay_of=ledger.ids["numbers"], minute=30)
    with ledger.region.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE quality.refused_record SET replayed_by = '{replay}' WHERE delivery_id = '{ledger.ids['numbers']}'")
    pages = build(warehouse, tmp_path)
    first, second = read(pages, f"delivery-{ledger.ids['numbers']}"), read(pages, f"delivery-{replay}")
    assert {row[5] for row in rows(first, "refused")} == {"загружена повторно"}
    assert [row[:2] for row in rows(first, "lives")] == [[replay, "повторная загрузка"]]
    assert [row[:2] for row in rows(second, "lives")] == [[ledger.ids["numbers"], "первая загрузка"]]
    assert {one["title"]: one["value"] for one in read(pages, "index")["figures"]}["Записей получено"] == 170  # each record once


def test_every_page_is_well_formed_linked_and_needs_no_network(pages: Path) -> None:
    files = sorted(pages.glob("*.html"))
    assert {path.stem for path in files} == {path.stem for path in pages.glob("*.json")}
    for path in files:
        source = path.read_text("utf-8")
        tree = html.fromstring(source.encode())
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        assert len(tree.xpath("//h1")) == 1
        assert not re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", source), path.name
        assert not re.search(r"\sstyle=|\son[a-z]+=", source), path.name
        assert not tree.xpath("//table[not(caption) or not(thead//th[@scope='col'])] | //tbody/tr[not(th[@scope='row'])] | //svg[not(@aria-label)]"), path.name
        for target in tree.xpath("//a/@href"):
            file = str(target).partition("#")[0]
            assert not file or (pages / file).exists(), (path.name, target)
        assert tree.xpath(f"//a[@href='{path.stem}.json']")


def test_a_page_and_its_json_say_the_same(pages: Path, ledger: Ledger) -> None:
    for name in ("index", "source-zags_births", f"delivery-{ledger.ids['numbers']}", "run-2025-10-24", "rules"):
        tree, page = html.fromstring((pages / f"{name}.html").read_bytes()), read(pages, name)
        assert (page["shape"], page["version"], page["as_of"]) == ("kontingent.checks/1", 2, "2025-10-24")
        assert [tree.xpath(f"string(//*[@id='{one['name']}'])") for one in page["tables"]] == [one["title"] for one in page["tables"]]
        for one in page["tables"]:
            shown = tree.xpath(f"//h2[@id='{one['name']}']/following-sibling::*[contains(@class, 'scroll')][1]/table[caption='{one['title']}']/tbody/tr")
            assert len(shown) <= len(one["rows"])
            for row, told in zip(shown, one["rows"], strict=False):
                assert len(row.xpath("th | td")) == len(told)


def test_the_search_knows_deliveries_rules_sources_and_fields(pages: Path, ledger: Ledger) -> None:
    tree = html.fromstring((pages / "search.html").read_bytes())
    index = json.loads(tree.xpath("string(//script[@id='search-index'])"))
    assert {one[0] for one in index} == {"Источник", "Правило", "Поле", "Запуск", "Поставка"}
    assert all((pages / one[3]).exists() for one in index)
    found = [one for one in index if ledger.ids["numbers"] in one[2]]
    assert [one[3] for one in found] == [f"delivery-{ledger.ids['numbers']}.html"]


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_names_of_files_are_safe_and_differ_as_their_keys_do(one: str, other: str) -> None:
    made = file_name("rule", one)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", made)
    assert (made == file_name("rule", other)) == (one == other)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=400), st.integers(1, 3))
def test_columns_of_a_chart_stay_inside_it_and_no_count_is_lost(values: list[int], kinds: int) -> None:
    chart = Chart(name="c", title="c", ticks=tuple(map(str, values)), series=tuple(Series(title="t", kind="bad", values=tuple(values)) for _ in range(kinds)))
    paths = drawn(chart)["paths"]
    assert top_of(max(values) * kinds) >= max(values) * kinds
    assert [path["path"].count("M") for path in paths] == [sum(value > 0 for value in values)] * kinds
    assert all(-kinds <= float(y) <= HEIGHT for path in paths for y in re.findall(r"M\S+ (\S+?)h", path["path"]))
