"""The tile map: every municipality a tile, one of several measures its shade."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from warehouse.portal.register import Municipality, balance
from warehouse.reports.shape import LEAST
from warehouse.reports.wording import MISSING, number, share

SHADES = 5
SYLLABLE = re.compile(r"(?i)(?<=[а-яё])([аеёиоуыэюя][бвгджзйклмнпрстфхцчшщ]?(?:ь)?)(?=[бвгджзклмнпрстфхцчшщ][аеёиоуыэюя]|ск[иаоу])")


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One municipality of the map."""

    municipality: str
    name: str
    href: str
    row: int
    column: int
    value: str
    hint: str
    shade: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One way to look at the map: its tiles in reading order and the ranges that some tile has."""

    title: str
    note: str
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a measure counts; `value` is None where it says nothing."""

    title: str
    note: str
    value: Callable[[Municipality], float | None]
    shown: Callable[[float], str]
    least: float
    """Smallest step between shades."""
    is_ranked: bool = False
    """Shades by rank: one town has a third of all children."""
    unknown: str = "нет данных"


def short(name: str) -> str:
    """A municipality's name as it fits a tile."""
    return name.replace("эвенкийский ", "").removesuffix(" район").removeprefix("г. ")


def hyphenated(name: str) -> str:
    """A name with soft hyphens between its syllables: browsers without a Russian dictionary break it too."""
    return SYLLABLE.sub("\\1\u00ad", name)


def bounds(values: pd.Series[float], least: float = 0.001) -> list[float]:
    """Edges of the shades, one more than shades: equal steps from the smallest to the largest value, each at least `least`."""
    low, high = (float(values.min()), float(values.max())) if values.notna().any() else (0.0, 0.0)
    step = max((high - low) / SHADES, least)
    return [low + step * n for n in range(SHADES + 1)]


def ranks(values: pd.Series[float]) -> list[float]:
    """Edges that give every shade as many tiles."""
    return [float(edge) for edge in values.quantile([n / SHADES for n in range(SHADES + 1)])] if values.notna().any() else [0.0] * (SHADES + 1)


def shade(value: float | None, steps: list[float]) -> str:
    """The class of a value: its step, or `x` where it says nothing."""
    return "x" if value is None else str(min(sum(value > step for step in steps[1:]), SHADES - 1))


def _full(kind: str) -> Callable[[Municipality], float | None]:
    def value(one: Municipality) -> float | None:
        return balance(one.organisations, kind).per_hundred
    return value


def _pupils(one: Municipality) -> float | None:
    return float(balance(one.organisations, "school").pupil_count) or None


def _count(value: float) -> str:
    return number(round(value))


DEFINITIONS = (
    Definition(title="Доля не обучающихся", note="Дети 7–17 лет, которые нигде не обучаются, среди всех детей этого возраста, числящихся в районе; где детей "
               f"меньше {LEAST}, доля не показана.", value=lambda one: one.not_enrolled_count / one.child_count if one.child_count >= LEAST else None,
               shown=share, least=0.001, unknown=f"детей меньше {LEAST}"),
    Definition(title="Школьников на 100 мест", note="Дети в школах района на сто мест по реестру, если все учатся в одну смену.", value=_full("school"),
               shown=_count, least=1.0),
    Definition(title="В садах на 100 мест", note="Дети в детских садах района на сто мест по реестру.", value=_full("kindergarten"), shown=_count, least=1.0),
    Definition(title="Детей в школах", note="Дети в школах, которые стоят в районе. Оттенок – по порядку: в каждом поровну районов.", value=_pupils, shown=_count,
               least=1.0, is_ranked=True),
)


def of(municipalities: Sequence[Municipality]) -> list[Measure]:
    """Every measure, the first shown first."""
    placed = sorted((one for one in municipalities if one.tile_row is not None and one.tile_column is not None),
                    key=lambda one: (one.tile_row or 0, one.tile_column or 0))
    return [_measure(definition, placed) for definition in DEFINITIONS]


def _measure(definition: Definition, placed: Sequence[Municipality]) -> Measure:
    values = [definition.value(one) for one in placed]
    known = pd.Series(values, dtype="float64")
    steps = ranks(known) if definition.is_ranked else bounds(known, definition.least)
    tiles = tuple(Tile(
        municipality=one.name, name=hyphenated(short(one.name)), href=one.href, row=one.tile_row or 0, column=one.tile_column or 0,
        value=MISSING if value is None else definition.shown(value), shade=shade(value, steps),
        hint=f"{one.name}: не обучаются {number(one.not_enrolled_count)} из {number(one.child_count)}; организаций {len(one.organisations)}")
        for one, value in zip(placed, values, strict=True))
    used = {tile.shade for tile in tiles}
    legend = [(str(n), f"{definition.shown(steps[n])} – {definition.shown(steps[n + 1])}") for n in range(SHADES) if str(n) in used]
    return Measure(title=definition.title, note=definition.note, tiles=tiles, legend=tuple([*legend, *([("x", definition.unknown)] if "x" in used else [])]))
