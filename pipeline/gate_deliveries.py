"""The door and record gates of one source: frames for Great Expectations, outcomes into the ledger."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd

from connectors.sources import Source
from pipeline import drift, gate_records, gates, swapped_keys
from pipeline.settings import settings
from schemas.errors import ContractBroken
from schemas.expectations import REFUSED_SHARE_FROM, door_suite
from schemas.rules import RULES
from transforms.swapped_keys import Swapped
from warehouse import day, ledger, staging, swapped


def judge(source: Source, folder: Path) -> tuple[int, int]:
    """Judge all staged deliveries; returns (deliveries held, records judged). ConfigurationError, and nothing is decided, when a rule cannot be asked."""
    staged = day.to_judge(source.name)
    if not staged:
        return 0, 0
    keys = {one: told for one, _ in staged if (told := swapped_keys.find(source, one, folder / one / "person.parquet"))}
    results, held = _at_door(source, staged, folder, keys)
    drifted, odd = drift.judge(source, staged, folder)
    held = {one: why.rule for one, why in odd.items()} | held
    laid_out = _lay_out([one for one, _ in staged if one not in held], source, folder, held)
    found, counted, present = _at_records(source, laid_out, folder, held)
    waiting = _beside(source, [(one, origin) for one, origin in staged if one not in held], set(keys))
    staging.settle(source.name, list(present), counted, [*held, *waiting])
    day.store_results([*results, *drifted, *found])
    for one, rule in held.items():
        ledger.hold(one, rule, swapped_keys.message(keys[one]) if rule == swapped.HELD else odd[one].message if one in odd and odd[one].rule == rule
                    else f"{RULES[rule].title}; see quality.validation_result")
    for one in waiting:
        ledger.hold(one, swapped.WAITING, "a delivery of the same organisation is held for its keys: whom these rows mean is not known")
    day.judged([one for one, _ in staged if one not in held and one not in waiting])
    return len(held) + len(waiting), sum(present.values())


def _at_door(source: Source, staged: list[tuple[str, str]], folder: Path, keys: dict[str, Swapped]) -> tuple[list[gates.Result], dict[str, str]]:
    """Results, and the rule by delivery that is held."""
    frame = _deliveries(source, staged, folder)
    frame["swapped_keys"] = [float(keys[one].keys.num_rows if one in keys and keys[one].is_renumbering else 0) for one in frame["delivery_id"]]
    results = gates.door(source.name, frame.drop(columns="delivery_id"), door_suite(source.rows, is_organisation=bool(source.per_organisation)))
    held: dict[str, str] = {}
    for result in gates.failed(results):
        held |= {str(frame["delivery_id"].iloc[row]): result.rule for row in result.rows}
    return [_placed(result, source, [one for one, _ in staged]) for result in results], held


def _lay_out(delivery_ids: list[str], source: Source, folder: Path, held: dict[str, str]) -> list[str]:
    """Those that lie in the database now; what does not hold together is added to `held`."""
    staging.begin(source.name)
    for one in delivery_ids:
        try:
            staging.fill(one, folder / one)
        except ContractBroken as broken:
            held[one] = broken.code
    return [one for one in delivery_ids if one not in held]


def _at_records(source: Source, laid_out: list[str], folder: Path, held: dict[str, str]) -> tuple[list[gates.Result], dict[str, int], dict[str, int]]:
    """Results, unexpected rows by rule, rows by entity; deliveries that break a rule which no record may break are added to `held`."""
    present = staging.count(source.name)
    results: list[gates.Result] = []
    counted: dict[str, int] = {}
    refused, left_out = Counter(staging.refused(source.name)), gate_records.left_out([folder / one for one in laid_out])
    for entity, number in present.items():
        found = gate_records.records(source.name, entity, number)
        counted |= {result.rule: result.unexpected for result in found}
        for result in gates.failed(found):
            guilty = staging.guilty(RULES[result.rule], entity, source.name) or laid_out
            held |= dict.fromkeys(guilty, result.rule)
        results += [_placed(result, source, laid_out) for result in gate_records.with_cleaning(found, entity, refused, left_out)]
    return results, counted, present


def _placed(result: gates.Result, source: Source, delivery_ids: list[str]) -> gates.Result:
    return replace(result, source=source.name, as_of=settings().today, delivery_id=delivery_ids[0] if len(delivery_ids) == 1 else None)


def _beside(source: Source, passed: list[tuple[str, str]], with_persons: set[str]) -> list[str]:
    """Deliveries without persons that came from an organisation whose keys are in doubt, unless persons came that cleared the doubt."""
    doubted = {origin[:13] for origin, _ in swapped.blocked(source.name)} if source.per_organisation else set()
    doubted -= {origin[:13] for one, origin in passed if one in with_persons}
    return [one for one, origin in passed if origin[:13] in doubted]


def _deliveries(source: Source, staged: list[tuple[str, str]], folder: Path) -> pd.DataFrame:
    rows = []
    for delivery_id, origin in staged:
        counts = json.loads((folder / delivery_id / "counts.json").read_text("utf-8"))
        received = sum(count["received"] for count in counts.values())
        refused = sum(count["refused"] for count in counts.values())
        before = day.last_persons(source.name, origin)
        persons = counts.get("person", {}).get("received", 0)
        rows.append({"delivery_id": delivery_id, "received": received, "refused_share": refused / received if received >= REFUSED_SHARE_FROM else 0.0,
                     "person_ratio": persons / before if before and source.per_organisation else None})
    return pd.DataFrame(rows).astype({"person_ratio": "float64"})
