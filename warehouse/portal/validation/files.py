"""Writes one page as HTML and as JSON of the same content."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup

from warehouse.portal.validation.model import SHAPE, Block, Chart, Listing, Matrix, Page
from warehouse.portal.validation.shapes import drawn
from warehouse.reports.page import environment

HERE = "checks/index.html"
SECTION = (("index.html", "Обзор"), ("rules.html", "Правила"), ("fields.html", "Поля"), ("search.html", "Поиск"))


class Writer:
    """Writes the pages of one version into `folder`; counts what it wrote."""

    def __init__(self, folder: Path, *, version: int, as_of: date, site: tuple[tuple[str, str], ...]) -> None:
        self._folder, self._version, self._as_of, self._site = folder, version, as_of, site
        self._template = environment().get_template("checks.html")
        folder.mkdir()

    def write(self, page: Page) -> None:
        """`<file>.html` and `<file>.json`."""
        index = json.dumps(page.index, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") if page.index is not None else None
        html = self._template.render(page=page, blocks=[_shown(block) for block in page.blocks], version=self._version, as_of=self._as_of, site=self._site,
                                     here=HERE, root="../", title=page.title, section=SECTION,
                                     index=Markup(index) if index is not None else None)  # noqa: S704 - JSON with every "<" escaped, in a data block
        (self._folder / f"{page.file}.html").write_text(html, encoding="utf-8")
        (self._folder / f"{page.file}.json").write_text(self._json(page), encoding="utf-8")

    def _json(self, page: Page) -> str:
        document = {"shape": SHAPE, "page": page.kind, "key": page.key, "version": self._version, "as_of": self._as_of.isoformat(), "title": page.title,
                    "lead": page.lead, "figures": [{"title": title, "value": value} for title, value in page.figures],
                    "facts": [{"title": title, "value": plain(value)} for title, value in page.facts],
                    "tables": [_table(block) for block in page.blocks], "notes": list(page.notes)}
        if page.index is not None:
            document["index"] = page.index
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def plain(value: Any) -> Any:
    """A cell as JSON holds it: links and badges by their words, small lines by their numbers, dates in ISO form."""
    if hasattr(value, "plain"):
        return value.plain()
    return value.isoformat() if isinstance(value, date) else value


def _shown(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    return {"kind": kind, "it": block, "chart": drawn(block) if isinstance(block, Chart) else None}


def _table(block: Block) -> dict[str, Any]:
    if isinstance(block, Listing):
        return {"name": block.name, "title": block.title, "note": block.note, "columns": [asdict(column) for column in block.columns],
                "rows": [[plain(value) for value in row] for row in block.rows]}
    if isinstance(block, Matrix):
        days = [one.isoformat() for one, _ in block.days]
        return {"name": block.name, "title": block.title, "note": block.note, "columns": ["source", *days],
                "rows": [[plain(link), *(square.words for square in squares)] for link, squares in block.rows]}
    return {"name": block.name, "title": block.title, "note": block.note, "columns": ["tick", *(one.title for one in block.series)],
            "rows": [list(row) for row in zip(block.ticks, *(one.values for one in block.series), strict=True)]}
