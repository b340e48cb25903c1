"""Purposes of processing (`schemas/codes/consent_purposes.csv`): which of them need a consent, and the words of a consent."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "codes" / "consent_purposes.csv"
REPRESENTATIVES = {"parent": "родитель", "guardian": "опекун", "trustee": "попечитель", "foster_parent": "приёмный родитель",
                   "representative": "иной законный представитель", "self": "сам обучающийся"}
FORMS = {"paper": "на бумаге", "electronic": "в электронном виде"}


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """One purpose; one that needs no consent is neither asked about nor ever stopped by a refusal."""

    code: str
    title: str
    needs_consent: bool
    ground: str
    """Printed only where its text was read; a dash else."""


@cache
def purposes() -> dict[str, Purpose]:
    """Every purpose by its code, in the order of the file."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Purpose(code=row["code"], title=row["name"], needs_consent=row["needs_consent"] == "yes",
                                     ground=row["ground"] if row["ground_mark"] == "confirmed" else "–") for row in csv.DictReader(lines)}
