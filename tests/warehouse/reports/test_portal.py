"""Tests of the portal: nothing from the network, no names, accessible structure, shown in one step."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from drawn import AS_OF, OTHER_SCHOOL, Database, Region
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from warehouse.portal import build as portal
from warehouse.portal import measures, start
from warehouse.portal.register import Municipality
from warehouse.reports import page, wording
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.model import Table
from warehouse.reports.shape import LEAST, integer, text

pytestmark = pytest.mark.warehouse
REPORTS = [one.name for one in DEFINITIONS]
PAGES = sorted(f"{name}.html" for name in (*REPORTS, "dictionary", "index", "linkage", "places", "quality", "reports", "search"))


@pytest.fixture
def built(region: Region, warehouse: Database, tmp_path: Path) -> Path:
    child = region.child("2016-05-01", snils="11223344595")
    region.enrol(child, "2023-09-01", grade=3)
    region.enrol(child, "2025-09-05", grade=3, at=OTHER_SCHOOL)
    region.child("2012-05-01", snils="11223344595")
    region.delivery("zags_births", created=2, unchanged=5, refused=1)
    region.delivery("pfr_snils", version=None, state="held", held_code="rows.few")
    region.insert("quality.validation_result", run_id="r1", gate="warehouse", subject_checked="version 1", suite="version", expectation="unique",
                  success=True, evaluated=2, unexpected=0)
    return portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path)


def test_the_portal_is_one_folder_shown_by_the_link_current(built: Path, tmp_path: Path) -> None:
    assert (tmp_path / "current").resolve() == built.resolve()
    assert sorted(path.name for path in built.glob("*.html")) == PAGES
    assert sorted(path.name for path in (built / "files").iterdir()) == sorted(
        f"{name}.{kind}" for name in (*REPORTS, "dictionary") for kind in ("json", "pdf", "xlsx"))
    assert {path.name for path in tmp_path.glob(".*")} == {portal.SHELF, portal.history.FOLDER}


def test_nothing_comes_from_the_network_and_the_policy_forbids_it(built: Path) -> None:
    for path in built.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", source), path.name
        policy = html.fromstring(source.encode()).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'")
        for kind in ("style", "script"):
            content = re.findall(rf"<{kind}>(.*?)</{kind}>", source, flags=re.DOTALL)
            assert len(content) == 1
            assert base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode() in policy
        assert not re.search(r"\sstyle=|\son[a-z]+=", source), path.name


def test_no_page_or_file_holds_a_name_or_snils(built: Path) -> None:
    for path in [*built.glob("*.html"), *built.glob("files/*.json")]:
        source = path.read_text(encoding="utf-8")
        assert "ЦЫДЫПОВ" not in source
        assert not re.search(r"\b\d{11}\b|\d{3}-\d{3}-\d{3}", source), path.name


def test_every_page_has_one_h1_ids_on_headings_captions_and_headers_and_no_dead_links(built: Path) -> None:
    for path in built.glob("*.html"):
        tree = html.fromstring(path.read_bytes())
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        assert len(tree.xpath("//h1")) == 1
        assert tree.xpath("/html/@lang") == ["ru"]
        assert tree.xpath("//a[@class='skip']/@href") == ["#main"]
        assert not tree.xpath("//h1[not(@id)] | //h2[not(@id)]"), path.name
        assert not tree.xpath("//table[not(caption) or not(thead//th[@scope='col'])]"), path.name
        assert not tree.xpath("//tbody/tr[not(th[@scope='row'])]"), path.name
        for target in tree.xpath("//a/@href"):
            file, _, anchor = str(target).partition("#")
            assert not file or (built / file).exists(), target
            assert file or not anchor or anchor in ids, target


def test_the_start_page_tells_the_state(built: Path) -> None:
    tree = html.fromstring((built / "index.html").read_bytes())
    figures = {item.findtext("dt"): item.findtext("dd") for item in tree.xpath("//dl[contains(@class, 'figures')]/div")}
    assert {title: figures[title] for title in ("Детей до 18 лет", "Школьников", "Нигде не обучаются", "Школы: детей сверх мест", "Записей отвергнуто")} == {
        "Детей до 18 лет": "2", "Школьников": "1", "Нигде не обучаются": "1", "Школы: детей сверх мест": "0", "Записей отвергнуто": "12,5\u00a0%"}
    assert figures["Последняя загрузка, версия 1"] == "24.10.2025 11:00"
    assert [tile.text_content().replace("\u00ad", "") for tile in tree.xpath("(//ol[@class='tiles'])[1]/li")] == ["Кабанский–", "Улан-Удэ–"]


def test_the_same_version_is_the_same_folder_and_a_new_one_moves_the_link(built: Path, region: Region, warehouse: Database, tmp_path: Path) -> None:
    assert portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path) == built
    region.publish(2)
    later = portal.build_portal(warehouse.engine(), 2, AS_OF, tmp_path)
    assert later != built
    assert (tmp_path / "current").resolve() == later.resolve()
    assert built.exists()


def test_a_build_that_fails_leaves_what_was_shown(built: Path, warehouse: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError
    monkeypatch.setattr(portal.quality, "page", broken)
    with pytest.raises(RuntimeError):
        portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path)
    assert (tmp_path / "current").resolve() == built.resolve()
    assert not list(tmp_path.glob(".draft-*"))


def test_a_page_shows_the_first_rows_of_a_long_table_and_says_so() -> None:
    rows = pd.DataFrame({"number": [str(n) for n in range(page.MOST_ROWS + 2)], "count": 1})
    long = Table(name="long", sheet="long", title="Длинная", columns=(text("number", "№"), integer("count", "Число")), rows=rows, is_total_last=True)
    shown = html.fromstring(page.render("quality.html", title="", lead="", tables=(long,), version=1, as_of=AS_OF, site=(), here=""))
    assert len(shown.xpath("//tbody/tr")) == page.MOST_ROWS
    assert shown.xpath("string(//tfoot//th)") == str(page.MOST_ROWS + 1)
    assert "первые 3\u00a0000 строк из 3\u00a0001" in shown.text_content()


def test_names_of_municipalities_fit_a_tile() -> None:
    assert [measures.short(name) for name in ("г. Улан-Удэ", "Баунтовский эвенкийский район")] == ["Улан-Удэ", "Баунтовский"]
    assert measures.hyphenated("Северобайкальск").split("\u00ad") == ["Се", "ве", "ро", "бай", "кальск"]


@given(st.lists(st.integers(0, 10**8), min_size=4, max_size=4))
def test_the_pieces_of_a_bar_fill_it_and_every_count_is_seen(counts: list[int]) -> None:
    pieces = start.bar(tuple(zip(("new", "same", "old", "refused"), counts, strict=True)))
    assert len(pieces) == sum(count > 0 for count in counts)
    if pieces:
        assert sum(float(piece["width"]) for piece in pieces) == pytest.approx(100, abs=0.1)
        assert min(float(piece["width"]) for piece in pieces) > 0.7


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=23))
def test_a_larger_share_is_never_a_lighter_tile(shares: list[float | None]) -> None:
    steps = measures.bounds(pd.Series(shares, dtype="float64"))
    known = sorted(share for share in shares if share is not None)
    shades = [int(measures.shade(share, steps)) for share in known]
    assert shades == sorted(shades)
    assert measures.shade(None, steps) == "x"


def test_russian_forms_of_numbers_dates_and_words() -> None:
    assert wording.number(1234567) == "1\u00a0234\u00a0567"
    assert wording.share(0.0123) == "1,2\u00a0%"
    assert wording.long_day(AS_OF) == "24\u00a0октября 2025\u00a0года"
    assert [wording.plural(n, "ребёнок", "ребёнка", "детей") for n in (1, 2, 5, 11, 12, 21, 22, 111)] == [
        "ребёнок", "ребёнка", "детей", "детей", "детей", "ребёнок", "ребёнка", "детей"]


def municipality(name: str, column: int, children: int, not_enrolled: int) -> Municipality:
    return Municipality(oktmo=f"8160{column}000", name=name, tile_row=0, tile_column=column, child_count=children, not_enrolled_count=not_enrolled, organisations=())


def test_a_tile_of_few_children_shows_no_share_and_one_of_many_does() -> None:
    few, many = measures.of([municipality("Окинский район", 0, LEAST - 1, 1), municipality("г. Улан-Удэ", 1, LEAST, 1)])[0].tiles
    assert (few.value, few.shade) == ("–", "x")
    assert many.value == "5,0\u00a0%"


def test_the_legend_names_only_what_the_map_shows() -> None:
    shown = measures.of([municipality("Окинский район", 0, 1, 1), municipality("г. Улан-Удэ", 1, 100, 1), municipality("Кабанский район", 2, 100, 9)])[0]
    assert [shade for shade, _ in shown.legend] == ["0", "4", "x"]
    assert {tile.shade for tile in shown.tiles} == {"0", "4", "x"}


def gate_result(region: Region, version: int, hour: int, *, success: bool = True, gate: str = "warehouse", subject: str | None = None,
                severity: str = "hold") -> None:
    subject = subject or f"version {version}"
    region.insert("quality.validation_result", run_id="by hand", gate=gate, subject_checked=subject, suite=subject.split(" ")[0], expectation=f"rule {hour}",
                  kwargs=f'{{"severity": "{severity}", "title": "Правило {hour}"}}', success=success, evaluated=1, unexpected=int(not success),
                  at=datetime(2025, 10, 24, hour, tzinfo=UTC))


def test_checks_made_after_a_version_was_published_do_not_change_its_pages(region: Region, warehouse: Database, tmp_path: Path) -> None:
    gate_result(region, 1, 5, success=False)
    gate_result(region, 1, 3, gate="record", subject="journal_file/person")
    gate_result(region, 1, 6, success=False, severity="warn")
    gate_result(region, 1, 2, gate="record", subject="journal_eljur/person", success=False, severity="refuse")
    first = portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path)
    region.publish(2)
    gate_result(region, 1, 7, success=False)
    gate_result(region, 2, 8)
    gate_result(region, 2, 7, gate="record", subject="journal_file/person", success=False)
    assert portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path) == first
    shown = html.fromstring((first / "quality.html").read_bytes()).text_content()
    assert "0 проверок не пройдено, 1 правило отклоняет записи, 1 предупреждение" in shown
    assert "Хранилище, версия 1" in shown
    assert "Файлы школ и детских садов – лицо" in shown
    assert "journal_file" not in shown
    start_page = html.fromstring((first / "index.html").read_bytes()).text_content()
    assert "не пройдено" not in start_page, "a record refused by its rule is the rule at work, no alarm"
    assert "отклоняют записи 1" in start_page
