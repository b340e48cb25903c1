"""The page of one source: its state, gates, refusals by rule, runs, deliveries and silent senders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from warehouse.portal.validation.catalogue import COLOURS, GATES, SEVERITIES
from warehouse.portal.validation.cells import Badge, Cell, Spark, file_name
from warehouse.portal.validation.findings import Finding
from warehouse.portal.validation.ledger import Ledger
from warehouse.portal.validation.model import Listing, Page
from warehouse.portal.validation.overview import trends
from warehouse.portal.validation.words import OVERVIEW, RUN_PAGES, STATES, delivery_link, entity_title, per_day, run_link, source_link, sums
from warehouse.reports.model import Column
from warehouse.reports.shape import integer, text
from warehouse.reports.titles import SOURCE_OWNERS
from warehouse.reports.wording import counted, day, moment

DELIVERY_COLUMNS = (
    text("received_at", "Получена", 16), text("origin", "Отправитель", 20), text("state", "Состояние", 14), text("reason", "Почему", 20),
    integer("received", "Получено"), integer("loaded", "Загружено"), integer("unchanged", "Без изменений"), integer("superseded", "Вытеснено"),
    integer("refused", "Отвергнуто"), integer("failed", "Не прошло правил"), text("sha256", "SHA-256 (начало)", 18), text("delivery", "Поставка", 38))


def page(ledger: Ledger, source: str, found: Sequence[Finding], came: Sequence[Any], checks: Sequence[Any], deliveries: Sequence[Any],
         silent: Sequence[Any]) -> Page:
    """`checks/source-<name>.html`; all rows are of this source."""
    last = max((row.as_of for row in came), default=None)
    today = ledger.days[-1]
    now, asked = sums((row for row in came if row.as_of == last), "received", "refused", "held", "senders"), sums(
        (row for row in checks if row.as_of == today), "passed", "stopped", "refusing", "warned")
    return Page(
        file=file_name("source", source), kind="source", key={"source": source}, title=str(source_link(source)), lead=_lead(last, today, now, len(silent)),
        above=(OVERVIEW,),
        figures=(("Записей в последней поставке", now["received"]), ("Отвергнуто", now["refused"]), ("Поставок задержано", now["held"]),
                 ("Проверок не прошло", asked["stopped"] + asked["refusing"] + asked["warned"])),
        facts=_facts(source, last, today, now["senders"], len(silent)),
        blocks=(*trends(ledger, came, checks), gates(checks, today), rules(ledger, found), _silent(silent), _runs(ledger, came, checks),
                listing(ledger, deliveries)))


def _lead(last: date | None, today: date, now: Any, silent: int) -> str:
    if last is None:
        return "Поставок ещё не было."
    late = "" if last == today else f"В запуске {day(today)} поставки не было. "
    return (f"{late}Последняя поставка {day(last)}: получено {counted(now['received'], 'запись', 'записи', 'записей')}, отвергнуто {now['refused']}, "
            f"задержано поставок {now['held']}" + (f", молчат отправителей: {silent}." if silent else "."))


def _facts(source: str, last: date | None, today: date, senders: int, silent: int) -> tuple[tuple[str, Cell], ...]:
    state = Badge("вовремя", "good") if last == today else Badge("опаздывает" if last else "не присылал", "warn")
    return (("Владелец", SOURCE_OWNERS.get(source, "–")), ("Код источника", source), ("Состояние", state), ("Последняя поставка", day(last)),
            ("Отправителей в ней", f"{senders} (молчат: {silent})" if silent else str(senders)))


def gates(checks: Sequence[Any], today: date) -> Listing:
    """Gates of the last run in their order."""
    rows: list[tuple[object, ...]] = []
    for gate, title in GATES.items():
        part = [row for row in checks if row.gate == gate and row.as_of == today]
        asked = sums(part, "passed", "stopped", "refusing", "warned")
        if part:
            good = not asked["stopped"] + asked["refusing"] + asked["warned"]
            rows.append((title, Badge("пройдено" if good else "есть отклонения", "good" if good else "bad" if asked["stopped"] else "warn"),
                         asked["passed"], asked["stopped"], asked["refusing"], asked["warned"]))
    return Listing(name="gates", title="Ступени проверки в последнем запуске", rows=rows, empty="В последнем запуске проверок не было.",
                   columns=(text("gate", "Ступень", 14), text("state", "Итог", 14), integer("passed", "Пройдено"), integer("stopped", "Остановили"),
                            integer("refusing", "Отклоняют"), integer("warned", "Предупреждают")))


def rules(ledger: Ledger, found: Sequence[Finding]) -> Listing:
    """Rules that ever did not hold, with their trend."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.rule.id, one.entity), []).append(one)
    rows: list[tuple[object, ...]] = []
    for part in groups.values():
        one, total = part[-1], sums(part, "count", "replayed")
        rows.append((one.rule.titled, entity_title(one.entity), Badge(SEVERITIES[one.severity], COLOURS[one.severity]), total["count"], total["replayed"],
                     sum(each.count for each in part if each.as_of == ledger.days[-1]), part[0].as_of, one.as_of,
                     Spark(per_day(ledger.days[-60:], part, "count"))))
    rows.sort(key=lambda row: (-int(str(row[5])), -int(str(row[3])), str(row[0])))
    return Listing(
        name="rules", title="Правила, которые не выполнялись", rows=rows, empty="Все правила выполнялись.",
        columns=(text("rule", "Что не так", 44), text("entity", "Вид записей", 20), text("severity", "Следствие", 18), integer("count", "Всего"),
                 integer("replayed", "Из них загружено повторно"), integer("latest", "В последнем запуске"), Column(name="first", title="Впервые", kind="date"),
                 Column(name="last", title="В последний раз", kind="date"), text("trend", "По запускам", 12)))


