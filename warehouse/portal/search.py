"""The search over the whole portal: reports and their tables, municipalities, organisations, rules of checks, columns of the dictionary."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from schemas.rules import RULES
from warehouse.portal.place_pages import Shelf
from warehouse.portal.validation.cells import file_name
from warehouse.reports.model import Report
from warehouse.reports.page import render

Entry = tuple[str, str, str, str]
"""Kind, title, details, page."""
KINDS = ("Отчёт", "Таблица", "Район", "Организация", "Проверка", "Столбец")


def page(about: Shelf, dictionary: Report, folder: Path) -> str:
    """`search.html`; rules are listed when `folder` has their page."""
    index = json.dumps(entries(about, dictionary, folder), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return render("search.html", title="Поиск", version=about.version, as_of=about.as_of, site=about.site, here="search.html", kinds=KINDS,
                  index=Markup(index))  # noqa: S704 - JSON with every "<" escaped, in a data block


def entries(about: Shelf, dictionary: Report, folder: Path) -> list[Entry]:
    """Everything that can be found, kind after kind."""
    every = (*about.reports, dictionary)
    reports: list[Entry] = [("Отчёт", one.title, one.form, f"{one.name}.html") for one in every]
    tables: list[Entry] = [("Таблица", table.title, one.title, f"{one.name}.html#{table.name}") for one in every for table in one.tables]
    districts: list[Entry] = [("Район", one.name, f"ОКТМО {one.oktmo}", one.href) for one in about.municipalities]
    organisations: list[Entry] = [("Организация", one.name, f"{one.kind_title} · {one.municipality or '–'} · ОГРН {one.key}", one.href)
                                  for one in about.organisations]
    rules: list[Entry] = [("Проверка", rule.title, rule.id, href) for rule in RULES.values()
                          if (folder / (href := f"checks/{file_name('rule', rule.id)}.html")).exists()]
    columns = next(table.rows for table in dictionary.tables if table.name == "columns")
    named: list[Entry] = [("Столбец", f"{row['table']}.{row['column']}", row["meaning"], f"{dictionary.name}.html#columns={quote(row['column'])}")
                          for row in columns.to_dict("records")]
    return [*reports, *tables, *districts, *organisations, *rules, *named]
