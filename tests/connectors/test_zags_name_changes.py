"""Changes of name: what is read of an act, and what is not."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from connectors import zags_name_changes
from connectors.landing import Delivery
from connectors.rows import RawBatch
from tests.connectors.kept import DATA

PUSH = (DATA / "zags_name_changes" / "push.xml").read_bytes()


def rows() -> list[dict[str, Any]]:
    delivery = Delivery(delivery_id="d", source="zags_name_changes", origin="x", media="xml", sha256="0" * 64, size_bytes=1,
                        received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")
    (batch,) = zags_name_changes.read(delivery, io.BytesIO(PUSH))
    assert isinstance(batch, RawBatch)
    return batch.rows.to_dict("records")


def test_names_before_and_after_and_the_act_of_birth_are_read() -> None:
    joined, alone = rows()
    assert (joined["previous_family_name"], joined["family_name"], joined["patronymic"]) == ("Королёв", "Бадмаев", "Дамбаевич")
    assert (joined["base_act_number"], joined["base_act_authority"], joined["base_act_kind"]) == ("1" + "0" * 19 + "1", "R0300002", "01")
    assert pd.isna(alone["base_act_number"])
