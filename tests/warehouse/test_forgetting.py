"""What may be deleted by its period, by whom, and what may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from tests.conftest import Warehouse
from warehouse import forgetting
from warehouse.engine import WarehouseError

pytestmark = pytest.mark.warehouse
NOW = datetime.now(UTC)
OLD, YOUNG, CUT = NOW - timedelta(days=400), NOW - timedelta(days=10), NOW - timedelta(days=200)


def results(warehouse: Warehouse) -> None:
    for at, version in ((OLD, 1), (OLD, 3), (OLD, None), (YOUNG, 1)):
        warehouse.execute("INSERT INTO quality.validation_result (run_id, gate, subject_checked, suite, expectation, success, at, version) "
                          "VALUES ('r', 'door', 's', 's', 'e', true, :at, :version)", role="owner", at=at, version=version)
    warehouse.execute("UPDATE core.published_version SET version = 2", role="owner")


def test_old_results_go_in_batches_and_those_of_the_published_version_stay(warehouse: Warehouse) -> None:
    results(warehouse)
    assert forgetting.count("quality.forget_results", CUT) == 2
    assert [forgetting.forget("quality.forget_results", CUT, 1) for _ in range(3)] == [1, 1, 0]
    assert {(row[0], row[1]) for row in warehouse.rows("SELECT version, at > now() - interval '30 days' FROM quality.validation_result")} == {(3, False), (1, True)}


def test_a_drawn_pair_that_somebody_judged_keeps_its_whole_stratum(warehouse: Warehouse) -> None:
    warehouse.execute("INSERT INTO quality.version (version, kind, created_at) VALUES (1, 'link', :at), (2, 'link', :young)", role="owner", at=OLD, young=YOUNG)
    for version, stratum, pair in ((1, "a", 1), (1, "a", 2), (1, "b", 3), (2, "b", 4)):
        warehouse.execute("INSERT INTO identity.sample (version, stratum, record_id, other_record_id, stratum_size, is_linked) "
                          "VALUES (:version, :stratum, :pair, 100, 9, true)", role="owner", version=version, stratum=stratum, pair=pair)
    warehouse.execute("INSERT INTO identity.opinion (record_id, other_record_id, opinion, reason, decided_by, is_blind) "
                      "VALUES (1, 100, 'same', 'r', 'p', false)", role="owner")
    assert forgetting.count("identity.forget_samples", CUT) == 1
    assert forgetting.forget("identity.forget_samples", CUT, 10) == 1
    assert warehouse.rows("SELECT record_id FROM identity.sample ORDER BY 1") == [(1,), (2,), (4,)]


@pytest.mark.parametrize("function", forgetting.FUNCTIONS)
def test_what_is_young_is_refused_by_the_database_itself(warehouse: Warehouse, function: str) -> None:
    with pytest.raises(WarehouseError, match="22023"):
        forgetting.forget(function, NOW - timedelta(days=89), 1)


@pytest.mark.parametrize("function", forgetting.FUNCTIONS)
@pytest.mark.parametrize("role", ["publisher", "analyst", "auditor", "steward", "officer"])
def test_nobody_but_the_loader_may_forget(warehouse: Warehouse, role: str, function: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        warehouse.execute(f"SELECT {function}(now() - interval '300 days', 1, true)", role=role)


@pytest.mark.parametrize("table", ["quality.validation_result", "quality.run_step", "identity.sample", "quality.delivery_event", "audit.access"])
def test_the_loader_itself_deletes_no_row_of_these(warehouse: Warehouse, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        warehouse.execute(f"DELETE FROM {table}", role="loader")
