"""Why two records may be one child: each part that was compared, how far it agrees, and what it weighs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import inputs, weights
from transforms.linkage.compare import speak

PAIR = pa.schema([("record_id_a", pa.int64()), ("record_id_b", pa.int64())])


def evidence(records: pa.Table, pairs: pa.Table, *, validations: pa.Table | None = None, birthplace_sources: tuple[str, ...] = ()) -> pa.Table:
    """record_id_a, record_id_b, part, level, weight (bits), in the order of the parts; the sum of a pair's weights is what the model gives it.

    `pairs`: record_id_a, record_id_b of `records`. The first part is `prior`: what speaks against any two records before they are compared.
    The same levels as Splink scores by, so a score is explained by the very numbers that made it (clusters are scored by all their values together).
    """
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        engine.give("validation", inputs.complete(validations, inputs.VALIDATION))
        inputs.give_reference(engine, (), birthplace_sources)
        engine.give("explained", inputs.complete(pairs, PAIR))
        engine.run("name_form", "person")
        speak(engine, "SELECT n FROM person WHERE record_id IN (SELECT record_id_a FROM explained UNION SELECT record_id_b FROM explained)")
        engine.run("evidence_row")
        engine.make("evidence_level", _levels())
        engine.run("evidence_part")
        return engine.query("SELECT record_id_a, record_id_b, part, level, CAST(weight AS DOUBLE) AS weight FROM evidence_part "
                            "ORDER BY record_id_a, record_id_b, place")


def _levels() -> str:
    model = weights.declared()
    parts = [f"{{'part': 'prior', 'level': 'prior', 'weight': {weights.prior()!r}, 'place': 0}}", _act(float(model["rules"]["act"]["weight"]))]
    parts += [_part(place, part) for place, part in enumerate(model["parts"], 2)]
    return f"""SELECT explained.record_id_a, explained.record_id_b, [{', '.join(parts)}] AS levels
        FROM explained
        JOIN (SELECT COLUMNS('(.*)') AS '\\1_l' FROM evidence_row) AS one ON one.record_id_l = explained.record_id_a
        JOIN (SELECT COLUMNS('(.*)') AS '\\1_r' FROM evidence_row) AS other ON other.record_id_r = explained.record_id_b"""  # noqa: S608


def _act(weight: float) -> str:
    """The birth act is no part of the score: where it is the same, the rule's weight stands here."""
    level = "CASE WHEN act_l IS NULL OR act_r IS NULL THEN 'missing' WHEN act_l = act_r THEN 'equal' ELSE 'differs' END"
    return f"{{'part': 'act', 'level': {level}, 'weight': CASE WHEN act_l = act_r THEN {weight!r} ELSE 0.0 END, 'place': 1}}"


def _part(place: int, part: dict[str, Any]) -> str:
    name, level = part["part"], " ".join(f"{_when(each)} THEN '{each['level']}'" for each in part["levels"])
    weight = " ".join(f"{_when(each)} THEN {weights.level_weight(each)!r}" for each in part["levels"])
    return f"{{'part': '{name}', 'level': CASE {level} END, 'weight': CASE {weight} END, 'place': {place}}}"


def _when(level: dict[str, Any]) -> str:
    return "WHEN TRUE" if level["sql"] == "ELSE" else f"WHEN {level['sql']}"
