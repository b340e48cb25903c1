"""Writes one table as the file of a layout: CSV or XLSX, whole or not at all, the same bytes for the same table."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from connectors.mocks.journals.cells import table
from connectors.mocks.journals.layouts import File
from connectors.mocks.journals.world import Organisation

LOOK_ALIKES = str.maketrans("үөһҮӨҺ", "уоhУОН")
"""What some schools type where their code page has no Buryat letters; the others get question marks."""


def write_table(path: Path, file: File, rows: pd.DataFrame, organisation: Organisation) -> bool:
    """Write `rows` in the file's layout; False when the same bytes were there already."""
    cells = table(rows, file.columns, file.form)
    if file.form.encoding == "xlsx":
        return put(path, _workbook(cells, file, organisation))
    return put(path, csv_bytes(cells, file.form.encoding, has_look_alikes=organisation.dialect("alphabet", 2) == 0))


def csv_bytes(cells: pd.DataFrame, encoding: str, *, has_look_alikes: bool = False) -> bytes:
    """`;`, CRLF; what the code page lacks becomes a look-alike or `?`."""
    text = cells.to_csv(sep=";", index=False, lineterminator="\r\n")
    if encoding == "cp1251" and has_look_alikes:
        text = text.translate(LOOK_ALIKES)
    return text.encode(encoding, errors="replace")


def put_json(path: Path, value: Any) -> bool:
    return put(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode())


def put(path: Path, content: bytes) -> bool:
    """Replace the file in one step; False and untouched when it holds these bytes already."""
    if path.exists() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(content)
    draft.replace(path)
    return True


def _workbook(cells: pd.DataFrame, file: File, organisation: Organisation) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2025, 9, 1)})  # noqa: DTZ001 - a fixed stamp makes the same bytes
        sheet = book.add_worksheet(file.sheet)
        dates = book.add_format({"num_format": "dd.mm.yyyy"})
        titles = [[organisation.name], [file.sheet], []][:file.form.title_lines]
        values = cells.astype("object").where(cells.notna(), None).itertuples(index=False, name=None)
        for line, row in enumerate((*titles, list(cells.columns), *values)):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, dates)
                elif isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None:
                    sheet.write_number(line, column, value)
    return buffer.getvalue()
