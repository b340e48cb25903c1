"""Every change of a delivery's state, in the order of time, and the person who decided it; written once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from schemas.errors import ConfigurationError
from warehouse import trail

OVERRULES = ("release",)
"""Actions by which a person lets in what a gate holds."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decided about a delivery; `action` is a word of `schemas.trail.ACTIONS`. ConfigurationError without a name or a reason."""

    action: str
    by: str
    reason: str
    detail: str = ""
    """What else the trail should name beside the delivery, never a personal value."""

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise ConfigurationError("decision.unsigned", f"{self.action}: say who decides (--by) and why (--reason)")

    @property
    def overrules(self) -> bool:
        return self.action in OVERRULES


def note(connection: Connection, delivery_id: str, decision: Decision | None = None) -> None:
    """Write down the state the delivery has now, in the transaction that changed it; a decision goes into the trail, too."""
    connection.execute(text("INSERT INTO quality.delivery_event (delivery_id, state, held_code, version, decided_by, reason) "
                            "SELECT delivery_id, state, held_code, version, :by, :reason FROM quality.delivery WHERE delivery_id = :one"),
                       {"one": delivery_id, "by": decision.by if decision else None, "reason": decision.reason if decision else None})
    if decision:
        trail.note(connection, action=decision.action, by=decision.by, purpose="решение о поставке", ground=decision.reason,
                   subject=f"delivery {delivery_id}{', ' if decision.detail else ''}{decision.detail}")
