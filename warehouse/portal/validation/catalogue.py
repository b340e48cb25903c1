"""What the pages know of a rule: meaning, what to do, severity, version, ground; also of reasons for which a delivery is held unread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schemas.feedback import HOLDS, hold
from schemas.rules import RULES
from warehouse.portal.validation.cells import Link, file_name
from warehouse.portal.validation.ledger import Ledger
from warehouse.reports import forms
from warehouse.reports.catalogue import DEFINITIONS
from warehouse.reports.titles import ENTITY_TITLES

SEVERITIES = {"refuse": "запись отклоняется", "hold": "поставка задерживается", "block": "публикация останавливается", "warn": "предупреждение"}
COLOURS = {"refuse": "refused", "hold": "bad", "block": "bad", "warn": "warn"}
GATES = {"reading": "Чтение", "door": "На входе", "record": "Записи", "warehouse": "Хранилище", "form": "Формы"}
SCOPES = {"door": "Поставка целиком", "drift": "Поставка против прежних поставок отправителя", "warehouse": "Хранилище", "form": "Форма отчётности"}
"""What a rule judges, where it is no kind of record."""
STOPS = ("hold", "block")
UNKNOWN = "В действующем перечне такого правила нет: оно действовало раньше."


@dataclass(frozen=True, kw_only=True)
class Known:
    """One rule as an official reads it; `scope` says what it judges."""

    id: str
    title: str
    advice: str = ""
    severity: str = "hold"
    version: str = "1"
    ground: str = ""
    scope: str = ""

    @property
    def link(self) -> Link:
        return Link(self.id, f"{file_name('rule', self.id)}.html")

    @property
    def titled(self) -> Link:
        return Link(self.title, f"{file_name('rule', self.id)}.html")


def _declared() -> Iterable[Known]:
    for rule in RULES.values():
        yield _of(rule)
    for name in sorted({one.form for one in DEFINITIONS if one.form}):
        for equality in forms.read(name).equalities:
            yield _of(equality, scope=SCOPES["form"])
    for code in (one.code for one in HOLDS if not one.code.endswith(".")):
        yield _held(code)


def _of(rule: Any, scope: str = "") -> Known:
    subject = rule.id.split(".")[0]
    return Known(id=rule.id, title=rule.title, advice=rule.advice, severity=rule.severity, version=str(rule.version),
                 ground=rule.ground or "", scope=scope or SCOPES.get(rule.scope) or ENTITY_TITLES.get(subject, subject))


def _held(code: str) -> Known:
    known = hold(code)
    return Known(id=code, title=known.title, advice=known.advice, scope=SCOPES["door"])


def catalogue(ledger: Ledger) -> dict[str, Known]:
    """Every rule that is declared, and every other id the ledger names, in order of ids."""
    known: dict[str, Known] = {}
    for rule in _declared():
        known.setdefault(rule.id, rule)
    for row in ledger.rule_total:
        known.setdefault(row.rule, Known(id=row.rule, title=row.title or row.rule, severity=row.severity, advice=UNKNOWN, version=row.versions or "1"))
    for row in (*ledger.refused_day, *ledger.held_day):
        known.setdefault(row.rule, _unasked(row))
    return dict(sorted(known.items()))


def _unasked(row: Any) -> Known:
    """A code only refusals or holds name: a reason for which a file is held unread, or a rule that is no longer declared."""
    if hasattr(row, "refused"):
        return Known(id=row.rule, title=row.rule, advice=UNKNOWN, severity="refuse")
    return _held(row.rule)
