"""What a person decides about a held delivery: to let it in as it is, or to keep it out until the sender sends anew."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline import feedback, ingest, kept
from pipeline.settings import settings
from schemas.errors import ConfigurationError
from schemas.feedback import KEYS, RETURNED, hold
from warehouse import ledger, load, swapped
from warehouse.ledger_events import Decision


def release(delivery_id: str, *, by: str, reason: str, is_renumbered: bool = False) -> dict[str, int]:
    """Load a held delivery as it is; one held for its keys with what waits beside it, as the same children with other data or (`is_renumbered`) as
    other children under these keys. Returns the ledger's counts.

    ConfigurationError when it is not held, or for a reason no person may overrule.
    """
    row = _held(delivery_id)
    code = str(row["held_code"])
    if not hold(code).may_overrule:
        raise ConfigurationError("delivery.not_overrulable", f"{delivery_id} is held for {code}: mend what is wrong and `kontingent replay --delivery`, "
                                 "or `kontingent return`")
    if is_renumbered and code != swapped.HELD:
        raise ConfigurationError("delivery.not_rekeyed", f"{delivery_id} is held for {code}, not for its keys: --rekeyed says nothing here")
    decision = Decision(action="release", by=by, reason=reason, detail="rekeyed" if is_renumbered else "")
    total: dict[str, int] = {}
    together = [delivery_id, *_waiting(row)] if code == swapped.HELD else [delivery_id]
    for one in together:
        counts = load.accept(one, _staged(one), is_renumbered=is_renumbered and one == delivery_id, decision=decision)
        shutil.rmtree(settings().staging / str(row["source"]) / one, ignore_errors=True)
        for name, count in counts.items():
            if isinstance(count, int) and name != "version":
                total[name] = total.get(name, 0) + count
    feedback.write(str(row["source"]))
    return {"deliveries": len(together), **total}


def give_back(delivery_id: str, *, by: str, reason: str) -> dict[str, int]:
    """The sender is to send anew: the delivery, and what waits for the same decision on its keys, stay out for good. ConfigurationError when not held."""
    row = _held(delivery_id)
    is_keys = row["held_code"] in KEYS
    decision = Decision(action="return", by=by, reason=reason)
    together = [delivery_id, *_waiting(row)] if is_keys else [delivery_id]
    for one in together:
        ledger.hold(one, swapped.RETURNED if is_keys else "delivery.returned", "returned to the sender; the reason is in quality.delivery_event", decision)
    feedback.write(str(row["source"]))
    return {"deliveries": len(together)}


def must_be_readable(delivery_id: str) -> None:
    """ConfigurationError when reading a held delivery again cannot help: it was returned, or a person must say whom its keys mean."""
    code = str(_held(delivery_id)["held_code"])
    if code in KEYS:
        raise ConfigurationError("delivery.undecided", f"{delivery_id} is held for {code}: a person decides, `kontingent release` or `kontingent return`")


def _held(delivery_id: str) -> dict[str, object]:
    row = ledger.delivery(delivery_id)
    if row["state"] != "held" or row["held_code"] in RETURNED:
        raise ConfigurationError("delivery.not_held", f"{delivery_id} is not held: its state is {row['state']}, {row['held_code'] or 'no code'}")
    return row


def _waiting(row: dict[str, object]) -> list[str]:
    return [one for one in swapped.waiting(str(row["source"]), str(row["origin"])[:13]) if one != row["delivery_id"]]


def _staged(delivery_id: str) -> Path:
    """The staging folder, laid out again from landing when it is gone."""
    delivery = kept.delivery(delivery_id)
    folder = settings().staging / delivery.source / delivery_id
    if not (folder / "counts.json").exists():
        kept.verify([delivery])
        ingest.lay_out(delivery)
        if not (folder / "counts.json").exists():
            raise ConfigurationError("delivery.unreadable", f"{delivery_id} cannot be read any more: {ledger.delivery(delivery_id)['held_code']}")
    return folder
