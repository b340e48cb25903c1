"""A file that is not plainly one table is refused whole, with the code that says why."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
import xlsxwriter

from connectors.contingent_file import read_file
from connectors.layouts import layouts
from connectors.rows import CompleteScope, RawBatch
from schemas.errors import ContractBroken

FINALS = "Номер личного дела;Предмет;Период;Отметка"
SHEET = ["Личное дело", "Предмет", "Период", "Отметка"]
ALL = ("contingent", "marks", "finals")


def rows_of(content: bytes, name: str = "finals_2025.csv") -> pd.DataFrame:
    parts = [part for part in read_file(io.BytesIO(content), "1020300000004", name, ALL) if isinstance(part, RawBatch)]
    return pd.concat([part.rows for part in parts], ignore_index=True)


def code_of(content: bytes, name: str = "finals_2025.csv") -> str:
    with pytest.raises(ContractBroken) as broken:
        rows_of(content, name)
    return f"{broken.value.code}: {broken.value.message}"


def sheet(*lines: list[object], titles: int = 3, merge: str | None = None, formula: str | None = None, header: list[str] = SHEET) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Итоги")
        if titles:
            page.write(0, 0, "Школа")
        for number, line in enumerate([header, *lines], titles):
            for column, value in enumerate(line):
                page.write(number, column, value)
        if merge:
            page.merge_range(merge, "объединено")
        if formula:
            page.write_formula(formula, "=1+1", None, 2)
    return buffer.getvalue()


def test_a_cp1251_file_is_read_as_text_with_line_numbers() -> None:
    rows = rows_of(f"{FINALS}\r\n501;Алгебра;1 четверть;5\r\n502;;Год;\r\n".encode("cp1251"))
    assert rows[["position", "local_id", "value", "school_year"]].fillna("-").to_numpy().tolist() == [["2", "501", "5", "2025"], ["3", "502", "-", "2025"]]


def test_cells_that_look_like_formulas_or_sql_are_just_text() -> None:
    rows = rows_of(f'{FINALS}\n=1+1;"x"" ; DROP TABLE";+7;@a\n'.encode("cp1251"))
    assert rows[["local_id", "subject", "period", "value"]].to_numpy().tolist() == [["=1+1", 'x" ; DROP TABLE', "+7", "@a"]]


@pytest.mark.parametrize(("content", "code"), [
    (f"{FINALS}\n501;Алгебра;Год;5\n".encode(), "table.encoding"),  # UTF-8 where windows-1251 was agreed would be mojibake
    (b"\xef\xbb\xbf" + f"{FINALS}\n".encode("cp1251"), "table.encoding"),
    (FINALS.encode("utf-16"), "table.encoding"),
    (f"{FINALS}\n501;Ал\x00гебра;Год;5\n".encode("cp1251"), "table.encoding"),
    (f"{FINALS}\n501;Алгебра;Год\n".encode("cp1251"), "table.row_width"),
    (f"{FINALS}\n501;Алгебра;Год;5;лишнее\n".encode("cp1251"), "table.row_width"),
    (f'{FINALS}\n501;"Алгебра;Год;5\n'.encode("cp1251"), "table.malformed"),
    (f"{FINALS}\n{FINALS}\n".encode("cp1251"), "table.second_header"),
    (f"Итоги;;;\n{FINALS}\n".encode("cp1251"), "table.header_place"),
    (f"{FINALS.replace('Период', 'Четверть')}\n".encode("cp1251"), "table.columns"),
    (f"{FINALS};Учитель\n".encode("cp1251"), "table.columns"),
    (f"{FINALS};Период\n".encode("cp1251"), "table.columns"),
    (FINALS.replace(";", ",").encode("cp1251"), "table.columns"),
    (b"", "table.columns"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.not_a_workbook"), (b"PK\x03\x04rest", "table.not_a_workbook"),
], ids=str)
def test_a_bad_file_is_held_with_its_code(content: bytes, code: str) -> None:
    assert code_of(content).startswith(f"{code}: ")


def test_the_message_names_the_columns_and_never_a_row() -> None:
    message = code_of(f"{FINALS.replace('Период', 'Четверть')}\n501;Алгебра;Год;секрет\n".encode("cp1251"))
    assert "missing: Период; unknown at column 3" in message
    assert "Четверть" not in message
    assert "секрет" not in message


def test_a_header_that_goes_on_with_the_first_pupil_quotes_nothing_of_him() -> None:
    message = code_of(f"{FINALS};Доржиев;Баир;;Доржиев;Период\n".encode("cp1251"))
    assert "unknown at columns 5, 6, 7, 8; twice: Период" in message
    assert "Доржиев" not in message
    assert "[" not in message


def test_a_header_of_thousands_of_columns_makes_no_endless_message() -> None:
    message = code_of(f"{FINALS}{';x' * 5_000}\n".encode("cp1251"))
    assert "and 4980 more" in message
    assert len(message) < 300


def test_a_file_of_marks_must_tell_its_year() -> None:
    assert code_of(f"{FINALS}\n".encode("cp1251"), "finals.csv").startswith("table.file_name")


def test_a_workbook_is_read_below_its_titles_and_numbers_lose_the_point() -> None:
    rows = rows_of(sheet([501, "Алгебра", "Год", 5.0]), "Итоги_2025.xlsx")
    assert rows[["position", "local_id", "value"]].to_numpy().tolist() == [["5", "501", "5"]]


@pytest.mark.parametrize(("content", "code"), [
    (sheet([501, "Алгебра", "Год", 5], formula="D5"), "table.formula"),
    (sheet([501, "Алгебра", "Год", 5], merge="A5:A6"), "table.merged_cells"),
    (sheet(["", "", "", ""], [501, "Алгебра", "Год", 5], titles=2), "table.header_place"),
    (sheet([501, "Алгебра", "Год", 5], header=["Личное дело", "Предмет", "Период", "Итог"]), "table.columns"),
    (sheet([501, "Алгебра", "Год", 5, "", "примечание"]), "table.row_width"),
    (sheet([501, "Алгебра", "Год", 5], SHEET), "table.second_header"),  # type: ignore[arg-type]
], ids=["formula", "merged", "place", "columns", "stray", "second"])
def test_a_bad_workbook_is_held_with_its_code(content: bytes, code: str) -> None:
    assert code_of(content, "Итоги_2025.xlsx").startswith(f"{code}: ")


def test_merged_titles_above_the_header_do_no_harm() -> None:
    assert len(rows_of(sheet([501, "Алгебра", "Год", 5], merge="A2:D2"), "Итоги_2025.xlsx")) == 1


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"<row>" * (2 << 20))
    assert code_of(buffer.getvalue(), "x_2025.xlsx").startswith("table.zip_bomb: ")


def test_a_zip_of_too_many_entries_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bomb:
        for number in range(1_001):
            bomb.writestr(f"xl/worksheets/sheet{number}.xml", b"")
    assert code_of(buffer.getvalue(), "x_2025.xlsx").startswith("table.zip_bomb: ")


def test_two_hundred_thousand_marks_are_read_in_batches_and_split_by_kind() -> None:
    header = "Номер записи;Номер личного дела;Предмет;Дата;Урок;Отметка;Вес;Вид работы\r\n"
    line = "%d;%d;Алгебра;14.10.2025;2;%s;1,5;Диктант\r\n"
    body = "".join(line % (n, n % 900, "н" if n % 10 == 0 else "5") for n in range(200_000))
    sizes: dict[str, list[int]] = {}
    scopes: list[CompleteScope] = []
    for part in read_file(io.BytesIO((header + body).encode("cp1251")), "1020300000004", "marks_2025_1.csv", ALL):
        if isinstance(part, RawBatch):
            sizes.setdefault(part.entity, []).append(len(part.rows))
        else:
            scopes.append(part)
    assert {entity: sum(counts) for entity, counts in sizes.items()} == {"mark": 180_000, "attendance": 20_000}
    assert max(map(max, sizes.values())) <= 50_000
    assert [(scope.entity, scope.date_from, scope.date_to) for scope in scopes] == [
        ("mark", "2025-09-01", "2025-10-31"), ("attendance", "2025-09-01", "2025-10-31")]


def test_the_layouts_are_told_apart_by_their_headers() -> None:
    known = set().union(*(set(layout.columns.values()) for layout in layouts()))
    assert {layout.table for layout in layouts()} == {"organisations", "archive", "contingent", "marks", "finals"}
    assert {"local_id", "full_name", "birth_date"} <= known
