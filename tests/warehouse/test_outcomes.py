"""The planner is told of what a load changed: without that the next deliveries are joined row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person, write
from warehouse import ledger, load

pytestmark = pytest.mark.warehouse


def test_a_source_that_is_new_in_a_large_table_is_known_to_the_planner(warehouse: Warehouse, tmp_path: Path) -> None:
    for minute, (source, count) in enumerate((("zags_births", 4_000), ("pfr_snils", 200))):
        receipt = Receipt(source=source, minute=minute)
        ledger.register([receipt])
        load.accept(receipt.delivery_id, write(tmp_path / receipt.delivery_id, {"person": [person(str(number)) for number in range(count)]}))
    for table in ("person_record", "source_record"):
        known = warehouse.scalar("SELECT most_common_vals::text FROM pg_stats WHERE schemaname = 'identity' AND tablename = :name AND attname = 'source'",
                                 name=table)
        assert "pfr_snils" in str(known)
