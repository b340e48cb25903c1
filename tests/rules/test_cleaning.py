"""Each rule that is judged at cleaning refuses, or leaves out, a value drawn for it."""

from __future__ import annotations

import pandas as pd
import pytest

from schemas.rules import RULES, Rule
from tests.rules.cleaning import JOURNAL, SETTLED
from tests.rules.fields import FIELD_RULES, ROWS, bad_value
from tests.rules.records import CONTRADICTIONS
from tests.transforms.kept_journals import drawn
from transforms import journal
from transforms.check import settle
from transforms.cleaned import Cleaned


def broken_rules(cleaned: Cleaned) -> set[str]:
    """Rules named by the refusals and by what was left out."""
    return {*cleaned.refused["rule"], *(() if cleaned.left_out is None else cleaned.left_out["rule"])}


def settled(entity: str, change: dict[str, str | None]) -> Cleaned:
    rows = [{"position": "1", "source_key": "k1", **ROWS[entity]}, {"position": "2", "source_key": "k2", **ROWS[entity], **change}]
    return settle(entity, pd.DataFrame(rows, dtype="str"))


@pytest.mark.parametrize("entity", ROWS)
def test_a_good_row_breaks_no_rule(entity: str) -> None:
    assert broken_rules(settled(entity, {})) == set()


@pytest.mark.parametrize("rule", FIELD_RULES, ids=lambda rule: rule.id)
def test_a_bad_value_breaks_the_rule_of_its_column(rule: Rule) -> None:
    cleaned = settled(rule.subject, {str(rule.column): bad_value(rule)})
    assert broken_rules(cleaned) == {rule.id}
    assert (len(cleaned.refused) == 1) == (rule.severity == "refuse")


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_a_contradiction_within_a_record_is_found_at_cleaning(rule: str) -> None:
    case = CONTRADICTIONS[rule]
    cleaned = settled(case.entity, {name: str(value) for name, value in case.rows[0].items()})
    assert rule in broken_rules(cleaned)
    assert (len(cleaned.refused) == 1) == (RULES[rule].severity == "refuse")


@pytest.mark.parametrize("rule", JOURNAL)
def test_a_journal_shows_what_only_its_cleaning_can_see(rule: str) -> None:
    entity, row = JOURNAL[rule]
    cleaned = journal.clean(entity, drawn(entity, row))
    assert broken_rules(cleaned) == {rule}
    assert (len(cleaned.refused) == 1) == (RULES[rule].severity == "refuse")


@pytest.mark.parametrize("rule", SETTLED)
def test_a_wrong_control_number_is_found_wherever_a_number_stands(rule: str) -> None:
    entity, row = SETTLED[rule]
    assert broken_rules(settled(entity, dict(row))) == {rule}
