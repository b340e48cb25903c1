"""Columns that all acts of civil status share: names, dates that may be partial, papers, the act a change refers to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from transforms import columns
from transforms.check import broken, settle
from transforms.cleaned import Cleaned
from transforms.codes import allowed
from transforms.documents import certificate

ANNULLED = "03"
"""The last two of the four signs of КодСостСтат."""
BIRTH = "01"
"""ТипАГС of an act of birth."""


class CivilDate(NamedTuple):
    """A date of an act: whole, or as far as it is known, and why it is not whole."""

    values: pd.Series
    partial: pd.Series
    """`YYYY` or `YYYY-MM`."""
    absence: pd.Series
    broken: pd.Series
    broken_partial: pd.Series


def civil_date(raw: pd.DataFrame, column: str) -> CivilDate:
    """From `<column>` (calendar date), `_day`, `_month`, `_year` (what is known of it) and `_absent` (1: the act says so).

    Nothing is made up: without a day there is no date. 31.02 is broken, so is a thirteenth month.
    """
    whole = columns.iso_date(raw[column])
    year = raw[f"{column}_year"].str.extract(r"^(\d{4})")[0]
    month, day = (columns.integer(raw[f"{column}_{part}"]).values for part in ("month", "day"))
    months = month.astype("str").str.zfill(2)
    spelled = (year + "-" + months + "-" + day.astype("str").str.zfill(2)).where(month.notna() & day.notna())
    put_together = columns.iso_date(spelled)
    values = whole.values.fillna(put_together.values)
    partial = year.where(month.isna(), year + "-" + months).where(spelled.isna())
    wrong = (raw[f"{column}_year"].notna() & year.isna()) | (partial.notna() & ~month.fillna(1).between(1, 12).astype(bool))
    reasons = np.select([values.notna(), partial.notna(), raw[f"{column}_absent"] == "1"], ["", "partial", "declared_absent"], "silent")
    absence = pd.Series(reasons, index=raw.index, dtype="str")
    return CivilDate(values, partial, absence.mask(absence == ""), whole.broken | put_together.broken, wrong)


def act(raw: pd.DataFrame) -> pd.DataFrame:
    """Key, version and state of the act, names, sex and СНИЛС of the person it is about."""
    names = columns.person_names(raw["family_name"], raw["given_name"], raw["patronymic"])
    declared = names["patronymic"].isna() & (raw["patronymic_absent"] == "1")
    annulled = raw["status"].str[2:4] == ANNULLED
    return names.assign(
        position=raw["position"], source_key=columns.text(raw["act_number"]), sequence=raw["version"],
        record_status=pd.Series(np.where(annulled, "annulled", "active"), index=raw.index, dtype="str"),
        patronymic_absence=names["patronymic_absence"].mask(declared, "declared_absent"), snils=columns.snils(raw["snils"]))


def birth(date: CivilDate) -> dict[str, pd.Series]:
    return {"birth_date": date.values, "birth_date_partial": date.partial, "birth_date_absence": date.absence}


def mother(raw: pd.DataFrame) -> dict[str, pd.Series]:
    names = {f"mother_{part}": columns.name(raw[f"mother_{part}"]) for part in ("family_name", "given_name", "patronymic")}
    born = columns.iso_date(raw["mother_birth_date"]).values
    return {**names, "mother_birth_date": born, "mother_snils": columns.snils(raw["mother_snils"])}


def previous(raw: pd.DataFrame) -> dict[str, pd.Series]:
    return {f"previous_{part}": columns.name(raw[f"previous_{part}"]) for part in ("family_name", "given_name", "patronymic")}


def base_act(raw: pd.DataFrame) -> dict[str, pd.Series]:
    """The act of birth a change refers to: what joins it to the birth record."""
    of_birth = raw["base_act_kind"] == BIRTH
    return {"birth_act_number": columns.text(raw["base_act_number"]).where(of_birth),
            "birth_act_date": columns.iso_date(raw["base_act_date"]).values.where(of_birth),
            "birth_act_authority": columns.text(raw["base_act_authority"]).where(of_birth)}


def paper(raw: pd.DataFrame) -> dict[str, pd.Series]:
    """The identity document; a certificate of birth is also brought to the form certificates have."""
    kind = columns.text(raw["document_kind"])
    is_certificate = kind == "03"
    issued = columns.iso_date(raw["document_date"]).values
    series, number = (columns.text(raw[f"document_{part}"]).str.upper() for part in ("series", "number"))
    return {"document_kind": kind, "document": number.where(series.isna(), series.str.cat(number, sep=" ")), "document_date": issued,
            "birth_certificate": certificate(raw["document_series"], raw["document_number"]).where(is_certificate),
            "birth_certificate_date": issued.where(is_certificate)}


def municipality(*raw: pd.Series) -> pd.Series:
    """ОКТМО of the municipality (8 digits) of the first code that is there, if it is one of ours."""
    code = raw[0]
    for other in raw[1:]:
        code = code.fillna(other)
    ours = code.str[:5] + "000"
    return ours.where(ours.isin(allowed("municipalities")))


def settle_person(raw: pd.DataFrame, typed: pd.DataFrame, born: CivilDate, masks: Mapping[str, pd.Series] | None = None) -> Cleaned:
    """One staging row or one refusal for each act version; an act without any name is about nobody."""
    return settle("person", typed, broken("person", raw["position"], {
        "name.required": typed["family_name"].isna() & typed["given_name"].isna(),
        "birth_date.calendar": born.broken, "birth_date_partial.pattern": born.broken_partial, **(masks or {})}))
