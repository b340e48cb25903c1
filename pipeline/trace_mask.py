"""What of a fragment a role may read: the officer all, the steward what the project reads, the auditor only what identifies nobody."""

from __future__ import annotations

import re

from connectors.place import Place, Value, shown
from connectors.place_columns import RAW
from schemas.fields import FIELDS

HIDDEN = "•••"
_KEYS = frozenset(("local_id", "id", "student.id", "question_id", "asked_source", "version", "act_authority", "organisation_key", "study_plan.id"))
"""Keys of the sender, which an auditor sees in the ledger as well."""
_PLAIN = re.compile(r"[\d.,:\-/TZ ]{1,32}|[A-Za-zА-Яа-яЁё]{1,3}|true|false|[A-Z]+(?:_[A-Z]+)+")
"""What a date, a number or a code looks like: a name that slipped into such a column does not."""


def fragment(place: Place, role: str) -> str:
    """The fragment as this role may read it."""
    if role == "officer":
        return shown(place, HIDDEN)
    return shown(place, HIDDEN, frozenset(value for value in place.values if readable(value, role)))


def readable(value: Value, role: str) -> bool:
    """Whether a role may read one value of a fragment."""
    if role == "officer":
        return True
    if value.column is None:
        return False
    return role == "steward" or value.column in _KEYS or (value.column in SAFE and (value.column in OPEN or _PLAIN.fullmatch(value.text) is not None))


def _of(sensitivities: tuple[str, ...]) -> frozenset[str]:
    """Raw columns that make columns of this sensitivity and no direct one."""
    raw: dict[str, set[str]] = {}
    for name, field in FIELDS.items():
        for column in (name, *RAW.get(name, (name,))):
            raw.setdefault(column, set()).add(field.sensitivity)
    return frozenset(column for column, found in raw.items() if found <= set(sensitivities))


SAFE = _of(("technical", "open", "quasi"))
OPEN = _of(("open",))
