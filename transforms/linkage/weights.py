"""The pinned, versioned weights: rules of strong evidence, and the scoring model of what they leave, read from `weights.json`."""

from __future__ import annotations

import json
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

import pyarrow as pa

FILE = Path(__file__).with_name("weights.json")


@cache
def declared() -> dict[str, Any]:
    """The file as it stands."""
    model: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return model


def version() -> int:
    """Version of the weights; every run names it."""
    return int(declared()["version"])


def bar(name: str) -> float:
    """One of the bars, in bits: join, elsewhere, stay, ask, margin."""
    return float(declared()["bars"][name]["weight"])


def prior() -> float:
    """Bits that speak for one person before anything is compared (negative)."""
    probability = float(declared()["prior"]["probability"])
    return log2(probability / (1 - probability))


def level_weight(level: dict[str, Any]) -> float:
    """Bits of one level, log2(m/u); what is missing weighs nothing."""
    return log2(level["m"] / level["u"]) if "m" in level else 0.0


def rule_weights() -> pa.Table:
    """Relation `rule_weight`: rule, weight in bits."""
    rules = declared()["rules"]
    return pa.table({"rule": list(rules), "weight": pa.array([rule["weight"] for rule in rules.values()], pa.float64())})


def settings() -> pa.Table:
    """Relation `setting`: one row with the bounds, bars and adjustments."""
    model = declared()
    bounds = {name: [float(model[name])] for name in ("shared_by_more_than", "namesakes_at_most", "block_at_most", "component_at_most")}
    bars = {f"bar_{name}": [bar(name)] for name in model["bars"]}
    return pa.table(bounds | bars | {name: [float(each["weight"])] for name, each in model["adjustments"].items()})


def splink_settings(model: dict[str, Any] | None = None) -> dict[str, Any]:
    """The scoring model as Splink reads it: one comparison a part, one level a row of `weights.json`."""
    model = model or declared()
    return {"link_type": "dedupe_only", "unique_id_column_name": "unique_id", "probability_two_random_records_match": model["prior"]["probability"],
            "retain_matching_columns": False, "retain_intermediate_calculation_columns": True, "blocking_rules_to_generate_predictions": ["1=0"],
            "comparisons": [{"output_column_name": part["part"], "comparison_levels": [_level(level) for level in part["levels"]]} for part in model["parts"]]}


def _level(level: dict[str, Any]) -> dict[str, Any]:
    known = {"sql_condition": level["sql"], "label_for_charts": level["level"]}
    if level["level"] == "missing":
        return known | {"is_null_level": True}
    return known | {"m_probability": level["m"], "u_probability": level["u"],
                    "fix_m_probability": level.get("fixed", False), "fix_u_probability": level.get("fixed", False)}
