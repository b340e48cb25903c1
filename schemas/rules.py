"""Every rule of the project by its id: what was found, what to do, how much it stops, on what ground."""

from __future__ import annotations

from schemas.drift import DRIFT
from schemas.errors import ConfigurationError
from schemas.rule import Rule, Scope, Severity
from schemas.rules_door import DOOR
from schemas.rules_field import FIELD, UNTYPED, derived
from schemas.rules_set import GATE_SET, SET
from schemas.rules_warehouse import WAREHOUSE
from schemas.rules_written import CLEANED, CROSS_FIELD, LAID_OUT
from schemas.tables import STAGING, Table

__all__ = ["BY_ENTITY", "CATALOGUE", "GATE_SET", "RULES", "UNTYPED", "WAREHOUSE", "Rule", "Scope", "Severity", "catalogue", "of_entity"]

CATALOGUE: tuple[Rule, ...] = (*CLEANED, *FIELD, *CROSS_FIELD, *LAID_OUT, *SET, *DOOR, *DRIFT.values(), *WAREHOUSE)
"""All rules; those of other kinds are added here."""


def catalogue(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    """Rules by id; ConfigurationError naming an id that comes twice."""
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise ConfigurationError("rule.twice", f"two rules are named {rule.id}")
        by_id[rule.id] = rule
    return by_id


RULES: dict[str, Rule] = catalogue(CATALOGUE)
"""Every rule by id: whatever the ledger, a refusal or a result names is found here."""


def _ordered(table: Table) -> tuple[Rule, ...]:
    written = [rule for rule in (*CLEANED, *CROSS_FIELD) if rule.subject == table.name and rule.is_row_local]
    early = [rule for rule in written if rule.scope == "field" and (rule.column not in table.columns or rule.kind == "unknown")]
    ordered = derived(table)
    for rule in (rule for rule in written if rule not in early):
        after = [i for i, other in enumerate(ordered) if other.column == rule.column and rule.column is not None]
        ordered.insert(after[-1] + 1 if after else len(ordered), rule)
    return (*early, *ordered)


BY_ENTITY: dict[str, tuple[Rule, ...]] = {name: _ordered(table) for name, table in STAGING.items()}
"""The row-local rules of each staging relation in the order they are judged: a refused record names the first it breaks."""


def of_entity(entity: str) -> tuple[Rule, ...]:
    """What is asked of the laid out rows of one relation: row-local rules, counted warnings, then rules over records together."""
    counted = tuple(rule for rule in CROSS_FIELD if rule.subject == entity and rule.keeps_value)
    return (*BY_ENTITY[entity], *counted, *(rule for rule in GATE_SET if rule.subject == entity))
