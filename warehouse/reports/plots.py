"""What a chart shows, read from its table: categories, series and their numbers, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from schemas.errors import ConfigurationError
from warehouse.reports.model import Chart, Column, Kind, Report, Table
from warehouse.reports.page import cell
from warehouse.reports.wording import MISSING, counted, is_missing

Shape = Literal["bar", "stacked", "line"]
SHAPES: dict[Shape, str] = {"bar": "Столбчатая диаграмма", "stacked": "Столбчатая диаграмма с накоплением", "line": "График"}
SLOT = 600
"""Width that standing columns share, in the units of the picture; longer labels lay the chart on its side."""
LETTER = 6.6
"""Width of a letter of a label, in the same units."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One column of the table, a number a category; None where the table has none or says «нет данных»."""

    title: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One chart as it is drawn, in SVG and by the script alike."""

    title: str
    shape: Shape
    is_lying: bool
    """Bars from left to right."""
    kind: Kind
    """Of the numbers: whole numbers or shares."""
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    def largest(self) -> float:
        """The longest bar or the highest point, 0 when there is none."""
        known = [[value or 0.0 for value in one.values] for one in self.series]
        return max((sum(values) if self.shape == "stacked" else max(values) for values in zip(*known, strict=True)), default=0.0)

    def shown(self, value: float | None) -> str:
        """A number of this chart in Russian."""
        return MISSING if value is None else cell(value, self.kind)

    def words(self) -> str:
        """The chart for those who do not see it: its shape and the largest and smallest number of each series; the table tells the rest."""
        said = "; ".join(f"{one.title}: {self._ends(one)}" for one in self.series)
        return f"{self.title}. {SHAPES[self.shape]}, {counted(len(self.labels), 'категория', 'категории', 'категорий')}. {said}. Все числа – в таблице."

    def _ends(self, series: Series) -> str:
        known = [(value, label) for value, label in zip(series.values, self.labels, strict=True) if value is not None]
        if not known:
            return "нет данных"
        (high, top), (low, bottom) = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
        if high == low:
            return f"{self.shown(high)} ({top})" if len(known) == 1 else f"везде {self.shown(high)}"
        return f"больше всего {self.shown(high)} ({top}), меньше всего {self.shown(low)} ({bottom})"

    def data(self) -> dict[str, Any]:
        """The same for the script that adds hints to the picture."""
        return {"shape": self.shape, "lying": self.is_lying, "share": self.kind == "share", "labels": list(self.labels),
                "series": [{"title": one.title, "values": list(one.values)} for one in self.series]}


def read(chart: Chart, table: Table) -> Plot:
    """The chart of the table's first `most` rows, without its total. Raises ConfigurationError for a column that the table has not, or for mixed kinds."""
    columns = {column.name: column for column in table.columns}
    unknown = {chart.x, *chart.series} - set(columns)
    kinds = {columns[name].kind for name in chart.series if name in columns}
    if unknown or len(kinds) != 1 or not kinds <= {"integer", "share"}:
        raise ConfigurationError("report.chart", f"chart of table {table.name!r}: unknown columns {sorted(unknown)}, kinds of its series {sorted(kinds)}")
    rows = (table.rows.iloc[:-1] if table.is_total_last else table.rows).head(chart.most)
    labels = tuple(str(cell(value, columns[chart.x].kind)) for value in rows[chart.x])
    return Plot(title=chart.title, shape="bar" if chart.kind == "horizontal" else chart.kind, kind=kinds.pop(), labels=labels,
                is_lying=chart.kind == "horizontal" or (chart.kind != "line" and not _stands(labels)),
                series=tuple(_series(columns[name], rows[name]) for name in chart.series))


def _series(column: Column, values: Any) -> Series:
    return Series(title=column.title, values=tuple(None if isinstance(value, str) or is_missing(value) else round(float(value), 6) for value in values))


def _stands(labels: tuple[str, ...]) -> bool:
    """Whether every label fits under its column."""
    return not labels or max(map(len, labels)) * LETTER <= SLOT / len(labels)


def of_report(report: Report) -> Iterator[tuple[str, Plot]]:
    """Every chart of a report that has something to draw, with the name of its table. Raises ConfigurationError for a table that is not there."""
    tables = {table.name: table for table in report.tables}
    for chart in report.charts:
        if chart.table not in tables:
            raise ConfigurationError("report.chart", f"chart of report {report.name!r}: unknown table {chart.table!r}")
        plot = read(chart, tables[chart.table])
        if any(value for one in plot.series for value in one.values):
            yield chart.table, plot
