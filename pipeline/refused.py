"""Refusals and held deliveries as an operator reads them: each with what it means and what to do."""

from __future__ import annotations

from typing import Any

from schemas.errors import ConfigurationError
from schemas.feedback import hold
from schemas.rules import RULES
from warehouse import ledger_refused


def groups(by: str, *, source: str | None = None, rule: str | None = None, delivery_id: str | None = None, is_open: bool = True) -> list[dict[str, Any]]:
    """Refusals by `source`, `rule` or `delivery`; by rule with `title` and `advice` in Russian. ConfigurationError for any other grouping."""
    if by not in ledger_refused.GROUPS:
        raise ConfigurationError("refused.by", f"--by takes {', '.join(ledger_refused.GROUPS)}")
    return [row | _meaning(row.get("rule")) for row in ledger_refused.grouped(by, source, rule, delivery_id, is_open=is_open)]


def records(*, source: str | None = None, rule: str | None = None, delivery_id: str | None = None, is_open: bool = True, limit: int) -> list[dict[str, Any]]:
    """The first `limit` refusals: the sender's key, entity, place, the SHA-256 of the bytes; no values."""
    found: list[dict[str, Any]] = ledger_refused.listed(source, rule, delivery_id, is_open=is_open, limit=limit).to_pylist()
    return found


def left_out(*, source: str | None = None, rule: str | None = None, delivery_id: str | None = None, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Values that were left out of records which are loaded: `groups` by rule with `title` and `advice`, and the first `limit` as `values`."""
    groups, rows = ledger_refused.left_out(source, rule, delivery_id, limit=limit)
    return {"groups": [row | _meaning(row["rule"]) for row in groups], "values": rows}


def held(*, source: str | None = None, delivery_id: str | None = None) -> list[dict[str, Any]]:
    """Held deliveries with `title`, `advice` and whether a person `may_overrule`."""
    return [row | {"title": kind.title, "advice": kind.advice, "may_overrule": kind.may_overrule}
            for row in ledger_refused.held(source, delivery_id) for kind in (hold(row["held_code"]),)]


def _meaning(rule: str | None) -> dict[str, str]:
    known = RULES.get(rule or "")
    return {"title": known.title, "advice": known.advice} if known else {}
