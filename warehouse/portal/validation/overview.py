"""The first page: the last run, what asks for attention, sources by days, trends, sources and runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from warehouse.portal.validation.catalogue import COLOURS, SEVERITIES, STOPS
from warehouse.portal.validation.cells import Badge, Link
from warehouse.portal.validation.findings import Finding, Tally
from warehouse.portal.validation.ledger import MOST_DELIVERIES, MOST_DELIVERY_PAGES, RUNS_WITH_DELIVERIES, Ledger, by
from warehouse.portal.validation.matrix import days_of, matrix
from warehouse.portal.validation.model import Chart, Listing, Page, Series
from warehouse.portal.validation.words import RUN_PAGES, entity_title, per_day, run_link, source_link, spark, sums
from warehouse.reports.model import Column
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import counted, day, long_day

POLICY = (
    f"Запуск – один рабочий день. Своя страница есть у последних {RUN_PAGES} запусков и у поставок последних {RUNS_WITH_DELIVERIES} запусков "
    f"(не больше {MOST_DELIVERY_PAGES}: сначала те, где что-то не прошло, затем новые). В перечнях и поиске – последние {MOST_DELIVERIES} поставок. "
    "О более старых: kontingent refused, kontingent trace.",
    "Проверка – одно правило над одним видом записей источника за запуск. Она «останавливает», если задержала поставку или публикацию, "
    "«отклоняет», если часть записей не загружена, «предупреждает», если значение опущено или требует взгляда.",
    "Страница показывает журнал таким, каким он был при публикации версии: сделанное позже есть на страницах следующих версий.",
    "Значений полей на этих страницах нет: только количества, ключи отправителя и место в присланном файле.",
)


def page(ledger: Ledger, found: Sequence[Finding], checked: Sequence[Tally]) -> Page:
    """`checks/index.html`."""
    today = ledger.days[-1] if ledger.days else ledger.as_of
    asked = sums((row for row in checked if row.as_of == today), "passed", "warned", "refusing", "stopped")
    came = sums((row for row in ledger.day_source if row.as_of == today), "received", "refused", "held", "deliveries")
    blocked = any(one.severity == "block" for one in found if one.as_of == today)
    absent = [one for one in ledger.sources if not any(row.source == one and row.as_of == today for row in ledger.day_source)]
    return Page(
        file="index", kind="overview", title="Проверки", lead=_lead(today, blocked, came["refused"], came["held"], len(absent)),
        figures=(("Проверок пройдено", asked["passed"]), ("Остановили поставку или публикацию", asked["stopped"]), ("Отклоняют записи", asked["refusing"]),
                 ("Предупреждений", asked["warned"]), ("Записей получено", came["received"]), ("Записей отвергнуто", came["refused"]),
                 ("Поставок задержано", came["held"]), ("Источников без поставки", len(absent))),
        blocks=(attention(ledger, found, today), matrix(ledger, days_of(ledger, checked)), *trends(ledger, ledger.day_source, checked),
                _sources(ledger, checked, today), _runs(ledger, checked)),
        notes=POLICY)


def _lead(today: date, stopped: bool, refused: int, held: int, absent: int) -> str:
    said = [counted(held, "поставка задержана", "поставки задержаны", "поставок задержано") if held else "",
            "публикация остановлена" if stopped else "",
            f"{counted(refused, 'запись отвергнута', 'записи отвергнуты', 'записей отвергнуто')}" if refused else "",
            f"{counted(absent, 'источник', 'источника', 'источников')} без поставки" if absent else ""]
    return f"Запуск {long_day(today)}: {', '.join(filter(None, said)) or 'всё прошло'}."


def attention(ledger: Ledger, found: Sequence[Finding], today: date) -> Listing:
    """What did not pass in the last run, the gravest first, and whether it is new."""
    before = {(one.source, one.rule.id) for one in found if len(ledger.days) > 1 and one.as_of == ledger.days[-2]}
    shown = sorted((one for one in found if one.as_of == today), key=lambda one: (one.severity not in STOPS, one.severity == "warn", -one.count, one.rule.id))
    rows: list[tuple[object, ...]] = [
        (one.rule.titled, source_link(one.source), entity_title(one.entity), Badge(SEVERITIES[one.severity], COLOURS[one.severity]), one.count,
         "" if not before else "было и раньше" if (one.source, one.rule.id) in before else "новое") for one in shown]
    return Listing(
        name="attention", title="Что не прошло в последнем запуске", rows=rows, empty="Всё прошло.",
        columns=(text("title", "Что не так", 44), text("source", "Источник", 26), text("entity", "Вид записей", 18), text("severity", "Следствие", 18),
                 integer("count", "Записей или поставок"), text("news", "Против прошлого запуска", 14)))


def trends(ledger: Ledger, came: Sequence[Any], checks: Sequence[Tally]) -> tuple[Chart, Chart]:
    """Checks that did not pass, and refused records, by run."""
    ticks = tuple(day(one) for one in ledger.days)
    return (
        Chart(name="trend_checks", title="Проверки, которые не прошли", ticks=ticks, series=tuple(
            Series(title=title, kind=kind, values=per_day(ledger.days, checks, name)) for title, kind, name in (
                ("остановили", "bad", "stopped"), ("отклоняют записи", "refused", "refusing"), ("предупреждают", "warn", "warned")))),
        Chart(name="trend_refused", title="Отвергнутые записи и задержанные поставки", ticks=ticks, series=(
            Series(title="записей отвергнуто", kind="refused", values=per_day(ledger.days, came, "refused")),
            Series(title="поставок задержано", kind="bad", values=per_day(ledger.days, came, "held")))))


def _sources(ledger: Ledger, checked: Sequence[Tally], today: date) -> Listing:
    came, checks = by(ledger.day_source, lambda row: row.source), by(checked, lambda row: row.source)
    rows: list[tuple[object, ...]] = []
    for source in ledger.sources:
        last = max((row.as_of for row in came[source]), default=None)
        now = sums((row for row in came[source] if row.as_of == today), "deliveries", "received", "refused", "held")
        failed = sums((row for row in checks[source] if row.as_of == today), "stopped", "refusing", "warned")
        state = Badge("нет поставки", "warn") if last != today else Badge("есть задержанные", "bad") if now["held"] else Badge("принято", "good")
        rows.append((source_link(source), last, state, now["deliveries"], now["received"], now["refused"], now["held"],
                     failed["stopped"] + failed["refusing"] + failed["warned"], spark(ledger.days, came[source], "refused")))
    return Listing(
        name="sources", title="Источники", rows=rows, note="Числа – за последний запуск; линия – отвергнутые записи за последние 60 запусков.",
        columns=(text("source", "Источник", 30), Column(name="last", title="Последняя поставка", kind="date"), text("state", "Состояние", 14),
                 integer("deliveries", "Поставок"), integer("received", "Получено"), integer("refused", "Отвергнуто"), integer("held", "Задержано"),
                 integer("failed", "Не прошло проверок"), text("trend", "Отказы", 12)))


def _runs(ledger: Ledger, checked: Sequence[Tally]) -> Listing:
    came, checks = by(ledger.day_source, lambda row: row.as_of), by(checked, lambda row: row.as_of)
    versions = {row.as_of: f"{row.first_version}–{row.last_version}" if row.first_version != row.last_version else str(row.last_version) for row in ledger.runs}
    rows: list[tuple[object, ...]] = []
    for one in reversed(ledger.days):
        now, asked = sums(came[one], "deliveries", "received", "refused", "held"), sums(checks[one], "passed", "stopped", "refusing", "warned")
        rows.append((one, _compared(ledger, one), versions.get(one, "–"), len({row.source for row in came[one]}), now["deliveries"], now["received"],
                     now["refused"], now["held"], asked["passed"], asked["stopped"], asked["refusing"], asked["warned"]))
    return Listing(
        name="runs", title="Запуски", rows=rows, most=RUN_PAGES,
        columns=(Column(name="as_of", title="Запуск", kind="date"), text("compared", "Что изменилось", 14), text("versions", "Версии", 10),
                 integer("sources", "Источников"), integer("deliveries", "Поставок"), integer("received", "Получено"), integer("refused", "Отвергнуто"),
                 integer("held", "Задержано"), integer("passed", "Пройдено"), integer("stopped", "Остановили"), integer("refusing", "Отклоняют"),
                 integer("warned", "Предупреждают")))


def _compared(ledger: Ledger, one: date) -> Link:
    return Link("сравнить", run_link(ledger, one).href)


