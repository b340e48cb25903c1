"""A crash at any seam: the next run heals, nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import files, ingest, leftovers
from schemas.errors import KontingentError
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, keys
from warehouse import ledger, load
from warehouse.engine import WarehouseError

pytestmark = pytest.mark.flow


class Crash(RuntimeError):
    """The process died here."""


def next_run(source: str) -> None:
    """What the tasks of the next run do, besides asking the sender."""
    ingest.lay_out_all(ingest.register(source))
    ingest.gate(source)
    ingest.load_staged(source)


@pytest.mark.parametrize(("module", "step"), [
    (ledger, "register"), (ingest, "stage"), (ledger, "staged"), (load, "accept"), (load, "_write_ledger")],
    ids=["between landing and ledger", "between ledger and staging", "staging is in place, the ledger does not know", "between staging and load", "in the load"])
def test_the_next_run_heals(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str) -> None:
    def die(*_: object, **__: object) -> None:
        raise Crash(step)

    with monkeypatch.context() as patch:
        patch.setattr(module, step, die)
        with pytest.raises(Crash):
            files.ingest("zags_births", [wire.write(tmp_path, f"{number}.xml", wire.push(wire.act(number))) for number in (1, 2)])
    next_run("zags_births")
    next_run("zags_births")
    assert len(keys(warehouse)) == 2
    assert warehouse.rows("SELECT state, received, loaded FROM quality.delivery") == [("loaded", 1, 1)] * 2
    assert list((tmp_path / "landing" / "zags_births" / "pending").iterdir()) == []
    assert [path.name for path in (tmp_path / "staging" / "zags_births").iterdir() if path.name.startswith("draft-")] == []
    adds_up()


def test_staging_that_was_cleared_is_made_again_from_landing(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "load_staged", lambda _: None)
        files.ingest("zags_births", [wire.write(tmp_path, "push.xml", wire.push(wire.act(1)))])
    shutil.rmtree(tmp_path / "staging")
    next_run("zags_births")
    assert len(keys(warehouse)) == 1
    adds_up()


def test_bytes_that_kill_the_reader_twice_are_held(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "stage", die)
        with pytest.raises(Crash):
            files.ingest("zags_births", [wire.write(tmp_path, "bomb.xml", wire.push(wire.act(1)))])
        with pytest.raises(Crash):
            next_run("zags_births")
        next_run("zags_births")
    assert files.ingest("zags_births", [wire.write(tmp_path, "good.xml", wire.push(wire.act(2)))])["held"] == 0
    assert warehouse.rows("SELECT state, held_code FROM quality.delivery ORDER BY received_at") == [("held", "reading.crashed"), ("loaded", None)]
    adds_up()


def test_a_load_that_fails_does_not_stop_the_others_and_is_tried_again(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accept, calls = load.accept, []

    def refuse_first(delivery_id: str, folder: Path) -> object:
        calls.append(delivery_id)
        if len(calls) == 1:
            raise WarehouseError("warehouse.53100", "disk full")
        return accept(delivery_id, folder)

    with monkeypatch.context() as patch:
        patch.setattr(load, "accept", refuse_first)
        with pytest.raises(KontingentError, match=r"load\.failed"):
            files.ingest("zags_births", [wire.write(tmp_path, f"{number}.xml", wire.push(wire.act(number))) for number in (1, 2)])
    assert warehouse.rows("SELECT state FROM quality.delivery ORDER BY received_at") == [("failed",), ("loaded",)]
    shutil.rmtree(tmp_path / "staging")
    ingest.load_staged("zags_births")
    assert len(keys(warehouse)) == 2
    assert list((tmp_path / "staging" / "zags_births").iterdir()) == []
    adds_up()


def test_what_killed_runs_left_is_swept_after_a_day(warehouse: Warehouse, tmp_path: Path) -> None:
    scratch, staging = tmp_path / "scratch", tmp_path / "staging"
    old, new = wire.write(scratch, "old", "x"), wire.write(scratch, "new", "x")
    draft = wire.write(staging / "draft-1", "person.parquet", "x").parent
    for path in (old, draft):
        os.utime(path, (0, 0))
    leftovers.sweep(scratch, staging)
    assert [path.exists() for path in (old, draft, new)] == [False, False, True]


def test_a_reader_that_did_not_foresee_some_bytes_holds_that_delivery_only(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stage(*_: object) -> None:
        raise KeyError("Доржиев")

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "stage", stage)
        files.ingest("zags_births", [wire.write(tmp_path, "bad.xml", wire.push(wire.act(1)))])
    assert files.ingest("zags_births", [wire.write(tmp_path, "good.xml", wire.push(wire.act(2)))])["held"] == 0
    ((code, message),) = warehouse.rows("SELECT held_code, held_message FROM quality.delivery WHERE state = 'held'")
    assert code == "reading.defect"
    assert "KeyError" in str(message)
    assert "Доржиев" not in str(message)
    adds_up()


def test_rows_that_break_a_rule_after_all_hold_their_own_delivery_only(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "gate", lambda _: None)
        for number in (1, 2):
            files.ingest("zags_births", [wire.write(tmp_path, f"{number}.xml", wire.push(wire.act(number)))])
    guilty = sorted((tmp_path / "staging" / "zags_births").iterdir())[0]
    rows = pq.read_table(guilty / "person.parquet")
    place = rows.schema.get_field_index("sex")
    pq.write_table(rows.set_column(place, rows.schema.field(place), pa.array(["X"], rows.schema.field(place).type)), guilty / "person.parquet")
    next_run("zags_births")
    assert warehouse.rows("SELECT delivery_id::text, held_code FROM quality.delivery WHERE state = 'held'") == [(guilty.name, "person.sex.values")]
    assert len(keys(warehouse)) == 1
    adds_up()
