"""What the readers of school journals share: the raw columns, batches in loading order, and the scopes of a conversation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from connectors.conversation import Scope
from connectors.rows import BATCH, CompleteScope, RawBatch, frame
from schemas.errors import ContractBroken

_CONSTANT = ["organisation_key", "date_form", "snils_form", "programme"]
_KEYS = ["position", *_CONSTANT, "local_id"]

RAW: dict[str, list[str]] = {
    "person": [*_KEYS, "full_name", "family_name", "given_name", "patronymic", "birth_date", "sex", "snils", "birth_certificate", "citizenship"],
    "enrolment": [*_KEYS, "class", "grade", "letter", "study_form", "shift", "entry_date", "exit_date", "exit_reason"],
    "mark": [*_KEYS, "key", "subject", "lesson_date", "value", "convert", "weight", "work_kind", "is_debt"],
    "attendance": [*_KEYS, "key", "subject", "lesson_date", "value"],
    "final_mark": [*_KEYS, "subject", "period", "school_year", "value", "convert"],
}
"""Raw columns of each entity, the same for all journals; `date_form`, `snils_form`, `programme` say how the file writes."""

ABSENCES = frozenset(("н", "нб", "нп", "б", "оп", "п", "у", "уп"))
"""Marks that are no marks but say that the pupil was not there, or came late."""
DEBTS = frozenset((".", "•"))
_DIRT = re.compile(r"<[^<>]*>|[\u200b\s]")

Row = dict[str, Any]


def kind_of(value: object) -> str:
    """The entity a value in a cell of marks belongs to."""
    return "attendance" if plain(value).casefold() in ABSENCES else "mark"


def is_debt(value: object) -> str:
    """`true` when the cell holds the sign of a debt."""
    return "true" if value is None or plain(value) in DEBTS else "false"


def plain(value: object) -> str:
    """A text without tags and blanks, as part of a key."""
    return _DIRT.sub("", str(value))


class Rows:
    """Collects rows of several entities and gives them out in batches, persons first."""

    def __init__(self, **constants: str | None) -> None:
        self._constants = constants
        self._rows: dict[str, list[Row]] = {entity: [] for entity in RAW}

    def add(self, entity: str, row: Row) -> None:
        self._rows[entity].append(row)

    def batches(self, *, rest: bool = False) -> Iterator[RawBatch]:
        """All that is collected, once some entity has a full batch, or `rest`."""
        if not rest and max(map(len, self._rows.values())) < BATCH:
            return
        for entity, rows in self._rows.items():
            for start in range(0, len(rows), BATCH):
                yield RawBatch(entity, frame([_as_text({**self._constants, **row}) for row in rows[start:start + BATCH]], RAW[entity]))
            rows.clear()


class Ordinals:
    """Numbers equal keys 1, 2, … in the order they come: the only way to tell two equal marks of a day apart."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def key(self, *parts: object) -> str:
        joined = ":".join("" if part is None else str(part) for part in parts)
        self._seen[joined] += 1
        return f"{joined}:{self._seen[joined]}"


def complete(scope: Scope) -> Iterator[CompleteScope]:
    """A conversation holds the whole contingent and all marks of the days asked for.

    No scope for final marks: journals give those of one school year, a scope would withdraw the years before.
    """
    yield CompleteScope(entity="person", organisation_key=scope.organisation_key)
    yield CompleteScope(entity="enrolment", organisation_key=scope.organisation_key)
    for entity in ("mark", "attendance"):
        yield CompleteScope(entity=entity, organisation_key=scope.organisation_key, date_from=scope.date_from, date_to=scope.date_to)


@contextmanager
def shaped(member: str) -> Iterator[None]:
    """ContractBroken `json.shape` where an answer lacks what was agreed; the message names the answer, not its content."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise ContractBroken("json.shape", f"{member} is not of the agreed shape ({type(error).__name__})") from None


def items(keyed: Any) -> Sequence[tuple[str, Any]]:
    """Pupils of an answer that is an object by id in some schools and a list (with the id as `name`) in others."""
    if isinstance(keyed, dict):
        return list(keyed.items())
    return [(str(item["name"]), item) for item in keyed]


def _as_text(row: Row) -> dict[str, str | None]:
    return {column: None if value is None or value == "" else str(value) for column, value in row.items()}
