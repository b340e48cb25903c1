"""Raw rows of the kept messages of ЗАГС, as their readers give them."""

from __future__ import annotations

import importlib
import io
from pathlib import Path

import pandas as pd

from connectors.landing import Delivery

DATA = Path(__file__).resolve().parents[1] / "data"


def push(source: str) -> pd.DataFrame:
    delivery = Delivery(delivery_id="d", source=source, origin="x", media="xml", sha256="0" * 64, size_bytes=1,
                        received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")
    (batch,) = importlib.import_module(f"connectors.{source}").read(delivery, io.BytesIO((DATA / source / "push.xml").read_bytes()))
    rows: pd.DataFrame = batch.rows
    return rows
