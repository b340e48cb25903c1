"""The page on the quality of links: figures of this version and those before it, in words an official reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn import AS_OF, Database, Region
from lxml import html

from warehouse.portal import build as portal

pytestmark = pytest.mark.warehouse
RUN = {"records": 1000, "pupils": 250, "reviews": 7, "records_in_review": 5, "review_share": 0.005, "records_read": 1000}
TRUTH = {"precision": 0.99997, "recall": 0.9951, "b3_f1": 0.998, "over_merged_pupils": 1, "twins_merged_pupils": 0, "false_links": 1,
         "records": 1000, "review_share": 0.005}


def keep(region: Region, version: int, basis: str, figures: dict[str, float], subgroup: str = "", **bounds: float) -> None:
    for measure, value in figures.items():
        region.insert("quality.linkage_measure", version=version, basis=basis, subgroup=subgroup, measure=measure, value=value, **bounds)


def page(warehouse: Database, folder: Path) -> str:
    built = portal.build_portal(warehouse.engine(), 1, AS_OF, folder)
    return " ".join(html.fromstring((built / "linkage.html").read_bytes()).text_content().split()).replace("\u00a0", " ")


def test_without_figures_the_page_says_so(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.child("2016-05-01")
    assert "Связи этой версии ещё не измерены" in page(warehouse, tmp_path)


def test_the_first_look_tells_share_to_review_precision_and_recall(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.child("2016-05-01")
    keep(region, 1, "run", RUN)
    keep(region, 1, "run", {"links": 700}, "rule=snils")
    keep(region, 1, "run", {"links": 300}, "rule=something_new")
    keep(region, 1, "truth", TRUTH)
    keep(region, 1, "truth", TRUTH, "has_patronymic=false")
    keep(region, 1, "sample", {"precision": 0.99}, low=0.97, high=0.998)
    keep(region, 1, "sample", {"pairs_answered": 40, "sampled_share": 0.8})
    shown = page(warehouse, tmp_path)
    assert "На рассмотрении 5 записей из 1 000; по известным лицам точность пар 99,997 %, полнота 99,510 %." in shown
    assert "СНИЛС без противоречий 700 70,00 %" in shown
    assert "something_new 300" in shown
    assert "Отчества нет 1 000 99,997 %" in shown
    assert "99,00 % (от 97,00 % до 99,80 %)" in shown


def test_figures_of_later_versions_never_show(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.child("2016-05-01")
    keep(region, 1, "run", RUN)
    keep(region, 2, "run", RUN | {"records": 777})
    assert "777" not in page(warehouse, tmp_path)


def test_two_measured_versions_make_a_line(region: Region, warehouse: Database, tmp_path: Path) -> None:
    region.child("2016-05-01")
    for version, recall in ((0, 0.98), (1, 0.99)):
        keep(region, version, "run", RUN)
        keep(region, version, "truth", TRUTH | {"recall": recall})
    built = portal.build_portal(warehouse.engine(), 1, AS_OF, tmp_path)
    drawn = html.fromstring((built / "linkage.html").read_bytes()).xpath("//svg/polyline")
    assert [line.get("class") for line in drawn] == ["precision", "recall"]
    assert all(len(line.get("points").split()) == 2 for line in drawn)
