"""The ministry's own past: forms ОО-1 of ten school years by municipality and grade, made backwards from the pupils of day 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from connectors.mocks.journals.files import csv_bytes, put
from connectors.mocks.journals.terms import school_year
from connectors.mocks.journals.world import World

YEARS = 10
MIGRATION, NOISE, SMALLER = 0.006, 0.012, 0.02
"""A cohort was larger by this share a year ago (families leave), figures of a form stray by so much, and cohorts that have left school were smaller by so
much a year (births of the republic rose from 2000 to 2013)."""
FIRST_SHIFT = 0.86
PUPILS = """
SELECT organisation.oktmo, pupil.grade, count(*) AS pupil_count
FROM seen.journal_pupil AS pupil
JOIN (SELECT organisation_key, any_value(oktmo) AS oktmo FROM seen.organisation WHERE day = 0 GROUP BY organisation_key) AS organisation USING (organisation_key)
WHERE pupil.day = 0 AND pupil.grade BETWEEN 1 AND 11 AND pupil.exit_date IS NULL AND pupil.removed_day IS NULL
GROUP BY organisation.oktmo, pupil.grade ORDER BY organisation.oktmo, pupil.grade
"""
COLUMNS = {"school_year": "Учебный год", "oktmo": "ОКТМО", "grade": "Класс", "pupil_count": "Обучающихся", "first_shift_count": "Из них в первую смену"}


def write(world: World, folder: Path) -> int:
    """One file a school year before this one, always the same; returns how many are new or changed."""
    today = world.records(PUPILS)
    if not today:
        return 0
    now = pd.DataFrame(today).pivot_table(index="oktmo", columns="grade", values="pupil_count", fill_value=0).reindex(columns=range(1, 12), fill_value=0)
    year = school_year(world.today)
    return sum(int(put(folder / f"oo1_{year - back}.csv", csv_bytes(_form(now, year - back, back), "utf-8-sig"))) for back in range(1, YEARS + 1))


def _form(now: pd.DataFrame, year: int, back: int) -> pd.DataFrame:
    """The form of `year`: each grade held the children who are `back` grades further now, or who have left."""
    rng = np.random.default_rng([year, len(now)])
    grades = np.arange(1, 12)
    same, gone = np.minimum(grades + back, 11), np.maximum(0, grades + back - 11)
    cohort = now.to_numpy(dtype=float)[:, same - 1] * (1 - SMALLER) ** gone
    pupils = np.round(cohort * (1 + MIGRATION) ** (back - gone) * (1 + rng.normal(0, NOISE, cohort.shape))).astype(int).clip(0)
    first = np.minimum(pupils, np.round(pupils * np.where(np.isin(grades, (1, 5, 9, 11)), 1, FIRST_SHIFT - 0.01 * min(back, 5))).astype(int))
    rows = pd.DataFrame({"oktmo": np.repeat(now.index.to_numpy(), 11), "grade": np.tile(grades, len(now)), "pupil_count": pupils.ravel(),
                         "first_shift_count": first.ravel()}).assign(school_year=f"{year}/{(year + 1) % 100:02}")
    return rows[list(COLUMNS)].rename(columns=COLUMNS)
