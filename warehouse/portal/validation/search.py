"""What the search looks through: sources, rules, fields, runs and deliveries, each with the page that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.portal.validation import fields
from warehouse.portal.validation.catalogue import Known
from warehouse.portal.validation.ledger import Ledger
from warehouse.portal.validation.model import Listing, Page
from warehouse.portal.validation.words import OVERVIEW, RUN_PAGES, STATES, delivery_link, run_link, source_link
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import day

Entry = tuple[str, str, str, str]


def page(ledger: Ledger, rules: Mapping[str, Known], names: Sequence[str]) -> Page:
    """`checks/search.html`; `names` are the golden fields. Without a script it leads to the lists."""
    found = index(ledger, rules, names)
    kinds = sorted({one[0] for one in found})
    return Page(
        file="search", kind="search", title="Поиск", above=(OVERVIEW,), index=found,
        lead="Источник, правило, поле, день, поставка: по названию, коду, ОГРН отправителя, началу номера или SHA-256.",
        blocks=(Listing(name="kinds", title="Что есть в указателе", rows=[(kind, sum(one[0] == kind for one in found)) for kind in kinds],
                        columns=(text("kind", "Что", 20), integer("count", "Сколько"))),))


def index(ledger: Ledger, rules: Mapping[str, Known], names: Sequence[str]) -> list[Entry]:
    """(kind, title, details, file); a delivery without a page of its own leads to its source."""
    sources: list[Entry] = [("Источник", source_link(one).text, one, source_link(one).href) for one in ledger.sources]
    known: list[Entry] = [("Правило", one.title, f"{one.id} · {one.scope}", one.link.href) for one in rules.values()]
    golden: list[Entry] = [("Поле", fields.title(one), one, fields.link(one).href) for one in names]
    runs: list[Entry] = [("Запуск", day(one), one.isoformat(), run_link(ledger, one).href) for one in ledger.days[:-RUN_PAGES - 1:-1]]
    return [*sources, *known, *golden, *runs, *(_delivery(ledger, row) for row in ledger.deliveries)]


def _delivery(ledger: Ledger, row: Any) -> Entry:
    source = source_link(row.source)
    return ("Поставка", f"{source.text}, {day(row.as_of)}", f"{row.origin} · {STATES[row.state].text} · {row.delivery_id} · {row.sha256[:16]}",
            delivery_link(ledger, row.delivery_id).href or source.href)
