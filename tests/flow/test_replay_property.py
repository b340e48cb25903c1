"""Whatever is refused, mended, replayed and sent again: the warehouse ends as if the rule had been right from the start, and the ledger always adds up."""

from __future__ import annotations

from contextlib import nullcontext, suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.replay import replay
from schemas.errors import ConfigurationError
from schemas.rules import WAREHOUSE
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import State, adds_up, state
from tests.flow.test_order import bring, fresh
from tests.flow.test_replay import ENGINEER, too_narrow
from warehouse import ledger

pytestmark = pytest.mark.flow
YOUNG = "2014-09-01"
LISTS = [wire.table(wire.HEADER, wire.pupil(1), wire.pupil(2, born=YOUNG), wire.pupil(3)),
         wire.table(wire.HEADER, wire.pupil(1, name="Иванов Баир Батоевич"), wire.pupil(2, born=YOUNG)),
         wire.table(wire.HEADER, wire.pupil(2, born=YOUNG), wire.pupil(3, born=YOUNG)),
         wire.table(wire.HEADER, wire.pupil(1, born=YOUNG), wire.pupil(4))]
MARKS = [wire.table(wire.MARKS, wire.mark(1, 1), wire.mark(2, 2)), wire.table(wire.MARKS, wire.mark(1, 1, "4"), wire.mark(3, 3), wire.mark(4, 4, "Н"))]
SENT = [("pupils.csv", content) for content in LISTS] + [("marks_2025_1.csv", content) for content in MARKS]
REPLAY = len(SENT)
LEDGER = [rule for rule in WAREHOUSE if rule.id.startswith("ledger.")]


def outcome(warehouse: Warehouse, steps: list[tuple[int, bool]], *, is_right: bool) -> State:
    """The state after these steps; (number of a file or REPLAY, whether the rule is wrong at that time) and a last replay."""
    with fresh(warehouse):
        for minute, (step, is_wrong) in enumerate([*steps, (REPLAY, False)]):
            with too_narrow() if is_wrong and not is_right else nullcontext():
                if step < REPLAY:
                    bring(warehouse.folder, "journal_file", f"{wire.SCHOOL}/{SENT[step][0]}", minute, SENT[step][1], "csv")
                elif not is_right or minute == len(steps):
                    with suppress(ConfigurationError):  # nothing to replay
                        replay(source="journal_file", **ENGINEER)
            balanced(warehouse)
        return state(warehouse)


def balanced(warehouse: Warehouse) -> None:
    adds_up()
    total = ledger.totals()
    assert total["difference"] == 0
    assert total["refused"] == total["refused_rows"] == total["replayed"] + total["open"]
    for rule in LEDGER:
        assert warehouse.rows(str(rule.sql).format(version=10**9)) == [], rule.id


@settings(max_examples=6, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps=st.lists(st.tuples(st.integers(0, REPLAY), st.booleans()), min_size=2, max_size=6))
def test_replays_end_as_if_the_rule_had_been_right(warehouse: Warehouse, steps: list[tuple[int, bool]]) -> None:
    assert outcome(warehouse, steps, is_right=False) == outcome(warehouse, steps, is_right=True)


def test_facts_of_a_pupil_who_left_meanwhile_come_in(warehouse: Warehouse) -> None:
    steps = [(0, True), (4, True), (2, False)]
    right = outcome(warehouse, steps, is_right=True)
    assert len(right["mark"]) == 2
    assert outcome(warehouse, steps, is_right=False) == right


def test_a_replay_that_lost_a_refusal_breaks_the_gate(warehouse: Warehouse) -> None:
    (rule,) = [one for one in LEDGER if one.id == "ledger.replayed_rows"]
    with too_narrow():
        bring(warehouse.folder, "journal_file", f"{wire.SCHOOL}/pupils.csv", 0, LISTS[0], "csv")
    replay(source="journal_file", **ENGINEER)
    assert warehouse.rows(str(rule.sql).format(version=10**9)) == []
    warehouse.execute("UPDATE quality.refused_record SET replayed_by = NULL WHERE entity = 'person' AND position = '2'")
    assert len(warehouse.rows(str(rule.sql).format(version=10**9))) == 1
