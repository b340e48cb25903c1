"""What a load promises: nothing lost, nothing twice, nothing half, the same in any order."""

from __future__ import annotations

import itertools
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import ContractBroken
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, Row, mark, person, write
from warehouse import ledger, ledger_refused, load, outcomes
from warehouse.engine import WarehouseError

pytestmark = pytest.mark.warehouse
SCHOOL = "1020300000001"
_folders = itertools.count()

DELIVERIES = st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), min_size=1, max_size=6), min_size=1, max_size=5)


def accept(folder: Path, rows: dict[str, list[Row]], receipt: Receipt | None = None, **more: list[Row]) -> dict[str, object]:
    receipt = receipt or Receipt(minute=next(_folders))
    ledger.register([receipt])
    return load.accept(receipt.delivery_id, write(folder / receipt.delivery_id, rows, **more))


def counts(report: dict[str, object]) -> tuple[object, ...]:
    return tuple(report[name] for name in ("received", "loaded", "unchanged", "superseded", "refused", "withdrawn"))


def test_new_changed_and_same_records_are_told_apart(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a"), person("b")]})
    report = accept(tmp_path, {"person": [person("a"), person("b", sex="F"), person("c")]})
    assert counts(report) == (3, 2, 1, 0, 0, 0)
    assert report["entities"]["person"]["created"] == 1  # type: ignore[index]
    assert warehouse.rows("SELECT source_key, sex, version_from, version_to < 1e18 FROM identity.person_record ORDER BY 1, 3") == [
        ("a", None, 1, False), ("b", None, 1, True), ("b", "F", 2, False), ("c", None, 2, False)]


def test_the_highest_sequence_wins_and_then_the_last_position(warehouse: Warehouse, tmp_path: Path) -> None:
    report = accept(tmp_path, {"person": [person("a", 2, sex="M"), person("a", 1), person("b", sex="M"), person("b", sex="F")]})
    assert counts(report) == (4, 2, 0, 2, 0, 0)
    assert warehouse.rows("SELECT source_key, sex FROM identity.person_record ORDER BY 1") == [("a", "M"), ("b", "F")]


def test_a_fact_of_an_unknown_person_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    report = accept(tmp_path, {"person": [person("a")], "mark": [mark("1", "a"), mark("2", "nobody")]})
    assert counts(report) == (3, 2, 0, 0, 1, 0)
    assert ledger_refused.listed().select(["entity", "position", "source_key", "rule"]).to_pylist() == [
        {"entity": "mark", "position": "row 2", "source_key": "2", "rule": "mark.person_unknown"}]


def test_refusals_of_cleaning_are_counted_and_listed(warehouse: Warehouse, tmp_path: Path) -> None:
    refusal = {"entity": "person", "position": "row 9", "source_key": None, "rule": "person.birth_date", "rule_version": 2}
    assert counts(accept(tmp_path, {"person": [person("a")]}, refused=[refusal])) == (2, 1, 0, 0, 1, 0)
    assert ledger.totals()["difference"] == 0
    assert ledger.totals()["refused_rows"] == 1


def test_nul_is_refused_not_lost(warehouse: Warehouse, tmp_path: Path) -> None:
    report = accept(tmp_path, {"person": [person("a", settlement="x"), person("b", family_name="А\0Б")]})
    assert counts(report) == (2, 1, 0, 0, 1, 0)


def test_what_left_a_complete_scope_is_withdrawn(warehouse: Warehouse, tmp_path: Path) -> None:
    scope = {"entity": "mark", "organisation_key": SCHOOL, "date_from": "2025-10-01", "date_to": "2025-10-02"}
    days = [date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 2)]
    accept(tmp_path, {"person": [person("a")], "mark": [mark(str(day), "a", lesson_date=day) for day in days]})
    report = accept(tmp_path, {"mark": [mark(str(days[2]), "a", lesson_date=days[2])]}, scopes=[scope])
    assert counts(report) == (1, 0, 1, 0, 0, 1)
    assert warehouse.rows("SELECT lesson_date FROM core.mark WHERE version_to > 1e18 ORDER BY 1") == [(days[0],), (days[2],)]


def test_a_record_refused_today_is_not_withdrawn(warehouse: Warehouse, tmp_path: Path) -> None:
    scope = {"entity": "mark", "organisation_key": SCHOOL, "date_from": None, "date_to": None}
    accept(tmp_path, {"person": [person("a")], "mark": [mark("1", "a")]})
    refusal = {"entity": "mark", "position": "row 1", "source_key": "1", "rule": "mark.value", "rule_version": 1}
    assert counts(accept(tmp_path, {}, refused=[refusal], scopes=[scope])) == (1, 0, 0, 0, 1, 0)


