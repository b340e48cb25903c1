"""The feedback as a workbook an official opens: the summary first, then the bad records, as many as a sheet may hold."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.feedback_words import RESULTS, held, message, result, title
from pipeline.settings import REGION_ZONE
from warehouse.feedback import Ledger

LISTED = 100_000
"""Records on the sheet at most: more is for machines, and stands in the XML."""
_COUNTS = ("Вид записей", "Получено", "С ошибками", "Обработано", "Создано", "Изменено", "Принято повторно")
_RECORDS = (("Ключ записи у отправителя", 34), ("Вид записей", 26), ("Место в файле", 26), ("Что не так", 60), ("Что сделать", 60), ("Принята", 14),
            ("Код правила", 34))


def write(ledger: Ledger, path: Path) -> None:
    """Two sheets; every text is a text, none a formula."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": "Ответ отправителю", "created": ledger.session.settled_at.astimezone(REGION_ZONE).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        summary, records = book.add_worksheet("Сводка"), book.add_worksheet("Записи с ошибками")
        _summary(summary, ledger, bold)
        _records(records, ledger, bold)


def _summary(sheet: Any, ledger: Ledger, bold: Any) -> None:
    session, why = ledger.session, held(ledger.session)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 6, 18)
    bad = sum(entity.invalid for entity in ledger.entities)
    lines = [("Поставка", session.delivery_id), ("Источник", session.source), ("Отправитель", session.origin), ("SHA-256 файла", session.sha256),
             ("Получена", _moment(session.received_at)), ("Обработана", _moment(session.settled_at)), ("Результат", RESULTS[result(session)]),
             *([("Повтор", "те же байты уже загружены")] if session.state == "duplicate" else []),
             *([("Причина", why.title), ("Что сделать", why.advice), ("Код", str(session.held_code))] if why else []),
             *([("Перечислено записей", f"{LISTED:,} из {bad:,}; все – в файле XML".replace(",", " "))] if bad > LISTED else [])]
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
    for column, name in enumerate(_COUNTS):
        sheet.write_string(len(lines) + 1, column, name, bold)
    for row, one in enumerate(ledger.entities, len(lines) + 2):
        sheet.write_string(row, 0, title(one.entity))
        for column, count in enumerate((one.total, one.invalid, one.total - one.invalid, one.created, one.updated, one.replayed), 1):
            sheet.write_number(row, column, count)


def _records(sheet: Any, ledger: Ledger, bold: Any) -> None:
    for column, (name, width) in enumerate(_RECORDS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    for row, one in enumerate(islice(ledger.records(), LISTED), 1):
        cells = (one.source_key or "", title(one.entity), one.position or "", *message(one), "да" if one.processed else "нет", one.rule)
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell[:32_000])


def _moment(at: Any) -> str:
    return str(at.astimezone(REGION_ZONE).strftime("%d.%m.%Y %H:%M:%S"))
