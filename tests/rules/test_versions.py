"""Each rule over a version finds the one violation planted for it, and says nothing of a sound version."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import files, gates, link
from schemas.rules import RULES
from tests.conftest import Warehouse
from tests.flow import wire
from tests.rules.versions import BROKEN
from warehouse import engine, publish

pytestmark = pytest.mark.flow


def found(warehouse: Warehouse, rule: str, version: int, *statements: str) -> int:
    """Rows that break the rule after these statements, which are taken back."""
    made = warehouse.engine("owner")
    with made.connect() as connection, connection.begin() as transaction:
        for statement in statements:
            connection.execute(text(statement))
        count = int(connection.exec_driver_sql(f"SELECT count(*) FROM ({str(RULES[rule].sql).format(version=version)}) AS broken").scalar_one())
        transaction.rollback()
    return count


def test_each_rule_over_a_version_finds_what_was_planted(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")
    files.ingest("zags_births", [wire.write(tmp_path, "a.xml", wire.push(*map(wire.act, (1, 2, 3))))])
    link.link()
    version = publish.latest_version()
    assert not [result.rule for result in gates.warehouse(engine.url("loader"), version) if not result.success]
    planted = {rule: found(warehouse, rule, version, *statements) for rule, statements in BROKEN.items()}
    assert planted == dict.fromkeys(BROKEN, 1)
