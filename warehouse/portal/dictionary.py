"""The data dictionary as a report: a page, an XLSX file and JSON of the same tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine

from schemas.retention import STATUS, periods
from schemas.rules import RULES
from schemas.warehouse import RELATIONS
from warehouse import dictionary, reports
from warehouse.dictionary import Entry
from warehouse.dictionary_words import KINDS, ROLES
from warehouse.reports import machine, provenance, workbook
from warehouse.reports.model import Check, Column, Provenance, Report, Table
from warehouse.reports.reader import snapshot
from warehouse.reports.shape import integer, text
from warehouse.reports.titles import SOURCE_TITLES
from warehouse.reports.wording import counted

EFFECTS = {"refuse": "запись отклонена", "hold": "поставка задержана", "block": "версия не публикуется", "warn": "предупреждение"}
NOTES = (
    "Словарь строится из объявлений schemas и из самой базы: столбец, который не объявлен или о котором не сказано всё, останавливает построение.",
    "Кто читает – права самой базы. Прямые идентификаторы люди видят только в представлениях identity.explained_* после записи обращения в журнал доступа.",
    "Сроки хранения – настройка этой установки (config/retention.yaml), а не норма закона; пока не указано иное, юристом они не подтверждены.",
    "Источник – чей перевод заполняет столбец; «пока ни один источник не присылает» значит, что место объявлено, а сведений нет.",
)


def report(connection: Connection, made: Provenance) -> Report:
    """The dictionary of the database that `connection` looks at. Raises ConfigurationError when a column is not declared whole."""
    found = dictionary.entries(connection)
    direct = sum(entry.sensitivity == KINDS["direct"] and not entry.is_view for entry in found)
    tables = len({entry.table for entry in found})
    lead = (f"{counted(len(found), 'столбец', 'столбца', 'столбцов')} в {tables} таблицах и витринах; "
            f"прямых идентификаторов в таблицах – {direct}.")
    return Report(name="dictionary", title="Словарь данных", form="Словарь данных", lead=lead, notes=NOTES, provenance=made,
                  tables=(columns(found), relations(found), rules(), retention()),
                  checks=(Check(name="declared", title="Столбцов таблиц объявлено и найдено в базе", right=sum(entry.table in RELATIONS for entry in found),
                                left=sum(len(relation.columns) for relation in RELATIONS.values())),))


def columns(found: list[Entry]) -> Table:
    """One row a column."""
    shown = (text("column", "Столбец", 24), text("table", "Таблица", 24), text("meaning", "Что значит", 44), text("form", "Вид значения", 30),
             text("sensitivity", "Чувствительность", 18), text("sources", "Источник", 44), text("purpose", "Цель", 30), text("ground", "Основание", 30),
             text("retention", "Хранение", 26), text("rules", "Правила", 60), text("readers", "Кто читает", 30))
    rows = [(one.column, one.table, one.meaning, one.form, one.sensitivity, one.sources, one.purpose, one.ground,
             one.retention.split("»")[0].removeprefix("«"), one.rules, one.readers) for one in found]
    return _table("columns", "Столбцы", "Столбцы", shown, rows, note="Хранение названо классом; срок класса – в таблице «Сроки хранения».")


def relations(found: list[Entry]) -> Table:
    """One row a table or view."""
    shown = (text("table", "Таблица", 34), text("title", "Что в ней", 60), text("kind", "Вид", 14), integer("columns", "Столбцов"),
             integer("direct", "Прямых идентификаторов"), integer("quasi", "Косвенных"), text("retention", "Хранение", 60),
             text("readers", "Кто читает хотя бы часть", 44))
    rows = []
    for name in dict.fromkeys(one.table for one in found):
        own = [one for one in found if one.table == name]
        readers = [role for role in ROLES.values() if any(role in one.readers.split(", ") for one in own)]
        counts = [sum(one.sensitivity == KINDS[kind] for one in own) for kind in ("direct", "quasi")]
        rows.append((name, own[0].table_title, "витрина" if own[0].is_view else "таблица", len(own), *counts, own[0].retention, ", ".join(readers) or "–"))
    return _table("tables", "Таблицы", "Таблицы и витрины", shown, rows)


def rules() -> Table:
    """One row a rule."""
    shown = (text("rule", "Правило", 36), integer("version", "Версия"), text("title", "Что найдено", 60), text("effect", "Следствие", 24),
             text("advice", "Что делать", 60), text("ground", "Основание", 30))
    rows = [(rule.id, rule.version, rule.title, EFFECTS[rule.severity], rule.advice, getattr(rule, "ground", None) or "–") for rule in RULES.values()]
    return _table("rules", "Правила", "Правила проверки", shown, rows)


def retention() -> Table:
    """One row a class of what is kept: settings of this installation."""
    shown = (text("title", "Что хранится", 60), text("days", "Удаляется через", 24), text("ground", "Чем установлено", 60), text("status", "Состояние", 26),
             text("covers", "Таблицы и файлы", 60))
    rows = [(one.title, "программа не удаляет" if one.days is None else f"{one.days} дн.", one.ground, STATUS[one.status],
             ", ".join((*one.covers, *((f"var/{one.files}",) if one.files else ())))) for one in periods()]
    return _table("retention", "Сроки хранения", "Сроки хранения", shown, rows, note="Настройка этой установки, не норма закона.")


def _table(name: str, sheet: str, title: str, shown: tuple[Column, ...], rows: Sequence[tuple[object, ...]], note: str = "") -> Table:
    return Table(name=name, sheet=sheet, title=title, columns=shown, note=note, is_filtered=True,
                 rows=pd.DataFrame(rows, columns=[column.name for column in shown]))



def save(engine: Engine, *, version: int, as_of: date, out: Path) -> list[Path]:
    """Write page, XLSX and JSON into `out`; returns the files."""
    with snapshot(engine, version=version, as_of=as_of) as connection:
        made = report(connection, provenance.read(connection, version=version, as_of=as_of, titles=SOURCE_TITLES))
    out.mkdir(parents=True, exist_ok=True)
    page = out / "dictionary.html"
    page.write_text(reports.as_html(made), encoding="utf-8")
    return [page, workbook.save(made, out / "dictionary.xlsx"), machine.save(made, out / "dictionary.json")]
