"""At the door: do an organisation's keys still denote the children they denoted; and what a person decides when they do not."""

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq

from connectors.landing import Delivery
from connectors.sources import Source
from pipeline.settings import settings
from schemas.errors import ConfigurationError
from transforms.swapped_keys import SIGNATURE, Swapped, swapped_keys
from warehouse import ledger, load, swapped

DECIDABLE = (swapped.HELD, swapped.WAITING)


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


def release(delivery_id: str, *, by: str, reason: str, is_renumbered: bool) -> dict[str, int]:
    """Load a held delivery, and what waits beside it: as the same children with other data, or (`is_renumbered`) as other children under these keys.

    Returns the ledger's counts. ConfigurationError when it is not held for its keys.
    """
    row = _held(delivery_id)
    together = [delivery_id, *_waiting(row)] if row["held_code"] == swapped.HELD else [delivery_id]
    swapped.note_decision("release --rekeyed" if is_renumbered else "release", delivery_id, by=by, reason=reason)
    total: dict[str, int] = {}
    for one in together:
        counts = load.accept(one, _staged(one), is_renumbered=is_renumbered and one == delivery_id)
        shutil.rmtree(settings().staging / str(row["source"]) / one, ignore_errors=True)
        for name, count in counts.items():
            if isinstance(count, int) and name != "version":
                total[name] = total.get(name, 0) + count
    return {"deliveries": len(together), **total}


def give_back(delivery_id: str, *, by: str, reason: str) -> dict[str, int]:
    """The sender is to send anew: the delivery and what waits beside it stay out for good. ConfigurationError when it is not held for its keys."""
    row = _held(delivery_id)
    together = [delivery_id, *_waiting(row)]
    swapped.note_decision("return", delivery_id, by=by, reason=reason)
    for one in together:
        ledger.hold(one, swapped.RETURNED, "returned to the sender; the reason is in audit.access")
    return {"deliveries": len(together)}


def _held(delivery_id: str) -> dict[str, object]:
    row = ledger.delivery(delivery_id)
    if row["state"] != "held" or row["held_code"] not in DECIDABLE:
        raise ConfigurationError("delivery.not_held", f"{delivery_id} is not held for its keys: its state is {row['state']}, {row['held_code'] or 'no code'}")
    return row


def _waiting(row: dict[str, object]) -> list[str]:
    return [one for one in swapped.waiting(str(row["source"]), str(row["origin"])[:13]) if one != row["delivery_id"]]


def _staged(delivery_id: str) -> Path:
    """The staging folder, laid out again from landing when it is gone."""
    from pipeline import ingest

    row = ledger.delivery(delivery_id)
    folder = settings().staging / str(row["source"]) / delivery_id
    if not (folder / "counts.json").exists():
        ingest.lay_out(Delivery(**{one.name: row[one.name] if one.name == "size_bytes" else str(row[one.name]) for one in fields(Delivery)}))  # type: ignore[arg-type]
    return folder
