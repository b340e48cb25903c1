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


def test_a_form_that_does_not_add_up_is_not_published(warehouse: Warehouse, tmp_path: Path) -> None:
    files.ingest("zags_births", [wire.write(tmp_path, "a.xml", wire.push(wire.act(1)))])
    link.link()
    published = publish.publish(publish.gate(), by="test")
    assert warehouse.scalar("SELECT count(*) FROM quality.validation_result WHERE gate = 'form' AND NOT success") == 0
    files.ingest("zags_births", [wire.write(tmp_path, "b.xml", wire.push(wire.act(2)))])
    version = link.link()["version"]
    warehouse.execute("ALTER VIEW marts.coverage RENAME TO coverage_true")
    columns = [str(row[0]) for row in warehouse.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'marts.coverage_true'::regclass "
                                                     "AND attnum > 0 ORDER BY attnum".replace("::", r"\:\:"))]
    warehouse.execute(f"CREATE VIEW marts.coverage AS SELECT {', '.join(columns).replace('child_count', 'child_count + 1 AS child_count')} "
                      "FROM marts.coverage_true")
    warehouse.execute("GRANT SELECT ON marts.coverage TO loader")
    with pytest.raises(GateFailed, match=rf"version {version} is not published: form\.not_enrolled\.coverage \(1\)$"):
        publish.publish(publish.gate(), by="test")
    assert warehouse.scalar("SELECT version FROM core.published_version") == published
    assert warehouse.rows("SELECT expectation, version, severity, rule_version, evaluated, unexpected FROM quality.validation_result "
                          "WHERE gate = 'form' AND NOT success") == [("form.not_enrolled.coverage", version, "block", 1, 1, 1)]
