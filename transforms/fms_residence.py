"""МВД: residences, and the citizenship that follows from the paper a person was found by."""

from __future__ import annotations

import pandas as pd

from transforms import columns
from transforms.check import broken, settle
from transforms.cleaned import Cleaned
from transforms.codes import allowed, table

DOCUMENT_KINDS = {"russianPassport": "21", "birthCertificate": "03"}
"""СПДУЛ code of the paper; both are given to citizens of Russia, so citizenship 643 is derived from them [D]."""
RUSSIA = "643"
_RURAL = "village"
_KIND_WORDS = r"^(?:РП|ПГТ|ПОСЕЛОК|ГОРОД|Г|СЕЛО|С|ДЕРЕВНЯ|Д|УЛУС|У|ПОС|П|СТ|СТАНЦИЯ|ЗАИМКА|МЕСТНОСТЬ|АУЛ|ХУТОР)[. ]+"


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """One batch of what `connectors.fms_residence` reads; KeyError for an entity it does not."""
    return _CLEANERS[entity](raw)


def _person(raw: pd.DataFrame) -> Cleaned:
    """Who was asked about; the names of the question are ours, so they are not repeated as МВД's."""
    return settle("person", pd.DataFrame({
        "position": raw["position"], "source_key": raw["question_id"], "asked_source": raw["asked_source"], "asked_key": raw["asked_key"],
        "birth_date_absence": "silent", "patronymic_absence": "silent", "record_status": "active"}))


def _residence(raw: pd.DataFrame) -> Cleaned:
    since, until = columns.iso_date(raw["date_from"]), columns.iso_date(raw["date_to"])
    ours = columns.text(raw["region_oktmo"]).str[:5] + "000"
    oktmo = ours.where(ours.isin(allowed("municipalities")))
    settlement = columns.text(raw["settlement"])
    return settle("residence", pd.DataFrame({
        "position": raw["position"], "source_key": raw["question_id"].str.cat(raw["kind"], sep=":"), "person_key": raw["question_id"],
        "residence_kind": raw["kind"], "oktmo": oktmo, "settlement": settlement, "is_rural": _is_rural(oktmo, settlement),
        "is_outside_region": _is_outside(raw, oktmo), "address": _address(raw), "valid_from": since.values,
        "valid_to": until.values + pd.Timedelta(days=1),  # the last day of a registration is inside it
    }), broken("residence", raw["position"], {"valid_from.calendar": since.broken, "valid_to.calendar": until.broken}))


def _is_outside(raw: pd.DataFrame, oktmo: pd.Series) -> pd.Series:
    """Outside when a code says so; without a code the name of the region decides; without both it is taken for ours."""
    code = columns.text(raw["region_oktmo"])
    named = columns.text(raw["region"]).str.upper()
    elsewhere = named.notna() & ~named.str.contains("БУРЯТИЯ", regex=False).fillna(False).astype(bool)
    ours = code.str.startswith("81").fillna(False).astype(bool) & (oktmo.notna() | (code.str[:8] == "81000000"))
    return ((code.notna() & ~ours) | (code.isna() & elsewhere)).astype("boolean")


def _is_rural(oktmo: pd.Series, settlement: pd.Series) -> pd.Series:
    """By the list of settlements, within the municipality only: the same name elsewhere is another place. Unknown stays missing."""
    listed = table("settlements")
    rural = pd.Series((listed["kind"] == _RURAL).to_numpy(), index=_place(listed["oktmo"], listed["settlement"]).to_numpy())
    rural = rural[~rural.index.duplicated(keep=False)]
    return _place(oktmo, settlement).map(rural.to_dict()).astype("boolean")


def _place(oktmo: pd.Series, settlement: pd.Series) -> pd.Series:
    name = settlement.str.upper().str.replace("Ё", "Е").str.replace(_KIND_WORDS, "", regex=True).str.strip()
    return oktmo.str.cat(name, sep="|")


def _address(raw: pd.DataFrame) -> pd.Series:
    """One line: the parts in their order, or the line МВД gave instead of parts."""
    line = pd.Series("", index=raw.index, dtype="str")
    for column, label in (("region", ""), ("district", ""), ("settlement", ""), ("street", ""), ("house", "д. "), ("building", "корп. "), ("flat", "кв. ")):
        line = line + (", " + label + columns.text(raw[column])).fillna("")
    parts = line.str.removeprefix(", ")
    return parts.mask(parts == "").fillna(columns.text(raw["unstructured_address"]))


def _citizenship(raw: pd.DataFrame) -> Cleaned:
    kind = raw["document"].map(DOCUMENT_KINDS)
    return settle("citizenship", pd.DataFrame({
        "position": raw["position"], "source_key": raw["question_id"] + ":citizenship", "person_key": raw["question_id"],
        "citizenship": pd.Series(RUSSIA, index=raw.index, dtype="str").where(kind.notna()), "document_kind": kind}))


_CLEANERS = {"person": _person, "residence": _residence, "citizenship": _citizenship}
