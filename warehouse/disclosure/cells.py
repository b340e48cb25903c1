"""Published tables as arrays: one cell for every combination of values and totals, and what each says of the count behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.errors import ConfigurationError
from schemas.publication import Method, Rules

Counts = NDArray[np.int64]
Bounds = NDArray[np.float64]
TOTAL = "Всего"
HIDDEN = "…"
Axis = tuple[str, tuple[str, ...]]
"""A dimension and its values, totals not among them."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One published table: `lower` and `upper` have an axis for each dimension, as long as its values and a total at the end."""

    name: str
    title: str
    cube: str
    method: Method
    axes: tuple[Axis, ...]
    lower: Bounds
    upper: Bounds


@dataclass(frozen=True, kw_only=True)
class Universe:
    """Published tables that count the same children on one day."""

    name: str
    title: str
    day: date
    same_within_days: int
    tables: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class Release:
    """Everything published at once."""

    name: str
    as_of: date
    version: int
    rules: Rules
    universes: tuple[Universe, ...]


def with_totals(counts: Counts) -> Counts:
    """Counts with a total at the end of every axis."""
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def margin(counts: Counts, axes: tuple[str, ...], kept: tuple[str, ...]) -> Counts:
    """Counts summed over every axis that is not kept, its axes in the order of `kept`."""
    summed = counts.sum(axis=tuple(place for place, name in enumerate(axes) if name not in kept))
    left = [name for name in axes if name in kept]
    return np.asarray(np.transpose(summed, [left.index(name) for name in kept]), dtype=np.int64)


def first_shown(counts: Counts, method: Method, rules: Rules) -> tuple[Bounds, Bounds]:
    """What the method shows of each count before anyone has attacked it."""
    least, most = rules.small
    is_small = (counts >= least) & (counts <= most)
    if method == "suppression":
        return np.where(is_small, 1.0, counts), np.where(is_small, math.inf, counts)
    near, half = np.round(counts / rules.base) * rules.base, rules.base // 2
    lower, upper = np.maximum(near - half, most + 1), near + half
    lower, upper = np.where(is_small, float(least), lower), np.where(is_small, float(most), upper)
    return np.where(counts == 0, 0.0, lower), np.where(counts == 0, 0.0, upper)


def symbol(lower: float, upper: float, method: Method, rules: Rules) -> str:
    """A cell as it is printed."""
    if math.isinf(upper):
        return HIDDEN
    if lower == upper:
        return str(int(lower))
    if (lower, upper) == rules.small:
        return f"{rules.small[0]}–{rules.small[1]}"
    return str(int(upper) - rules.base // 2)


def meaning(printed: str, method: Method, rules: Rules) -> tuple[float, float]:
    """The least and the greatest count that a printed cell can stand for; ConfigurationError when it stands for none."""
    least, most = rules.small
    if printed == HIDDEN:
        return 1.0, math.inf
    if printed == f"{least}–{most}" and method == "rounding":
        return float(least), float(most)
    if not (printed.isascii() and printed.isdigit()):
        raise ConfigurationError("release.cell", "a cell is neither a count nor one of the signs of a protected count")
    number = int(printed)
    if number == 0 or method == "suppression":
        return float(number), float(number)
    if number % rules.base:
        raise ConfigurationError("release.cell", f"a rounded cell is no multiple of {rules.base}")
    return float(max(number - rules.base // 2, most + 1)), float(number + rules.base // 2)


def tallied(table: Shown, rules: Rules) -> dict[str, Any]:
    """How many cells a table has and how many of them are zero, shown as small, hidden."""
    is_small = (table.lower == rules.small[0]) & (table.upper == rules.small[1])
    return {"cells": int(table.lower.size), "zero": int((table.upper == 0).sum()), "small": int(is_small.sum()), "hidden": int(np.isinf(table.upper).sum())}
