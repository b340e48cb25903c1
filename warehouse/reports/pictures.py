"""A chart as SVG: read in the page without scripts, printed, and set in the PDF. Colours stand as attributes; the page's style puts its own over them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from warehouse.reports.model import Report
from warehouse.reports.plots import LETTER, Plot, of_report

WIDTH, TALL, TOP, LEFT, RIGHT, FOOT, ROW = 680, 240, 14, 58, 8, 26, 20
BAND = 14
"""Height of one lying bar."""
COLOURS = ("#14517d", "#b85600", "#2b7a4b", "#87398c", "#5b6672", "#a32318", "#0b7a86", "#7a6200")
"""Each at least 4.5 : 1 on white; classes `c0` … name them for the page's style, light and dark."""
NICE = (1.0, 1.5, 2.0, 2.5, 4.0, 5.0)
STEPS = 4
NAMESPACE = "http://www.w3.org/2000/svg"
"""A file of its own needs it, a page does not."""
MOST_LABEL = 36
"""Letters of a label beside a lying bar; the whole label is in the table."""
SCRIPTS = ("echarts.min.js", "charts.js")
"""Files in `assets` beside the pages that let a picture answer to the pointer."""
_INK, _GRID = "#55606c", "#d9dde1"


def scale(largest: float, *, is_whole: bool) -> float:
    """A round end of the axis not below `largest`; whole numbers are cut into whole steps."""
    size = 1.0 if is_whole else 1e-4
    while True:
        for step in NICE:
            if step * size * STEPS >= largest and (not is_whole or step * size == int(step * size)):
                return step * size * STEPS
        size *= 10


