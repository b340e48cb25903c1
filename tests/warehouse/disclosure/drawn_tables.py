"""Small tables, and every table of whole numbers that agrees with what is shown of them: reckoned without the attacker."""

from __future__ import annotations

from datetime import date

import numpy as np

from schemas.publication import Method, Rules
from warehouse.disclosure.cells import Shown, Universe, first_shown, with_totals

RULES = Rules()
MOST = 9
"""An open cell is tried up to here: what is possible with fewer tables is possible with all."""


def universe(counts: np.ndarray, method: Method, day: date = date(2025, 9, 20)) -> tuple[Universe, dict[str, np.ndarray]]:
    exact = with_totals(counts)
    lower, upper = first_shown(exact, method, RULES)
    axes = tuple((f"d{place}", tuple(f"{place}-{value}" for value in range(size))) for place, size in enumerate(counts.shape))
    table = Shown(name="t", title="t", cube="c", method=method, axes=axes, lower=lower, upper=upper)
    return Universe(name="u", title="u", day=day, same_within_days=0, tables=(table,)), {"t": exact}


def possible(shown: Shown) -> np.ndarray:
    """Every table (first axis) with totals that agrees with `shown`."""
    inner = tuple(slice(0, -1) for _ in shown.axes)
    bounds = zip(shown.lower[inner].ravel(), shown.upper[inner].ravel(), strict=True)
    ranges = [range(int(low), int(high if np.isfinite(high) else MOST) + 1) for low, high in bounds]
    atoms = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, *shown.lower[inner].shape).astype(np.int16)
    tables = atoms
    for axis in range(1, atoms.ndim):
        tables = np.concatenate([tables, tables.sum(axis=axis, keepdims=True)], axis=axis)
    fits = ((tables >= shown.lower) & (tables <= shown.upper)).reshape(len(tables), -1).all(axis=1)
    return tables[fits]
