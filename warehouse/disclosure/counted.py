"""From rows of marts to the tables of a universe as their methods show them, before any attack."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schemas.publication import CubeSource, Dimension, Publication, Rules, TablePlan, UniversePlan
from warehouse.disclosure.cells import Axis, Counts, Shown, Universe, first_shown, margin, with_totals

UNKNOWN = "не указан"


def universe(plan: UniversePlan, marts: dict[str, pd.DataFrame], made: Publication) -> tuple[Universe, dict[str, Counts]] | None:
    """The first tables of a universe and the exact counts behind each (totals included); None when its first mart is empty."""
    rows = marts[plan.cubes[0].mart]
    if rows.empty:
        return None
    cubes = {cube.name: _cube(cube, marts[cube.mart], made.dimensions) for cube in plan.cubes}
    exact = {table.name: with_totals(margin(cubes[table.cube][1], tuple(name for name, _ in cubes[table.cube][0]), table.dimensions)) for table in plan.tables}
    tables = tuple(_first(table, dict(cubes[table.cube][0]), exact[table.name], made.rules) for table in plan.tables)
    return Universe(name=plan.name, title=plan.title, day=rows[plan.day].max(), same_within_days=plan.same_within_days, tables=tables), exact


def _cube(plan: CubeSource, rows: pd.DataFrame, dimensions: dict[str, Dimension]) -> tuple[tuple[Axis, ...], Counts]:
    columns = {name: _titled(rows[column], dimensions[name]) for name, column in plan.columns.items()}
    axes = tuple((name, tuple(column.cat.categories)) for name, column in columns.items())
    counts = np.zeros([len(values) for _, values in axes], dtype=np.int64)
    np.add.at(counts, tuple(column.cat.codes.to_numpy() for column in columns.values()), rows[plan.count].to_numpy(dtype=np.int64))
    return axes, counts


def _titled(column: pd.Series, dimension: Dimension) -> pd.Series:
    """The values as they are published, a categorical in the order they are shown; what is missing comes last."""
    present = sorted(column.dropna().unique().tolist())
    known = [one for one in dimension.values if one in {str(value) for value in present}]
    others = [str(value) for value in present if str(value) not in dimension.values]
    order = [*known, *others, *([UNKNOWN] if column.isna().any() else [])]
    named = column.map(str, na_action="ignore").astype(object).where(column.notna(), UNKNOWN)
    titles = [dimension.values.get(one, one) for one in order]
    return named.map(lambda one: dimension.values.get(one, one)).astype(pd.CategoricalDtype(titles, ordered=True))


def _first(plan: TablePlan, axes: dict[str, tuple[str, ...]], counts: Counts, rules: Rules) -> Shown:
    lower, upper = first_shown(counts, plan.method, rules)
    return Shown(name=plan.name, title=plan.title, cube=plan.cube, method=plan.method, axes=tuple((one, axes[one]) for one in plan.dimensions),
                 lower=lower, upper=upper)
