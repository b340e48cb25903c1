"""Consents at the business date: recorded, withdrawn, listed in Russian."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.settings import settings
from schemas.consent import FORMS, REPRESENTATIVES, purposes
from warehouse import consent
from warehouse.consent import Consent

NOTHING = "–"


def give(given: Consent, *, by: str) -> dict[str, int]:
    """Record a consent; its number."""
    return {"consent": consent.give(given, by=by, today=settings().today)}


def withdraw(pupil_id: int, consent_id: int, *, on: date | None, document: str, by: str) -> dict[str, int]:
    """Record a withdrawal, of today unless said otherwise."""
    consent.withdraw(pupil_id, consent_id, on=on or settings().today, document=document, by=by, today=settings().today)
    return {"withdrawn": consent_id}


def listed(pupil_id: int, *, by: str, ground: str) -> list[dict[str, str]]:
    """Every consent about a child in words; the look is recorded."""
    return [worded(row, settings().today) for row in consent.listed(pupil_id, by=by, ground=ground)]


def worded(row: dict[str, Any], today: date) -> dict[str, str]:
    """One consent in Russian, with what it is on a day."""
    return {"Номер": str(row["consent_id"]), "Цель": purposes()[row["consent_purpose"]].title, "Сведения": row["consent_scope"],
            "Кто дал": REPRESENTATIVES[row["representative"]], "Дано": _day(row["given_date"]), "Действует до": _day(row["valid_to"]),
            "Вид": FORMS[row["consent_form"]], "Документ": row["document_reference"], "Отозвано": _day(row["withdrawn_date"]), "Состояние": _state(row, today)}


def _state(row: dict[str, Any], today: date) -> str:
    if row["withdrawn_date"] and row["withdrawn_date"] <= today:
        return "отозвано"
    return "срок истёк" if row["valid_to"] and row["valid_to"] <= today else "действует"


def _day(given: date | None) -> str:
    return f"{given:%d.%m.%Y}" if given else NOTHING
