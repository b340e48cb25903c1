"""Each rule asked of laid out rows finds exactly the rows drawn for it, by its own SQL and by Great Expectations alike."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pipeline import gate_records
from schemas.predicates import predicate
from schemas.rules import RULES
from tests.conftest import Warehouse
from tests.rules.fields import FIELD_RULES, bad_value
from tests.rules.laid_out import SOURCE, drawn, good, lay_out, typed
from tests.rules.records import CONTRADICTIONS, COUNTED, TOGETHER
from warehouse import ledger, staging

pytestmark = pytest.mark.warehouse
ALL = CONTRADICTIONS | COUNTED | TOGETHER


def register(warehouse: Warehouse) -> None:
    """One organisation the ministry knows: the one good rows name."""
    warehouse.execute("INSERT INTO core.organisation (source, source_key, sequence, record_hash, delivery_id, organisation_key, organisation_name, "
                      "organisation_kind, oktmo, version_from, version_to) VALUES "
                      "('r', 'o', 0, 'h', gen_random_uuid(), '1020300000001', 'Школа', 'school', '81701000', 0, 9223372036854775807)")


def number(connection: Connection, rule: str, entity: str, where: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM ({staging.broken_rows(RULES[rule], entity, where)}) AS broken").scalar_one())


def test_each_rule_finds_the_records_drawn_for_it_and_the_library_counts_the_same(warehouse: Warehouse, tmp_path: Path) -> None:
    register(warehouse)
    deliveries = {rule: lay_out(tmp_path, drawn(case)) for rule, case in ALL.items()}
    with warehouse.engine().connect() as connection:
        own = {rule: number(connection, rule, ALL[rule].entity, f"delivery.delivery_id = '{one}'") for rule, one in deliveries.items()}
        together = {rule: number(connection, rule, ALL[rule].entity, staging.waiting(SOURCE)) for rule in ALL}
    assert own == {rule: case.bad for rule, case in ALL.items()}
    counted = {result.rule: result.unexpected for entity, count in staging.count(SOURCE).items() for result in gate_records.records(SOURCE, entity, count)}
    assert {rule: counted[rule] for rule in ALL} == together


def test_each_rule_of_a_value_finds_the_row_drawn_for_it_and_the_library_counts_the_same(warehouse: Warehouse, tmp_path: Path) -> None:
    asked = [rule for rule in FIELD_RULES if predicate(rule)] + [RULES["person.snils.control_number"], RULES["snils_validation.snils.control_number"]]
    bad = {rule.id: typed(str(rule.column), "11223344596" if rule.kind == "control_number" else bad_value(rule)) for rule in asked}
    deliveries = {rule.id: lay_out(tmp_path, {rule.subject: [good(rule.subject), good(rule.subject, **{str(rule.column): bad[rule.id]})]})
                  for rule in asked}
    with warehouse.engine().connect() as connection:
        own = {rule.id: number(connection, rule.id, rule.subject, f"delivery.delivery_id = '{deliveries[rule.id]}'") for rule in asked}
        together = {rule.id: number(connection, rule.id, rule.subject, staging.waiting(SOURCE)) for rule in asked}
    assert own == dict.fromkeys(own, 1)
    counted = {result.rule: result.unexpected for entity, count in staging.count(SOURCE).items() for result in gate_records.records(SOURCE, entity, count)}
    assert {rule: counted[rule] for rule in together} == together
    assert [staging.guilty(rule, rule.subject, SOURCE) for rule in asked[:3]] == [[deliveries[rule.id]] for rule in asked[:3]]


def test_good_rows_break_no_rule(warehouse: Warehouse, tmp_path: Path) -> None:
    register(warehouse)
    child = {"birth_date": date(2014, 3, 9)}
    lay_out(tmp_path, {"person": [good("person", source_key="k", **child)], "enrolment": [good("enrolment", source_key="k")], "mark": [good("mark")],
                       "attendance": [good("attendance")], "final_mark": [good("final_mark")], "exam": [good("exam")], "course": [good("course")],
                       "residence": [good("residence")], "citizenship": [good("citizenship")], "snils_validation": [good("snils_validation")]})
    broken = {result.rule for entity, count in staging.count(SOURCE).items() for result in gate_records.records(SOURCE, entity, count) if not result.success}
    assert broken == set()


def test_rows_of_a_delivery_that_was_held_after_its_gate_do_not_stay(warehouse: Warehouse, tmp_path: Path) -> None:
    held, waits = (lay_out(tmp_path, {"person": [good("person")]}) for _ in range(2))
    ledger.hold(held, "reading.crashed", "drawn")
    staging.sweep()
    assert warehouse.rows("SELECT delivery_id::text FROM staging.person".replace("::", r"\:\:")) == [(waits,)]
