"""Great Expectations over records where they lie: in PostgreSQL, in SQL; only counts come here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import gates
from schemas.expectations import record_suite, sql_rules
from schemas.rules import RULES, of_entity
from warehouse import staging


def records(source: str, entity: str, evaluated: int) -> list[gates.Result]:
    """Every rule of a staging relation asked of what waits of a source: value by value, then by the rules' own SQL."""
    where, subject = staging.waiting(source), f"{source}/{entity}"
    rows = gates.laid_out(staging.judged_at(source), f"waiting_{entity}")
    by_value = gates.judge("record", subject, rows, record_suite(entity), gates.YES_OR_NO, evaluated)
    if bad := {result.rule for result in by_value if not result.success}:  # how many is asked only of those: what is good costs one query together
        counted = gates.judge("record", subject, rows, [one for one in record_suite(entity) if one.rule in bad], gates.COUNTS_ONLY, evaluated)
        by_value = [result for result in by_value if result.success] + counted
    by_sql = [gates.by_sql(rule, staging.broken_rows(rule, entity, where)) for rule in sql_rules(entity)]
    found = by_value + gates.judge("record", subject, rows, by_sql, gates.COUNTS_ONLY, evaluated)
    return [replace(result, evaluated=evaluated, source=source, entity=entity) for result in found]


def with_cleaning(results: list[gates.Result], entity: str, refused: Counter[str], left_out: Counter[str]) -> list[gates.Result]:
    """The same results with what cleaning refused or left out before: each rule tells of all that broke it."""
    evaluated = results[0].evaluated + sum(refused[rule.id] for rule in of_entity(entity))
    told = []
    for result in results:
        more = refused[result.rule] + left_out[result.rule]
        told.append(replace(result, evaluated=evaluated, unexpected=result.unexpected + more, success=result.success and not more))
    asked = {result.rule for result in results}
    told += [replace(results[0], rule=rule.id, expectation="cleaning", column=rule.column, title=rule.title, severity=rule.severity, rule_version=rule.version,
                     evaluated=evaluated, unexpected=refused[rule.id] + left_out[rule.id], success=not refused[rule.id] + left_out[rule.id])
             for rule in (*of_entity(entity), RULES[f"{entity}.nul"]) if rule.id not in asked]
    return told


def left_out(folders: Sequence[Path]) -> Counter[str]:
    """Values that cleaning left out of records that go on, by rule."""
    return sum((Counter(json.loads((folder / "left_out.json").read_text("utf-8"))) for folder in folders if (folder / "left_out.json").exists()), Counter())
