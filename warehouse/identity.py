"""Identity as the pipeline sees it: what changed, what it touches, what linking reads, and where its answer goes."""

from __future__ import annotations

from sqlalchemy import text

from warehouse.engine import engine, without_values
from warehouse.identity_apply import Overtaken, apply
from warehouse.identity_reads import (
    read_citizenships,
    read_decisions,
    read_links,
    read_person_records,
    read_residences,
    read_sealed_pupils,
    read_seals,
    read_validations,
)
from warehouse.identity_scope import Changed, Touched
from warehouse.neighbourhood import changed, neighbourhood
from warehouse.versions import current_version, serialise

__all__ = ["Changed", "Overtaken", "Touched", "apply", "changed", "decide", "everything", "neighbourhood", "read_citizenships", "read_decisions", "read_links",
           "read_person_records", "read_residences", "read_sealed_pupils", "read_seals", "read_validations"]


def everything() -> Touched:
    """The whole registry at the latest version: a full rebuild."""
    with without_values(), engine().connect() as connection:
        return Touched(version=current_version(connection), everything=True)


def decide(record_id: int, other_record_id: int, verdict: str, reason: str, by: str) -> int:
    """Keep a person's word on two records (`same` or `different`), for the next linking and all later ones; returns its number."""
    first, second = sorted((record_id, other_record_id))
    with without_values(), engine("steward").begin() as connection:
        serialise(connection)
        return int(connection.execute(text(
            "INSERT INTO identity.decision (record_id, other_record_id, verdict, reason, decided_by, created_version) "
            "SELECT :first, :second, :verdict, :reason, :by, max(version) FROM quality.version RETURNING decision_id"),
            {"first": first, "second": second, "verdict": verdict, "reason": reason, "by": by}).scalar_one())
