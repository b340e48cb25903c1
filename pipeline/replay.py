"""Runs refused records again after a rule, a mapping or a code list was mended, and held deliveries whole; each record keeps both its lives."""

from __future__ import annotations

from collections import Counter

from connectors.landing import Delivery
from connectors.sources import BY_NAME
from pipeline import feedback, held, ingest, kept
from pipeline.replay_load import Asked, run
from schemas.errors import ConfigurationError
from warehouse import ledger
from warehouse import replay as lives
from warehouse.ledger_events import Decision
from warehouse.replay import Wanted

NEXT = "kontingent link, publish, report"
"""What brings a replay into the published figures."""
SHOWN = ("deliveries", "received", "loaded", "unchanged", "superseded", "refused")


def replay(*, by: str, reason: str, source: str | None = None, rule: str | None = None, delivery_id: str | None = None,
           with_dependents: bool = True) -> dict[str, object]:
    """Run again what was refused (of this source, by this rule, in this delivery), or a held delivery whole; returns counts.

    Facts of the same senders that were refused for want of a person come along once the person is in. ConfigurationError when nothing stands or
    landing does not hold the bytes that came, ContractBroken or GateFailed when they cannot be read or judged: nothing is changed then, or, when it is
    the facts that came along, what was asked for is loaded and stands.
    """
    decision = Decision(action="replay", by=by, reason=reason, detail=", ".join(filter(None, (source, rule))))
    if delivery_id:
        row = ledger.delivery(delivery_id)
        if row["state"] == "held":
            return replay_held(delivery_id, decision)
        delivery_id = str(row["replay_of"] or delivery_id)
    asked = _asked(_checked(Wanted(source=source, rule=rule, delivery_id=delivery_id)))
    if not asked:
        raise ConfigurationError("replay.nothing_open", "no refusal that stands is of this kind: replayed already, or never refused; see `kontingent refused`")
    behind = _dependents([one for one, _ in asked]) if with_dependents else []
    kept.verify(list(dict.fromkeys(one for one, _ in [*asked, *behind])))
    try:
        total = run(asked, decision) + run(behind, decision)
    finally:
        for name in sorted({one.source for one, _ in [*asked, *behind]}):
            feedback.write(name)
    if not total["deliveries"]:
        raise ConfigurationError("replay.nothing_ready", "none can be taken up: the persons of these facts are still not known, or the bytes hold no such record")
    return {name: total[name] for name in SHOWN} | {"next": NEXT}


def replay_held(delivery_id: str, decision: Decision) -> dict[str, object]:
    """Lay a held delivery out again, whole, through all gates, and load it in its place in time. ConfigurationError where a person must decide instead."""
    held.must_be_readable(delivery_id)
    delivery = kept.delivery(delivery_id)
    kept.verify([delivery])
    ledger.reopen(delivery_id, decision)
    ingest.lay_out(delivery)
    ingest.gate(delivery.source)
    ingest.load_staged(delivery.source)
    row = ledger.delivery(delivery_id)
    counts = Counter({"deliveries": 1} | {name: row[name] for name in SHOWN[1:]})
    return {"state": row["state"], "held_code": row["held_code"], **counts, "next": NEXT if row["state"] == "loaded" else "kontingent refused --held"}


def _asked(wanted: Wanted) -> list[Asked]:
    return [(kept.delivery(one), wanted) for one in lives.originals(wanted)]


def _checked(wanted: Wanted) -> Wanted:
    if wanted.source is None and wanted.rule is None and wanted.delivery_id is None:
        raise ConfigurationError("replay.of_what", "name a rule, a delivery or a source")
    if wanted.source is not None and wanted.source not in BY_NAME:
        raise ConfigurationError("source.unknown", f"no source {wanted.source}; `kontingent sources` lists them")
    return wanted


def _dependents(originals: list[Delivery]) -> list[Asked]:
    """Facts of the same senders that no person was known for."""
    senders = {(one.source, one.origin[:13] if one.origin[:13].isdecimal() else None) for one in originals}
    found = [one for source, sender in sorted(senders, key=str) for one in _asked(Wanted(source=source, sender=sender, dependents=True))]
    return list({delivery: (delivery, wanted) for delivery, wanted in found}.values())
