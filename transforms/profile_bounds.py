"""What a delivery's measures are judged by: bounds that follow from the history of its sender, one row a measure and rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats  # type: ignore[import-untyped]

from schemas.drift import DRIFT, LEAST_DAYS, LEAST_HISTORY, DriftRule
from transforms.engine import Engine

CHANCE = 1e-6
"""Probability with which a binomial or chi-square bound may be passed by chance alone; one delivery has some hundred measures."""
COLUMNS = ["delivery_id", "entity", "column_name", "measure", "rule", "observed", "usual", "low", "high", "rows_seen", "deliveries"]
Pair = tuple[pd.Series, pd.Series]


def bounds(present: pa.Table, history: pa.Table) -> pd.DataFrame:
    """COLUMNS: each measure that can be judged, under each rule that judges it, with the lowest and highest usual value.

    Both tables have the columns of `transforms.profile.PROFILE` and `sender`, `kind`; `history` also `as_of`. Too small or too young: no row.
    """
    with Engine(Path(__file__).parent) as engine:
        engine.give("present", present)
        engine.give("history", history)
        engine.run("profile_history", "profile_stability", "profile_measures")
        found = engine.rows("profile_measures").to_pandas()
    found = found[(found["deliveries"] >= LEAST_HISTORY) & (found["days"] >= LEAST_DAYS)]
    judged = pd.concat([_judged(found, rule) for rule in DRIFT.values()], ignore_index=True)
    return judged[~_told_already(judged)].reset_index(drop=True)[COLUMNS]


def _told_already(judged: pd.DataFrame) -> pd.Series:
    """A column that vanished or appeared is not told of once more for its share of missing values."""
    place = pd.MultiIndex.from_frame(judged[["delivery_id", "entity", "column_name"]])
    is_whole = judged["rule"].isin(("drift.columns", "drift.columns_new")) & (beyond(judged) > 0)
    return pd.Series(place.isin(place[is_whole]), judged.index) & (judged["rule"] == "drift.missing")


def beyond(judged: pd.DataFrame) -> pd.Series:
    """How far each measure lies outside its bounds; 0 inside."""
    return pd.concat([judged["low"] - judged["observed"], judged["observed"] - judged["high"]], axis=1).max(axis=1).clip(lower=0)


def _judged(found: pd.DataFrame, rule: DriftRule) -> pd.DataFrame:
    large = found["rows_seen"] >= rule.rows_from
    if rule.bounds == "factor":  # a small delivery where large ones are usual is what the rule is for
        large |= found["usual"] >= rule.rows_from
    rows = found[found["measure"].isin(rule.measures) & large]
    low, high = _BOUNDS[rule.bounds](rows, rule)
    judged = rows.assign(rule=rule.id, low=low, high=high)
    return judged[judged["low"].notna() & judged["high"].notna()]


def _factor(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """On the scale of logarithms: so many times fewer or more, or beyond what the sender varies by."""
    width = np.maximum(rule.spreads * rows["spread_log"], np.log(rule.floor))
    return np.expm1(rows["usual_log"] - width), np.expm1(rows["usual_log"] + width)


def _binomial(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """So many of `rows_seen` as chance gives when the share is the usual one; never nearer than the floor, or than the sender varies by."""
    count, share = rows["rows_seen"], rows["usual"].clip(1e-4, 1 - 1e-4)
    width = np.maximum(rule.spreads * rows["spread"], rule.floor)
    chance_low, chance_high = stats.binom.ppf(CHANCE, count, share) / count, stats.binom.isf(CHANCE, count, share) / count
    low = pd.Series(0.0, rows.index) if rule.is_upper else np.minimum(chance_low, rows["usual"] - width)
    return low, np.maximum(chance_high, rows["usual"] + width)


def _mean(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """A mean of so many values, each as scattered as usual; the floor is in standard deviations of the values, one unit at least."""
    scatter = np.maximum(rows["usual_deviation"].fillna(0), rows["deviation"].fillna(0))
    chance = stats.norm.isf(CHANCE) * scatter / np.sqrt(rows["rows_seen"].clip(lower=1))
    width = np.maximum.reduce([rule.spreads * rows["spread"], chance, rule.floor * rows["usual_deviation"].fillna(0), np.ones(len(rows))])
    return rows["usual"] - width, rows["usual"] + width


def _stability(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """An index no sample of the same shares would reach (it scatters as chi-square), nor half as much again as the history itself."""
    degrees = (rows["codes"] - 1).clip(lower=1)
    chance = stats.chi2.isf(CHANCE, degrees) * (1 / rows["rows_seen"].clip(lower=1) + 1 / rows["total"].clip(lower=1))
    return pd.Series(0.0, rows.index), np.maximum.reduce([chance, 1.5 * rows["highest"], pd.Series(rule.floor, rows.index)])


def _vanished(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """No value at all in a column that had them in the greater part of rows, in each delivery."""
    filled = rows["highest"] <= rule.floor
    return pd.Series(0.0, rows.index).where(filled), pd.Series(1 - 1e-9, rows.index)


def _appeared(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """Values in the greater part of rows, in a column that never had any."""
    return pd.Series(rule.floor, rows.index).where(rows["lowest"] >= 1), pd.Series(1.0, rows.index)


def _halved(rows: pd.DataFrame, rule: DriftRule) -> Pair:
    """Values that told rows apart no longer do. The share is approximate, and falls as deliveries grow: only what was high is judged."""
    return (rule.floor * rows["lowest"]).where(rows["lowest"] >= rule.floor), pd.Series(1.0, rows.index)


_BOUNDS: dict[str, Callable[[pd.DataFrame, DriftRule], Pair]] = {
    "factor": _factor, "binomial": _binomial, "mean": _mean, "stability": _stability, "vanished": _vanished, "appeared": _appeared, "halved": _halved}
