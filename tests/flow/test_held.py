"""Held deliveries: a person lets in what a gate of measure held, what broke its contract is read again once that is mended, and each step is on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import files, held, refused
from pipeline.replay import replay
from schemas.errors import ConfigurationError
from schemas.feedback import hold
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, keys
from tests.flow.test_replay import ENGINEER, bring_pupils, too_narrow

pytestmark = pytest.mark.flow
OFFICIAL = {"by": "inspector", "reason": "школа подтвердила"}


def held_ids(warehouse: Warehouse) -> list[str]:
    return [str(row[0]) for row in warehouse.rows("SELECT delivery_id FROM quality.delivery WHERE state = 'held' ORDER BY received_at")]


def events(warehouse: Warehouse, delivery_id: str) -> list[tuple[object, ...]]:
    return warehouse.rows("SELECT state, held_code, decided_by FROM quality.delivery_event WHERE CAST(delivery_id AS text) = :one ORDER BY event_id",
                          one=delivery_id)


def test_a_delivery_with_too_many_refusals_comes_in_when_a_person_says_so(warehouse: Warehouse, tmp_path: Path) -> None:
    with too_narrow():
        bring_pupils(tmp_path, *(wire.pupil(number) for number in range(1, 20)), *(wire.pupil(number, born="2014-09-01") for number in range(20, 31)))
    (delivery_id,) = held_ids(warehouse)
    (row,) = refused.held()
    assert (row["held_code"], row["may_overrule"], row["title"]) == ("delivery.refused.share", True, hold("delivery.refused.share").title)
    with too_narrow():
        assert held.release(delivery_id, **OFFICIAL)["loaded"] == 22
    assert events(warehouse, delivery_id) == [("received", None, None), ("staged", None, None), ("passed", None, None), ("held", "delivery.refused.share", None),
                                              ("loaded", None, "inspector")]
    assert warehouse.rows("SELECT action, person_in_charge, ground, subject_named FROM audit.access") == [
        ("release", "inspector", "школа подтвердила", f"delivery {delivery_id}")]
    assert replay(delivery_id=delivery_id, **ENGINEER)["loaded"] == 38
    assert len(keys(warehouse)) == 30
    adds_up()


def test_a_broken_contract_is_not_overruled_but_read_again_in_its_place_in_time(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from connectors import contingent_file

    def forget(*_: object) -> None:
        raise KeyError("a layout nobody thought of")

    with monkeypatch.context() as patch:
        patch.setattr(contingent_file, "recognise", forget)
        bring_pupils(tmp_path, wire.pupil(1), wire.pupil(2))
    (delivery_id,) = held_ids(warehouse)
    bring_pupils(tmp_path, wire.pupil(1, name="Доржиев Баир Иванович"), wire.pupil(3))
    with pytest.raises(ConfigurationError, match=r"delivery\.not_overrulable"):
        held.release(delivery_id, **OFFICIAL)
    done = replay(delivery_id=delivery_id, **ENGINEER)
    assert (done["state"], done["received"], done["superseded"]) == ("loaded", 4, 4)
    assert [key[-2:] for key in keys(warehouse)] == [":1", ":3"]
    assert warehouse.scalar("SELECT patronymic FROM identity.person_record WHERE source_key LIKE :key AND version_to > 1000", key="%:1") == "ИВАНОВИЧ"
    assert ("received", None, "engineer") in events(warehouse, delivery_id)
    adds_up()


def test_what_is_still_wrong_is_held_again(warehouse: Warehouse, tmp_path: Path) -> None:
    files.ingest("zags_births", [wire.write(tmp_path, "bad.xml", "<a>")])
    (delivery_id,) = held_ids(warehouse)
    done = replay(delivery_id=delivery_id, **ENGINEER)
    assert (done["state"], done["held_code"]) == ("held", refused.held()[0]["held_code"])
    assert held.give_back(delivery_id, **OFFICIAL) == {"deliveries": 1}
    for decide in (held.release, held.give_back):
        with pytest.raises(ConfigurationError, match="not held"):
            decide(delivery_id, **OFFICIAL)
    with pytest.raises(ConfigurationError, match="not held"):
        replay(delivery_id=delivery_id, **ENGINEER)
    assert [row[0] for row in warehouse.rows("SELECT action FROM audit.access ORDER BY access_id")] == ["replay", "return"]
    adds_up()


@pytest.mark.parametrize(("code", "may"), [("delivery.rows.shrink", True), ("drift.codes", True), ("xml.wrong_namespace", False), ("person.sex.values", False),
                                           ("reading.crashed", False), ("nobody.knows", False)])
def test_only_measures_may_be_overruled(code: str, may: bool) -> None:
    assert hold(code).may_overrule is may
    assert hold(code).advice
