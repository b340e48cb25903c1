"""The drop: register, credentials, every layout."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from journal_world import FILE, GARDEN, NETSCHOOL, PASSWORD, make
from python_calamine import CalamineWorkbook

from connectors.mocks.drop import write_drop
from connectors.mocks.journals.files import csv_bytes
from connectors.mocks.journals.layouts import KINDERGARTENS, SCHOOLS
from connectors.mocks.journals.world import World

URL = "http://127.0.0.1:1"


def with_layout(world: World, key: str, layout: str) -> World:
    world.organisations[key] = replace(world.organisations[key], layout=layout)
    return world


def test_the_register_names_each_journal_and_its_address(tmp_path: Path) -> None:
    write_drop(make(tmp_path / "world"), tmp_path / "drop", url=URL)
    content = (tmp_path / "drop/register.csv").read_bytes()
    lines = content.decode("utf-8-sig").split("\r\n")
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines[0] == "ОГРН;ИНН;Наименование;Вид;ОКТМО;Населённый пункт;Местность;Электронный журнал;Адрес журнала;Код в журнале;Мест;Смен"
    assert lines[2].split(";")[7:] == ["ЭлЖур", f"{URL}/eljur/school-502/apiv3", "502", "100", "1"]


def test_credentials_are_there_for_those_who_have_an_api(tmp_path: Path) -> None:
    write_drop(make(tmp_path / "world"), tmp_path / "drop", url=URL)
    credentials = json.loads((tmp_path / "drop/credentials.json").read_text("utf-8"))
    assert credentials[NETSCHOOL] == {"login": "user10", "password": PASSWORD}
    assert FILE not in credentials


def test_writing_again_changes_nothing_and_leaves_no_drafts(tmp_path: Path) -> None:
    world = make(tmp_path / "world")
    assert write_drop(world, tmp_path / "drop", url=URL) > 4
    assert write_drop(world, tmp_path / "drop", url=URL) == 0
    assert not list((tmp_path / "drop").rglob("*.tmp"))


def test_netschool_contingent_is_cp1251_and_keeps_what_is_no_snils(tmp_path: Path) -> None:
    write_drop(make(tmp_path / "world"), tmp_path / "drop", url=URL)
    text = (tmp_path / "drop" / NETSCHOOL / "contingent.csv").read_bytes().decode("cp1251")
    assert text.startswith("ID;")
    assert "0112233445 95" in text
    assert "09.03.2014" in text


@pytest.mark.parametrize("layout", SCHOOLS)
def test_every_school_layout_has_pupils_marks_and_finals(tmp_path: Path, layout: str) -> None:
    write_drop(with_layout(make(tmp_path / "world"), FILE, layout), tmp_path / "drop", url=URL)
    assert len(list((tmp_path / "drop" / FILE).iterdir())) == 3


@pytest.mark.parametrize("layout", KINDERGARTENS)
def test_every_kindergarten_layout_is_one_file(tmp_path: Path, layout: str) -> None:
    write_drop(with_layout(make(tmp_path / "world"), GARDEN, layout), tmp_path / "drop", url=URL)
    assert len(list((tmp_path / "drop" / GARDEN).iterdir())) == 1


def test_the_form_has_three_title_lines_and_real_dates(tmp_path: Path) -> None:
    write_drop(with_layout(make(tmp_path / "world"), FILE, "school_xlsx_form"), tmp_path / "drop", url=URL)
    rows = CalamineWorkbook.from_path(str(tmp_path / "drop" / FILE / "Контингент.xlsx")).get_sheet_by_name("Контингент").to_python(skip_empty_area=False)
    assert rows[3][:4] == ["№ п/п", "Личное дело", "ФИО обучающегося", "Дата рождения"]
    assert rows[4][2] == "Дүгаров Баир Өлзыевич"
    assert rows[4][3].isoformat() == "2014-03-09"
    assert rows[4][8] == "5 А"


def test_the_plain_sheet_loses_leading_zeros_of_snils_and_the_century(tmp_path: Path) -> None:
    write_drop(with_layout(make(tmp_path / "world"), FILE, "school_xlsx_plain"), tmp_path / "drop", url=URL)
    rows = CalamineWorkbook.from_path(str(tmp_path / "drop" / FILE / "pupils.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[2][4] == 11223344595
    assert rows[2][5] == "09.03.14"


def test_weights_have_a_decimal_comma_and_debts_a_full_stop(tmp_path: Path) -> None:
    write_drop(with_layout(make(tmp_path / "world"), FILE, "school_cp1251_split"), tmp_path / "drop", url=URL)
    lines = (tmp_path / "drop" / FILE / "marks_2025_1.csv").read_bytes().decode("cp1251").split("\r\n")
    assert lines[1] == "11;7;Математика;01.09.2025;2;5;1,5;Контрольная работа"
    assert any(line.split(";")[5] == "." for line in lines[1:-1])


def test_letters_the_code_page_lacks_are_replaced_as_schools_do(tmp_path: Path) -> None:
    cells = make(tmp_path).pupil_frame(NETSCHOOL)[["family_name"]].head(1)
    assert csv_bytes(cells, "cp1251", has_look_alikes=True).decode("cp1251").split("\r\n")[1] == "Дугаров"
    assert csv_bytes(cells, "cp1251").decode("cp1251").split("\r\n")[1] == "Д?гаров"
