"""ЗАГС, deaths: who died and when; the cause was never read."""

from __future__ import annotations

import pandas as pd

from transforms import columns, columns_civil
from transforms.cleaned import Cleaned


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """Person rows with a date of death; a partial one stays missing. KeyError for another entity."""
    return _CLEANERS[entity](raw)


def _person(raw: pd.DataFrame) -> Cleaned:
    born, died = (columns_civil.civil_date(raw, column) for column in ("birth_date", "death_date"))
    return columns_civil.settle_person(raw, columns_civil.act(raw).assign(
        sex=columns.sex(raw["sex"]), **columns_civil.birth(born), **columns_civil.paper(raw), citizenship=columns.text(raw["citizenship"]),
        death_date=died.values), born, {"death_date.calendar": died.broken})


_CLEANERS = {"person": _person}
