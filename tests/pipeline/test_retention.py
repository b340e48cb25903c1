"""What is past its period goes, what somebody still needs stays, whatever the order of events."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from connectors.landing import Delivery, Landing
from pipeline import retention as step
from pipeline.settings import settings
from services import verify
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person, write
from warehouse import ledger, load, retention
from warehouse import replay as lives
from warehouse.replay import Wanted

pytestmark = pytest.mark.warehouse
LATER = datetime(2040, 1, 1, tzinfo=UTC)
"""When every file of these tests is past its period."""


def land(content: bytes, minute: int, source: str = "journal_file", origin: str = "school") -> Delivery:
    """Bytes in landing and in the ledger, as old as their receipt says."""
    landing = Landing(settings().landing)
    received = Receipt(minute=minute).received_at
    with landing.receive(source, origin=origin, media="csv", received_at=received, as_of="2025-10-24") as inbox:
        inbox.write(content)
    made = next(one for one in landing.pending(source) if one.received_at == received)
    ledger.register([made])
    landing.settle(made)
    os.utime(landing.path(source, made.sha256), (0, 0))
    return made


def settle(delivery: Delivery, folder: Path, keys: list[str], value: int, refused: list[str]) -> None:
    rows = [person(key, family_name=f"И{value}") for key in keys]
    lines = [{"entity": "person", "position": key, "source_key": key, "rule": "person.birth.required", "rule_version": 1} for key in refused]
    load.accept(delivery.delivery_id, write(folder / delivery.delivery_id, {"person": rows}, refused=lines))


def publish(warehouse: Warehouse) -> None:
    warehouse.execute("UPDATE core.published_version SET version = (SELECT max(version) FROM quality.version)", role="owner")


def standing(delivery: Delivery) -> bool:
    return Landing(settings().landing).path(delivery.source, delivery.sha256).exists()


def test_a_file_whose_records_were_all_replaced_goes_and_everything_tells_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = land(b"one", 0), land(b"two", 1)
    settle(first, tmp_path / "rows", ["a"], 1, [])
    settle(second, tmp_path / "rows", ["a"], 2, [])
    publish(warehouse)
    planned = {one.name: one.count for one in step.clean(by="keeper", is_dry=True, only="landing", now=LATER)}
    assert planned["landing"] == 1
    assert standing(first)
    assert {one.name: one.count for one in step.clean(by="keeper", only="landing", now=LATER)}["landing"] == 1
    assert (standing(first), standing(second)) == (False, True)
    note = json.loads(Landing(settings().landing).path(first.source, first.sha256).with_suffix(".removed").read_text("utf-8"))
    assert (note["sha256"], note["by"]) == (first.sha256, "keeper")
    assert warehouse.rows("SELECT state, held_code, decided_by FROM quality.delivery_event WHERE held_code = :code", code=retention.REMOVED) == [
        ("loaded", retention.REMOVED, "keeper")]
    (action, subject), = warehouse.rows("SELECT action, subject_named FROM audit.access")
    said = verify.RETIRED.fullmatch(str(subject))
    assert action == "retention"
    assert said is not None
    assert (said[1], said[2].split()) == ("journal_file", [first.sha256]), "the auditor's program reads this line"
    assert warehouse.scalar("SELECT count(*) FROM quality.delivery") == 2


def test_a_second_cleaning_finds_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = land(b"one", 0), land(b"two", 1)
    settle(first, tmp_path / "rows", ["a"], 1, [])
    settle(second, tmp_path / "rows", ["a"], 2, [])
    publish(warehouse)
    step.clean(by="keeper", only="landing", now=LATER)
    assert all(one.count == 0 for one in step.clean(by="keeper", only="landing", now=LATER))
    assert warehouse.scalar("SELECT count(*) FROM audit.access") == 1


def test_an_interrupted_removal_is_ended_by_the_next(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = land(b"one", 0), land(b"two", 1)
    settle(first, tmp_path / "rows", ["a"], 1, [])
    settle(second, tmp_path / "rows", ["a"], 2, [])
    publish(warehouse)
    found = retention.removable(LATER, 10)
    retention.note_removed(found, by="keeper", ground="g", before=LATER)  # killed here: noted, not removed
    kept = Landing(settings().landing).path(first.source, first.sha256)
    kept.replace(kept.with_suffix(".going"))  # or here: put aside, not removed
    step.clean(by="keeper", only="landing", now=LATER)
    assert sorted(path.suffix for path in kept.parent.glob(f"{first.sha256}*")) == [".removed"]


def test_bytes_that_come_again_are_kept_again(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = land(b"one", 0), land(b"two", 1)
    settle(first, tmp_path / "rows", ["a"], 1, [])
    settle(second, tmp_path / "rows", ["a"], 2, [])
    publish(warehouse)
    step.clean(by="keeper", only="landing", now=LATER)
    again = land(b"one", 2)
    assert standing(again)
    step.clean(by="keeper", only="landing", now=LATER)
    assert standing(again), "it waits to be read"


def test_bytes_announced_while_they_are_removed_stay(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    with landing.receive("a", origin="o", media="csv", received_at="2025-10-24T00:00:00+08:00", as_of="2025-10-24") as inbox:
        inbox.write(b"one")
    made = landing.pending("a")[0]
    os.utime(landing.path("a", made.sha256), (0, 0))
    assert landing.remove("a", made.sha256, {}, before=LATER.timestamp()) == 0
    assert landing.path("a", made.sha256).exists()
    landing.settle(made)
    assert landing.remove("a", made.sha256, {}, before=0.0) == 0, "not old enough"
    assert landing.remove("a", made.sha256, {}, before=LATER.timestamp()) > 0


events = st.lists(st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True), st.lists(st.sampled_from("abcdx"), max_size=2, unique=True),
                            st.sampled_from(["load", "hold", "wait"])), min_size=1, max_size=6)


@given(events=events, published=st.booleans())
@how(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_goes_that_a_row_an_open_refusal_or_a_held_delivery_needs(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory, events: list[
        tuple[list[str], list[str], str]], published: bool) -> None:
    source = f"s{next(_numbers)}"
    folder = tmp_path_factory.mktemp("rows")
    landed: list[Delivery] = []
    for minute, (keys, refused, fate) in enumerate(events):
        delivery = land(f"{source} {minute}".encode(), minute, source)
        landed.append(delivery)
        if fate == "hold":
            ledger.hold(delivery.delivery_id, "delivery.rows.range", "few")
        if fate == "load":
            settle(delivery, folder, keys, minute, [key for key in refused if key not in keys])
    if published:
        publish(warehouse)
    step.clean(by="keeper", only="landing", now=LATER)
    loaded = [minute for minute, (_, _, fate) in enumerate(events) if fate == "load"]
    last = {key: minute for minute in loaded for key in events[minute][0]}
    for minute, delivery in enumerate(landed):
        keys, refused, fate = events[minute]
        is_needed = fate != "load" or any(last[key] == minute for key in keys) or any(
            last.get(key, -1) < minute for key in refused if key not in keys)
        assert standing(delivery) or not is_needed, (minute, events)
        assert is_needed or not standing(delivery) or not published, "what nobody needs goes"


def test_nothing_a_person_or_a_run_still_needs_goes_from_the_folders(warehouse: Warehouse) -> None:
    var = settings().var
    waiting = Receipt()
    ledger.register([waiting])
    made = {name: var / name for name in ("staging/journal_file/draft-1", f"staging/journal_file/{waiting.delivery_id}", "portal/00000001-a", "portal/00000002-b")}
    for path in made.values():
        path.mkdir(parents=True)
    (var / "portal" / "current").symlink_to("00000002-b")
    (var / "logs").mkdir()
    for log in ("old.log", "new.log"):
        (var / "logs" / log).write_text("x", "utf-8")
    for path in (*made.values(), var / "logs" / "old.log"):
        os.utime(path, (0, 0))
    step.clean(by="keeper")
    assert {name for name, path in made.items() if path.exists()} == {f"staging/journal_file/{waiting.delivery_id}", "portal/00000002-b"}
    assert [path.name for path in (var / "logs").iterdir()] == ["new.log"]


_numbers = iter(range(10**6))


def test_refusals_whose_bytes_are_gone_do_not_stop_the_replay_of_others(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = land(b"one", 0), land(b"two", 1)
    settle(first, tmp_path / "rows", ["a"], 1, ["b"])
    settle(second, tmp_path / "rows", ["a", "b"], 2, ["c"])
    publish(warehouse)
    assert lives.originals(Wanted(source="journal_file")) == [first.delivery_id, second.delivery_id]
    step.clean(by="keeper", only="landing", now=LATER)
    assert (standing(first), lives.originals(Wanted(source="journal_file"))) == (False, [second.delivery_id])
