"""A report as XLSX: cover, contents, checks, notes, one table a sheet; the same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from warehouse.reports.model import Check, Column, Kind, Report, Table
from warehouse.reports.wording import number

HEADER_ROW = 3
"""Zero-based: title in A1, note in A2, one empty row, then the header."""
MOST_ROWS = 100_000
"""Rows of one sheet: what is longer is for programs, takes a minute to write and longer to open."""
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
ACCENT = "#1F4E79"

FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": ACCENT},
    "note": {"italic": True, "font_color": "#555555"},
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True, "valign": "vcenter", "border": 1,
               "border_color": "#FFFFFF"},
    "text": {"text_wrap": True},
    "integer": {"num_format": "#,##0", "align": "right"},
    "decimal": {"num_format": "0.00", "align": "right"},
    "share": {"num_format": "0.0%", "align": "right"},
    "date": {"num_format": "dd.mm.yyyy", "align": "left"},
    "text_total": {"bold": True, "top": 1},
    "integer_total": {"bold": True, "top": 1, "num_format": "#,##0", "align": "right"},
    "decimal_total": {"bold": True, "top": 1, "num_format": "0.00", "align": "right"},
    "share_total": {"bold": True, "top": 1, "num_format": "0.0%", "align": "right"},
    "date_total": {"bold": True, "top": 1, "num_format": "dd.mm.yyyy", "align": "left"},
}


class Book:
    """One workbook under way: its formats and sheets."""

    def __init__(self, path: Path, report: Report) -> None:
        self.report = report
        self.book = xlsxwriter.Workbook(str(path), {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self.book.set_properties({
            "title": report.title, "subject": report.form, "created": datetime.combine(report.provenance.as_of, time()),
            "comments": f"Версия данных {report.provenance.version}"})
        self.formats = {name: self.book.add_format(FONT | form) for name, form in FORMATS.items()}

    def sheet(self, table: Table) -> None:
        """One sheet: title in A1, note in A2, header with filter, rows, print layout."""
        sheet = self.book.add_worksheet(table.sheet)
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, column.width)
        self._print_layout(sheet, table)
        sheet.write_string(0, 0, table.title, self.formats["title"])
        if table.note:
            sheet.write_string(1, 0, table.note, self.formats["note"])
        sheet.set_row(HEADER_ROW, 32)
        for index, column in enumerate(table.columns):
            sheet.write_string(HEADER_ROW, index, column.title, self.formats["header"])
        last = len(table.rows) - 1
        for place, values in enumerate(table.rows.itertuples(index=False, name=None)):
            suffix = "_total" if table.is_total_last and place == last else ""
            self._row(sheet, HEADER_ROW + 1 + place, zip(table.columns, values, strict=True), suffix)

    def _row(self, sheet: Any, row: int, cells: Iterable[tuple[Column, Any]], suffix: str) -> None:
        for index, (column, value) in enumerate(cells):
            write(sheet, row, index, column.kind, value, self.formats[column.kind + suffix])

    def _print_layout(self, sheet: Any, table: Table) -> None:
        last_row = HEADER_ROW + len(table.rows)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        if table.is_filtered and len(table.rows):
            sheet.autofilter(HEADER_ROW, 0, last_row - int(table.is_total_last), len(table.columns) - 1)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(1)
        made = self.report.provenance
        sheet.set_footer(f"&L{self.report.form}, версия {made.version} на {made.as_of:%d.%m.%Y}&RСтр. &P из &N")


def write(sheet: Any, row: int, column: int, kind: Kind, value: Any, form: Any) -> None:
    """One typed cell: text always as text (never a formula), a missing value as a blank."""
    if value is None or pd.isna(value):
        sheet.write_blank(row, column, None, form)
    elif kind == "text" or isinstance(value, str):
        sheet.write_string(row, column, str(value), form)
    elif kind == "date":
        sheet.write_datetime(row, column, value if isinstance(value, date) else pd.Timestamp(value).to_pydatetime(), form)
    else:
        sheet.write_number(row, column, float(value), form)


def cover(report: Report) -> Table:
    """What this file is, of which data, and what was selected."""
    made = report.provenance
    rows = [("Форма", report.form), ("Главное", report.lead), ("Отчётная дата", f"{made.as_of:%d.%m.%Y}"), *report.filters,
            ("Версия данных", str(made.version)), ("Карта формы", made.form_map), ("Справочники", made.code_lists),
            ("Записей источников", str(made.record_count)), ("На рассмотрении", f"{made.review_count} ({made.unresolved_share:.2%} записей)"),
            ("Контроль", checks_summary(report.checks)), ("Сформировал", "ГИС «Контингент», региональный сегмент Республики Бурятия"),
            ("Вопросы", "оператор регионального сегмента"), ("Обновление", "каждый учебный день после загрузки")]
    return Table(name="cover", sheet="Обложка", title=report.title, columns=(Column(name="key", title="Сведение", width=24),
                 Column(name="value", title="Значение", width=110)), rows=pd.DataFrame(rows, columns=["key", "value"]))


def checks_summary(checks: tuple[Check, ...]) -> str:
    """How many equalities hold, in one phrase."""
    outcomes = [check.outcome for check in checks]
    return (f"сходится {outcomes.count('passed')}, не сходится {outcomes.count('failed')}, "
            f"не проверяется {outcomes.count('not_applicable')}")


def checks_table(report: Report) -> Table:
    """The control equalities with both sides and the outcome."""
    rows = [(check.title, check.left, check.right, check.outcome_title, check.note) for check in report.checks]
    columns = (Column(name="check", title="Контрольное равенство", width=60), Column(name="left", title="Слева", kind="integer"),
               Column(name="right", title="Справа", kind="integer"), Column(name="outcome", title="Итог", width=16),
               Column(name="note", title="Пояснение", width=60))
    return Table(name="checks", sheet="Контроль", title="Контрольные равенства", columns=columns,
                 rows=pd.DataFrame(rows, columns=[column.name for column in columns], dtype="object"))


def sources_table(report: Report) -> Table:
    """The sources with the date of their latest delivery in this version."""
    columns = (Column(name="title", title="Источник", width=48), Column(name="delivery_count", title="Поставок", kind="integer"),
               Column(name="latest_delivery", title="Последняя поставка", kind="date", width=18))
    return Table(name="sources", sheet="Источники", title="Источники и их последние поставки", columns=columns,
                 rows=report.provenance.sources[[column.name for column in columns]])


def _notes(report: Report) -> Table:
    rows = pd.DataFrame({"number": [str(n) for n in range(1, len(report.notes) + 1)], "note": list(report.notes)})
    return Table(name="notes", sheet="Примечания", title="Примечания", rows=rows,
                 columns=(Column(name="number", title="№", width=6), Column(name="note", title="Примечание", width=120)))


def fits(table: Table) -> bool:
    """Whether the table has a sheet; of one that has none the contents tell where it is."""
    return len(table.rows) <= MOST_ROWS


def _contents(tables: tuple[Table, ...]) -> Table:
    rows = pd.DataFrame([(table.sheet, table.title if fits(table) else f"{table.title}: {number(len(table.rows))} строк – в файле JSON и на страницах организаций")
                         for table in tables], columns=["sheet", "title"])
    return Table(name="contents", sheet="Содержание", title="Содержание", rows=rows,
                 columns=(Column(name="sheet", title="Лист", width=32), Column(name="title", title="Что на листе", width=100)))


def save(report: Report, path: Path, *, tables: tuple[Table, ...] | None = None) -> Path:
    """Write the report (or only `tables` of it) to `path`; byte-identical for equal reports."""
    data = (*(report.tables if tables is None else tables), checks_table(report), sources_table(report), _notes(report))
    book = Book(path, report)
    for table in (cover(report), _contents(data), *data):
        if fits(table):
            book.sheet(table)
    book.book.close()
    return path
