"""Tests of the pages on checks in the system's Chromium, opened from disk: the search finds, tables sort, a phone needs no sideways scrolling."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn import Database, Region
from ledger_drawn import TODAY, Ledger, bad_day
from playwright.sync_api import Page, sync_playwright

from warehouse.portal import build as portal

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the system's chromium")


@pytest.fixture
def opened(region: Region, warehouse: Database, tmp_path: Path) -> Iterator[tuple[Page, Ledger, Path]]:
    ledger = bad_day(region)
    pages = portal.build_portal(warehouse.engine(), 2, TODAY, tmp_path) / "checks"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(10_000)
        yield page, ledger, pages
        browser.close()


def test_pages_work_from_disk_on_a_phone_and_by_keyboard(opened: tuple[Page, Ledger, Path]) -> None:
    page, ledger, pages = opened
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    bad = ledger.ids["numbers"]
    for name in ("index", "rules", "fields", "source-zags_births", f"delivery-{bad}", "rule-person.snils.control_number", "run-2025-10-24", "search"):
        page.goto((pages / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.get_by_label("Найти").fill(bad[:13])
    page.get_by_text("найдено 1").wait_for()
    page.locator("#search ol a").press("Enter")
    page.wait_for_url(f"**/delivery-{bad}.html")
    page.go_back()
    page.get_by_text("найдено 1").wait_for()
    page.get_by_label("Поставка").uncheck()
    page.get_by_text("найдено 0").wait_for()
    page.goto((pages / "index.html").as_uri())
    page.locator("#attention + .scroll, #attention ~ .scroll").first.get_by_role("button", name="Записей или поставок").press("Enter")
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert said == []