def test_a_late_delivery_does_not_undo_a_later_one(warehouse: Warehouse, tmp_path: Path) -> None:
    scope = {"entity": "mark", "organisation_key": SCHOOL, "date_from": None, "date_to": None}
    accept(tmp_path, {"person": [person("a")]}, Receipt(minute=1))
    accept(tmp_path, {"mark": [mark("1", "a", mark_value=5)]}, Receipt(minute=9), scopes=[scope])
    late = accept(tmp_path, {"mark": [mark("1", "a", mark_value=2), mark("2", "a")]}, Receipt(minute=5), scopes=[scope])
    assert counts(late) == (2, 0, 0, 2, 0, 0)
    assert warehouse.rows("SELECT source_key, mark_value FROM core.mark WHERE version_to > 1e18") == [("1", 5)]


def test_loading_twice_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    receipt = Receipt()
    first = accept(tmp_path, {"person": [person("a")]}, receipt)
    assert load.accept(receipt.delivery_id, tmp_path / receipt.delivery_id) == first
    assert warehouse.scalar("SELECT max(version) FROM quality.version") == 1


def test_the_same_bytes_again_are_a_duplicate_and_not_read(warehouse: Warehouse, tmp_path: Path) -> None:
    first, again = Receipt(minute=1, sha256="0" * 64), Receipt(minute=2, sha256="0" * 64)
    accept(tmp_path, {"person": [person("a")]}, first)
    assert ledger.register([again]) == []
    assert ledger.register([again]) == []
    assert ledger.delivery(again.delivery_id)["state"] == "duplicate"
    assert ledger.totals() | {"received": 2, "unchanged": 1, "difference": 0} == ledger.totals()


def test_the_same_bytes_again_are_read_when_the_first_time_rows_were_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    marks = {"mark": [mark("1", "a")]}
    assert counts(accept(tmp_path, marks, Receipt(minute=1, origin="marks", sha256="0" * 64))) == (1, 0, 0, 0, 1, 0)
    accept(tmp_path, {"person": [person("a")]}, Receipt(minute=2, origin="pupils"))
    assert counts(accept(tmp_path, marks, Receipt(minute=3, origin="marks", sha256="0" * 64))) == (1, 1, 0, 0, 0, 0)


