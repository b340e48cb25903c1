"""ЗАГС, births: one version of one act to one person."""

from __future__ import annotations

import pandas as pd

from transforms import columns, columns_civil
from transforms.cleaned import Cleaned
from transforms.documents import certificate


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """Person rows; the act itself is the birth record. KeyError for another entity."""
    return _CLEANERS[entity](raw)


def _person(raw: pd.DataFrame) -> Cleaned:
    born = columns_civil.civil_date(raw, "birth_date")
    written = columns.iso_date(raw["act_date"])
    return columns_civil.settle_person(raw, columns_civil.act(raw).assign(
        sex=columns.sex(raw["sex"]), **columns_civil.birth(born), **columns_civil.mother(raw), **_papers(raw),
        birth_act_number=columns.text(raw["act_number"]), birth_act_date=written.values, birth_act_authority=columns.text(raw["act_authority"]),
        birth_count=raw["birth_count"], birth_order=raw["birth_order"],
        death_date=born.values.where(raw["is_alive"] == "0"),  # a stillborn child never lived; the meaning of 0 is not published [D]
        oktmo=columns_civil.municipality(raw["mother_oktmo"], raw["birth_oktmo"])), born)


def _papers(raw: pd.DataFrame) -> dict[str, pd.Series]:
    """The certificate in force: the repeated one if there is one; the first then stands as a document."""
    first, repeated = (certificate(raw[f"{which}_series"], raw[f"{which}_number"]) for which in ("certificate", "repeat"))
    issued, reissued = (columns.iso_date(raw[f"{which}_date"]).values for which in ("certificate", "repeat"))
    is_replaced = repeated.notna()
    older = is_replaced & first.notna()
    return {
        "birth_certificate": repeated.where(is_replaced, first), "birth_certificate_date": reissued.where(is_replaced, issued),
        "birth_certificate_issuer": columns.text(raw["act_authority_name"]).where(is_replaced | first.notna()),
        "document_kind": pd.Series("03", index=raw.index, dtype="str").where(older), "document": first.where(older), "document_date": issued.where(older),
    }


_CLEANERS = {"person": _person}
