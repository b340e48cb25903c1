"""The start page: the state at a glance, the tile map, deliveries by source, gates and reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from warehouse.portal import quality
from warehouse.reports.model import Provenance, Report
from warehouse.reports.page import render
from warehouse.reports.reader import mart
from warehouse.reports.shape import LEAST
from warehouse.reports.wording import share

SHADES = 5
SYLLABLE = re.compile(r"(?i)(?<=[а-яё])([аеёиоуыэюя][бвгджзйклмнпрстфхцчшщ]?(?:ь)?)(?=[бвгджзклмнпрстфхцчшщ][аеёиоуыэюя]|ск[иаоу])")


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One municipality of the map."""

    municipality: str
    name: str
    row: int
    column: int
    child_count: int
    not_enrolled_count: int
    share: float | None
    shade: str


def short(name: str) -> str:
    """A municipality's name as it fits a tile."""
    return name.replace("эвенкийский ", "").removesuffix(" район").removeprefix("г. ")


def hyphenated(name: str) -> str:
    """A name with soft hyphens between its syllables: browsers without a Russian dictionary break it too."""
    return SYLLABLE.sub("\\1\u00ad", name)


def bounds(shares: pd.Series[float]) -> list[float]:
    """Edges of the shades, one more than shades: equal steps from the smallest to the largest share, at least 0,1 % each."""
    low, high = (float(shares.min()), float(shares.max())) if shares.notna().any() else (0.0, 0.0)
    step = max((high - low) / SHADES, 0.001)
    return [low + step * n for n in range(SHADES + 1)]


def shade(value: float | None, steps: list[float]) -> str:
    """The class of a share: its step, or `x` with fewer children than LEAST."""
    return "x" if value is None else str(min(sum(value > step for step in steps[1:]), SHADES - 1))


def tiles(coverage: pd.DataFrame) -> tuple[list[Tile], list[tuple[str, str]]]:
    """The tiles in reading order and the legend: only the ranges that some tile has."""
    placed = coverage.dropna(subset=["tile_row", "tile_column"]).sort_values(["tile_row", "tile_column"])
    children = placed["child_count"].astype(float)
    shares = (placed["not_enrolled_count"].astype(float) / children.where(children >= LEAST)).astype(float)
    steps = bounds(shares)
    made = []
    for place, value in zip(placed.to_dict("records"), shares, strict=True):
        known = None if pd.isna(value) else float(value)
        made.append(Tile(
            municipality=place["municipality"], name=hyphenated(short(place["municipality"])), row=int(place["tile_row"]), column=int(place["tile_column"]),
            child_count=int(place["child_count"]), not_enrolled_count=int(place["not_enrolled_count"]), share=known, shade=shade(known, steps)))
    used = {tile.shade for tile in made}
    legend = [(str(n), f"{share(steps[n])} – {share(steps[n + 1])}") for n in range(SHADES) if str(n) in used]
    legend += [("x", f"детей меньше {LEAST}")] if "x" in used else []
    return made, legend


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


def page(connection: Connection, made: Provenance, reports: tuple[Report, ...], *, site: tuple[tuple[str, str], ...]) -> str:
    """`index.html`."""
    glance = mart(connection, "glance").iloc[0].to_dict()
    squares, legend = tiles(mart(connection, "coverage"))
    places = next(table for report in reports for table in report.tables if report.name == "not_enrolled" and table.name == "municipalities")
    ledger = mart(connection, "delivery_total")
    return render("index.html", title="Главная", version=made.version, as_of=made.as_of, site=site, here="index.html", glance=glance, tiles=squares,
                  legend=legend, places=places, reports=reports, gates=quality.gates(connection), least=LEAST,
                  sources=deliveries(made.sources, ledger))
