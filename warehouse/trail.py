"""The access trail: who did what with the records or the system; each line seals the one before (`audit.access`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from warehouse.engine import engine, without_values


def note(connection: Connection, *, action: str, by: str, purpose: str, ground: str, subject: str | None = None, pupil_id: int | None = None) -> None:
    """Write one line in the transaction of what it tells of, as the role of the connection; the last statement of a long one.

    From here to the commit nobody else can write a line: the chain has no forks.

    `action`: a word of `schemas.trail.ACTIONS`; `subject`: what it was done to (`delivery …`, `version 7`, `rule person.birth.required`), never a personal value.
    """
    connection.execute(text("INSERT INTO audit.access (person_in_charge, purpose, ground, action, subject_named, pupil_id) "
                            "VALUES (:by, :purpose, :ground, :action, :subject, :pupil)"),
                       {"by": by, "purpose": purpose, "ground": ground, "action": action, "subject": subject, "pupil": pupil_id})


def note_alone(role: str, **line: Any) -> None:
    """Write one line (`note`) in a transaction of its own: it stands before what it tells of is done."""
    with without_values(), engine(role).begin() as connection:
        note(connection, **line)
