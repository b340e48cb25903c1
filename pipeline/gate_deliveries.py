"""The door and record gates of one source: frames for Great Expectations, outcomes into the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from connectors.sources import Source
from pipeline import drift, gates, swapped_keys
from schemas.expectations import Expectation, door_suite, record_suite
from warehouse import day, ledger, swapped

ROWS_AT_ONCE = 500_000
"""A batch given to the library: bounds memory for deliveries of any size."""


def judge(source: Source, staging: Path) -> tuple[int, int]:
    """Judge all staged deliveries; returns (deliveries held, records judged)."""
    staged = day.to_judge(source.name)
    if not staged:
        return 0, 0
    frame = _deliveries(source, staged, staging)
    keys = {one: told for one, _ in staged if (told := swapped_keys.find(source, one, staging / one / "person.parquet"))}
    frame["swapped_keys"] = [float(keys[one].keys.num_rows if one in keys and keys[one].is_renumbering else 0) for one in frame["delivery_id"]]
    at_door = gates.door(source.name, frame.drop(columns="delivery_id"), door_suite(source.rows, is_organisation=bool(source.per_organisation)))
    held: dict[str, str] = {}
    for result in gates.failed(at_door):
        held |= {str(frame["delivery_id"].iloc[row]): result.rule for row in result.rows}
    drifted, odd = drift.judge(source, staged, staging)
    held = {one: why.rule for one, why in odd.items()} | held
    results, judged = [*at_door, *drifted], 0
    for entity in source.entities:
        for delivery_ids, rows in _batches(staging, staged, entity):
            judged += len(rows)
            found, guilty = _records(f"{source.name}/{entity}", delivery_ids, rows, record_suite(entity))
            results += found
            held |= guilty
    day.store_results(results)
    for delivery_id, rule in held.items():
        ledger.hold(delivery_id, rule, swapped_keys.message(keys[delivery_id]) if rule == swapped.HELD else
                    odd[delivery_id].message if delivery_id in odd and odd[delivery_id].rule == rule else
                    "a validation gate said no; see quality.validation_result")
    waiting = _beside(source, [(one, origin) for one, origin in staged if one not in held], set(keys))
    for one in waiting:
        ledger.hold(one, swapped.WAITING, "a delivery of the same organisation is held for its keys: whom these rows mean is not known")
    day.judged([one for one, _ in staged if one not in held and one not in waiting])
    return len(held) + len(waiting), judged


def _beside(source: Source, passed: list[tuple[str, str]], with_persons: set[str]) -> list[str]:
    """Deliveries without persons that came from an organisation whose keys are in doubt, unless persons came that cleared the doubt."""
    doubted = {origin[:13] for origin, _ in swapped.blocked(source.name)} if source.per_organisation else set()
    doubted -= {origin[:13] for one, origin in passed if one in with_persons}
    return [one for one, origin in passed if origin[:13] in doubted]


def _deliveries(source: Source, staged: list[tuple[str, str]], staging: Path) -> pd.DataFrame:
    rows = []
    for delivery_id, origin in staged:
        counts = json.loads((staging / delivery_id / "counts.json").read_text("utf-8"))
        received = sum(count["received"] for count in counts.values())
        refused = sum(count["refused"] for count in counts.values())
        before = day.last_persons(source.name, origin)
        persons = counts.get("person", {}).get("received", 0)
        rows.append({"delivery_id": delivery_id, "received": received, "refused_share": refused / received if received else 0.0,
                     "person_ratio": persons / before if before and source.per_organisation else None})
    return pd.DataFrame(rows).astype({"person_ratio": "float64"})


def _records(subject: str, members: pd.Series, rows: pd.DataFrame, suite: list[Expectation]) -> tuple[list[gates.Result], dict[str, str]]:
    """(results, rule by guilty delivery); when the rows together fail, each delivery is asked alone: one must not stop the others."""
    together = gates.records(subject, rows, suite)
    if not gates.failed(together):
        return together, {}
    guilty: dict[str, str] = {}
    for delivery_id, own in rows.groupby(members.to_numpy(), sort=False):
        guilty |= {str(delivery_id): result.rule for result in gates.failed(gates.records(subject, own.reset_index(drop=True), suite))}
    return together, guilty or {str(one): gates.failed(together)[0].rule for one in members.unique()}


def _batches(staging: Path, staged: list[tuple[str, str]], entity: str) -> Iterator[tuple[pd.Series, pd.DataFrame]]:
    """Rows of one entity with the delivery each came in: small deliveries judged together, large ones piece by piece."""
    together: list[pd.DataFrame] = []
    members: list[str] = []
    for delivery_id, _ in staged:
        path = staging / delivery_id / f"{entity}.parquet"
        for part in pq.ParquetFile(path).iter_batches(ROWS_AT_ONCE) if path.exists() else ():
            together.append(part.to_pandas(date_as_object=False))
            members += [delivery_id] * part.num_rows
            if len(members) >= ROWS_AT_ONCE:
                yield pd.Series(members, dtype="str"), pd.concat(together, ignore_index=True)
                together, members = [], []
    if together:
        yield pd.Series(members, dtype="str"), pd.concat(together, ignore_index=True)
