"""A rule that no test shows failing is no rule: whoever adds one draws what breaks it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from schemas.rules import CATALOGUE, RULES, Rule, catalogue
from schemas.tables import FACTS, STAGING
from tests.rules.cleaning import JOURNAL, SETTLED
from tests.rules.fields import FIELD_RULES
from tests.rules.records import CONTRADICTIONS, COUNTED, TOGETHER
from tests.rules.versions import BROKEN

ROOT = Path(__file__).resolve().parents[2]
DRAWN = {*(rule.id for rule in FIELD_RULES), *JOURNAL, *SETTLED, *CONTRADICTIONS, *COUNTED, *TOGETHER, *BROKEN,
         *(f"{entity}.{kind}" for entity in STAGING for kind in ("nul", "columns")), *(f"{entity}.person_unknown" for entity in FACTS)}
"""Shown by the tests beside this one, each with a case of its own (`test_refusals` draws nul, columns and person_unknown of every relation)."""
RAISED_BY_COMMANDS = ("release.", "evaluate.", "link.", "linkage.", "place.")
"""What is wrong with a file or a place a person gives to a command: no delivery, so no rule."""


def _strings(path: Path) -> set[str]:
    return {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_rule_has_a_test_that_shows_it_failing() -> None:
    told = {text.replace("\\.", ".") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__) for text in _strings(path)}
    assert [rule.id for rule in CATALOGUE if rule.id not in DRAWN and rule.id not in told] == []


def test_every_rule_speaks_russian_and_says_what_to_do() -> None:
    for rule in CATALOGUE:
        assert all(any("а" <= letter <= "я" for letter in words.lower()) for words in (rule.title, rule.advice)), rule.id
        assert rule.version >= 1


def test_what_holds_a_delivery_is_in_the_catalogue() -> None:
    raised = {node.args[0].value for folder in ("connectors", "pipeline", "transforms", "warehouse") for path in (ROOT / folder).rglob("*.py")
              if "mocks" not in path.parts for node in ast.walk(ast.parse(path.read_text("utf-8")))
              if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ContractBroken" and node.args and isinstance(node.args[0], ast.Constant)}
    assert {code for code in raised if not code.startswith(RAISED_BY_COMMANDS)} <= RULES.keys()


def test_two_rules_of_one_id_are_an_error_that_names_it() -> None:
    one = Rule(id="person.x", title="х", advice="х")
    with pytest.raises(ConfigurationError, match=r"person\.x"):
        catalogue((one, one))
