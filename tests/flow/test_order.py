"""The same deliveries twice, late, or half and then whole: the warehouse ends in the same state."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.landing import Delivery, Landing
from pipeline import files, ingest
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import State, adds_up, deliveries, state
from warehouse import day

pytestmark = pytest.mark.flow
BEGIN = datetime.fromisoformat("2025-10-24T08:00:00+08:00")
ACTS = [wire.push(wire.act(1), wire.act(2)), wire.push(wire.act(1, version=2, family_name="Иванов")), wire.push(wire.act(2, version=3), wire.act(3)),
        wire.push(wire.act(2, version=2, family_name="Петров"))]
LISTS = [wire.table(wire.HEADER, wire.pupil(1), wire.pupil(2)), wire.table(wire.HEADER, wire.pupil(1), wire.pupil(3)),
         wire.table(wire.HEADER, wire.pupil(1, name="Иванов Баир Батоевич"), wire.pupil(2))]


def bring(folder: Path, source: str, origin: str, minute: int, content: str | bytes, media: str) -> None:
    """Land, lay out and load one delivery that came at that minute (the gates have tests of their own)."""
    landing = Landing(folder / "landing")
    with landing.receive(source, origin=origin, media=media, received_at=(BEGIN + timedelta(minutes=minute)).isoformat(), as_of="2025-10-24") as inbox:  # type: ignore[arg-type]
        inbox.write(content if isinstance(content, bytes) else content.encode())
    ingest.lay_out_all(ingest.register(source))
    day.judged([one for one, _ in day.to_judge(source)])
    ingest.load_staged(source)


@contextmanager
def fresh(warehouse: Warehouse) -> Iterator[None]:
    """Empty targets and ledger, as a new installation has them."""
    yield
    warehouse.execute("TRUNCATE quality.delivery, identity.person_record, core.enrolment, core.mark, core.attendance, identity.source_record CASCADE")


def outcome(warehouse: Warehouse, source: str, origin: str, media: str, brought: Sequence[tuple[int, str | bytes]]) -> State:
    with fresh(warehouse):
        for minute, content in brought:
            bring(warehouse.folder, source, origin, minute, content, media)
        adds_up()
        return state(warehouse)


_KNOWN: dict[str, State] = {}


def _straight(name: str, *told: Any) -> State:
    """The outcome of the undisturbed order, found once."""
    if name not in _KNOWN:
        _KNOWN[name] = outcome(*told)
    return _KNOWN[name]


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(order=st.permutations(range(len(ACTS))), again=st.integers(0, len(ACTS) - 1))
def test_acts_in_any_order_and_twice_end_the_same(warehouse: Warehouse, order: list[int], again: int) -> None:
    straight = _straight("acts", warehouse, "zags_births", "queue", "xml", list(enumerate(ACTS)))
    assert len(straight["person"]) == 3
    mixed = [(minute, ACTS[one]) for minute, one in enumerate([*order, order[again]])]
    assert outcome(warehouse, "zags_births", "queue", "xml", mixed) == straight


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(order=st.permutations(range(len(LISTS))))
def test_a_schools_lists_that_come_late_do_not_undo_the_later_one(warehouse: Warehouse, order: list[int]) -> None:
    straight = _straight("lists", warehouse, "journal_file", f"{wire.SCHOOL}/pupils.csv", "csv", list(enumerate(LISTS)))
    assert len(straight["enrolment"]) == 2
    late = outcome(warehouse, "journal_file", f"{wire.SCHOOL}/pupils.csv", "csv", [(one, LISTS[one]) for one in order])
    assert late["person"] == straight["person"]
    assert late["enrolment"] == straight["enrolment"]


def test_half_a_list_and_then_the_whole_is_the_whole(warehouse: Warehouse) -> None:
    whole = wire.table(wire.HEADER, *map(wire.pupil, range(1, 7)))
    straight = outcome(warehouse, "journal_file", f"{wire.SCHOOL}/pupils.csv", "csv", [(0, whole)])
    cut = whole[: len(whole) // 2]
    assert outcome(warehouse, "journal_file", f"{wire.SCHOOL}/pupils.csv", "csv", [(0, cut), (1, whole)]) == straight


def test_the_same_file_twice_is_a_duplicate(warehouse: Warehouse, tmp_path: Path) -> None:
    path = wire.write(tmp_path, "push.xml", ACTS[0])
    first, second = files.ingest("zags_births", [path]), files.ingest("zags_births", [path])
    assert (first["loaded"], second["unchanged"], second["loaded"]) == (2, 2, 0)
    assert [one[1] for one in deliveries(warehouse)] == ["loaded", "duplicate"]
    adds_up()


def test_notes_that_another_task_settles_meanwhile_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landing = Landing(tmp_path)
    with landing.receive("zags_births", origin="q", media="xml", received_at=BEGIN.isoformat(), as_of="2025-10-24") as inbox:
        inbox.write(b"<a/>")
    (kept,) = landing.pending("zags_births")
    gone = replace(kept, delivery_id=str(uuid.uuid4()))
    note = tmp_path / "zags_births" / "pending" / f"9-{gone.delivery_id}.json"
    note.symlink_to(tmp_path / "settled")  # listed, and gone when it is read
    assert [type(one) for one in landing.pending("zags_births")] == [Delivery]
