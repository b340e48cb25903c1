"""Tests of charts in the system's Chromium, opened from disk: drawn without scripts, answering to the pointer with them, printed as they stand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from warehouse import reports
from warehouse.portal import assets
from warehouse.reports.model import Chart, Provenance, Report, Table
from warehouse.reports.shape import integer, text, with_total

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the system's chromium")
SITE = (("index.html", "Главная"), ("reports.html", "Отчёты"))


def report() -> Report:
    rows = pd.DataFrame({"place": [f"{n} класс" for n in range(1, 12)], "first": [n * 1000 for n in range(1, 12)], "second": list(range(11))})
    made = Provenance(version=1, as_of=date(2025, 10, 24), record_count=0, review_count=0, code_lists="–",
                      sources=pd.DataFrame(columns=["source", "title", "latest_delivery", "delivery_count"]))
    table = Table(name="grades", sheet="grades", title="По классам", rows=with_total(rows, label="Всего", counts=["first", "second"]), is_total_last=True,
                  columns=(text("place", "Класс"), integer("first", "В первую смену"), integer("second", "Во вторую смену")))
    charts = tuple(Chart(table="grades", title=f"Смены: {kind}", x="place", series=("first", "second"), kind=kind)  # type: ignore[arg-type]
                   for kind in ("stacked", "bar", "line", "horizontal"))
    return Report(name="shifts", title="Смены", form="–", lead="Всё.", tables=(table,), checks=(), notes=(), provenance=made, charts=charts)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    assets.write(tmp_path / assets.FOLDER)
    page = tmp_path / "shifts.html"
    page.write_text(reports.as_html(report(), site=SITE), encoding="utf-8")
    return page


def opened(browser: Browser, path: Path, *, has_scripts: bool = True, width: int = 1200) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=has_scripts)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    page.set_default_timeout(10_000)
    page.goto(path.as_uri())
    return page, said


def test_a_chart_answers_to_the_pointer_and_the_policy_refuses_nothing(browser: Browser, path: Path) -> None:
    page, said = opened(browser, path)
    figure = page.locator("figure.plot").first
    canvas = figure.locator("canvas")
    canvas.wait_for()
    assert figure.locator("svg").is_hidden()
    assert figure.get_by_role("img").get_attribute("aria-label", timeout=1000).startswith("Смены: stacked. Столбчатая диаграмма с накоплением, 11 категорий.")
    before = canvas.screenshot()
    page.wait_for_timeout(300)
    assert canvas.screenshot() == before
    canvas.hover(position={"x": 300, "y": 120})
    page.wait_for_timeout(500)
    assert canvas.screenshot() != before, "the hint is drawn"
    for n in range(4):
        page.locator("figure.plot").nth(n).scroll_into_view_if_needed()
        page.locator("figure.plot").nth(n).locator("canvas").wait_for()
    assert said == []


def test_without_scripts_the_picture_and_the_table_stand(browser: Browser, path: Path) -> None:
    page, _ = opened(browser, path, has_scripts=False)
    assert page.locator("figure.plot svg").count() == 4
    assert page.locator("figure.plot svg").first.is_visible()
    assert page.get_by_role("cell", name="11\u00a0000").is_visible()


def test_print_shows_the_picture_instead_of_the_canvas(browser: Browser, path: Path) -> None:
    page, _ = opened(browser, path)
    page.locator("figure.plot canvas").first.wait_for()
    page.emulate_media(media="print")
    assert page.locator("figure.plot svg").first.is_visible()
    assert page.locator("figure.plot canvas").first.is_hidden()
    assert page.locator("header nav").is_hidden()


def test_on_a_phone_charts_do_not_widen_the_page(browser: Browser, path: Path) -> None:
    for has_scripts in (True, False):
        page, _ = opened(browser, path, has_scripts=has_scripts, width=360)
        body = page.locator("body").bounding_box()
        assert body is not None
        assert body["width"] <= 360
        if has_scripts:
            page.locator("figure.plot canvas").first.wait_for()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_report_handed_over_alone_needs_no_file_beside_it(tmp_path: Path) -> None:
    alone = reports.as_html(report())
    assert "<svg" in alone
    assert "assets/" not in alone
