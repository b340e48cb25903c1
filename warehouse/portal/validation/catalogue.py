"""What the pages know of a rule: meaning, what to do, severity, version, ground; also of reasons for which a delivery is held unread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schemas.rules import RULES
from warehouse.portal.validation.cells import Link, file_name
from warehouse.portal.validation.ledger import Ledger
from warehouse.reports.titles import ENTITY_TITLES

SEVERITIES = {"refuse": "запись отклоняется", "hold": "поставка задерживается", "block": "публикация останавливается", "warn": "предупреждение"}
COLOURS = {"refuse": "refused", "hold": "bad", "block": "bad", "warn": "warn"}
GATES = {"reading": "Чтение", "door": "На входе", "record": "Записи", "warehouse": "Хранилище", "form": "Формы"}
SCOPES = {"door": "Поставка целиком", "drift": "Поставка против прежних", "warehouse": "Хранилище", "form": "Формы"}
"""What a rule judges, where it is no kind of record."""
STOPS = ("hold", "block")
UNKNOWN = "В действующем перечне такого правила нет: оно действовало раньше или добавлено источником."
_READING = (("xml.", "Документ не соответствует схеме"), ("table.", "Таблица не соответствует описанию формата"), ("json.", "Ответ журнала другой формы"),
            ("zip.", "Архив повреждён или опасен"), ("workbook.", "Книга повреждена или слишком велика"), ("smev.", "Сообщение СМЭВ отклонено или не понято"),
            ("package.", "В пакете не все части"), ("identity.", "Ключи отправителя обозначают других детей"))


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
        entity = rule.id.split(".")[0]
        yield Known(id=rule.id, title=rule.title, advice=rule.advice, severity=rule.severity, version=str(rule.version),
                    ground=str(getattr(rule, "ground", "") or ""), scope=SCOPES.get(rule.scope) or ENTITY_TITLES.get(entity, entity))


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
    """A rule only refusals or holds name: the reading of a file stopped, or the rule is no longer declared."""
    found = [title for prefix, title in _READING if row.rule.startswith(prefix)]
    if found:
        return Known(id=row.rule, title=found[0], scope="Чтение поставки",
                     advice="Исправить описание формата и повторить загрузку либо вернуть поставку отправителю.")
    return Known(id=row.rule, title=row.rule, advice=UNKNOWN, severity="refuse" if hasattr(row, "refused") else "hold")
