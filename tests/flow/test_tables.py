"""Files of schools that are not the agreed table: held whole with what is wrong with the columns, nothing half-loaded."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.files import ingest
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, deliveries, keys

pytestmark = pytest.mark.flow
TITLES = ["Личное дело", "ФИО обучающегося", "Дата рождения", "Пол", "СНИЛС", "Свидетельство о рождении", "Гражданство", "Класс", "Форма обучения", "Смена",
          "Дата приказа о зачислении", "Дата выбытия", "Причина выбытия"]
CELLS = ["1", "Доржиев Баир Батоевич", "2014-03-09", "М", "", "", "РФ", "5А", "очная", "1", "2021-09-01", "", ""]


def workbook(titles: list[str], *, formula: bool = False, merged: bool = False) -> bytes:
    """A form like `school_xlsx_form`: title, blank lines, header in line 4, one pupil."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Контингент")
        sheet.write_row(3, 0, ["№ п/п", *titles])
        sheet.write_row(4, 0, ["1", *CELLS[: len(titles)]])
        if formula:
            sheet.write_formula(4, 1, "=1+1")
        if merged:
            sheet.merge_range(4, 1, 5, 1, "1")
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO(workbook(TITLES))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", b"0" * (64 << 20))
    return target.getvalue()


def broken() -> dict[str, tuple[bytes, str, str]]:
    """File name: (content, code, word that the message must hold); the files with good lines have good lines first."""
    without = wire.HEADER.replace(";СНИЛС", "")
    many = wire.table(wire.HEADER, *(wire.pupil(number) for number in range(1, 51_000)), "1;2;3")  # the first batch is sound
    return {
        "missing.csv": (wire.table(without, wire.pupil(1).replace(";;", ";", 1)), "table.columns", "СНИЛС"),
        "extra.csv": (wire.table(f"{wire.HEADER};Цвет", f"{wire.pupil(1)};"), "table.columns", "unknown at column 15"),
        "renamed.csv": (wire.table(wire.HEADER.replace("СНИЛС", "Страховой номер"), wire.pupil(1)), "table.columns", "missing: СНИЛС; unknown at column 7"),
        "glued.csv": (wire.table(f"{wire.HEADER};{wire.pupil(1)}"), "table.columns", "unknown at columns 15, 16"),
        "twice.csv": (wire.table(wire.HEADER, wire.pupil(1), wire.HEADER), "table.second_header", ""),
        "width.csv": (many, "table.row_width", ""),
        "quotes.csv": (wire.table(wire.HEADER, wire.pupil(1), '"2;Доржиев'), "table.malformed", ""),
        "utf16.csv": (wire.table(wire.HEADER, wire.pupil(1)).decode("utf-8-sig").encode("utf-16"), "table.encoding", ""),
        "formula.xlsx": (workbook(TITLES, formula=True), "table.formula", ""),
        "merged.xlsx": (workbook(TITLES, merged=True), "table.merged_cells", ""),
        "missing.xlsx": (workbook([title for title in TITLES if title != "Пол"]), "table.columns", "Пол"),
        "bomb.xlsx": (bomb(), "table.zip_bomb", ""),
        "letter.xlsx": (b"\xd0\xcf\x11\xe0" + bytes(100), "table.not_a_workbook", ""),
    }


def test_each_kind_of_broken_table_is_held_with_its_columns_named(warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cases = broken()
    files = [wire.write(tmp_path, name, content) for name, (content, *_) in cases.items()]
    found = ingest("journal_file", [*files, wire.write(tmp_path, "good.xlsx", workbook(TITLES))], wire.SCHOOL)
    held = {str(origin).partition("/")[2]: code for origin, state, code in deliveries(warehouse) if state == "held"}
    assert held == {name: code for name, (_, code, _) in cases.items()}
    messages = {str(origin).partition("/")[2]: str(message) for origin, message in warehouse.rows("SELECT origin, held_message FROM quality.delivery")}
    assert [name for name, (_, _, word) in cases.items() if word not in messages[name]] == []
    assert keys(warehouse) == [f"{wire.SCHOOL}:1"]
    assert found["held"] == len(cases)
    assert "Доржиев" not in str(messages) + caplog.text
    adds_up()
