"""ЗАГС, establishments of paternity: the child's names before and after, and the act of birth they belong to."""

from __future__ import annotations

import pandas as pd

from transforms import columns, columns_civil
from transforms.cleaned import Cleaned


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """Person rows with the names after the act. KeyError for another entity."""
    return _CLEANERS[entity](raw)


def _person(raw: pd.DataFrame) -> Cleaned:
    born = columns_civil.civil_date(raw, "birth_date")
    return columns_civil.settle_person(raw, columns_civil.act(raw).assign(
        sex=columns.sex(raw["sex"]), **columns_civil.birth(born), **columns_civil.previous(raw), **columns_civil.base_act(raw),
        **columns_civil.mother(raw)), born)


_CLEANERS = {"person": _person}
