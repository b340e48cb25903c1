"""Great Expectations at the three gates: a delivery at the door, its records, the warehouse before publication.

Imported inside tasks only: the library takes seconds to load. Results hold counts and rule ids, never values.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from schemas.expectations import Expectation
from schemas.rules import WAREHOUSE, Rule
from warehouse import day

os.environ["GX_ANALYTICS_ENABLED"] = "false"
logging.getLogger("great_expectations").setLevel(logging.WARNING)

import great_expectations as gx  # noqa: E402 - its logger is quietened first
from great_expectations.expectations import registry  # noqa: E402

log = logging.getLogger(__name__)

Gate = Literal["door", "record", "warehouse"]
COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0, "exclude_unexpected_values": True, "include_unexpected_rows": False}
WHOLE = " /* {batch} */"
"""The library wants its batch named; our rules read the version, so it stands in a comment."""
WITH_INDEX = COUNTS_ONLY | {"result_format": "COMPLETE"}


@dataclass(frozen=True, kw_only=True)
class Result:
    """One expectation's outcome on one subject (`source/entity`, or a version)."""

    gate: Gate
    subject: str
    rule: str
    expectation: str
    column: str | None
    title: str
    success: bool
    evaluated: int
    unexpected: int
    severity: str = "hold"
    rows: tuple[int, ...] = ()
    """Positions of the failing rows, at the door only (rows there are deliveries)."""


def door(subject: str, deliveries: pd.DataFrame, suite: list[Expectation]) -> list[Result]:
    """Judge deliveries as wholes. `deliveries`: one row a delivery; failing rows are named by position."""
    return _judge("door", subject, deliveries, suite, WITH_INDEX)


def records(subject: str, rows: pd.DataFrame, suite: list[Expectation]) -> list[Result]:
    """Judge accepted staging rows: nothing unexpected may be left in them."""
    return _judge("record", subject, rows, suite, COUNTS_ONLY)


def warehouse(url: str, version: int, rules: tuple[Rule, ...] = WAREHOUSE) -> list[Result]:
    """Judge one version in the database by the rules' own SQL; `url` is SQLAlchemy's, for a role that may read it."""
    context = _context()
    batch = context.data_sources.add_or_update_postgres("warehouse", connection_string=url).add_query_asset(
        "version", query="SELECT 1 AS one").add_batch_definition_whole_table("whole").get_batch()
    results = []
    judged = day.count_rows([str(rule.judged).format(version=int(version)) for rule in rules])
    for rule, evaluated in zip(rules, judged, strict=True):
        asked = gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=str(rule.sql).format(version=int(version)) + WHOLE)
        outcome = batch.validate(asked, result_format="SUMMARY")
        _raise_if_broken(rule.id, outcome)
        results.append(Result(gate="warehouse", subject=f"version {version}", rule=rule.id, expectation="unexpected_rows_expectation",
                              column=None, title=rule.title, success=bool(outcome.success), evaluated=evaluated,
                              unexpected=int(outcome.result.get("observed_value") or 0), severity=rule.severity))
    return results


def failed(results: list[Result]) -> list[Result]:
    """Those that stop the load (a `warn` is shown, not obeyed)."""
    return [result for result in results if not result.success and result.severity != "warn"]


def _judge(gate: Gate, subject: str, frame: pd.DataFrame, suite: list[Expectation], result_format: dict[str, Any]) -> list[Result]:
    context = _context()
    batch = (context.data_sources.add_or_update_pandas("frame").add_dataframe_asset("rows")
             .add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame}))
    asked = gx.ExpectationSuite(name=subject)
    for number, expectation in enumerate(suite):
        keys = {"column": expectation.column} if expectation.column else {}
        asked.add_expectation(registry.get_expectation_impl(expectation.type)(
            **keys, **expectation.arguments, meta={"rule": expectation.rule, "number": number}))
    outcome = batch.validate(asked, result_format=result_format)
    return [_result(gate, subject, suite[one.expectation_config.meta["number"]], one, len(frame)) for one in outcome.results]


def _result(gate: Gate, subject: str, asked: Expectation, outcome: Any, length: int) -> Result:
    _raise_if_broken(asked.rule, outcome)
    found = outcome.result
    return Result(gate=gate, subject=subject, rule=asked.rule, expectation=asked.type, column=asked.column, title=asked.title,
                  success=bool(outcome.success), evaluated=int(found.get("element_count", length)),
                  unexpected=int(found.get("unexpected_count", 0 if outcome.success else 1)),
                  rows=tuple(int(row) for row in found.get("unexpected_index_list") or ()))


def _raise_if_broken(rule: str, outcome: Any) -> None:
    """An expectation that could not be evaluated is not a pass; its message may hold values and is not repeated."""
    info = outcome.exception_info or {}
    if info.get("raised_exception") or any(isinstance(one, dict) and one.get("raised_exception") for one in info.values()):
        raise RuntimeError(f"rule {rule} could not be evaluated")


def _context() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False, "profilers": False}
    return context
