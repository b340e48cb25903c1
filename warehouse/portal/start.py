"""The start page: the state at a glance, trends, the tile map, reports, deliveries by source and gates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from warehouse.portal import contents, measures, quality, register
from warehouse.portal.history import Moment
from warehouse.portal.place_pages import Shelf
from warehouse.reports import pictures, plots
from warehouse.reports.model import Chart, Provenance, Table
from warehouse.reports.page import render
from warehouse.reports.reader import mart
from warehouse.reports.shape import LEAST, integer, text

BALANCES = (("school", "Школы"), ("kindergarten", "Детские сады"))
TRENDS = (("pupil_count", "Школьников"), ("not_enrolled_count", "Нигде не обучаются"), ("review_count", "Записей на рассмотрении"))


def deliveries(sources: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a source: counts, latest date and the parts of its bar in per cent."""
    sums = rows.groupby("source")[["total", "refused", "processed", "created", "updated", "unchanged", "superseded"]].sum()
    made = []
    for source in sources[sources["source"].isin(sums.index)].to_dict("records"):
        counts = {str(name): int(value) for name, value in sums.loc[source["source"]].items()}
        parts = (("new", counts["created"] + counts["updated"]), ("same", counts["unchanged"]), ("old", counts["superseded"]),
                 ("refused", counts["refused"]))
        made.append({
            "title": source["title"], "latest": source["latest_delivery"], "delivery_count": int(source["delivery_count"]), "total": counts["total"],
            "loaded": counts["processed"], "refused": counts["refused"], "refused_share": counts["refused"] / max(counts["total"], 1),
            "bar": bar(parts), "bar_label": f"создано и изменено {parts[0][1]}, без изменений {parts[1][1]}, вытеснено {parts[2][1]}, отвергнуто {parts[3][1]}"})
    return made


def bar(parts: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    """Neighbouring pieces of a bar of 100; a piece that is not empty is at least 0.8 wide, so that a few refusals can be seen."""
    total = sum(count for _, count in parts)
    if not total:
        return []
    widths = [max(100 * count / total, 0.8) if count else 0.0 for _, count in parts]
    widths = [100 * width / sum(widths) for width in widths]
    starts = [sum(widths[:n]) for n in range(len(widths))]
    return [{"name": name, "x": f"{x:.2f}", "width": f"{width:.2f}"} for (name, _), x, width in zip(parts, starts, widths, strict=True) if width]


def page(connection: Connection, made: Provenance, places: Shelf) -> str:
    """`index.html`."""
    glance = mart(connection, "glance").iloc[0].to_dict()
    table = next(table for report in places.reports for table in report.tables if report.name == "not_enrolled" and table.name == "municipalities")
    ledger = mart(connection, "delivery_total")
    checks = [check for report in places.reports for check in report.checks]
    drawn = trends(places.moments)
    return render(
        "index.html", title="Главная", version=made.version, as_of=made.as_of, site=places.site, here="index.html", glance=glance,
        measures=measures.of(places.municipalities), places=table, reports=contents.entries(places.reports), gates=quality.gates(connection), least=LEAST,
        sources=deliveries(made.sources, ledger), balances=[(title, register.balance(places.organisations, kind)) for kind, title in BALANCES],
        refused_share=int(ledger["refused"].sum()) / max(int(ledger["total"].sum()), 1), trends=drawn, assets=pictures.SCRIPTS if drawn else (),
        equal=sum(check.outcome == "passed" for check in checks), unequal=sum(check.outcome == "failed" for check in checks))


def trends(moments: Sequence[Moment]) -> list[pictures.Picture]:
    """A line for each main figure over the latest days; none with fewer than two days."""
    if len(moments) < 2:
        return []
    rows = pd.DataFrame([{"day": f"{moment.as_of:%d.%m}", **moment.glance} for moment in moments])
    made = []
    for name, title in TRENDS:
        table = Table(name="days", sheet="days", title=title, columns=(text("day", "День"), integer(name, title)), rows=rows[["day", name]])
        made.append(pictures.picture(plots.read(Chart(table="days", title=title, x="day", series=(name,), kind="line"), table)))
    return made
