"""Makes a new scoring model from records: how common names are, and how often each level is met in pairs of one child and of two."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import deepcopy
from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import inputs, weights
from transforms.linkage.compare import speak
from transforms.linkage.link import BIRTHPLACE_SOURCES, judge
from transforms.linkage.settle import settle

PAIRS = 1_000_000
"""Random pairs by which Splink estimates how often strangers agree."""
LEAST = 1e-6
"""A level that no pair showed gets this share: never none at all."""
RAREST = 1e-4
"""How seldom a stranger is taken to bear a given rare name: what the sample did not show may yet be borne."""
EQUAL = {"equal_rare": 0, "equal_known": 1, "equal_common": 2}
"""Commonness of the names of a level; their shares are counted, not sampled."""


def train(records: pa.Table, *, one_record_sources: Collection[str] = (), birthplace_sources: Collection[str] = BIRTHPLACE_SOURCES,
          seed: int = 1, progress: Callable[[str], None] | None = None) -> tuple[dict[str, Any], pa.Table]:
    """(model as `weights.json`, commonness of names as `name_commonness.csv`).

    Pairs of one child are those that strong evidence holds together (Splink: m from labels); pairs of two are random ones (Splink: u by sampling).
    Levels marked `fixed` keep their shares: what they compare is what the labels were made of. Same records and seed, same model.
    """
    tell = progress or (lambda step: None)
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        for relation, schema in (("decision", inputs.DECISION), ("validation", inputs.VALIDATION)):
            engine.give(relation, inputs.complete(None, schema))
        inputs.give_reference(engine, one_record_sources, birthplace_sources)
        tell("strong evidence")
        engine.run("name_form", "person", "twin_spelling")
        judge(engine)
        settle(engine, "strong_edge")
        tell("names")
        speak(engine, "SELECT n FROM person")
        engine.run("commonness", "chance")
        engine.make("name_commonness", "SELECT part, form, commonness FROM commonness WHERE commonness > 0 ORDER BY part, form")
        engine.run("name_form", "person")
        speak(engine, "SELECT n FROM person")
        engine.run("training_row")
        tell("levels")
        return _model(_trained(engine, seed), _chances(engine)), engine.rows("name_commonness")


def changes(old: dict[str, Any], new: dict[str, Any]) -> pa.Table:
    """part, level, old and new weight in bits, of every level that is not missing; a level that one of the two lacks has no weight there."""
    bits = [_bits(model) for model in (old, new)]
    keys = list(dict.fromkeys([*bits[0], *bits[1]]))
    return pa.table({"part": [key[0] for key in keys], "level": [key[1] for key in keys], "old": [bits[0].get(key) for key in keys],
                     "new": [bits[1].get(key) for key in keys]})


def _bits(model: dict[str, Any]) -> dict[tuple[str, str], float]:
    return {(part["part"], level["level"]): weights.level_weight(level) for part in model["parts"] for level in part["levels"] if "m" in level}


def _trained(engine: Engine, seed: int) -> dict[str, Any]:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=engine.connection)
    linker = Linker(api.register("training_row"), weights.splink_settings(), log_level=None, validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=seed, min_count_per_level=None)
    linker.training.estimate_m_from_label_column("root")
    saved: dict[str, Any] = linker.misc.save_model_to_json()
    return saved


def _chances(engine: Engine) -> dict[tuple[str, int], float]:
    """For each part and commonness: how likely a stranger bears the same name as somebody with such a name."""
    rows = engine.rows("chance").to_pylist()
    return {(row["part"], row["commonness"]): max(row["strangers"] / row["bearers"], RAREST) for row in rows}


def _model(saved: dict[str, Any], chances: dict[tuple[str, int], float]) -> dict[str, Any]:
    model = deepcopy(weights.declared())
    model |= {"version": weights.version() + 1, "reason": "Trained: m from pairs that strong evidence holds together, u from random pairs and counted names."}
    for part, comparison in zip(model["parts"], saved["comparisons"], strict=True):
        for level, found in zip(part["levels"], comparison["comparison_levels"], strict=True):
            if "m" in level and not level.get("fixed"):
                level["m"], level["u"] = _share(found.get("m_probability"), level["m"]), _share(found.get("u_probability"), level["u"])
            if level["level"] in EQUAL and (part["part"], EQUAL[level["level"]]) in chances:
                level["u"] = float(f"{level['m'] * chances[part['part'], EQUAL[level['level']]]:.3g}")
    return model


def _share(found: float | str | None, before: float) -> float:
    """Three significant digits; what was not observed keeps what it was."""
    return float(f"{max(found, LEAST):.3g}") if isinstance(found, float) else before
