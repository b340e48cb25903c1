"""Deaths: what is read of an act, and what is not."""

from __future__ import annotations

import io
from typing import Any

from connectors import zags_deaths
from connectors.landing import Delivery
from connectors.rows import RawBatch
from tests.connectors.kept import DATA

PUSH = (DATA / "zags_deaths" / "push.xml").read_bytes()


def rows() -> list[dict[str, Any]]:
    delivery = Delivery(delivery_id="d", source="zags_deaths", origin="x", media="xml", sha256="0" * 64, size_bytes=1,
                        received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")
    (batch,) = zags_deaths.read(delivery, io.BytesIO(PUSH))
    assert isinstance(batch, RawBatch)
    return batch.rows.to_dict("records")


def test_who_and_when_is_read_and_why_is_not() -> None:
    dated, undated = rows()
    assert (dated["family_name"], dated["death_date"]) == ("Королёв", "2025-09-01")
    assert undated["death_date_absent"] == "1"
    assert "R99" in PUSH.decode()
    assert not any("R99" in str(value) or "Причина" in str(value) for value in dated.values())
