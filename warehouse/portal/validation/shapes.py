"""Geometry of charts: stacked columns as one path a series, so that four hundred runs stay small."""

from __future__ import annotations

from typing import Any

from warehouse.portal.validation.model import Chart
from warehouse.reports.wording import number

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 150, 56, 8, 22
_NICE = (1, 2, 2.5, 5, 10)


def top_of(largest: int) -> int:
    """A round number not below the largest column, and divisible by two."""
    scale = 1
    while True:
        for step in _NICE:
            if step * scale >= largest and step * scale >= 2 and step * scale % 2 == 0:
                return int(step * scale)
        scale *= 10


def drawn(chart: Chart) -> dict[str, Any]:
    """What the template draws: paths, lines of the scale, the first and the last tick."""
    totals = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)] or [0]
    top, count = top_of(max(totals)), len(chart.ticks)
    step = min((WIDTH - LEFT) / max(count, 1), 28.0)
    height = HEIGHT - TOP - BOTTOM
    below = [0] * count
    width, paths = max(step * 0.8, 0.8), []
    for one in chart.series:
        pieces = []
        for n, value in enumerate(one.values):
            if value:
                size = max(value * height / top, 1.0)
                pieces.append(f"M{LEFT + n * step:.1f} {HEIGHT - BOTTOM - below[n] * height / top - size:.1f}h{width:.1f}v{size:.1f}h-{width:.1f}z")
                below[n] += value
        paths.append({"kind": one.kind, "path": "".join(pieces)})
    lines = [{"y": f"{HEIGHT - BOTTOM - share * height:.1f}", "title": number(round(top * share))} for share in (0, 0.5, 1)]
    ends = [{"x": f"{LEFT:.1f}", "title": chart.ticks[0], "anchor": "start"}] if count else []
    if count > 4:
        ends.append({"x": f"{LEFT + count * step - step * 0.1:.1f}", "title": chart.ticks[-1], "anchor": "end"})
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "lines": lines, "ends": ends, "paths": paths, "words": _words(chart, totals), "is_drawn": any(totals)}


def _words(chart: Chart, totals: list[int]) -> str:
    last = ", ".join(f"{one.title} {number(one.values[-1])}" for one in chart.series if one.values)
    return f"{chart.title}: столбцов {len(chart.ticks)}, наибольший {number(max(totals))}; последний – {last or 'нет'}"
