"""Writes an extract as HTML and PDF that only their owner may read; nothing in them comes from the network."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, cast

import typst

from warehouse.reports.page import render

TEMPLATE = Path(__file__).with_name("extract.typ")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of an extract; `note` stands above it, and alone where there are no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """An extract in words."""

    title: str
    lead: str
    as_of: date
    version: int
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


def save(document: Document, folder: Path, name: str) -> list[Path]:
    """`<name>.html` and `<name>.pdf` in `folder`, mode 0600; the same document gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    page = render("extract.html", document=document, title=document.title).encode()
    words = asdict(document) | {"as_of": f"{document.as_of:%d.%m.%Y}"}
    made = datetime.combine(document.as_of, time(), tzinfo=UTC)
    files: dict[str, Any] = {"main": TEMPLATE.read_bytes(), "data.json": json.dumps(words, ensure_ascii=False).encode()}
    printed = typst.compile(cast("Any", files), format="pdf", ignore_system_fonts=True, timestamp=int(made.timestamp()))
    return [_write(folder / f"{name}.html", page), _write(folder / f"{name}.pdf", printed)]


def _write(path: Path, content: bytes) -> Path:
    """A file that nobody else can open at any moment; one that stands is replaced."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path
