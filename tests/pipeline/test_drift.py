"""The drift gate on the ledger: what a sender never did before is held, told in plain words, and judged by a new history once a person let it go."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from connectors.sources import BY_NAME
from pipeline import drift, gate_deliveries
from tests.conftest import Warehouse
from tests.transforms.profiled import persons
from tests.warehouse.staged import Receipt, Row, write
from warehouse import ledger, load

pytestmark = pytest.mark.warehouse
SOURCE = BY_NAME["journal_file"]
FIRST = date(2025, 10, 24)


@dataclass
class School:
    """A school that sends its list day after day."""

    staging: Path
    origin: str = "1020300000001/pupils.csv"
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def sends(self, rows: list[Row], *, day: int | None = None, refused: int = 0) -> str:
        """Stage a delivery of the next (or that) day; its id."""
        number = next(self.numbers)
        receipt = Receipt(source=SOURCE.name, origin=self.origin, minute=number, as_of=str(FIRST + timedelta(days=number if day is None else day)))
        ledger.register([receipt])
        told = [{"entity": "person", "position": f"r{n}", "source_key": f"r{n}", "rule": "person.birth.required", "rule_version": 1} for n in range(refused)]
        write(self.staging / receipt.delivery_id, {"person": rows}, refused=told)
        ledger.staged(receipt.delivery_id)
        return receipt.delivery_id

    def loads(self, delivery_id: str) -> None:
        load.accept(delivery_id, self.staging / delivery_id)

    def lives(self, rows: Callable[[], list[Row]], days: int) -> None:
        """Days on which drift holds nothing."""
        for _ in range(days):
            delivery_id = self.sends(rows())
            assert self.odd(delivery_id) == {}
            self.loads(delivery_id)

    def odd(self, delivery_id: str) -> dict[str, str]:
        """What the drift gate alone holds (the others take seconds), by rule."""
        return {one: why.rule for one, why in drift.judge(SOURCE, [(delivery_id, self.origin)], self.staging)[1].items()}


@pytest.fixture
def school(warehouse: Warehouse) -> School:
    return School(warehouse.folder / "staging" / SOURCE.name)


def roll() -> list[Row]:
    """The same sixty pupils."""
    return [row | {"organisation_key": "1020300000001"} for row in persons(np.random.default_rng(3), 60)]


def without_snils() -> list[Row]:
    return [row | {"snils": None, "record_hash": f"{n:032x}"} for n, row in enumerate(roll())]


def test_a_column_that_is_suddenly_empty_holds_the_delivery_and_a_release_begins_a_new_history(warehouse: Warehouse, school: School) -> None:
    school.lives(roll, 9)
    odd, good = school.sends(without_snils()), school.sends(roll())
    assert gate_deliveries.judge(SOURCE, school.staging)[0] == 1
    rows = {str(row[0]): row[1:] for row in warehouse.rows("SELECT delivery_id, state, held_code, held_message FROM quality.delivery")}
    assert rows[good][0] == "passed"
    state, code, message = rows[odd]
    assert (state, code) == ("held", "drift.columns")
    assert "drift.columns: person.snils: 100% empty of 60, usually 10% (8 deliveries before)" in str(message)
    found = warehouse.rows("SELECT expectation, column_name, severity, rule_version, success, evaluated, unexpected FROM quality.validation_result "
                           "WHERE gate = 'door' AND delivery_id = CAST(:one AS uuid) AND NOT success ORDER BY column_name NULLS FIRST", one=odd)
    assert found[1:] == [("drift.columns", "snils", "hold", 1, False, 60, 1)]
    assert found[0][:4] == ("drift.columns", None, "hold", 1)
    school.loads(good)
    school.loads(odd)  # a person let it go
    school.lives(without_snils, 2)


def test_the_first_days_the_first_package_and_a_growing_school_hold_nothing(school: School) -> None:
    """The first day brings everything; then little comes, a few rows a day."""
    everybody = roll()
    school.loads(school.sends(everybody))
    for day in range(1, 12):
        delivery_id = school.sends(everybody[:day % 4 + 1])
        assert school.odd(delivery_id) == {}
        school.loads(delivery_id)


def test_refusals_far_above_the_usual_hold_the_delivery(school: School) -> None:
    school.lives(roll, 9)
    assert school.odd(school.sends(roll(), refused=5)) == {}
    far = school.sends(roll(), refused=22)
    assert school.odd(far) == {far: "drift.refused_share"}


def test_a_replay_is_neither_judged_nor_remembered(warehouse: Warehouse, school: School) -> None:
    school.lives(roll, 9)
    again = school.sends(without_snils())
    warehouse.execute("UPDATE quality.delivery SET replay_of = (SELECT min(delivery_id::text)::uuid FROM quality.delivery) "
                      "WHERE delivery_id::text = :one".replace("::", r"\:\:"), one=again)
    assert school.odd(again) == {}
    assert warehouse.scalar("SELECT count(*) FROM quality.profile WHERE delivery_id::text = :one".replace("::", r"\:\:"), one=again) == 0


def test_no_value_of_a_person_is_kept_or_told(warehouse: Warehouse, school: School) -> None:
    school.lives(roll, 9)
    results, held = drift.judge(SOURCE, [(school.sends(without_snils()), school.origin)], school.staging)
    kept = repr(warehouse.rows("SELECT * FROM quality.profile")) + repr(results) + repr(held)
    for row in roll():
        assert str(row["family_name"]) not in kept
        assert row["snils"] is None or str(row["snils"]) not in kept