def svg(plot: Plot) -> str:
    """The picture of one chart with its legend."""
    height = TOP + len(plot.labels) * _band(plot) + 6 if plot.is_lying else TALL
    legend, rows = _legend(plot, height)
    drawn = _line(plot) if plot.shape == "line" else _lying(plot, height) if plot.is_lying else _standing(plot)
    return (f'<svg xmlns="{NAMESPACE}" class="picture" viewBox="0 0 {WIDTH} {height + rows * ROW}" role="img" '
            f'aria-label="{escape(plot.words())}" font-family="PT Sans, Segoe UI, Noto Sans, DejaVu Sans, sans-serif" font-size="12">'
            f'{"".join(drawn)}{"".join(legend)}</svg>')


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One chart as a page takes it: the drawing, and the numbers for the script that answers to the pointer (empty: none does)."""

    title: str
    svg: Markup
    data: str


def picture(plot: Plot) -> Picture:
    """The drawing and the numbers of one chart."""
    drawn = svg(plot).replace(f' xmlns="{NAMESPACE}"', "", 1)
    return Picture(title=plot.title, svg=Markup(drawn), data=json.dumps(plot.data(), ensure_ascii=False, separators=(",", ":")))  # noqa: S704 - escaped above


def of(report: Report) -> dict[str, list[Picture]]:
    """The pictures of a report by the name of the table they show."""
    made: dict[str, list[Picture]] = {}
    for table, plot in of_report(report):
        made.setdefault(table, []).append(picture(plot))
    return made


def shortened(label: str) -> str:
    """A long label without its middle: schools of one region differ at the end of their names."""
    return label if len(label) <= MOST_LABEL else f"{label[:MOST_LABEL // 3].rstrip()}…{label[-2 * MOST_LABEL // 3:].lstrip()}"


def _band(plot: Plot) -> int:
    return 10 + BAND * (1 if plot.shape == "stacked" else len(plot.series))


def _text(x: float, y: float, words: str, anchor: str = "middle", kind: str = "t") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{escape(words)}</text>'


def _bar(number: int, x: float, y: float, width: float, height: float, hint: str) -> str:
    colour = number % len(COLOURS)
    return (f'<rect class="c{colour}" fill="{COLOURS[colour]}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 0.5):.1f}">'
            f"<title>{escape(hint)}</title></rect>")


def _hint(plot: Plot, series: int, place: int) -> str:
    named = f"{plot.labels[place]}, {plot.series[series].title}" if len(plot.series) > 1 else plot.labels[place]
    return f"{named}: {plot.shown(plot.series[series].values[place])}"


def _rules(plot: Plot, top: float) -> Iterator[str]:
    """Lines across with their numbers on the left."""
    for step in range(STEPS + 1):
        y = TALL - FOOT - (TALL - FOOT - TOP) * step / STEPS
        yield f'<line class="g" stroke="{_GRID}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(LEFT - 8, y + 4, plot.shown(top * step / STEPS), "end")


def _ticks(plot: Plot, step: float, start: float) -> Iterator[str]:
    """Labels below, as many as fit."""
    widest = max(map(len, plot.labels), default=1) * LETTER + 8
    every = max(1, -int(-widest // step)) if step else 1
    for place in range(0, len(plot.labels), every):
        yield _text(min(max(start + place * step, widest / 2), WIDTH - widest / 2), TALL - FOOT + 18, plot.labels[place])


def _standing(plot: Plot) -> Iterator[str]:
    """Columns: side by side, or one upon another."""
    top = scale(plot.largest(), is_whole=plot.kind == "integer")
    yield from _rules(plot, top)
    slot = (WIDTH - LEFT - RIGHT) / max(len(plot.labels), 1)
    unit, is_one = (TALL - FOOT - TOP) / top, plot.shape == "stacked"
    width = min(slot * 0.76, 64.0) / (1 if is_one else len(plot.series))
    for place in range(len(plot.labels)):
        x, below = LEFT + (place + 0.5) * slot - width * (1 if is_one else len(plot.series)) / 2, 0.0
        for number, series in enumerate(plot.series):
            size = (series.values[place] or 0.0) * unit
            if size:
                yield _bar(number, x, TALL - FOOT - below - size, width - (0 if is_one else 1), size, _hint(plot, number, place))
            below, x = (below + size, x) if is_one else (0.0, x + width)
    yield from _ticks(plot, slot, LEFT + slot / 2)


def _lying(plot: Plot, height: float) -> Iterator[str]:
    """Bars from left to right, their labels before and their numbers behind them."""
    labels = [shortened(label) for label in plot.labels]
    left = max(map(len, labels), default=0) * 7.6 + 12
    is_one, band = plot.shape == "stacked", _band(plot)
    unit = (WIDTH - left - 64) / (plot.largest() or 1.0)
    yield f'<line class="g" stroke="{_GRID}" x1="{left:.1f}" x2="{left:.1f}" y1="{TOP - 4}" y2="{height - 8}"/>'
    for place, label in enumerate(labels):
        y = TOP + place * band
        yield _text(left - 8, y + (band - 10) / 2 + 4, label, "end")
        before, total = left, 0.0
        for number, series in enumerate(plot.series):
            value = series.values[place]
            if value:
                yield _bar(number, before, y, value * unit, BAND - 1, _hint(plot, number, place))
            if not is_one:
                yield _text(left + (value or 0.0) * unit + 6, y + BAND - 3, plot.shown(value), "start", "v")
            before, total, y = (before + (value or 0.0) * unit, total + (value or 0.0), y) if is_one else (left, 0.0, y + BAND)
        if is_one:
            yield _text(before + 6, y + BAND - 3, plot.shown(total), "start", "v")


def _line(plot: Plot) -> Iterator[str]:
    """A line a series; a value that is missing breaks it."""
    top = scale(plot.largest(), is_whole=plot.kind == "integer")
    yield from _rules(plot, top)
    step, unit = (WIDTH - LEFT - RIGHT - 24) / max(len(plot.labels) - 1, 1), (TALL - FOOT - TOP) / top
    for number, series in enumerate(plot.series):
        colour, path, is_open = number % len(COLOURS), [], False
        points = [(LEFT + 12 + place * step, TALL - FOOT - value * unit, place) for place, value in enumerate(series.values) if value is not None]
        for x, y, place in points:
            path.append(f"{'L' if is_open and series.values[place - 1] is not None else 'M'}{x:.1f} {y:.1f}")
            is_open = True
        yield f'<path class="l{colour}" fill="none" stroke="{COLOURS[colour]}" stroke-width="2" d="{"".join(path)}"/>'
        for x, y, place in points:
            yield (f'<circle class="c{colour}" fill="{COLOURS[colour]}" cx="{x:.1f}" cy="{y:.1f}" r="3">'
                   f"<title>{escape(_hint(plot, number, place))}</title></circle>")
    yield from _ticks(plot, step, LEFT + 12)


def _legend(plot: Plot, height: float) -> tuple[list[str], int]:
    """The names of the series below the picture and how many rows they take; one series needs none."""
    if len(plot.series) < 2:
        return [], 0
    x, row, made = 0.0, 0, []
    for number, series in enumerate(plot.series):
        wide, colour = len(series.title) * LETTER + 52, number % len(COLOURS)
        x, row = (0.0, row + 1) if x and x + wide > WIDTH else (x, row)
        y = height + row * ROW
        made.append(f'<rect class="c{colour}" fill="{COLOURS[colour]}" x="{x:.1f}" y="{y + 2:.1f}" width="14" height="10"/>'
                    + _text(x + 20, y + 12, series.title, "start"))
        x += wide
    return made, row + 1