def test_a_duplicate_counts_what_a_reading_would(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = {"person": [person("a", 1, sex="F"), person("a", 2), person("b")]}
    accept(tmp_path, rows, Receipt(minute=1, sha256="0" * 64))
    again, read = Receipt(minute=2, sha256="0" * 64), Receipt(minute=3)
    assert ledger.register([again]) == []
    expected = accept(tmp_path, rows, read)
    assert counts(load.accept(again.delivery_id, tmp_path)) == counts(expected) == (3, 0, 2, 1, 0, 0)


@pytest.mark.parametrize(("origin", "other", "is_read"), [("a.xml", "b.xml", True), (f"{SCHOOL}/a", f"{SCHOOL}/b", True), (f"{SCHOOL}/a", "1020300000002/a", False)])
def test_the_same_bytes_are_read_when_another_file_of_the_sender_changed_rows_since(warehouse: Warehouse, tmp_path: Path, origin: str, other: str,
                                                                                   is_read: bool) -> None:
    accept(tmp_path, {"person": [person("a", sex="F"), person("z")]}, Receipt(minute=1, origin=origin, sha256="0" * 64))
    accept(tmp_path, {"person": [person("z", sex="F")]}, Receipt(minute=2, origin=other))
    assert len(ledger.register([Receipt(minute=3, origin=origin, sha256="0" * 64)])) == is_read


def test_a_delivery_whose_facts_name_nobody_known_is_not_taken_at_all(warehouse: Warehouse, tmp_path: Path) -> None:
    receipt = Receipt()
    with pytest.raises(ContractBroken, match=r"delivery\.refused\.share: 19 of 20"):
        accept(tmp_path, {"person": [person("a")], "mark": [mark(str(number), "nobody") for number in range(19)]}, receipt)
    assert warehouse.scalar("SELECT count(*) FROM identity.person_record") == 0
    assert ledger.totals()["refused_rows"] == 0
    assert ledger.delivery(receipt.delivery_id)["state"] == "received"


def test_readings_that_never_end_are_counted_until_one_does(warehouse: Warehouse) -> None:
    receipt = Receipt()
    ledger.register([receipt])
    assert [ledger.begin_reading(receipt.delivery_id) for _ in range(2)] == [1, 2]
    ledger.end_reading(receipt.delivery_id)
    assert ledger.begin_reading(receipt.delivery_id) == 2
    ledger.staged(receipt.delivery_id)
    assert ledger.begin_reading(receipt.delivery_id) == 1


def test_old_bytes_after_newer_ones_are_read_again(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a", sex="M")]}, Receipt(minute=1, sha256="0" * 64))
    accept(tmp_path, {"person": [person("a", sex="F")]}, Receipt(minute=2))
    assert len(ledger.register([Receipt(minute=3, sha256="0" * 64)])) == 1


def test_a_held_delivery_says_why_and_is_not_pending(warehouse: Warehouse) -> None:
    receipt = Receipt()
    ledger.register([receipt])
    assert ledger.pending(receipt.source) == [receipt.delivery_id]
    ledger.hold(receipt.delivery_id, "schema", "column gone")
    assert ledger.pending(receipt.source) == []
    assert ledger.delivery(receipt.delivery_id)["held_code"] == "schema"


def test_a_load_that_changes_nothing_writes_no_version(warehouse: Warehouse, tmp_path: Path) -> None:
    accept(tmp_path, {"person": [person("a")]})
    assert accept(tmp_path, {"person": [person("a")]})["version"] == 1
    assert warehouse.scalar("SELECT max(version) FROM quality.version") == 1


def test_nothing_of_a_load_that_broke_is_seen(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = Receipt()
    with monkeypatch.context() as broken:
        broken.setattr(outcomes.Incoming, "_withdraw", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accept(tmp_path, {"person": [person("a")]}, receipt)
    assert warehouse.scalar("SELECT count(*) FROM identity.person_record") == 0
    assert ledger.delivery(receipt.delivery_id)["state"] == "received"
    assert load.accept(receipt.delivery_id, tmp_path / receipt.delivery_id)["loaded"] == 1


def test_files_that_do_not_add_up_are_not_loaded(warehouse: Warehouse, tmp_path: Path) -> None:
    receipt = Receipt()
    ledger.register([receipt])
    folder = write(tmp_path / "one", {"person": [person("a")]})
    (folder / "counts.json").write_text('{"person": {"received": 2}}')
    with pytest.raises(ContractBroken):
        load.accept(receipt.delivery_id, folder)


def test_an_error_of_postgresql_carries_no_values(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError) as caught:
        accept(tmp_path, {"person": [person("a", family_name="СЕКРЕТОВ") | {"record_status": None}]})
    assert "СЕКРЕТОВ" not in str(caught.value)
    assert "person_record" in str(caught.value)


def test_two_loads_at_once_wait_for_one_another(warehouse: Warehouse, tmp_path: Path) -> None:
    receipts = [Receipt(origin=str(number), minute=number) for number in range(4)]
    ledger.register(receipts)
    folders = [write(tmp_path / one.delivery_id, {"person": [person("same", sex="M"), person(one.origin)]}) for one in receipts]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(load.accept, (one.delivery_id for one in receipts), folders))
    assert sorted(report["version"] for report in reports) == [1, 2, 3, 4]
    assert sum(report["unchanged"] for report in reports) == 3


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=DELIVERIES, order=st.randoms(use_true_random=False), repeat=st.booleans())
def test_versions_in_any_order_and_number_end_the_same_and_add_up(warehouse: Warehouse, drawn: list[list[tuple[str, int]]], order: object, repeat: bool) -> None:
    source = f"zags_{next(_folders)}"
    deliveries = [[person(key, sequence, sex="MF"[sequence % 2], oktmo=str(sequence)) for key, sequence in rows] for rows in drawn]
    order.shuffle(deliveries)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        for rows in deliveries * (2 if repeat else 1):
            report = accept(Path(folder), {"person": rows}, Receipt(source=source, minute=next(_folders) % 1400))
            assert report["received"] == len(rows)
    highest = {key: max(sequence for rows in drawn for other, sequence in rows if other == key) for rows in drawn for key, _ in rows}
    assert ledger.totals()["difference"] == 0
    assert warehouse.rows(
        "SELECT source_key, sequence, oktmo FROM identity.person_record WHERE version_to > 1e18 AND source = :source ORDER BY 1", source=source) == [
        (key, sequence, str(sequence)) for key, sequence in sorted(highest.items())]
