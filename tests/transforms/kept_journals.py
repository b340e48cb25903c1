"""Cleans what the kept conversations of `tests/data/<source>` hold, and rows drawn in a test."""

from __future__ import annotations

import importlib
from pathlib import Path

import pandas as pd

from connectors.journal_rows import RAW
from connectors.rows import frame
from tests.connectors.kept import read_all, tar_of
from transforms.cleaned import Cleaned

KEY = "1020300000001"
CONSTANT = {"organisation_key": KEY, "date_form": "iso", "local_id": "501"}


def cleaned(source: str, folder: Path) -> dict[str, Cleaned]:
    """The kept conversation of a source, cleaned entity by entity."""
    rows, _, _ = read_all(source, tar_of(source, folder))
    clean = importlib.import_module(f"transforms.{source}").clean
    return {entity: clean(entity, raw) for entity, raw in rows.items()}


def drawn(entity: str, *rows: dict[str, str | None]) -> pd.DataFrame:
    """Raw rows of one pupil as a reader gives them."""
    return frame([{**CONSTANT, "position": str(number), **row} for number, row in enumerate(rows)], RAW[entity])
