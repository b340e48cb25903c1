"""Pages of golden fields: who won, who said otherwise, who agrees with whom, and how disagreement changed by version. Counts only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.portal.validation.cells import Link, Spark, file_name
from warehouse.portal.validation.ledger import Ledger, by
from warehouse.portal.validation.model import Chart, Listing, Page, Series
from warehouse.portal.validation.words import FIELDS, OVERVIEW, source_link
from warehouse.reports.model import Column
from warehouse.reports.shape import integer, text
from warehouse.reports.titles import FIELD_TITLES
from warehouse.reports.wording import number, share

GOLDEN = "golden"
COMPARED = "Пары записей одного ребёнка, где обе называют значение; имена сравнены без различия ё и е, прописных и строчных."


def title(field: str) -> str:
    """A golden field in Russian."""
    return FIELD_TITLES.get(field, field)


def link(field: str) -> Link:
    """A field's page."""
    return Link(title(field), f"{file_name('field', field)}.html")


def by_version(changes: Sequence[Any]) -> list[tuple[int, int, int]]:
    """(version, cells, cells with disagreement) after each version that changed them."""
    cells = disagreements = 0
    made = []
    for row in sorted(changes, key=lambda row: row.version):
        cells, disagreements = cells + row.cell_change, disagreements + row.disagreement_change
        made.append((row.version, cells, disagreements))
    return made


def pages(ledger: Ledger) -> list[Page]:
    """`checks/fields.html` and one page a field."""
    cells, changes = by(ledger.disagreement, lambda row: row.field), by(ledger.disagreement_change, lambda row: row.field)
    pairs = by(ledger.field_agreement, lambda row: row.field)
    names = sorted({*cells, *pairs}, key=title)
    made = [_page(name, cells[name], by_version(changes[name]), pairs[name]) for name in names]
    rows: list[tuple[object, ...]] = [(link(name), *_sums(cells[name]), _share(cells[name]),
                                       Spark(tuple(one[2] for one in by_version(changes[name])[-60:]))) for name in names]
    table = Listing(name="fields", title="Поля эталонной записи", rows=rows, columns=(
        text("field", "Поле", 34), integer("cells", "Ячеек"), integer("disagreements", "С разногласием"), Column(name="share", title="Доля", kind="share"),
        text("trend", "Разногласия по версиям", 12)))
    return [Page(file="fields", kind="fields", title="Поля, о которых источники говорят разное", above=(OVERVIEW,), blocks=(table,),
                 lead="Разногласие – ячейка эталонной записи, о которой хотя бы один источник говорит иначе, чем победивший."), *made]


def _sums(cells: Sequence[Any]) -> tuple[int, int]:
    return sum(row.cell_count for row in cells), sum(row.disagreement_count for row in cells)


def _share(cells: Sequence[Any]) -> float | None:
    count, differ = _sums(cells)
    return differ / count if count else None


def _page(name: str, cells: Sequence[Any], versions: list[tuple[int, int, int]], pairs: Sequence[Any]) -> Page:
    count, differ = _sums(cells)
    return Page(
        file=file_name("field", name), kind="field", key={"field": name}, title=title(name), above=(OVERVIEW, FIELDS),
        lead=f"Ячеек {number(count)}, с разногласием {number(differ)} ({share(_share(cells))}).", blocks=(
            _winners(cells), _voices(pairs), _matrix(pairs), *_trend(versions)))


def _winners(cells: Sequence[Any]) -> Listing:
    rows: list[tuple[object, ...]] = []
    for source, part in sorted(by(cells, lambda row: row.source).items(), key=lambda item: -_sums(item[1])[0]):
        alone = sum(row.cell_count for row in part if row.source_count <= 1)
        rows.append((source_link(source) if source else Link("не определён"), _sums(part)[0], alone, _sums(part)[1], _share(part)))
    return Listing(name="winners", title="Чьё значение взято", rows=rows, columns=(
        text("source", "Источник", 34), integer("cells", "Ячеек"), integer("alone", "Больше никто не назвал"), integer("disagreements", "С разногласием"),
        Column(name="share", title="Доля", kind="share")))


def _voices(pairs: Sequence[Any]) -> Listing:
    rows: list[tuple[object, ...]] = []
    for row in pairs:
        if GOLDEN in (row.source, row.other_source):
            other = row.other_source if row.source == GOLDEN else row.source
            rows.append((source_link(other), row.pair_count, row.agreed_count, row.pair_count - row.agreed_count,
                         (row.pair_count - row.agreed_count) / row.pair_count))
    rows.sort(key=lambda row: (-float(str(row[4])), str(row[0])))
    return Listing(name="voices", title="Кто говорит иначе, чем эталонная запись", rows=rows, note=COMPARED, columns=(
        text("source", "Источник", 34), integer("said", "Назвал"), integer("agreed", "То же"), integer("differ", "Иначе"),
        Column(name="share", title="Доля иначе", kind="share")))


def _matrix(pairs: Sequence[Any]) -> Listing:
    known = {(row.source, row.other_source): row for row in pairs if GOLDEN not in (row.source, row.other_source)}
    names = sorted({name for key in known for name in key}, key=lambda name: source_link(name).text)
    rows: list[tuple[object, ...]] = []
    for one in names:
        found = [known.get((one, other)) or known.get((other, one)) for other in names]
        rows.append((source_link(one), *("" if row is None else f"{number(row.agreed_count)} из {number(row.pair_count)}" for row in found)))
    return Listing(name="matrix", title="Кто с кем согласен", rows=rows, note=f"Совпало из пар. {COMPARED}", empty="Сравнить некого.",
                   columns=(text("source", "Источник", 28), *(text(f"with_{name}", source_link(name).text, 14) for name in names)))


def _trend(versions: list[tuple[int, int, int]]) -> tuple[Chart, Listing]:
    shown = versions[-400:]
    return (
        Chart(name="trend", title="Ячейки с разногласием по версиям", ticks=tuple(f"версия {one[0]}" for one in shown),
              series=(Series(title="с разногласием", kind="refused", values=tuple(one[2] for one in shown)),)),
        Listing(name="versions", title="По версиям", rows=[(str(version), cells, differ) for version, cells, differ in reversed(versions)], most=60,
                columns=(text("version", "Версия", 8), integer("cells", "Ячеек"), integer("disagreements", "С разногласием"))))
