"""What did not hold, from three ledgers that each know a part: results of gates, refused records, deliveries held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.portal.validation.catalogue import Known
from warehouse.portal.validation.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule that did not hold on one source in one run; `count` is of records (of deliveries, where a whole one is held)."""

    as_of: date
    source: str
    gate: str
    entity: str | None
    rule: Known
    severity: str
    count: int
    deliveries: int
    replayed: int = 0
    rule_version: int | None = None


def findings(ledger: Ledger, rules: dict[str, Known]) -> list[Finding]:
    """Refusals are counted from the records themselves; a result of a gate on the same rule is not told twice."""
    made: dict[tuple[Any, ...], Finding] = {}
    for row in ledger.refused_day:
        made[row.as_of, row.source, row.rule, row.entity, row.rule_version] = Finding(
            as_of=row.as_of, source=row.source, gate="record", entity=row.entity, rule=rules[row.rule], severity="refuse", count=row.refused,
            deliveries=row.deliveries, replayed=row.replayed, rule_version=row.rule_version)
    told = {key[:3] for key in made}
    for row in ledger.fired:
        if (row.as_of, row.source, row.rule) not in told:
            made[row.as_of, row.source, row.rule, row.entity, row.gate] = Finding(
                as_of=row.as_of, source=row.source, gate=row.gate, entity=row.entity, rule=rules[row.rule], severity=_effect(row.severity, row.gate),
                count=row.unexpected or row.deliveries or 1, deliveries=row.deliveries, rule_version=row.rule_version)
    told |= {key[:3] for key in made}
    for row in ledger.held_day:
        if (row.as_of, row.source, row.rule) not in told:
            made[row.as_of, row.source, row.rule, None, "held"] = Finding(
                as_of=row.as_of, source=row.source, gate="reading", entity=None, rule=rules[row.rule], severity="hold", count=row.deliveries,
                deliveries=row.deliveries)
    return sorted(made.values(), key=lambda one: (one.as_of, one.source, one.rule.id, one.entity or "", one.rule_version or 0))


def _effect(severity: str, gate: str) -> str:
    """Results written before severities were told apart said `hold` of the warehouse, too."""
    return "block" if severity == "hold" and gate in ("warehouse", "form") else severity


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Checks of one source at one gate of one run by outcome."""

    as_of: date
    source: str
    gate: str
    passed: int
    stopped: int
    refusing: int
    warned: int


def tallies(ledger: Ledger, found: Sequence[Finding]) -> list[Tally]:
    """One a run, source and gate that asked or found something."""
    passed = {(row.as_of, row.source, row.gate): row.passed for row in ledger.passed if row.as_of <= ledger.as_of}
    failed: Counter[tuple[Any, ...]] = Counter()
    for as_of, source, gate, effect in {(one.as_of, one.source, one.gate, (one.severity, one.rule.id, one.entity)) for one in found}:
        failed[as_of, source, gate, effect[0]] += 1
    keys = sorted({*passed, *((as_of, source, gate) for as_of, source, gate, _ in failed)})
    return [Tally(as_of=key[0], source=key[1], gate=key[2], passed=passed.get(key, 0), stopped=failed[*key, "hold"] + failed[*key, "block"],
                  refusing=failed[*key, "refuse"], warned=failed[*key, "warn"]) for key in keys]
