"""The ministry's archive of forms ОО-1: school years as the year they begin in."""

from __future__ import annotations

import pandas as pd

from transforms import columns
from transforms.check import settle
from transforms.cleaned import Cleaned


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """Pupils of a municipality and grade; a year that is written neither `2023/24` nor `2023` is no number and is refused."""
    year = columns.text(raw["school_year"])
    oktmo, grade = columns.text(raw["oktmo"]), columns.text(raw["grade"])
    begins = year.str.extract(r"^(\d{4})/\d{2}$", expand=False)
    return settle(entity, pd.DataFrame({
        "position": raw["position"], "source_key": year + ":" + oktmo + ":" + grade, "school_year": begins.fillna(year), "oktmo": oktmo, "grade": grade,
        "pupil_count": columns.text(raw["pupil_count"]), "first_shift_count": columns.text(raw["first_shift_count"])}))
