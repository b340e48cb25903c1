"""A workbook is judged by the cells it really has, on every sheet, before anything is built from it."""

from __future__ import annotations

import io
import zipfile

import pytest

from connectors.tables_reader import open_lines
from schemas.errors import ContractBroken

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(reference: str | None) -> str:
    return f'<c{f" r={chr(34)}{reference}{chr(34)}" if reference else ""} t="inlineStr"><is><t>x</t></is></c>'


def sheet(*references: str | None, after: str = "", declared: str = "A1") -> str:
    rows = "".join(f"<row>{cell(reference)}</row>" for reference in references)
    return f'<worksheet xmlns="{MAIN}"><dimension ref="{declared}"/><sheetData>{rows}</sheetData>{after}</worksheet>'


def related(*targets: str, kind: str = "worksheet") -> str:
    links = "".join(f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>' for number, target in enumerate(targets))
    return f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def workbook(*sheets: str, targets: tuple[str, ...] = (), parts: tuple[str, ...] = (), order: tuple[int, ...] = (), main: str = "xl/workbook.xml",
             others: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A workbook whose sheet n is part n, found by target n; `order` is the order in which the workbook lists them."""
    targets = targets or tuple(f"worksheets/sheet{number}.xml" for number in range(len(sheets)))
    parts = parts or tuple(f"xl/{target}" for target in targets)
    listed = "".join(f'<sheet name="s{number}" sheetId="{number + 1}" r:id="r{number}"/>' for number in order or range(len(sheets)))
    made = {"_rels/.rels": related(main, kind="officeDocument"), "xl/_rels/workbook.xml.rels": related(*targets),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
            **dict(zip(parts, sheets, strict=True)), **dict(others)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return target.getvalue()


def lines(content: bytes) -> list[list[str]]:
    with open_lines(io.BytesIO(content)) as table:
        return list(table.lines)


def code(content: bytes) -> str:
    with pytest.raises(ContractBroken) as broken:
        lines(content)
    return broken.value.code


FORMULA = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
MERGED = '<mergeCells><mergeCell ref="A2:B9"/></mergeCells>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


def test_a_small_workbook_is_read_whatever_size_it_declares() -> None:
    assert lines(workbook(sheet("A1", "B2", declared="A1:XFD1048576"))) == [["x", ""], ["", "x"]]


@pytest.mark.parametrize("content", [
    workbook(sheet("A1", "XFD1048576")),
    workbook(sheet("XFD1048576", "A1")),
    workbook(sheet("A1", "T1000000")),
    workbook(sheet("A1").replace("<row>", '<row r="1048577">')),
    workbook(sheet("A1", "XFE1")),
    workbook(sheet("A1", "ZZZZ1")),
    workbook(sheet("A1", None, after='<x><row r="1048576"/><c r="XFD1"/></x>')),
    workbook(sheet("A1").replace(cell("A1"), "<c/>" * 20_000)),
    workbook(sheet("A1"), sheet("A1", "XFD1048576")),
    workbook(sheet("A1"), sheet("XFD1048576"), order=(1, 0)),
    workbook(sheet("XFD1048576"), targets=("odd/page.bin",)),
    workbook(sheet("XFD1048576"), targets=("/elsewhere/page.xml",), parts=("elsewhere/page.xml",)),
    workbook(sheet("XFD1048576"), targets=("Worksheets/Sheet1.xml",), parts=("xl/worksheets/sheet1.xml",)),
    workbook(sheet("XFD1048576").replace("<c ", "<q:c ").replace("</c>", "</q:c>").replace("<worksheet ", f'<worksheet xmlns:q="{MAIN}" ')),
], ids=["corner", "backwards", "tall", "row", "column", "letters", "astray", "unnumbered", "second", "order", "any-name", "absolute", "case", "prefix"])
def test_a_sheet_whose_cells_lie_too_far_apart_is_refused_before_it_is_built(content: bytes) -> None:
    assert len(content) < 4_000
    assert code(content) == "workbook.too_large"


@pytest.mark.parametrize(("content", "expected"), [
    (workbook(sheet("A1"), main="other/workbook.xml"), "table.not_a_workbook"),
    (workbook(sheet("A1"), targets=("gone.xml",), parts=("xl/here.xml",)), "table.not_a_workbook"),
    (workbook(), "table.not_a_workbook"),
    (workbook(ENTITIES + sheet("A1")), "table.not_a_workbook"),
    (workbook(sheet("A1")[:-20]), "table.not_a_workbook"),
    (workbook(sheet("1A")), "table.not_a_workbook"),
    (workbook(sheet("A1"), others=(("content.xml", "<x/>"),)), "table.not_a_workbook"),
    (workbook(sheet("A1"), others=(("XL/worksheets/sheet0.xml", sheet("XFD1048576")),)), "table.zip_bomb"),
], ids=["main", "no-part", "no-sheet", "doctype", "cut", "reference", "other-format", "two-of-a-name"])
def test_a_workbook_that_two_readers_may_read_differently_is_refused(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_formulas_and_merged_cells_are_looked_for_on_the_sheet_that_is_read() -> None:
    plain = sheet("A1")
    assert code(workbook(plain, FORMULA, order=(1, 0))) == "table.formula"
    assert lines(workbook(plain, FORMULA, order=(0, 1))) == [["x"]]
    for order, rows in (((0, 1), set()), ((1, 0), {2, 9})):
        with open_lines(io.BytesIO(workbook(plain, sheet("A1", after=MERGED), order=order))) as table:
            assert table.merged_rows == rows


def test_a_rule_for_the_colour_of_cells_is_no_formula() -> None:
    rule = '<extLst><m:f xmlns:m="http://schemas.microsoft.com/office/excel/2006/main">Sheet2!A1</m:f></extLst>'
    assert lines(workbook(sheet("A1", after=rule))) == [["x"]]
