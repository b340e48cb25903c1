"""The page of one run compared with the one before: new failures, failures that are gone, counts that moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from warehouse.portal.validation import fields
from warehouse.portal.validation.catalogue import COLOURS, SEVERITIES
from warehouse.portal.validation.cells import Badge, Cell, Link
from warehouse.portal.validation.findings import Finding
from warehouse.portal.validation.ledger import Ledger, by
from warehouse.portal.validation.model import Listing, Page
from warehouse.portal.validation.words import OVERVIEW, change, entity_title, run_link, source_link, sums
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import counted, day, long_day, number

Found = dict[date, list[Finding]]
COUNTS = ("received", "refused", "held", "deliveries")


class Comparison:
    """Two neighbouring runs; `before` is None for the first one."""

    def __init__(self, ledger: Ledger, found: Found, came: dict[date, list[Any]], now: date) -> None:
        self.ledger, self.now = ledger, now
        place = ledger.days.index(now)
        self.before = ledger.days[place - 1] if place else None
        self.came, self.came_before = came.get(now, []), came.get(self.before, []) if self.before else []
        self.found, self.found_before = _keyed(found.get(now, [])), _keyed(found.get(self.before, []) if self.before else [])
        versions = {row.as_of: row.last_version for row in ledger.runs}
        self.version, self.version_before = versions.get(now), versions.get(self.before) if self.before else None

    @property
    def fresh(self) -> list[Finding]:
        return [one for key, one in self.found.items() if key not in self.found_before]

    @property
    def gone(self) -> list[Finding]:
        return [one for key, one in self.found_before.items() if key not in self.found]


def _keyed(found: Sequence[Finding]) -> dict[tuple[str, str, str | None], Finding]:
    return {(one.source, one.rule.id, one.entity): one for one in found}


def page(it: Comparison, steps: dict[str, list[tuple[int, int, int]]]) -> Page:
    """`checks/run-<day>.html`; `steps` are disagreements of each field by version."""
    against = f"по сравнению с запуском {day(it.before)}" if it.before else "первый запуск, сравнить не с чем"
    return Page(
        file=f"run-{it.now:%Y-%m-%d}", kind="run", key={"run": it.now.isoformat()}, title=f"Запуск {long_day(it.now)}", above=(OVERVIEW,),
        lead=f"{counted(len(it.fresh), 'новое отклонение', 'новых отклонения', 'новых отклонений')}, "
             f"{counted(len(it.gone), 'прежнее прошло', 'прежних прошли', 'прежних прошло')} – {against}.",
        facts=_facts(it), blocks=(_rules(it, "fresh", "Новые отклонения", it.fresh), _rules(it, "gone", "Чего больше нет", it.gone), _moved(it), _sources(it),
                                  _versions(it), _fields(it, steps)))


def _facts(it: Comparison) -> tuple[tuple[str, Cell], ...]:
    return (("Версия после запуска", str(it.version or "–")), ("Версия после прошлого", str(it.version_before or "–")),
            ("Прошлый запуск", run_link(it.ledger, it.before) if it.before else Link("–")))


def _rules(it: Comparison, name: str, title: str, found: list[Finding]) -> Listing:
    return Listing(
        name=name, title=title, empty="Нет.",
        rows=[(one.rule.titled, source_link(one.source), entity_title(one.entity), Badge(SEVERITIES[one.severity], COLOURS[one.severity]), one.count)
              for one in sorted(found, key=lambda one: (one.severity == "warn", -one.count, one.rule.id, one.source))],
        columns=(text("rule", "Что не так", 44), text("source", "Источник", 26), text("entity", "Вид записей", 20), text("severity", "Следствие", 18),
                 integer("count", "Отклонений")))


def _moved(it: Comparison) -> Listing:
    both = [(one, it.found_before[key]) for key, one in it.found.items() if key in it.found_before]
    return Listing(
        name="stays", title="Осталось", empty="Нет.",
        rows=[(one.rule.titled, source_link(one.source), entity_title(one.entity), before.count, one.count, change(one.count, before.count))
              for one, before in sorted(both, key=lambda pair: (pair[1].count - pair[0].count, pair[0].rule.id, pair[0].source))],
        columns=(text("rule", "Что не так", 44), text("source", "Источник", 26), text("entity", "Вид записей", 20), integer("before", "Было"),
                 integer("now", "Стало"), text("change", "Изменение", 10)))


def _sources(it: Comparison) -> Listing:
    now, before = by(it.came, lambda row: row.source), by(it.came_before, lambda row: row.source)
    titles = {"received": "Получено", "refused": "Отвергнуто", "held": "Задержано", "deliveries": "Поставок"}
    rows: list[tuple[object, ...]] = []
    for source in it.ledger.sources:
        fresh, old = sums(now[source], *COUNTS), sums(before[source], *COUNTS)
        state = Badge("нет поставки", "warn") if source not in now or not now[source] else Badge("впервые после перерыва", "quiet") if (
            it.before and not before[source]) else Badge("прислал", "good")
        rows.append((source_link(source), state, *(value for name in COUNTS for value in (fresh[name], change(fresh[name], old[name])))))
    return Listing(
        name="sources", title="Источники: стало и изменилось", rows=rows,
        columns=(text("source", "Источник", 30), text("state", "Состояние", 14),
                 *(column for name in COUNTS for column in (integer(name, titles[name]), text(f"{name}_change", "±", 8)))))


def _versions(it: Comparison) -> Listing:
    earlier: dict[str, int] = {one.rule.id: one.rule_version for one in it.found_before.values() if one.rule_version}
    changed = {(one.rule.id, earlier[one.rule.id], one.rule_version): one for one in it.found.values()
               if one.rule_version and earlier.get(one.rule.id, one.rule_version) != one.rule_version}
    return Listing(name="versions", title="Правила, чья версия изменилась", empty="Нет.",
                   rows=[(one.rule.titled, str(old), str(new)) for (_, old, new), one in sorted(changed.items())],
                   columns=(text("rule", "Правило", 44), text("before", "Было", 8), text("now", "Стало", 8)))


def _fields(it: Comparison, steps: dict[str, list[tuple[int, int, int]]]) -> Listing:
    rows: list[tuple[object, ...]] = []
    for name in sorted(steps, key=fields.title):
        now, before = _at(steps[name], it.version), _at(steps[name], it.version_before)
        rows.append((fields.link(name), number(before), number(now), change(now, before)))
    return Listing(name="fields", title="Разногласия по полям", rows=rows,
                   columns=(text("field", "Поле", 34), text("before", "Было", 12), text("now", "Стало", 12), text("change", "Изменение", 12)))


def _at(steps: list[tuple[int, int, int]], version: int | None) -> int:
    return next((differ for at, _, differ in reversed(steps) if at <= (version or 0)), 0)
