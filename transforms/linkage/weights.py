"""The versioned weights of the rules, read from `weights.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return declared


def version() -> int:
    """Version of the weights; every run names it."""
    return int(_declared()["version"])


def rule_weights() -> pa.Table:
    """Relation `rule_weight`: rule, weight in bits."""
    rules = _declared()["rules"]
    return pa.table({"rule": list(rules), "weight": pa.array([rule["weight"] for rule in rules.values()], pa.float64())})


def settings() -> pa.Table:
    """Relation `setting`: one row with the bounds and adjustments."""
    declared = _declared()
    bounds = {name: [float(declared[name])] for name in ("bar_to_join", "shared_by_more_than")}
    return pa.table(bounds | {name: [float(each["weight"])] for name, each in declared["adjustments"].items()})
