"""Great Expectations at the three gates: a delivery at the door, its records, the warehouse before publication.

Imported inside tasks only: the library takes seconds to load. Results hold counts and rule ids, never values.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Literal

import pandas as pd

from schemas.errors import ConfigurationError
from schemas.expectations import Expectation
from schemas.rules import RULES, WAREHOUSE, Rule
from warehouse import day

os.environ["GX_ANALYTICS_ENABLED"] = "false"
logging.getLogger("great_expectations").setLevel(logging.WARNING)

import great_expectations as gx  # noqa: E402 - its logger is quietened first
from great_expectations.expectations import registry  # noqa: E402

log = logging.getLogger(__name__)

Gate = Literal["door", "record", "warehouse", "form"]
COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0, "exclude_unexpected_values": True, "include_unexpected_rows": False}
BY_SQL = "expect_no_broken_rows"
WHOLE = " /* {batch} */"
"""The library wants its batch named; our rules read the version, so it stands in a comment."""
WITH_INDEX = COUNTS_ONLY | {"result_format": "COMPLETE"}
YES_OR_NO = {"result_format": "BOOLEAN_ONLY"}
"""All questions to columns in one query; more than this, and the library reads the unexpected values of each."""


class ExpectNoBrokenRows(gx.expectations.UnexpectedRowsExpectation):  # type: ignore[misc]
    """The library's own expectation fetches the rows its query selects before it counts them; this one counts where they lie."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(self, metrics: dict[str, Any], runtime_configuration: dict[str, Any] | None = None, execution_engine: Any = None) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


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
    rule_version: int = 1
    source: str | None = None
    entity: str | None = None
    delivery_id: str | None = None
    """The delivery, when only one was judged."""
    version: int | None = None
    as_of: date | None = None
    rows: tuple[int, ...] = ()
    """Positions of the failing rows, at the door only (rows there are deliveries)."""


def door(subject: str, deliveries: pd.DataFrame, suite: list[Expectation]) -> list[Result]:
    """Judge deliveries as wholes. `deliveries`: one row a delivery; failing rows are named by position."""
    return _frame("door", subject, deliveries, suite, WITH_INDEX)


def records(subject: str, rows: pd.DataFrame, suite: list[Expectation]) -> list[Result]:
    """Judge a small frame of staging rows, value by value; what is laid out in the database is judged by `pipeline.gate_records`."""
    return _frame("record", subject, rows, suite, COUNTS_ONLY)


def warehouse(url: str, version: int, rules: tuple[Rule, ...] = WAREHOUSE) -> list[Result]:
    """Judge one version in the database by the rules' own SQL; `url` is SQLAlchemy's, for a role that may read it."""
    judged = day.count_rows([str(rule.judged).format(version=int(version)) for rule in rules])
    suite = [by_sql(rule, str(rule.sql).format(version=int(version))) for rule in rules]
    found = judge("warehouse", f"version {version}", batch(url, "version", "SELECT 1 AS one"), suite, COUNTS_ONLY, 0)
    return [replace(result, evaluated=evaluated, version=int(version)) for result, evaluated in zip(found, judged, strict=True)]


def failed(results: list[Result]) -> list[Result]:
    """Those that stop a delivery or a publication: a `warn` is shown, not obeyed; records that break a set rule are refused one by one."""
    return [result for result in results if not result.success and result.severity != "warn"
            and not (result.severity == "refuse" and _scope(result.rule) == "set")]


def by_sql(rule: Rule, query: str) -> Expectation:
    """A rule asked by its own SQL: `query` selects what breaks it."""
    return Expectation(rule=rule.id, type=BY_SQL, title=rule.title, arguments={"unexpected_rows_query": query.replace("{", "{{").replace("}", "}}") + WHOLE})


def batch(url: str, name: str, query: str) -> Any:
    """The rows of a query, which stay in the database."""
    source = _context().data_sources.add_or_update_postgres("warehouse", connection_string=url)
    return source.add_query_asset(name, query=query).add_batch_definition_whole_table("whole").get_batch()


def laid_out(at: tuple[str, str], name: str) -> Any:
    """The rows of a table or view, which stay in the database; `at` is URL and schema."""
    source = _context().data_sources.add_or_update_postgres("staging", connection_string=at[0])
    return source.add_table_asset(name, table_name=name, schema_name=at[1]).add_batch_definition_whole_table("whole").get_batch()


def judge(gate: Gate, subject: str, rows: Any, suite: list[Expectation], result_format: dict[str, Any], length: int) -> list[Result]:
    """Ask a suite of a batch; results in the order of the suite. ConfigurationError when a rule cannot be evaluated."""
    asked = gx.ExpectationSuite(name=subject)
    for number, expectation in enumerate(suite):
        keys = {"column": expectation.column} if expectation.column else {}
        asked.add_expectation(registry.get_expectation_impl(expectation.type)(
            **keys, **expectation.arguments, meta={"rule": expectation.rule, "number": number}))
    outcomes = sorted(rows.validate(asked, result_format=result_format).results, key=lambda one: int(one.expectation_config.meta["number"]))
    return [_result(gate, subject, suite[number], one, length) for number, one in enumerate(outcomes)]


def _frame(gate: Gate, subject: str, frame: pd.DataFrame, suite: list[Expectation], result_format: dict[str, Any]) -> list[Result]:
    rows = (_context().data_sources.add_or_update_pandas("frame").add_dataframe_asset("rows")
            .add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame}))
    return judge(gate, subject, rows, suite, result_format, len(frame))


def _result(gate: Gate, subject: str, asked: Expectation, outcome: Any, length: int) -> Result:
    _raise_if_broken(asked, outcome)
    found = outcome.result
    rule = RULES.get(asked.rule)
    unexpected = found.get("observed_value") or 0 if asked.type == BY_SQL else found.get("unexpected_count", 0 if outcome.success else 1)
    return Result(gate=gate, subject=subject, rule=asked.rule, expectation=asked.type, column=asked.column, title=asked.title,
                  success=bool(outcome.success), evaluated=int(found.get("element_count", length)), unexpected=int(unexpected),
                  severity=rule.severity if rule else "hold", rule_version=rule.version if rule else 1,
                  rows=tuple(int(row) for row in found.get("unexpected_index_list") or ()))


def _raise_if_broken(asked: Expectation, outcome: Any) -> None:
    """An expectation that could not be evaluated is not a pass; its message may hold values and is not repeated."""
    info = outcome.exception_info or {}
    if info.get("raised_exception") or any(isinstance(one, dict) and one.get("raised_exception") for one in info.values()):
        raise ConfigurationError("rule.broken", f"rule {asked.rule} could not be evaluated{f' on column {asked.column}' if asked.column else ''}: "
                                 "its SQL is wrong, or what it names is not there")


def _scope(rule: str) -> str | None:
    return RULES[rule].scope if rule in RULES else None


def _context() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False, "profilers": False}
    return context
