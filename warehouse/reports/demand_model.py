"""Cohort survival: children born become first-graders, a grade becomes the next one; ratios of past years hold migration in them.

Arrays: `pupils[municipality, year, grade - 1]` (missing: no form of that year), births a frame municipality × first of month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.reports.demand_knobs import Knobs

GRADES = 12
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class History:
    """Pupils of each school year, and children of today by month of birth; `until` is the last month whose births are known."""

    municipalities: tuple[str, ...]
    first_year: int
    pupils: Array
    births: pd.DataFrame
    until: pd.Timestamp

    @property
    def last(self) -> int:
        """Position of the last year."""
        return int(self.pupils.shape[1]) - 1


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """Entry ratio a municipality, ratio to the next grade a municipality and grade; `borrowed` where the republic's is taken."""

    entry: Array
    progression: Array
    entry_borrowed: Flags
    borrowed: Flags


def months(births: pd.DataFrame, first: pd.Timestamp, count: int) -> pd.DataFrame:
    """`count` months of births from `first`; a month that is not there has none."""
    return births.reindex(columns=pd.date_range(first, periods=count, freq="MS"), fill_value=0)


def until_month(births: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Only the months up to `last`."""
    return births[[month for month in births.columns if pd.Timestamp(month) <= last]]


def from_month(births: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Only the months from `first` on."""
    return births[[month for month in births.columns if pd.Timestamp(month) >= first]]


def projected(births: pd.DataFrame, until: pd.Timestamp, last: pd.Timestamp, trend: float) -> pd.DataFrame:
    """Births until `until` as they are; later months as the same month of the last twelve known, times (1 + trend) a year."""
    known = until_month(births, until)
    year = months(known, until - pd.DateOffset(months=11), 12)
    later = pd.date_range(until + pd.DateOffset(months=1), last, freq="MS")
    ahead = np.arange(len(later)) // 12 + 1
    coming = pd.DataFrame(year.to_numpy()[:, np.arange(len(later)) % 12] * (1 + trend) ** ahead, index=births.index, columns=later)
    return pd.concat([known, coming], axis=1)


def entry_cohort(births: pd.DataFrame, year: int) -> Array:
    """Children who reach six and a half in the year up to 1 September of `year`: born from March seven years before to February six years before."""
    return months(births, pd.Timestamp(year - 7, 3, 1), 12).sum(axis=1).to_numpy(dtype=float)


def _divide(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def own_or_republic(above: Array, below: Array, least: int) -> tuple[Array, Flags]:
    """Ratio of sums of each municipality (axis 0), the republic's where fewer than `least` children stand below it."""
    borrowed = below < max(least, 1)
    return np.where(borrowed, _divide(above.sum(axis=0), below.sum(axis=0)), _divide(above, below)), borrowed


def ratios(history: History, at: int, births: pd.DataFrame, knobs: Knobs) -> Ratios:
    """From the last `years_of_ratios` years up to position `at`, or as many as there are; nothing later is looked at."""
    first = max(0, at - knobs.years_of_ratios)
    before, after = history.pupils[:, first:at, :-1], history.pupils[:, first + 1:at + 1, 1:]
    both = ~(np.isnan(before) | np.isnan(after))
    progression, borrowed = own_or_republic(np.where(both, after, 0).sum(axis=1), np.where(both, before, 0).sum(axis=1), knobs.least_children)
    years = [year for year in range(max(0, at - knobs.years_of_ratios + 1), at + 1) if _covered(births, history.first_year + year)]
    entered = history.pupils[:, years, 0]
    cohorts = np.stack([entry_cohort(births, history.first_year + year) for year in years], axis=1) if years else np.zeros_like(entered)
    known = ~np.isnan(entered)
    entry, entry_borrowed = own_or_republic(np.where(known, entered, 0).sum(axis=1), np.where(known, cohorts, 0).sum(axis=1), knobs.least_children)
    has_pupils = np.nansum(history.pupils[:, first:at + 1, :], axis=(1, 2)) > 0  # children of a place without schools are in the ratios of others
    entry, entry_borrowed = np.where(has_pupils, entry, 0), entry_borrowed & has_pupils
    return Ratios(entry=entry, progression=progression, entry_borrowed=entry_borrowed, borrowed=borrowed)


def of_republic(history: History, births: pd.DataFrame, knobs: Knobs) -> Array:
    """The republic's ratios now: into grade 1, then from each grade to the next."""
    whole = History(municipalities=("",), first_year=history.first_year, pupils=_whole(history.pupils), until=history.until,
                    births=births.sum(axis=0).to_frame().T)
    found = ratios(whole, whole.last, whole.births, knobs)
    return np.concatenate([found.entry, found.progression[0]])


def _whole(pupils: Array) -> Array:
    summed: Array = np.where(np.isnan(pupils).all(axis=0, keepdims=True), np.nan, np.nansum(pupils, axis=0, keepdims=True))
    return summed


def _covered(births: pd.DataFrame, year: int) -> bool:
    return any(pd.Timestamp(month) <= pd.Timestamp(year - 7, 3, 1) for month in births.columns)


def forecast(history: History, at: int, until: pd.Timestamp, knobs: Knobs) -> Array:
    """Pupils [municipality, year ahead - 1, grade - 1] seen from position `at` with births known until `until`."""
    year = history.first_year + at
    births = projected(history.births, until, pd.Timestamp(year + knobs.horizon, 9, 1), knobs.births_trend)
    found = ratios(history, at, births, knobs)
    now, made = np.nan_to_num(history.pupils[:, at, :]), []
    for ahead in range(1, knobs.horizon + 1):
        grown = (1 + knobs.migration) ** ahead
        entering = entry_cohort(births, year + ahead) * found.entry * grown
        now = np.concatenate([entering[:, None], now[:, :-1] * found.progression * (1 + knobs.migration)], axis=1)
        made.append(now)
    return np.stack(made, axis=1)


def back_test(history: History, knobs: Knobs) -> pd.DataFrame:
    """Forecasts from each past year, made of what was known then, beside what came: origin, horizon, municipality, actual, expected.

    Births of a past year count as known up to its August; children are those of today, so who moved since is counted where they live now.
    """
    parts = [_from_origin(history, at, knobs) for at in range(1, history.last)]
    columns = ["origin", "horizon", "municipality", "actual", "expected"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _from_origin(history: History, at: int, knobs: Knobs) -> pd.DataFrame:
    ahead = min(knobs.horizon, history.last - at)
    made = forecast(history, at, pd.Timestamp(history.first_year + at, 8, 1), knobs)[:, :ahead, :].sum(axis=2)
    came = history.pupils[:, at + 1:at + 1 + ahead, :]
    is_missing: Flags = np.asarray(np.isnan(history.pupils).all(axis=2))
    unknown = is_missing[:, at + 1:at + 1 + ahead] | (is_missing[:, at] | is_missing[:, at - 1])[:, None]
    actual = np.where(unknown, np.nan, np.nansum(came, axis=2))
    return pd.DataFrame({
        "origin": history.first_year + at, "horizon": np.tile(np.arange(1, ahead + 1), len(made)),
        "municipality": np.repeat(np.array(history.municipalities, dtype=object), ahead), "actual": actual.ravel(), "expected": made.ravel()}).dropna()


def errors(tested: pd.DataFrame, least: int, interval: float) -> pd.DataFrame:
    """By horizon: origins, pairs, mean absolute error of municipalities of at least `least` pupils and of the republic, and what of the forecast came at both
    ends of the interval (`low`, `high`: municipalities; `republic_low`, `republic_high`)."""
    whole = tested.groupby(["origin", "horizon"], as_index=False)[["actual", "expected"]].sum()
    large = tested[(tested["actual"] >= max(least, 1)) & (tested["expected"] > 0)]
    whole = whole[(whole["actual"] > 0) & (whole["expected"] > 0)]
    return pd.concat([_errors(large, interval, ""), _errors(whole, interval, "republic_")], axis=1).rename(columns={"republic_count": "origin_count"})


def _errors(tested: pd.DataFrame, interval: float, prefix: str) -> pd.DataFrame:
    rows = tested.assign(error=(tested["expected"] / tested["actual"] - 1).abs().astype(float), came=(tested["actual"] / tested["expected"]).astype(float))
    by = rows.groupby("horizon")
    tail = (1 - interval) / 2
    return pd.DataFrame({f"{prefix}count": by.size(), f"{prefix}mape": by["error"].mean(), f"{prefix}low": by["came"].quantile(tail),
                         f"{prefix}high": by["came"].quantile(1 - tail)})