def _silent(silent: Sequence[Any]) -> Listing:
    return Listing(name="silent", title="Отправители, от которых в последний день источника ничего не пришло",
                   rows=[(row.sender, row.last_day) for row in silent], empty="Таких нет.", most=50,
                   columns=(text("sender", "Отправитель", 26), Column(name="last", title="Последняя поставка", kind="date")))


def _runs(ledger: Ledger, came: Sequence[Any], checks: Sequence[Any]) -> Listing:
    asked: dict[date, list[Any]] = {}
    for row in checks:
        asked.setdefault(row.as_of, []).append(row)
    rows: list[tuple[object, ...]] = []
    for row in reversed(came):
        counts = sums(asked.get(row.as_of, ()), "passed", "stopped", "refusing", "warned")
        rows.append((run_link(ledger, row.as_of), row.deliveries, row.senders, row.received, row.loaded, row.unchanged, row.superseded, row.refused,
                     row.replayed, row.held, counts["passed"], counts["stopped"] + counts["refusing"], counts["warned"]))
    return Listing(
        name="runs", title="По запускам", rows=rows, most=RUN_PAGES, note="Получено = загружено + без изменений + вытеснено + отвергнуто.",
        columns=(Column(name="as_of", title="Запуск", kind="date"), integer("deliveries", "Поставок"), integer("senders", "Отправителей"),
                 integer("received", "Получено"), integer("loaded", "Загружено"), integer("unchanged", "Без изменений"), integer("superseded", "Вытеснено"),
                 integer("refused", "Отвергнуто"), integer("replayed", "Загружено повторно"), integer("held", "Задержано"), integer("passed", "Пройдено"),
                 integer("failed", "Не пройдено"), integer("warned", "Предупреждают")))


def listing(ledger: Ledger, deliveries: Sequence[Any]) -> Listing:
    """Deliveries, the newest first."""
    rows: list[tuple[object, ...]] = [
        (moment(row.received_at), row.origin, STATES[row.state], row.held_code or ("повторная загрузка" if row.replay_of else ""), row.received, row.loaded,
         row.unchanged, row.superseded, row.refused, row.failed, row.sha256[:16], delivery_link(ledger, row.delivery_id)) for row in deliveries]
    return Listing(name="deliveries", title="Поставки", rows=rows, most=100, columns=DELIVERY_COLUMNS,
                   note="Новые вверху. Вытеснено – уже есть более новая версия записи.")
