"""One bad record among good ones is refused with its position and its rule; the others load."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files import ingest
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up, keys, refusals

pytestmark = pytest.mark.flow


def test_a_bad_line_of_a_school_is_refused_alone(warehouse: Warehouse, tmp_path: Path) -> None:
    file = wire.write(tmp_path, "pupils.csv", wire.table(
        wire.HEADER, wire.pupil(1), wire.pupil(2, born="2014-02-31"), wire.pupil(3), wire.pupil(4), wire.pupil(5), wire.pupil(0, key=""),
        wire.pupil(6), wire.pupil(7), wire.pupil(8, snils="112-233-445 96"), wire.pupil(9, citizenship="Атлантида")))
    found = ingest("journal_file", [file], wire.SCHOOL)
    refused = refusals(warehouse)
    assert {position: rule for position, _, rule in refused} == {
        "3": "person.birth_date.calendar", "7": "person.source_key.required"}
    assert keys(warehouse) == [f"{wire.SCHOOL}:{number}" for number in (1, 3, 4, 5, 6, 7, 8, 9)]  # a wrong number or country is left out, its pupil stays
    assert warehouse.rows("SELECT position, source_key, rule FROM quality.left_out_value ORDER BY rule, position") == [
        ("11", f"{wire.SCHOOL}:9", "person.citizenship.codes"), ("10", f"{wire.SCHOOL}:8", "person.snils.control_number")]
    assert found["held"] == 0
    adds_up()


def test_a_bad_act_of_zags_is_refused_alone(warehouse: Warehouse, tmp_path: Path) -> None:
    file = wire.write(tmp_path, "push.xml", wire.push(*(wire.act(number) for number in range(1, 9)), wire.act(9, born="1802-01-01")))
    assert ingest("zags_births", [file])["held"] == 0
    assert [(position, rule) for position, _, rule in refusals(warehouse)] == [("message.xml#9", "person.birth_date.minimum")]
    assert len(keys(warehouse)) == 8
    adds_up()
