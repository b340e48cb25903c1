"""Consents of representatives: given and withdrawn by the officer, never changed; each act and each look stands in the trail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from schemas.consent import FORMS, REPRESENTATIVES, purposes
from schemas.errors import KontingentError
from warehouse import trail
from warehouse.engine import engine, without_values

PURPOSE = "учёт согласий законных представителей"
GROUND = "152-ФЗ, ст. 9"
_REFERENCE = re.compile(r"(?=.*\d)[\w№/.\- ]{1,60}")
"""A number of a document, never a sentence about somebody."""


class ConsentRefused(KontingentError):
    """This consent cannot be recorded, or there is none such."""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a representative agreed to. `valid_to` is the first day it holds no more; None: until it is withdrawn."""

    pupil_id: int
    representative: str
    purpose: str
    scope: str
    given: date
    valid_to: date | None
    form: str
    document: str

    def __post_init__(self) -> None:
        known = purposes()
        if self.purpose not in known:
            raise ConsentRefused("consent.purpose", f"purposes are {', '.join(known)}")
        if not known[self.purpose].needs_consent:
            raise ConsentRefused("consent.statutory", f"{self.purpose} rests on law: no consent is asked for it, and no refusal stops it")
        if self.representative not in REPRESENTATIVES or self.form not in FORMS:
            raise ConsentRefused("consent.words", f"representative: {', '.join(REPRESENTATIVES)}; form: {', '.join(FORMS)}")
        if not 0 < len(self.scope.strip()) <= 200:
            raise ConsentRefused("consent.scope", "the scope is named in at most 200 letters")
        if self.valid_to and self.valid_to <= self.given:
            raise ConsentRefused("consent.term", "a consent ends after the day it was given")
        _expect_reference(self.document)


def give(consent: Consent, *, by: str, today: date) -> int:
    """Record a consent; returns its number. ConsentRefused for a child that is not known, or a day that has not come."""
    if consent.given > today:
        raise ConsentRefused("consent.future", f"given on {consent.given:%d.%m.%Y}, today is {today:%d.%m.%Y}")
    with without_values(), engine("officer").begin() as connection:
        living = resolved(connection, consent.pupil_id)
        _note(connection, by, f"consent for {consent.purpose} given", living)
        return int(connection.execute(text(
            "INSERT INTO core.consent "
            "(pupil_id, representative, consent_purpose, consent_scope, given_date, valid_to, consent_form, document_reference, recorded_by) "
            "VALUES (:pupil, :representative, :purpose, :scope, :given, :until, :form, :document, :by) RETURNING consent_id"),
            {"pupil": living, "representative": consent.representative, "purpose": consent.purpose, "scope": consent.scope, "given": consent.given,
             "until": consent.valid_to, "form": consent.form, "document": consent.document, "by": by}).scalar_one())


def withdraw(pupil_id: int, consent_id: int, *, on: date, document: str, by: str, today: date) -> None:
    """Record that a consent was taken back; from that day on it holds no more. ConsentRefused when this child has none such in force."""
    _expect_reference(document)
    if on > today:
        raise ConsentRefused("consent.future", f"withdrawn on {on:%d.%m.%Y}, today is {today:%d.%m.%Y}")
    with without_values(), engine("officer").connect() as connection:
        living = resolved(connection, pupil_id)
        _note(connection, by, f"consent {consent_id} withdrawn", living)
        connection.commit()  # the view opens only after a line that stands
        known = {row["consent_id"]: row for row in rows(connection, living)}
        if consent_id not in known or known[consent_id]["withdrawn_date"] is not None or on < known[consent_id]["given_date"]:
            raise ConsentRefused("consent.unknown", f"this child has no consent {consent_id} that could be withdrawn on {on:%d.%m.%Y}")
        connection.execute(text("INSERT INTO core.consent_withdrawal (consent_id, withdrawn_date, document_reference, recorded_by) "
                                "VALUES (:consent, :day, :document, :by)"), {"consent": consent_id, "day": on, "document": document, "by": by})
        connection.commit()


def listed(pupil_id: int, *, by: str, ground: str) -> list[dict[str, Any]]:
    """Every consent about a child with its withdrawal, the oldest first; the look stands in the trail before it is read."""
    if not ground.strip():
        raise ConsentRefused("look.ground", "an officer looks at a child on a legal ground only: name it")
    with without_values(), engine("officer").connect() as connection:
        living = resolved(connection, pupil_id)
        trail.note(connection, action="look", by=by, purpose=PURPOSE, ground=ground, subject=f"consents of pupil {pupil_id}", pupil_id=living)
        connection.commit()
        return rows(connection, living)


def rows(connection: Connection, living: int) -> list[dict[str, Any]]:
    """Consents about a child this officer has looked at."""
    found = connection.execute(text("SELECT * FROM identity.explained_consent WHERE pupil_id = :pupil ORDER BY consent_id"), {"pupil": living})
    return [dict(row) for row in found.mappings()]


def resolved(connection: Connection, asked: int) -> int:
    """The living child an id leads to; ConsentRefused when there is none."""
    living, state = connection.execute(text("SELECT * FROM identity.resolve(:asked)"), {"asked": asked}).one()
    if living is None or state != "living":
        raise ConsentRefused("pupil.unknown", f"no living pupil {asked}")
    return int(living)


def _note(connection: Connection, by: str, subject: str, pupil_id: int) -> None:
    if not by.strip():
        raise ConsentRefused("look.person", "who records a consent has a name")
    trail.note(connection, action="consent", by=by, purpose=PURPOSE, ground=GROUND, subject=subject, pupil_id=pupil_id)


def _expect_reference(document: str) -> None:
    if not _REFERENCE.fullmatch(document):
        raise ConsentRefused("consent.document", "the document is named by its number, with at most 60 letters and figures")
