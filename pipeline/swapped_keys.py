"""At the door: do an organisation's keys still denote the children they denoted; what a person decides when they do not is in `held`."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from connectors.sources import Source
from transforms.swapped_keys import SIGNATURE, Swapped, swapped_keys
from warehouse import swapped


def find(source: Source, delivery_id: str, persons: Path) -> Swapped | None:
    """What became of the keys of one staged delivery, the evidence kept if it renumbers; None when it tells of no persons or keys are not the sender's own."""
    if not source.per_organisation or not persons.exists():
        return None
    fresh = pq.read_table(persons, columns=[*SIGNATURE, "organisation_key"])
    found = swapped_keys(fresh.select(SIGNATURE), swapped.read_known(source.name, fresh.select(["source_key", "organisation_key"]), SIGNATURE))
    if found.is_renumbering:
        swapped.keep_evidence(delivery_id, found.keys)
    return found


def message(found: Swapped) -> str:
    """What the ledger says of it: counts only."""
    return (f"{found.keys.num_rows} of {found.known} known keys ({found.share:.0%}) denote another child, {found.found_again} of those children are known "
            "under another key; see quality.swapped_key, then `kontingent release` or `kontingent return`")
