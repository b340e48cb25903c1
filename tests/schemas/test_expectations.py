"""What Great Expectations asks is derived from the declarations, rule by rule."""

from __future__ import annotations

from schemas.expectations import record_suite
from schemas.rules import RULES, WAREHOUSE
from schemas.tables import STAGING


def test_each_question_to_a_record_is_a_rule_that_refuses_or_leaves_out() -> None:
    for entity in STAGING:
        assert {one.rule for one in record_suite(entity)[1:]} <= RULES.keys()


def test_each_warehouse_rule_has_its_own_name_and_says_in_russian_what_it_means() -> None:
    assert len({rule.id for rule in WAREHOUSE}) == len(WAREHOUSE)
    assert all(any("а" <= letter <= "я" for letter in rule.title) for rule in WAREHOUSE)
