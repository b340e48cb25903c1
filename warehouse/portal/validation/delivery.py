"""The page of one delivery: its counts, rules, refused records with their places, events, and both lives of what was replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.portal.validation.catalogue import COLOURS, GATES, SEVERITIES, Known
from warehouse.portal.validation.cells import Badge, Cell, Link, file_name
from warehouse.portal.validation.ledger import Details, Ledger
from warehouse.portal.validation.model import Listing, Page
from warehouse.portal.validation.words import OVERVIEW, STATES, delivery_link, entity_title, run_link, source_link
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import counted, day, moment, number

COUNTS = ("received", "created", "updated", "unchanged", "superseded", "refused")
EVENTS = {"received": "получена", "staged": "разобрана", "passed": "прошла проверки", "loaded": "загружена", "held": "задержана", "failed": "сбой, будет повтор",
          "duplicate": "повтор прежней", "released": "выпущена", "returned": "возвращена отправителю", "replayed": "загружена повторно"}
SHOWN = 100
"""Refused records on the page; the JSON has them all."""


def page(ledger: Ledger, rules: Mapping[str, Known], row: Any, more: Details, lives: Sequence[Any]) -> Page:
    """`checks/delivery-<id>.html`; `lives` are the replays of this delivery, or its original."""
    source = source_link(row.source)
    return Page(
        file=file_name("delivery", str(row.delivery_id)), kind="delivery", key={"delivery": str(row.delivery_id), "source": row.source},
        title=f"Поставка: {source.text}, {day(row.as_of)}", lead=_lead(rules, row), above=(OVERVIEW, source),
        facts=_facts(ledger, rules, row), blocks=(
            _entities(more), _rules(rules, more), _by_rule(rules, more), _refusals(ledger, rules, more), _lives(ledger, lives), _events(more)))


def _lead(rules: Mapping[str, Known], row: Any) -> str:
    if row.state == "held":
        known = rules.get(row.held_code or "unknown")
        return f"Задержана целиком: {known.title if known else row.held_code}. В хранилище из неё ничего не вошло."
    if row.state == "waiting":
        return "Ещё в разборе: при публикации этой версии не вошла в хранилище."
    if row.state == "duplicate":
        return f"Те же байты, что в прежней поставке: {counted(row.received, 'запись', 'записи', 'записей')} без изменений."
    sign = "=" if row.received == row.loaded + row.unchanged + row.superseded + row.refused else "≠"
    return (f"Получено {number(row.received)} {sign} загружено {number(row.loaded)} + без изменений {number(row.unchanged)} + вытеснено "
            f"{number(row.superseded)} + отвергнуто {number(row.refused)}.")


def _facts(ledger: Ledger, rules: Mapping[str, Known], row: Any) -> tuple[tuple[str, Cell], ...]:
    facts: list[tuple[str, Cell]] = [
        ("Поставка", str(row.delivery_id)), ("Источник", source_link(row.source)), ("Отправитель", row.origin), ("Запуск", run_link(ledger, row.as_of)),
        ("Состояние", STATES[row.state]), ("Получена", moment(row.received_at)), ("Вид данных", f"{row.media}, {number(row.size_bytes)} байт"),
        ("SHA-256", row.sha256), ("Версия хранилища", str(row.version) if row.version else "–")]
    if row.state == "held" and row.held_code in rules:
        known = rules[row.held_code]
        facts += [("Что не так", known.titled), ("Что сделать", known.advice)]
    if row.replay_of:
        facts.append(("Повторная загрузка отвергнутого из", delivery_link(ledger, row.replay_of)))
    return tuple(facts)


def _entities(more: Details) -> Listing:
    names = {"received": "Получено", "created": "Создано", "updated": "Изменено", "unchanged": "Без изменений", "superseded": "Вытеснено",
             "refused": "Отвергнуто"}
    return Listing(
        name="entities", title="По видам записей", empty="Записи этой поставки не разобраны.",
        rows=[(entity_title(row.entity), *(getattr(row, name) for name in COUNTS), row.withdrawn,
               Badge("сходится", "good") if row.received == row.created + row.updated + row.unchanged + row.superseded + row.refused
               else Badge("не сходится", "bad")) for row in more.entities],
        note="Получено = создано + изменено + без изменений + вытеснено + отвергнуто. Отозвано – чего в полной поставке больше нет.",
        columns=(text("entity", "Вид записей", 30), *(integer(name, names[name]) for name in COUNTS), integer("withdrawn", "Отозвано"),
                 text("adds_up", "Равенство", 12)))


def _rules(rules: Mapping[str, Known], more: Details) -> Listing:
    rows: list[tuple[object, ...]] = [
        (GATES.get(row.gate, row.gate), rules[row.rule].titled, entity_title(row.entity),
         Badge("выполнено", "good") if row.success else Badge(SEVERITIES[row.severity], COLOURS[row.severity]), row.evaluated, row.unexpected,
         str(row.rule_version or rules[row.rule].version)) for row in more.results]
    return Listing(
        name="rules", title="Правила, которыми проверена поставка", rows=rows, most=60,
        empty="Отдельных результатов нет: записи проверены вместе с другими поставками источника, см. страницу источника.",
        columns=(text("gate", "Ступень", 12), text("rule", "Правило", 44), text("entity", "Вид записей", 20), text("outcome", "Итог", 18),
                 integer("evaluated", "Проверено"), integer("unexpected", "Не прошло"), text("rule_version", "Версия правила", 8)))


def _refusals(ledger: Ledger, rules: Mapping[str, Known], more: Details) -> Listing:
    rows: list[tuple[object, ...]] = [
        (row.source_key or "–", entity_title(row.entity), row.position or "–", rules[row.rule].titled, str(row.rule_version),
         delivery_link(ledger, row.replayed_by, "загружена повторно") if row.replayed_by else Link("не загружена")) for row in more.refusals]
    return Listing(
        name="refused", title="Отвергнутые записи", rows=rows, most=SHOWN, empty="Отвергнутых записей нет.",
        note="Ключ – тот, под которым запись знает отправитель; место – в присланных байтах. Самих значений здесь нет.",
        columns=(text("source_key", "Ключ отправителя", 26), text("entity", "Вид записей", 18), text("position", "Место", 18), text("rule", "Что не так", 44),
                 text("rule_version", "Версия правила", 8), text("life", "Дальше", 16)))


def _by_rule(rules: Mapping[str, Known], more: Details) -> Listing:
    groups = Counter((row.rule, row.entity) for row in more.refusals)
    back = Counter((row.rule, row.entity) for row in more.refusals if row.replayed_by)
    return Listing(
        name="advice", title="Что исправить отправителю", empty="Нечего.",
        rows=[(rules[rule].titled, entity_title(entity), count, back[rule, entity], rules[rule].advice) for (rule, entity), count in groups.most_common()],
        columns=(text("rule", "Что не так", 44), text("entity", "Вид записей", 20), integer("count", "Отвергнуто"), integer("replayed", "Загружено повторно"),
                 text("advice", "Что сделать", 44)))


def _lives(ledger: Ledger, lives: Sequence[Any]) -> Listing:
    return Listing(
        name="lives", title="Другая жизнь этих записей", empty="Повторных загрузок не было.",
        rows=[(delivery_link(ledger, row.delivery_id), "повторная загрузка" if row.replay_of else "первая загрузка", str(row.version or "–"), row.received,
               row.loaded, row.unchanged, row.superseded, row.refused) for row in lives],
        columns=(text("delivery", "Поставка", 38), text("life", "Что это", 20), text("version", "Версия", 8), integer("received", "Получено"),
                 integer("loaded", "Загружено"), integer("unchanged", "Без изменений"), integer("superseded", "Вытеснено"), integer("refused", "Отвергнуто")))


def _events(more: Details) -> Listing:
    return Listing(
        name="events", title="События", empty="Событий не записано.",
        rows=[(moment(row.at), EVENTS.get(row.state, row.state), row.held_code or "", str(row.version) if row.version else "", row.decided_by or "",
               row.reason or "") for row in more.events],
        columns=(text("at", "Когда", 16), text("state", "Что произошло", 20), text("code", "Код причины", 26), text("version", "Версия", 8),
                 text("decided_by", "Кто решил", 20), text("reason", "Основание", 30)))


def fired(row: Any, more: Details) -> Counter[str]:
    """How often each rule fired on this delivery: refusals one by one, results of gates as they counted, the reason of a hold once."""
    made: Counter[str] = Counter(one.rule for one in more.refusals)
    for one in more.results:
        if not one.success and one.rule not in made:
            made[one.rule] = one.unexpected or 1
    if row.state == "held" and row.held_code and row.held_code not in made:
        made[row.held_code] = 1
    return made
