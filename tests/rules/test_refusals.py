"""What the record gate and the load do with rows that break a rule: refused one by one, or their delivery held, and the ledger adds up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.sources import BY_NAME
from pipeline import gate_deliveries, gate_records
from pipeline.settings import settings
from schemas import predicates
from schemas.errors import ConfigurationError, ContractBroken
from schemas.expectations import record_suite
from schemas.rules import RULES
from schemas.tables import FACTS, STAGING
from tests.conftest import Warehouse
from tests.rules.laid_out import SOURCE, good
from tests.warehouse import staged
from tests.warehouse.staged import Receipt, Row
from warehouse import day, ledger, load, staging

pytestmark = pytest.mark.warehouse
CHILD = {"birth_date": date(2014, 3, 9)}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTINGENT_TODAY", "2025-10-24")


def stage(rows: dict[str, list[Row]], minute: int = 0) -> str:
    """A delivery that is laid out as Parquet and waits for the gate."""
    receipt = Receipt(source=SOURCE, minute=minute)
    ledger.register([receipt])
    folder = staged.write(settings().staging / SOURCE / receipt.delivery_id, rows)
    for name in ("counts", "left_out"):
        told = {entity: {"received": len(lines), "accepted": len(lines), "refused": 0} for entity, lines in rows.items()} if name == "counts" else {}
        (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")
    ledger.staged(receipt.delivery_id)
    return receipt.delivery_id


def gate() -> tuple[int, int]:
    return gate_deliveries.judge(BY_NAME[SOURCE], settings().staging / SOURCE)


def accept(delivery_id: str) -> dict[str, object]:
    return load.accept(delivery_id, settings().staging / SOURCE / delivery_id)


def mixed(future: int = 1) -> dict[str, list[Row]]:
    """One child, two enrolments one of which is before the birth, three marks `future` of which are of next year."""
    marks = [good("mark", lesson_date=date(2026, 10, 1) if number < future else date(2025, 10, 1)) for number in range(3)]
    return {"person": [good("person", source_key="k", **CHILD)], "mark": marks,
            "enrolment": [good("enrolment", source_key="k"), good("enrolment", source_key="k2", programme="preschool", grade=0, valid_from=date(2013, 9, 1))]}


def test_rows_that_break_a_set_rule_are_refused_with_place_and_version_and_the_ledger_adds_up(warehouse: Warehouse) -> None:
    one = stage(mixed())
    assert gate() == (0, 6)
    report = accept(one)
    assert (report["received"], report["loaded"], report["refused"]) == (6, 4, 2)
    assert warehouse.rows("SELECT rule, rule_version, position IS NOT NULL, source_key IS NOT NULL FROM quality.refused_record ORDER BY 1") == [
        ("enrolment.before_birth", 1, True, True), ("mark.future", 1, True, True)]
    results = warehouse.rows("SELECT expectation, severity, success, evaluated, unexpected, source, entity, delivery_id::text, as_of FROM quality.validation_result "
                             "WHERE gate = 'record' AND unexpected > 0 AND severity = 'refuse' ORDER BY 1")
    assert results == [("enrolment.before_birth", "refuse", False, 2, 1, SOURCE, "enrolment", one, date(2025, 10, 24)),
                       ("mark.future", "refuse", False, 3, 1, SOURCE, "mark", one, date(2025, 10, 24))]
    assert ledger.totals()["difference"] == 0
    assert day.count_rows([f"staging.{table}" for table in (*STAGING, "delivery", "refused")]) == [0] * (len(STAGING) + 2)


def test_a_row_that_breaks_two_rules_is_refused_once_under_the_first(warehouse: Warehouse) -> None:
    one = stage({"person": [good("person", source_key="k", birth_date=date(2030, 1, 1), death_date=date(2030, 1, 2)), good("person", source_key="a", **CHILD)]})
    gate()
    assert accept(one)["refused"] == 1
    assert warehouse.rows("SELECT rule FROM quality.refused_record") == [("person.birth.future",)]


def test_what_was_laid_out_is_laid_out_and_judged_again_after_the_server_forgot_it(warehouse: Warehouse) -> None:
    one = stage(mixed())
    gate()
    warehouse.execute("TRUNCATE " + ", ".join(f"staging.{table}" for table in (*STAGING, "delivery", "refused")))
    report = accept(one)
    assert (report["received"], report["loaded"], report["refused"]) == (6, 4, 2)


def test_one_bad_delivery_of_many_is_held_and_the_others_go_on(warehouse: Warehouse) -> None:
    sound = stage({"person": [good("person", source_key="a", **CHILD)]})
    bad = stage({"person": [good("person", source_key="b", sex="X", **CHILD)]}, minute=1)
    assert gate() == (1, 2)
    assert warehouse.rows("SELECT delivery_id::text, state, held_code FROM quality.delivery ORDER BY state") == [
        (bad, "held", "person.sex.values"), (sound, "passed", None)]
    assert day.count_rows(["staging.person"]) == [1]


@pytest.mark.parametrize("entity", STAGING)
def test_lost_columns_hold_the_delivery(warehouse: Warehouse, entity: str) -> None:
    one = stage({entity: [good(entity)]})
    file = settings().staging / SOURCE / one / f"{entity}.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["record_hash"]), file)
    assert gate() == (1, 0)
    assert warehouse.rows("SELECT held_code FROM quality.delivery") == [(f"{entity}.columns",)]


def test_a_zero_sign_in_a_text_refuses_its_record_in_every_relation(warehouse: Warehouse) -> None:
    one = stage({entity: [good(entity, source_key="a\0b")] for entity in STAGING})
    gate()
    accept(one)
    assert warehouse.rows("SELECT rule FROM quality.refused_record ORDER BY rule") == [(f"{entity}.nul",) for entity in sorted(STAGING)]


def test_facts_of_unknown_persons_are_refused_in_every_relation(warehouse: Warehouse) -> None:
    one = stage({entity: [good(entity, person_key="nobody")] for entity in FACTS} | {"person": [good("person", source_key=str(n), **CHILD) for n in range(20)]})
    gate()
    accept(one)
    assert warehouse.rows("SELECT rule FROM quality.refused_record ORDER BY rule") == [(f"{entity}.person_unknown",) for entity in sorted(FACTS)]


def test_a_file_with_fewer_rows_than_counted_is_held(warehouse: Warehouse, tmp_path: Path) -> None:
    one = stage(mixed())
    gate()
    (settings().staging / SOURCE / one / "counts.json").write_text('{"person": {"received": 9}}', "utf-8")
    with pytest.raises(ContractBroken, match=r"staging\.incomplete"):
        accept(one)


def test_another_number_of_rows_than_the_library_counted_is_an_error_that_names_the_rule(warehouse: Warehouse) -> None:
    one = stage(mixed())
    staging.fill(one, settings().staging / SOURCE / one)
    with pytest.raises(ConfigurationError, match=r"mark\.future"):
        staging.settle(SOURCE, ["mark"], {"mark.future": 2}, [])
    assert day.count_rows(["staging.mark", "staging.refused"]) == [3, 0]


def test_a_rule_with_broken_sql_is_one_clear_error_and_nothing_changes(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage(mixed())
    broken = replace(RULES["mark.future"], sql="one.lesson_date >")
    monkeypatch.setattr(gate_records, "sql_rules", lambda entity: [broken] if entity == "mark" else [])
    with pytest.raises(ConfigurationError, match=r"mark\.future could not be evaluated"):
        gate()
    assert warehouse.rows("SELECT delivery_id::text, state FROM quality.delivery") == [(one, "staged")]
    assert warehouse.rows("SELECT count(*) FROM quality.validation_result") == [(0,)]


def test_a_suite_for_a_missing_column_names_the_rule_and_the_column(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage(mixed())
    monkeypatch.setattr(gate_records, "record_suite", lambda entity: [replace(record_suite("mark")[1], column="no_such_column")])
    with pytest.raises(ConfigurationError, match="no_such_column"):
        gate()
    assert warehouse.rows("SELECT delivery_id::text, state FROM quality.delivery") == [(one, "staged")]


def test_a_code_list_with_a_code_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text("code,name\n643,Россия\n643,РФ\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"countries\.csv has 643 more than once"):
        predicates.codes("countries", tmp_path)
