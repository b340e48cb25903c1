"""From the position of every row back to bytes that hold every value of the row, for each sender and each kind of file."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import places
from connectors.landing import Delivery, Media
from connectors.place import FRAGMENT, Place, shown
from connectors.place_json import span
from connectors.place_members import Members
from connectors.rows import RawBatch
from schemas.errors import ContractBroken
from tests.connectors.asked import conversation
from tests.connectors.exchange import zipped
from tests.connectors.kept import DATA, tar_of

OURS = frozenset(("position", "organisation_key", "date_form", "snils_form", "programme", "key", "is_debt", "school_year", "kind", "account", "local_id", "date"))
"""Raw columns that the reader adds, or that stand in the name of the answer."""
DERIVED = {("journal_bars", "period")}
"""A code of the sender that the reader writes as a word."""


def rows(source: str, media: Media, content: bytes, origin: str) -> list[dict[str, Any]]:
    delivery = Delivery(delivery_id="d", source=source, origin=origin, media=media, sha256="0" * 64, size_bytes=1,
                        received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")
    batches = [part.rows for part in importlib.import_module(f"connectors.{source}").read(delivery, io.BytesIO(content)) if isinstance(part, RawBatch)]
    return [row for batch in batches for row in batch.astype(object).where(batch.notna(), None).to_dict("records")]


def bytes_of(place: Place, media: str, content: bytes) -> bytes:
    with Members(media, lambda: io.BytesIO(content)).open(place.member) as member:
        return member.stream.read()[place.offset:place.offset + place.length]


def check(source: str, media: Media, content: bytes, origin: str = "1020300000001") -> int:
    """Every value of every row is in the bytes that its position leads to, and those bytes are where the place says; returns the rows."""
    found = rows(source, media, content, origin)
    for row in found:
        place = places.find(source, media, lambda: io.BytesIO(content), row["position"])
        told: dict[str | None, set[str]] = {}
        for one in place.whole:
            if one.kind != "xlsx":
                assert bytes_of(one, media, content) == one.fragment
            if one.delivery_offset is not None:
                assert content[one.delivery_offset:one.delivery_offset + one.length] == one.fragment
            for value in one.values:
                told.setdefault(value.column, set()).add(value.text)
        lost = {name for name, value in row.items() if value is not None and name not in OURS and (source, name) not in DERIVED
                and str(value) not in told.get(name, set())}
        assert not lost, (row["position"], lost)
    return len(found)


@pytest.mark.parametrize("source", ["journal_bars", "journal_eljur", "journal_netschool", "vuz_scos"])
def test_every_row_of_a_conversation_leads_back_to_its_bytes(source: str, tmp_path: Path) -> None:
    assert check(source, "tar", tar_of(source, tmp_path).getvalue())


@pytest.mark.parametrize("source", ["zags_births", "zags_deaths", "zags_name_changes", "zags_paternity"])
def test_every_act_leads_back_to_its_bytes_in_a_message_and_in_a_package(source: str) -> None:
    push = (DATA / source / "push.xml").read_bytes()
    assert check(source, "xml", push)
    assert check(source, "zip", zipped(part__000001=push, part__000002=push)) > 1


def test_an_act_in_windows_1251_is_found_and_read() -> None:
    push = (DATA / "zags_births" / "push.xml").read_text("utf-8").split("?>", 1)[1]
    assert check("zags_births", "xml", ('<?xml version="1.0" encoding="windows-1251"?>' + push).encode("cp1251"))


@pytest.mark.parametrize(("source", "service", "extra", "files"), [
    ("fms_residence", "living", "birthCertificate", ("living.xml",)), ("fms_residence", "staying", "russianPassport", ("staying.xml",)),
    ("pfr_snils", "number", "", ("number.xml",)), ("pfr_snils", "validation", "11223344595", ("validation.xml",))])
def test_every_answer_leads_back_to_its_bytes_and_to_its_question(source: str, service: str, extra: str, files: tuple[str, ...]) -> None:
    bodies = [(DATA / source / name).read_bytes() for name in files]
    assert check(source, "tar", conversation(service, extra, *bodies).getvalue())


@pytest.mark.parametrize("name", ["pupils.csv", "marks_2025_1.csv", "finals_2025.csv"])
def test_every_line_of_a_file_leads_back_to_its_bytes(name: str) -> None:
    assert check("journal_file", "csv", (DATA / "journal_file" / name).read_bytes(), f"1020300000001/{name}")


def test_every_line_of_the_register_leads_back_to_its_bytes() -> None:
    assert check("education_organisations", "csv", (DATA / "education_organisations" / "register.csv").read_bytes())


HEADER = ["Номер", "Группа", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "СНИЛС", "Свидетельство о рождении", "Гражданство", "Дата зачисления",
          "Дата отчисления", "Причина отчисления"]
CELLS = st.text(alphabet='абвЯ ;"\n1', max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=13, max_size=13), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_quotes_separators_and_line_ends_inside_cells_move_no_line(table: list[list[str]], ending: str) -> None:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in [HEADER, *table]]
    content = (ending.join(quoted) + ending).encode("cp1251")
    check("journal_file", "csv", content, "1020300000001/group.csv")


def workbook(*lines: list[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return target.getvalue()


def test_every_row_of_a_workbook_leads_back_to_its_cells_and_shared_strings() -> None:
    header = ["№", "ФИО ребёнка", "Дата рождения", "Пол", "Группа", "СНИЛС", "Св-во о рождении", "Гражданство", "Дата поступления",
              "Дата выбытия", "Причина", "Учётный номер"]
    line = [1, "Доржиев Баир", "2020-03-09", "М", "Старшая", "", "", "РФ", "2023-09-01", "", "", 77]
    content = workbook(["Список"], header, line, [2, "Королёва Анна", *line[2:]])
    assert check("journal_file", "xlsx", content, "1020300000001/group.xlsx") == 4
    place = places.find("journal_file", "xlsx", lambda: io.BytesIO(content), "4")
    assert {one.member for one in place.whole} == {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}
    assert "Королёва Анна" in {value.text for one in place.whole for value in one.values if value.column == "full_name"}


def test_a_long_fragment_is_cut_and_says_so() -> None:
    push = (DATA / "zags_births" / "push.xml").read_text("utf-8")
    long = push.replace("Королёв<", "К" * FRAGMENT + "<", 1)
    place = places.find("zags_births", "xml", lambda: io.BytesIO(long.encode()), "message.xml#1")
    assert place.is_cut
    assert len(place.fragment) == FRAGMENT
    assert place.length > 2 * FRAGMENT
    assert "К" * 10 not in shown(place, "•••", frozenset())


@pytest.mark.parametrize("position", ["message.xml#99", "message.xml", "attachment-1.zip!part-000009.xml#1", "100", "000001-class/0.json/1"])
def test_a_position_that_names_nothing_is_said_so(position: str) -> None:
    with pytest.raises(ContractBroken, match=r"place\."):
        places.find("zags_births", "xml", lambda: io.BytesIO(b"<a/>"), position)


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5) | st.booleans(),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4), max_leaves=20), st.integers(0, 4))
def test_the_bytes_of_a_path_are_the_value_at_the_path(document: Any, indent: int) -> None:
    import json
    text = json.dumps(document, ensure_ascii=False, indent=indent or None)
    for path, value in walk(document, ()):
        begin, end = span(text, path)
        assert json.loads(text[begin:end]) == value


def walk(value: Any, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *[found for step, child in children for found in walk(child, (*path, step))]]


def test_masking_leaves_structure_and_takes_every_value() -> None:
    push = (DATA / "zags_births" / "push.xml").read_bytes()
    place = places.find("zags_births", "xml", lambda: io.BytesIO(push), "message.xml#1")
    masked = shown(place, "•••", frozenset())
    assert "Королёв" not in masked
    assert "112-233-445-95" not in masked
    assert masked.count("<") == place.fragment.count(b"<")
