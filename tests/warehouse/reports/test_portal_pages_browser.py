"""Tests of the whole portal in the system's Chromium, opened from disk: every page is silent, fits a phone, reads without scripts; the keyboard leads everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn import AS_OF, KABANSK, OTHER_SCHOOL, Database, Region
from playwright.sync_api import Browser, Page, sync_playwright

from warehouse.portal import build as portal

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.warehouse, pytest.mark.skipif(CHROMIUM is None, reason="needs the system's chromium")]
MOST_BYTES, MOST_MILLISECONDS = 2_000_000, 1000
PHONE, DESK = 360, 1200


@pytest.fixture(scope="module")
def built(warehouse: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    region = Region(warehouse.engine("owner"))
    region.empty()
    for number in range(25):
        region.enrol(region.child(f"2016-05-{number + 1:02d}", oktmo=KABANSK), "2025-09-01", grade=3, at=OTHER_SCHOOL)
    region.child("2012-05-01", oktmo=KABANSK)
    region.delivery("zags_births", created=2, unchanged=5, refused=1)
    return portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


def opened(browser: Browser, width: int, *, has_scripts: bool = True) -> tuple[Page, list[str], list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=has_scripts)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(10_000)
    return page, said, asked


def own_pages(built: Path) -> list[Path]:
    return [*sorted(built.glob("*.html")), *sorted((built / "places").glob("*.html")), built / "checks" / "index.html"]


def test_every_page_is_silent_asks_only_the_disk_and_fits_a_phone(browser: Browser, built: Path) -> None:
    page, said, asked = opened(browser, PHONE)
    for path in own_pages(built):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        assert said == [], path.name
    assert [url for url in asked if not url.startswith("file:")] == []


def test_the_start_page_is_light_and_quick(browser: Browser, built: Path) -> None:
    page, _, asked = opened(browser, DESK)
    page.goto((built / "index.html").as_uri())
    assert sum(Path(url.removeprefix("file://")).stat().st_size for url in asked) <= MOST_BYTES
    assert page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") <= MOST_MILLISECONDS


def test_without_scripts_tables_and_every_measure_of_the_map_can_be_read(browser: Browser, built: Path) -> None:
    page, _, _ = opened(browser, DESK, has_scripts=False)
    page.goto((built / "index.html").as_uri())
    assert page.locator(".measure:visible").count() == 1
    assert page.get_by_role("link", name="Кабанский").first.inner_text().replace("\u00ad", "").endswith("3,8\u00a0%")
    page.get_by_text("Детей в школах", exact=True).first.click()
    assert page.locator(".measure:visible").get_by_role("list", name="Детей в школах").is_visible()
    page.goto((built / "contingent.html").as_uri())
    assert page.get_by_role("rowheader", name="Кабанский район").first.is_visible()
    page.goto((built / "search.html").as_uri())
    assert page.locator("#search").get_by_role("link", name="районы и организации").is_visible()


def test_the_keyboard_leads_to_the_search_and_to_a_municipality(browser: Browser, built: Path) -> None:
    page, said, _ = opened(browser, DESK)
    page.goto((built / "quality.html").as_uri())
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "К содержанию"
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")
    page.keyboard.type("кабанский")
    page.locator("#search ol a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/places/m-{KABANSK}.html")
    page.goto((built / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type(OTHER_SCHOOL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html#*")
    page.get_by_role("link", name="Школа села Кабанск").press("Enter")
    page.wait_for_url(f"**/places/o-{OTHER_SCHOOL}.html")
    assert page.get_by_role("link", name="Районы и организации").first.get_attribute("aria-current") == "true"
    page.locator("nav.path").get_by_role("link", name="Кабанский район").press("Enter")
    page.wait_for_url(f"**/places/m-{KABANSK}.html")
    assert said == []


def test_a_found_column_opens_the_dictionary_at_its_row(browser: Browser, built: Path) -> None:
    page, _, _ = opened(browser, DESK)
    page.goto((built / "search.html").as_uri() + "#core.enrolment.shift")
    page.get_by_role("link", name="core.enrolment.shift").first.press("Enter")
    page.wait_for_url("**/dictionary.html#columns=shift")
    assert page.get_by_label("Найти в таблице").first.input_value() == "shift"
    assert page.locator("[aria-labelledby=columns] tbody tr:not([hidden])").count() < 30


def test_print_leaves_out_what_paper_cannot_use_and_repeats_headings(browser: Browser, built: Path) -> None:
    page, _, _ = opened(browser, DESK)
    for path in (built / "contingent.html", built / "places" / f"o-{OTHER_SCHOOL}.html"):
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        assert page.locator("header nav, nav.path, .skip, .files").evaluate_all("all => all.every((one) => getComputedStyle(one).display === 'none')"), path.name
        assert page.locator("thead").first.evaluate("one => getComputedStyle(one).display") == "table-header-group"
        assert page.locator(".scroll").first.evaluate("one => getComputedStyle(one).overflow") == "visible"
