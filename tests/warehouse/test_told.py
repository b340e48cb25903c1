"""What a task tells names rules and counts of its own run, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import task_words
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person, write
from warehouse import day, ledger, load, told

pytestmark = pytest.mark.warehouse


def result(warehouse: Warehouse, rule: str, *, subject: str = "journal_file/person", run: str = "mine", success: bool = False, severity: str = "hold",
           rows: int = 3) -> None:
    warehouse.execute("INSERT INTO quality.validation_result (run_id, gate, subject_checked, suite, expectation, success, unexpected, severity) "
                      "VALUES (:run, 'record', :subject, 's', :rule, :success, :rows, :severity)", role="owner",
                      run=run, subject=subject, rule=rule, success=success, rows=rows, severity=severity)


def test_a_gate_tells_what_its_own_run_asked_of_its_own_source(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(day.RUN, "mine")
    result(warehouse, "person.birth.required", severity="refuse")
    result(warehouse, "person.birth.required", severity="refuse", rows=4)
    result(warehouse, "person.sex.values", success=True, rows=0)
    result(warehouse, "person.inn.pattern", severity="warn")
    result(warehouse, "person.columns", severity="hold", rows=1)
    result(warehouse, "person.other", subject="journal_eljur/person")
    result(warehouse, "person.before", run="yesterday")
    assert told.results("journal_file", ("door", "record")) == told.Told(
        asked=4, stopped=(("person.columns", 1),), refusing=(("person.birth.required", 7),), warned=(("person.inn.pattern", 3),))


def test_a_load_tells_what_was_refused_by_rule_and_never_a_value(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")
    receipt = Receipt()
    ledger.register([receipt])
    refused = [{"entity": "person", "position": f"row {n}", "source_key": f"k{n}", "rule": rule, "rule_version": 1}
               for n, rule in enumerate(("person.birth.required", "person.birth.required", "person.name.required"))]
    load.accept(receipt.delivery_id, write(tmp_path / "rows", {"person": [person("a", family_name="ЦЫДЫПОВ")]}, refused=refused))
    assert told.refused("journal_file", date(2025, 10, 24)) == [("person.birth.required", 2), ("person.name.required", 1)]
    said = task_words.load("journal_file")
    assert "Отказы дня: person.birth.required – 2, person.name.required – 1." in said
    assert "ЦЫДЫПОВ" not in said
    assert "k0" not in said
