"""Shapes that tables of several reports share: columns, totals, steps of education."""

from __future__ import annotations

import pandas as pd

from warehouse.reports.model import Column

STEPS = {"grades_1_4": (0, 4), "grades_5_9": (5, 9), "grades_10_12": (10, 12)}
UNKNOWN_PLACE = "не указан"
LEAST = 20
"""A share of fewer children says nothing, and one dark tile of two children misleads."""


def text(name: str, title: str, width: int = 12) -> Column:
    """A text column."""
    return Column(name=name, title=title, width=width)


def integer(name: str, title: str, width: int = 11) -> Column:
    """A column of whole numbers."""
    return Column(name=name, title=title, kind="integer", width=width)


def with_total(rows: pd.DataFrame, *, label: str, counts: list[str]) -> pd.DataFrame:
    """`rows` and one more that sums `counts`, its first column reading `label`."""
    total = pd.DataFrame([{name: int(rows[name].sum()) for name in counts}]).assign(**{rows.columns[0]: label})
    if rows.empty:
        return total.reindex(columns=rows.columns)
    return pd.concat([rows.astype(object), total.astype(object)], ignore_index=True)[list(rows.columns)]


def heads(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of mart `contingent` summed by `keys`: classes, pupils, girls, boys, steps, later shifts, and a total row."""
    named = rows.assign(**{key: rows[key].fillna(UNKNOWN_PLACE) for key in keys})
    pupils = named["pupil_count"]
    measures = {
        "pupil_count": pupils, "girl_count": pupils.where(named["sex"] == "F", 0), "boy_count": pupils.where(named["sex"] == "M", 0),
        **{step: pupils.where(named["grade"].between(*grades).fillna(False), 0) for step, grades in STEPS.items()},
        "later_shift_count": named["later_shift_count"]}
    sums = named.assign(**measures).groupby(keys, sort=True)[list(measures)].sum()
    classes = named.drop_duplicates([*keys, "organisation_key", "grade", "class_letter", "study_form"]).groupby(keys).size()
    counts = ["class_count", *measures]
    body = sums.assign(class_count=classes).reset_index()[[*keys, *counts]]
    return with_total(body, label="Всего", counts=counts)
