"""Reasons, rules and parts of the evidence in plain Russian, from `schemas/codes/link_reasons.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from schemas.fields import FIELDS
from transforms import codes

VALUES = {"M": "мужской", "F": "женский", "active": "действует", "annulled": "аннулирована", "declared_absent": "отсутствует по документу",
          "partial": "известна частично", "silent": "не сообщено"}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a code means to a person who decides, and what to look at; `is_known` is False where the list lacks it and the code stands for itself."""

    title: str
    advice: str
    is_known: bool = True


def reason(code: str) -> Wording:
    """The words for a code `rule.reason`: its own, else those of the reason under any rule, with the rule named before them."""
    listed, (rule, _, name) = _listed(), code.partition(".")
    if code in listed:
        return listed[code]
    if rule in listed and (common := listed.get(f"*.{name}")):
        return Wording(title=f"{listed[rule].title}: {common.title}", advice=common.advice)
    return Wording(title=code, advice="", is_known=False)


def part(code: str) -> str:
    """The name of one part of the evidence, or of a rule."""
    return _listed()[code].title if code in _listed() else code


def level(code: str) -> str:
    """How far one part agrees."""
    found = _listed().get(f"level.{code}")
    return found.title if found else code


def shown(column: str, value: Any) -> str | None:
    """A value of a person's record as an official reads it: day.month.year, СНИЛС in groups, codes with their names."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    text = str(value)
    if FIELDS[column].pattern == FIELDS["snils"].pattern and len(text) == 11:
        return f"{text[:3]}-{text[3:6]}-{text[6:9]} {text[9:]}"
    name = VALUES.get(text) if FIELDS[column].values else _names(FIELDS[column].codes).get(text)
    return text if name is None else name if FIELDS[column].values else f"{text}, {name}"


@cache
def _names(list_name: str | None) -> dict[str, str]:
    if list_name is None:
        return {}
    table = codes.table(list_name)
    return dict(zip(table.iloc[:, 0], table["name"], strict=True))


@cache
def _listed() -> dict[str, Wording]:
    table = codes.table("link_reasons")
    return {code: Wording(title=title, advice=advice) for code, title, advice in zip(table["code"], table["title"], table["advice"], strict=True)}
