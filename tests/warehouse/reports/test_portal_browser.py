"""Tests of the pages in the system's Chromium: tables sort and filter, nothing is refused by the policy, nothing hangs over on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from drawn import AS_OF
from playwright.sync_api import Page, sync_playwright

from warehouse.reports.model import Table
from warehouse.reports.page import render
from warehouse.reports.shape import integer, text, with_total

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the system's chromium")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, list[str]]]:
    rows = pd.DataFrame({"place": [f"район {chr(1040 + n)}" for n in range(12)], "count": [n * 7 % 12 * 1000 for n in range(12)]})
    table = Table(name="places", sheet="places", title="Районы", is_filtered=True, is_total_last=True, rows=with_total(rows, label="Всего", counts=["count"]),
                  columns=(text("place", "Район"), integer("count", "Детей")))
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(render("quality.html", title="Проба", lead="", tables=(table,), version=1, as_of=AS_OF, site=(), here=""), encoding="utf-8")
    yield from _open(path)


def _open(path: Path) -> Iterator[tuple[Page, list[str]]]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_default_timeout(10_000)
        page.goto(path.as_uri())
        yield page, said
        browser.close()


def shown(page: Page, column: int) -> list[str]:
    return page.locator(f"tbody tr:not([hidden]) > :nth-child({column})").all_inner_texts()


def test_a_heading_sorts_numbers_as_numbers_and_back(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    head = page.get_by_role("button", name="Детей")
    head.press("Enter")
    assert shown(page, 2) == [f"{n}\u00a0000" if n else "0" for n in range(12)]
    head.press("Enter")
    assert shown(page, 2)[0] == "11\u00a0000"
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Район").click()
    assert shown(page, 1)[:3] == ["район А", "район Б", "район В"]


def test_the_field_filters_rows_and_hides_the_total(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    page.get_by_label("Найти в таблице").fill("район л")
    page.get_by_text("показано 1 из 12").wait_for()
    assert shown(page, 1) == ["район Л"]
    assert page.locator("tfoot").is_hidden()
    page.get_by_label("Найти в таблице").fill("")
    page.locator("tfoot").wait_for(state="visible")


def test_the_policy_refuses_nothing_and_a_phone_needs_no_sideways_scrolling(opened: tuple[Page, list[str]]) -> None:
    page, said = opened
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"PT Sans"')
