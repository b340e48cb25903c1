"""What the forecast of places is made from, laid out by municipality: pupils by year and grade, children by month of birth, places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from warehouse.reports.demand_model import GRADES, Array, History, months
from warehouse.reports.reader import frame, mart

NOWHERE = ""
"""Key of what has no municipality."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """`names`, `later_share`, `school_places` and `kindergarten_places` are by municipality, in the order of `history.municipalities`."""

    history: History
    names: pd.Series[str]
    later_share: pd.Series[float]
    school_places: pd.Series[int]
    kindergarten_places: pd.Series[int]
    attending: pd.DataFrame
    """Children in kindergartens by month of birth, like `history.births`."""
    outside_grades: int
    """Pupils of grade 0 or none, whom no ratio carries on."""
    pupils: int
    placeless: int
    past_years: int


def read(connection: Connection) -> Inputs:
    """All of it from marts; the school year of the counting date is the last of the history."""
    now, past = mart(connection, "contingent"), mart(connection, "past_contingent")
    births, capacity = mart(connection, "birth_cohort"), mart(connection, "place_capacity")
    day = frame(connection, "SELECT core.report_date() AS report_date")["report_date"].iloc[0]
    year = now["counting_date"].iloc[0].year if len(now) else day.year - int((day.month, day.day) < (9, 20))
    named = mart(connection, "municipality").set_index("oktmo")["name"]
    frames = [one.assign(oktmo=one["oktmo"].astype("object").where(one["oktmo"].notna(), NOWHERE)) for one in (now, past, births, capacity)]
    now, past, births, capacity = frames
    keys = tuple(sorted({*named.index, *(key for one in frames for key in one["oktmo"])}))
    past = past[past["school_year"] < year]
    graded = now["grade"].between(1, GRADES).fillna(False).astype(bool)
    seats = capacity.groupby("oktmo")[["school_place_count", "kindergarten_place_count"]].sum().reindex(keys, fill_value=0).astype(int)
    heads = now.groupby("oktmo")[["pupil_count", "later_shift_count"]].sum().reindex(keys, fill_value=0).astype(float)
    return Inputs(
        history=_history(keys, year, now[graded], past, births, day), names=named.reindex(keys), school_places=seats["school_place_count"],
        later_share=(heads["later_shift_count"] / heads["pupil_count"].where(heads["pupil_count"] > 0)).fillna(0.0),
        kindergarten_places=seats["kindergarten_place_count"], attending=_by_month(births, keys, "kindergarten_count"),
        outside_grades=int(now.loc[~graded, "pupil_count"].sum()), pupils=int(now["pupil_count"].sum()), placeless=int(capacity["placeless_count"].sum()),
        past_years=past["school_year"].nunique())


def _history(keys: tuple[str, ...], year: int, now: pd.DataFrame, past: pd.DataFrame, births: pd.DataFrame, day: date) -> History:
    first = int(past["school_year"].min()) if len(past) else year
    rows = pd.concat([past[["oktmo", "school_year", "grade", "pupil_count"]], now[["oktmo", "grade", "pupil_count"]].assign(school_year=year)])
    pupils: Array = np.full((len(keys), year - first + 1, GRADES), np.nan)
    known = rows[["oktmo", "school_year"]].drop_duplicates()
    place = {key: number for number, key in enumerate(keys)}
    pupils[known["oktmo"].map(place).to_numpy(dtype=int), known["school_year"].to_numpy(dtype=int) - first, :] = 0
    graded = rows[rows["grade"].between(1, GRADES)]
    np.add.at(pupils, (graded["oktmo"].map(place).to_numpy(dtype=int), graded["school_year"].to_numpy(dtype=int) - first,
                       graded["grade"].to_numpy(dtype=int) - 1), graded["pupil_count"].to_numpy(dtype=float))
    pupils[:, -1, :] = np.nan_to_num(pupils[:, -1, :])
    return History(municipalities=keys, first_year=first, pupils=pupils, births=_by_month(births, keys, "child_count"), until=last_known(day))


def last_known(day: date) -> pd.Timestamp:
    """The last month of birth that ended a month ago or earlier: acts of the months after it are still coming."""
    return pd.Timestamp(day.replace(day=1)) - pd.DateOffset(months=2)


def _by_month(births: pd.DataFrame, keys: tuple[str, ...], count: str) -> pd.DataFrame:
    dated = births.assign(birth_month=pd.to_datetime(births["birth_month"]))
    summed = dated.pivot_table(index="oktmo", columns="birth_month", values=count, aggfunc="sum", fill_value=0)
    wide = summed.reindex(keys, fill_value=0).astype(float)
    if wide.columns.empty:
        return pd.DataFrame(index=pd.Index(keys), columns=pd.DatetimeIndex([]), dtype=float)
    span = pd.date_range(wide.columns.min(), wide.columns.max(), freq="MS")
    return months(wide, span[0], len(span))
