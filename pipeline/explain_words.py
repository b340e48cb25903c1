"""How an explanation says its codes and values in Russian."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from connectors.sources import BY_NAME
from pipeline.settings import REGION_ZONE
from schemas.mart_fields import MART_FIELDS
from transforms import codes

STATES = {"living": "действует", "empty": "записей не осталось"}
GOLDEN_RULES = {"only": "единственное свидетельство", "authority": "главный источник для этого поля", "latest": "самое позднее из равных"}
STATUSES = {"auto": "связана по признакам", "new": "одна, связывать не с чем", "review": "есть спорный случай", "decided": "по решению человека"}
VERDICTS = {"same": "один ребёнок", "different": "разные дети"}
SEXES = {"M": "мужской", "F": "женский"}
EVENTS = {
    "linked": "к {to} отнесены записи: {records}", "unlinked": "отозваны записи, бывшие у {old}: {records}", "moved": "от {old} к {to} перешли записи: {records}",
    "created": "дан идентификатор {to}", "revived": "идентификатор {to} снова действует", "split": "от {old} отделена часть, она у {to}",
    "merged": "{old} объединён с {to}", "redirected": "объединённый прежде {old} ведёт теперь к {to}", "emptied": "у {old} не осталось записей",
    "key_changed": "изменился СНИЛС эталонной записи {to}"}
"""A sentence for each kind of identity.change."""


def source(name: str | None) -> str:
    """The source's Russian title."""
    return BY_NAME[name].title if name in BY_NAME else name or "–"


def title(column: str) -> str:
    """The column's Russian title."""
    return MART_FIELDS[column].title


def event(kind: str, records: Iterable[int | None], old: int | None, to: int | None) -> str:
    """What happened, in a sentence; a kind without one stands for itself."""
    return EVENTS.get(kind, kind).format(records=", ".join(map(str, records)), old=old, to=to)


def value(column: str, given: Any) -> str | None:
    """A value as an official reads it; None stays None."""
    if given is None or isinstance(given, bool):
        return None if given is None else "да" if given else "нет"
    if isinstance(given, date):
        return f"{given:%d.%m.%Y}"
    said = str(given)
    if column == "snils" and len(said) == 11:
        return f"{said[:3]}-{said[3:6]}-{said[6:9]} {said[9:]}"
    if column == "sex":
        return SEXES.get(said, said)
    return _named("municipalities", said) if column == "oktmo" else _named("countries", said) if column == "citizenship" else said


def moment(given: datetime | None) -> str | None:
    """A moment in the republic's time."""
    return None if given is None else f"{given.astimezone(REGION_ZONE):%d.%m.%Y %H:%M}"


def weight(given: Any) -> str | None:
    """Bits with sign and decimal comma."""
    return None if given is None else f"{float(given):+.1f}".replace(".", ",").replace("-", "−")


def _named(listed: str, code: str) -> str:
    table = codes.table(listed)
    key = next(iter(table.columns))
    found = table.loc[table[key] == code, "name"]
    return f"{found.iloc[0]} ({code})" if len(found) else code
