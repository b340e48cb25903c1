"""Establishments of paternity: what is read of an act, and what is not."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from connectors import zags_paternity
from connectors.landing import Delivery
from connectors.rows import RawBatch
from tests.connectors.kept import DATA

PUSH = (DATA / "zags_paternity" / "push.xml").read_bytes()


def rows() -> list[dict[str, Any]]:
    delivery = Delivery(delivery_id="d", source="zags_paternity", origin="x", media="xml", sha256="0" * 64, size_bytes=1,
                        received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")
    (batch,) = zags_paternity.read(delivery, io.BytesIO(PUSH))
    assert isinstance(batch, RawBatch)
    return batch.rows.to_dict("records")


def test_the_child_is_read_and_the_father_is_not() -> None:
    joined, nameless = rows()
    assert (joined["previous_family_name"], joined["family_name"], joined["mother_family_name"]) == ("Королёв", "Бадмаев", "Королёва")
    assert pd.isna(nameless["previous_family_name"])
    assert not [column for column in joined if "father" in column]
