"""The page of one rule: what it means, what to do, where and when it fired; and the list of all rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from warehouse.portal.validation.catalogue import COLOURS, SEVERITIES, Known
from warehouse.portal.validation.cells import Badge, Cell, Spark, file_name
from warehouse.portal.validation.findings import Finding
from warehouse.portal.validation.ledger import Ledger
from warehouse.portal.validation.model import Chart, Listing, Page, Series
from warehouse.portal.validation.words import OVERVIEW, RULES, RUN_PAGES, STATES, delivery_link, entity_title, per_day, run_link, source_link, sums
from warehouse.reports.model import Column
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import counted, day, moment, number


def page(ledger: Ledger, rule: Known, found: Sequence[Finding], total: Any, deliveries: Iterable[tuple[Any, int]]) -> Page:
    """`checks/rule-<id>.html`; `total` is its row of `rule_total` or None, `deliveries` those with a page on which it fired, and how often."""
    return Page(
        file=file_name("rule", rule.id), kind="rule", key={"rule": rule.id}, title=rule.title, lead=_lead(found, total), above=(OVERVIEW, RULES),
        facts=_facts(rule, found, total), blocks=(*_chart(ledger, rule, found), _sources(ledger, found), _runs(ledger, found), _deliveries(ledger, deliveries)))


def _lead(found: Sequence[Finding], total: Any) -> str:
    if not found:
        return f"Всегда выполнялось; проверялось запусков: {total.days}." if total else "Не нарушалось; отдельного результата проверки в журнале нет."
    count = sum(one.count for one in found)
    return (f"Не выполнялось {counted(len({one.as_of for one in found}), 'запуск', 'запуска', 'запусков')}, последний {day(found[-1].as_of)}; "
            f"всего отклонений {number(count)}.")


def _facts(rule: Known, found: Sequence[Finding], total: Any) -> tuple[tuple[str, Cell], ...]:
    seen = sorted({one.rule_version for one in found if one.rule_version})
    facts: list[tuple[str, Cell]] = [
        ("Код правила", rule.id), ("Что проверяет", rule.scope or "–"), ("Что сделать", rule.advice or "–"),
        ("Следствие", Badge(SEVERITIES[rule.severity], COLOURS[rule.severity])), ("Действующая версия", rule.version), ("Основание", rule.ground or "–")]
    if seen:
        facts.append(("Версии, по которым были отклонения", ", ".join(map(str, seen))))
    if total:
        facts.append(("Проверено", f"{number(total.asked)} раз, записей {number(total.evaluated)}"))
    return tuple(facts)


def _chart(ledger: Ledger, rule: Known, found: Sequence[Finding]) -> tuple[Chart, ...]:
    series = Series(title="отклонений", kind=COLOURS[rule.severity], values=per_day(ledger.days, found, "count"))
    return (Chart(name="trend", title="Отклонения по запускам", ticks=tuple(map(day, ledger.days)), series=(series,)),) if found else ()


def _sources(ledger: Ledger, found: Sequence[Finding]) -> Listing:
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.source, one.entity), []).append(one)
    return Listing(
        name="sources", title="По источникам", empty="Ни у одного источника.",
        rows=[(source_link(source), entity_title(entity), sums(part, "count")["count"], sums(part, "replayed")["replayed"],
               sum(one.count for one in part if one.as_of == ledger.days[-1]), part[0].as_of, part[-1].as_of, Spark(per_day(ledger.days[-60:], part, "count")))
              for (source, entity), part in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))],
        columns=(text("source", "Источник", 30), text("entity", "Вид записей", 20), integer("count", "Всего"), integer("replayed", "Загружено повторно"),
                 integer("latest", "В последнем запуске"), Column(name="first", title="Впервые", kind="date"),
                 Column(name="last", title="В последний раз", kind="date"), text("trend", "По запускам", 12)))


def _runs(ledger: Ledger, found: Sequence[Finding]) -> Listing:
    return Listing(
        name="runs", title="По запускам", most=RUN_PAGES, empty="Ни в одном запуске.",
        rows=[(run_link(ledger, one.as_of), source_link(one.source), entity_title(one.entity), one.count, one.deliveries,
               str(one.rule_version or "–")) for one in reversed(found)],
        columns=(Column(name="as_of", title="Запуск", kind="date"), text("source", "Источник", 30), text("entity", "Вид записей", 20),
                 integer("count", "Отклонений"), integer("deliveries", "Поставок"), text("rule_version", "Версия правила", 8)))


def _deliveries(ledger: Ledger, deliveries: Iterable[tuple[Any, int]]) -> Listing:
    return Listing(
        name="deliveries", title="В поставках последних запусков", most=100, empty="В последних поставках не было.",
        rows=[(moment(row.received_at), source_link(row.source), row.origin, STATES[row.state], count, delivery_link(ledger, row.delivery_id))
              for row, count in deliveries],
        columns=(text("received_at", "Получена", 16), text("source", "Источник", 26), text("origin", "Отправитель", 20), text("state", "Состояние", 14),
                 integer("count", "Отклонений"), text("delivery", "Поставка", 38)))


def index(ledger: Ledger, rules: Mapping[str, Known], found: Mapping[str, Sequence[Finding]], totals: Mapping[str, Any]) -> Page:
    """`checks/rules.html`: every rule, those that fired last first."""
    rows: list[tuple[object, ...]] = []
    for rule in rules.values():
        fired = found.get(rule.id, ())
        rows.append((rule.titled, rule.id, rule.scope, Badge(SEVERITIES[rule.severity], COLOURS[rule.severity]), rule.version,
                     sum(one.count for one in fired if one.as_of == ledger.days[-1]), sum(one.count for one in fired),
                     max((one.as_of for one in fired), default=None), totals[rule.id].days if rule.id in totals else 0))
    rows.sort(key=lambda row: (-int(str(row[5])), -int(str(row[6])), str(row[1])))
    return Page(
        file="rules", kind="rules", title="Правила", above=(OVERVIEW,), lead=f"Правил {len(rules)}; хоть раз не выполнялись {len(found)}.",
        blocks=(Listing(name="rules", title="Все правила", rows=rows, most=2000, columns=(
            text("title", "Что не так", 44), text("rule", "Код правила", 30), text("scope", "Что проверяет", 24), text("severity", "Следствие", 18),
            text("version", "Версия", 8), integer("latest", "В последнем запуске"), integer("count", "Всего"),
            Column(name="last", title="В последний раз", kind="date"), integer("days", "Проверялось запусков"))),))
