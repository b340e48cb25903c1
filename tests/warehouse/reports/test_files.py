"""Tests of the files: XLSX layout, JSON, restricted names, the same bytes twice."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from drawn import AS_OF, OTHER_SCHOOL, SCHOOL, Database, Region
from journal_drawn import final
from python_calamine import CalamineWorkbook

from schemas.errors import ConfigurationError
from warehouse.reports import build, forms, machine, workbook
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.model import Column, Provenance, Report, Table

pytestmark = pytest.mark.warehouse
SURNAME, NUMBER = "ЦЫДЫПОВ", "11223344595"


@pytest.fixture
def drawn_region(region: Region) -> Region:
    for sex in ("M", "F"):
        child = region.child("2016-05-01", sex, snils=NUMBER)
        region.enrol(child, "2023-09-01", grade=3)
        region.enrol(child, "2025-09-05", grade=3, at=OTHER_SCHOOL)
        final(region, child, "2")
    region.enrol(region.child("2012-05-01", snils=NUMBER), "2019-09-01", "2025-06-01", grade=6, programme="basic", exit_reason="expelled")
    region.insert("core.organisation", **region.meta(800, "education_organisations"), organisation_key="1020000000009",
                  organisation_name='=HYPERLINK("a")<script>', organisation_kind="school", oktmo="81701000")
    region.enrol(region.child("2016-05-01", "F"), "2025-09-01", at="1020000000009", grade=3)
    region.delivery("zags_births", created=2, refused=1)
    return region


def test_two_builds_of_one_version_give_the_same_bytes(drawn_region: Region, warehouse: Database, tmp_path: Path) -> None:
    builds = [build(warehouse.engine(), version=1, as_of=AS_OF, out=tmp_path / name, with_names=True) for name in ("first", "second")]
    names = sorted(str(path.relative_to(tmp_path / "first")) for path in builds[0])
    assert names == sorted([f"{one.name}.{kind}" for one in DEFINITIONS for kind in ("html", "json", "pdf", "xlsx")]
                           + [f"restricted/{one.name}.xlsx" for one in DEFINITIONS if one.names_children])
    for first, second in zip(*builds, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name
    with zipfile.ZipFile(tmp_path / "first" / "contingent.xlsx") as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert set(re.findall(rb"\d{4}-\d\d-\d\d", book.read("docProps/core.xml"))) == {b"2025-10-24"}


def test_names_are_only_in_the_restricted_file_which_only_its_owner_may_read(drawn_region: Region, warehouse: Database, tmp_path: Path) -> None:
    files = build(warehouse.engine(), version=1, as_of=AS_OF, out=tmp_path, with_names=True)
    for path in files:
        if path.suffix == ".pdf":
            continue
        cells = str([sheet for sheet in workbook_rows(path).values()]) if path.suffix == ".xlsx" else path.read_text(encoding="utf-8")
        assert (SURNAME in cells) == (path.parent.name == "restricted"), path.name
        assert NUMBER not in cells
    restricted = tmp_path / "restricted"
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    assert stat.S_IMODE((restricted / "not_enrolled.xlsx").stat().st_mode) == 0o600


def workbook_rows(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_a_workbook_opens_with_cover_and_contents_and_each_sheet_has_its_title_in_a1(drawn_region: Region, warehouse: Database, tmp_path: Path) -> None:
    build(warehouse.engine(), version=1, as_of=AS_OF, out=tmp_path)
    sheets = workbook_rows(tmp_path / "contingent.xlsx")
    assert list(sheets)[:3] == ["Обложка", "Содержание", "2.1.1 очная"]
    assert list(sheets)[-3:] == ["Контроль", "Источники", "Примечания"]
    assert [row[0] for row in sheets["Содержание"][4:]] == list(sheets)[2:]
    assert all(rows[0][0] for rows in sheets.values())
    assert sheets["Обложка"][0][0] == "Контингент школ на 20 сентября"
    assert dict(row[:2] for row in sheets["Обложка"][4:])["Версия данных"] == "1"


def test_text_that_looks_like_a_formula_stays_text(drawn_region: Region, warehouse: Database, tmp_path: Path) -> None:
    build(warehouse.engine(), version=1, as_of=AS_OF, out=tmp_path)
    names = [row[1] for row in workbook_rows(tmp_path / "contingent.xlsx")["По организациям"]]
    assert '=HYPERLINK("a")<script>' in names
    html = (tmp_path / "contingent.html").read_text(encoding="utf-8")
    assert "<script>" not in html.split("<main")[1].split("</main>")[0]


def test_json_says_the_same_as_the_sheets(drawn_region: Region, warehouse: Database, tmp_path: Path) -> None:
    build(warehouse.engine(), version=1, as_of=AS_OF, out=tmp_path)
    document = json.loads((tmp_path / "contingent.json").read_text(encoding="utf-8"))
    assert (document["version"], document["as_of"]) == (1, "2025-10-24")
    total = next(table for table in document["tables"] if table["name"] == "organisations")["rows"][-1]
    assert total[:5] == ["Всего", None, None, 2, 3]
    conflict = next(table for table in document["tables"] if table["name"] == "conflicts")["rows"][0]
    assert SCHOOL in conflict
    assert "2025-09-05" in conflict
    assert next(check for check in document["checks"] if check["name"] == "pupils")["outcome"] == "passed"


@pytest.mark.parametrize("name", ["oo1", "not_enrolled"])
def test_a_form_map_names_each_line_once_and_prints_confirmed_codes_only(name: str) -> None:
    for section in forms.read(name).sections.values():
        for lines in (section.rows, section.columns):
            assert len({line.name for line in lines}) == len(lines)
            assert all(line.printed_code == (line.code if line.code_confirmed else "–") for line in lines)


def test_a_role_that_may_not_choose_a_version_is_told_so(region: Region, warehouse: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"reports\.version"):
        build(warehouse.engine("analyst"), version=99, as_of=AS_OF, out=tmp_path)


def test_a_table_too_long_for_a_sheet_is_named_in_the_contents_and_stands_in_the_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    made = Provenance(version=1, as_of=AS_OF, sources=pd.DataFrame(columns=["source", "title", "latest_delivery", "delivery_count"]), record_count=0,
                      review_count=0, code_lists="–")
    long = Table(name="long", sheet="Длинная", title="Длинная таблица", columns=(Column(name="n", title="№", kind="integer"),),
                 rows=pd.DataFrame({"n": range(21)}))
    report = Report(name="r", title="Отчёт", form="–", lead="–", tables=(long,), checks=(), notes=(), provenance=made)
    rows = workbook_rows(workbook.save(report, tmp_path / "r.xlsx"))
    assert "Длинная" not in rows
    assert any("21 строк – в файле JSON" in str(row) for row in rows["Содержание"])
    assert len(machine.read(machine.save(report, tmp_path / "r.json")).tables[0].rows) == 21
