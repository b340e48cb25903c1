"""Reasons, rules and parts of the evidence in plain Russian, from `schemas/codes/link_reasons.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from transforms import codes


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


@cache
def _listed() -> dict[str, Wording]:
    table = codes.table("link_reasons")
    return {code: Wording(title=title, advice=advice) for code, title, advice in zip(table["code"], table["title"], table["advice"], strict=True)}
