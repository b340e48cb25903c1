"""A gate of the warehouse that fails leaves what is published, and names the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import files, link, publish
from schemas.errors import GateFailed
from schemas.warehouse import OPEN
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import adds_up

pytestmark = pytest.mark.flow


def test_a_planted_violation_is_not_published(warehouse: Warehouse, tmp_path: Path) -> None:
    files.ingest("zags_births", [wire.write(tmp_path, "a.xml", wire.push(*map(wire.act, (1, 2, 3))))])
    link.link()
    published = publish.publish(publish.gate(), by="test")
    files.ingest("zags_births", [wire.write(tmp_path, "b.xml", wire.push(wire.act(4)))])
    link.link()
    warehouse.execute(f"DELETE FROM identity.link WHERE version_to = {OPEN} AND record_id = (SELECT max(record_id) FROM identity.link)")
    seen = warehouse.rows("SELECT * FROM marts.pupil ORDER BY 1", role="loader")
    with pytest.raises(GateFailed, match=r"link\.every_record \(1\)"):
        publish.publish(publish.gate(), by="test")
    assert warehouse.scalar("SELECT version FROM core.published_version") == published
    assert warehouse.rows("SELECT * FROM marts.pupil ORDER BY 1", role="loader") == seen
    assert warehouse.scalar("SELECT count(*) FROM quality.validation_result WHERE NOT success AND expectation = 'link.every_record'") == 1
    judged = warehouse.rows("SELECT evaluated, unexpected FROM quality.validation_result WHERE gate = 'warehouse'")
    assert all(evaluated >= unexpected for evaluated, unexpected in judged)  # type: ignore[operator]
    assert max(judged) == (4, 1)
    adds_up()


def test_what_is_loaded_and_not_linked_yet_neither_stops_the_gate_nor_is_published(warehouse: Warehouse, tmp_path: Path) -> None:
    files.ingest("zags_births", [wire.write(tmp_path, "a.xml", wire.push(wire.act(1)))])
    linked = link.link()["version"]
    files.ingest("zags_births", [wire.write(tmp_path, "b.xml", wire.push(wire.act(2)))])
    assert publish.publish(publish.gate(), by="test") == linked
