"""R15: the open-data tables as they may be published – protected counts, the methods, and what the attacker found."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from schemas.publication import Publication, publication
from warehouse.disclosure.cells import HIDDEN, TOTAL, Shown, Universe, symbol, tallied
from warehouse.disclosure.counted import universe
from warehouse.disclosure.protect import Protected, protect
from warehouse.reports.definition import Definition
from warehouse.reports.model import Check, Column, Provenance, Report, Table
from warehouse.reports.reader import mart
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import counted

METHODS = {"rounding": "округление до 5", "suppression": "скрытие малых чисел"}
NOTES = (
    "Государственные формы точны; эти таблицы – для публикации: ни одно число от 1 до 4 по ним не восстанавливается.",
    "Округление: 0 показан как 0; от 1 до 4 – знаком «1–4»; прочие числа – до ближайшего кратного 5. Итоги округлены из точных, поэтому могут не совпадать с "
    "суммой показанных.",
    "Скрытие: числа точны, от 1 до 4 – знак «…»; тем же знаком скрыты числа, по которым их можно было бы вычислить. Ноль показан всегда.",
    f"Знак «{HIDDEN}» значит: не меньше одного ребёнка. Какие из скрытых чисел малы, из выпуска узнать нельзя.",
    "Проверка: программа-нападающий знает все показанные ячейки, итоги и таблицы с общими итогами и ищет наименьшее и наибольшее возможное целое значение "
    "каждого малого числа. Пока их разность меньше объявленной ширины, скрываются ещё ячейки.",
    "Здесь выпуск проверен сам по себе. Сравнение с прежними выпусками делает kontingent open-data, он же пишет файлы для публикации.",
)


def protected(connection: Connection, made: Publication, name: str, earlier: dict[str, list[tuple[str, Universe]]] | None = None) -> tuple[Protected, ...]:
    """Every universe of the declaration, protected as release `name`; `earlier` holds older releases of each universe, oldest first."""
    marts = {one: mart(connection, one) for one in made.marts}
    first = [(plan.name, universe(plan, marts, made)) for plan in made.universes]
    return tuple(protect(name, found[0], found[1], made.rules, (earlier or {}).get(of, []))
                 for of, found in first if found is not None)


def shown(table: Shown, made: Publication) -> Table:
    """A protected table: one row is one cell."""
    values = [(number, *(value for _, value in cell), symbol(low, high, table.method, made.rules)) for number, (cell, low, high) in enumerate(cells(table), 1)]
    names = [name for name, _ in table.axes]
    sheets = {plan.name: plan.sheet for one in made.universes for plan in one.tables}
    return Table(name=table.name, sheet=sheets[table.name], title=table.title, is_filtered=True, note=f"Метод: {METHODS[table.method]}.",
                 columns=(integer("number", "№", 6), *(text(name, made.dimensions[name].title, 28) for name in names), text("value", "Детей", 10)),
                 rows=pd.DataFrame(values, columns=["number", *names, "value"], dtype="object"))


def cells(table: Shown) -> list[tuple[tuple[tuple[str, str], ...], float, float]]:
    """Cells in order: (dimension, value) pairs and the bounds."""
    index = pd.MultiIndex.from_product([(*values, TOTAL) for _, values in table.axes])
    names = [name for name, _ in table.axes]
    return [(tuple(zip(names, cell, strict=True)), float(low), float(high))
            for cell, low, high in zip(index, table.lower.ravel(), table.upper.ravel(), strict=True)]


def audited(found: tuple[Protected, ...], made: Publication) -> Table:
    """For each table: how many cells are zero, small, hidden; of those hidden, how many only to guard others."""
    rows = []
    for one in found:
        for table in one.universe.tables:
            numbers, hidden = tallied(table, made.rules), one.hidden[table.name]
            rows.append([table.title, one.universe.day, METHODS[table.method], numbers["cells"], numbers["zero"], numbers["small"], hidden.primary,
                         hidden.secondary, one.narrowest, "пройдена"])
    names = ("table", "day", "method", "cell_count", "zero_count", "small_count", "primary_count", "secondary_count", "narrowest", "outcome")
    columns = (text("table", "Таблица", 60), Column(name="day", title="На дату", kind="date"), text("method", "Метод", 22), integer("cell_count", "Ячеек"),
               integer("zero_count", "Нулей"), integer("small_count", "Знаком «1–4»"), integer("primary_count", "Скрыто малых"),
               integer("secondary_count", "Скрыто ради них"), integer("narrowest", "Наименьшая ширина интервала"), text("outcome", "Проверка", 12))
    return Table(name="audit", sheet="Проверка", title="Проверка защиты", columns=columns, rows=pd.DataFrame(rows, columns=list(names), dtype="object"))


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from the marts of the declaration."""
    made = publication()
    found = protected(connection, made, "report")
    tables = [shown(table, made) for one in found for table in one.universe.tables]
    summary = audited(found, made)
    size, hidden = (int(summary.rows[list(names)].sum().sum()) for names in (["cell_count"], ["primary_count", "secondary_count"]))
    return Report(
        name="open_data", title="Набор открытых данных", form="–", provenance=provenance, notes=NOTES, tables=(summary, *tables),
        lead=f"К публикации готовы {counted(len(tables), 'таблица', 'таблицы', 'таблиц')}, {counted(size, 'ячейка', 'ячейки', 'ячеек')}; "
             f"скрыто {counted(hidden, 'ячейка', 'ячейки', 'ячеек')}; ни одно малое число не восстанавливается.",
        filters=(("Редакция состава набора", str(made.declaration_version)), ("Защищаются числа", "–".join(map(str, made.rules.small))),
                 ("Ширина интервала не меньше", str(made.rules.width))),
        checks=tuple(Check(name=one.universe.name, title=f"{one.universe.title}: все таблицы считают одних и тех же детей (разных итогов)",
                           left=one.totals, right=1) for one in found))


DEFINITION = Definition(code="R15", name="open_data", title="Набор открытых данных", build=build, marts=publication().marts,
                        sections=("открытые данные",))
