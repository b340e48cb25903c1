"""The ministry's register: kinds and products to codes."""

from __future__ import annotations

import pandas as pd

from transforms import columns
from transforms.check import settle
from transforms.cleaned import Cleaned

KINDS = {"ОБЩЕОБРАЗОВАТЕЛЬНАЯ ОРГАНИЗАЦИЯ": "school", "ДОШКОЛЬНАЯ ОБРАЗОВАТЕЛЬНАЯ ОРГАНИЗАЦИЯ": "kindergarten",
         "ПРОФЕССИОНАЛЬНАЯ ОБРАЗОВАТЕЛЬНАЯ ОРГАНИЗАЦИЯ": "college", "ОБРАЗОВАТЕЛЬНАЯ ОРГАНИЗАЦИЯ ВЫСШЕГО ОБРАЗОВАНИЯ": "university"}
PRODUCTS = {"СЕТЕВОЙ ГОРОД. ОБРАЗОВАНИЕ": "netschool", "ЭЛЖУР": "eljur", "БАРС. ЭЛЕКТРОННАЯ ШКОЛА": "bars", "ФАЙЛ": "file",
            "ГИС СЦОС": "scos", "НЕТ": "none"}
PLACES = {"СЕЛЬСКАЯ": "true", "ГОРОДСКАЯ": "false"}


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """Organisations; a kind or product the register did not have before is refused, not guessed."""
    product = raw["journal_product"].str.strip()
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": columns.text(raw["organisation_key"]), "organisation_key": columns.text(raw["organisation_key"]),
        "organisation_name": columns.text(raw["organisation_name"]), "organisation_kind": columns.mapped(raw["organisation_kind"], KINDS),
        "inn": columns.text(raw["inn"]), "oktmo": columns.text(raw["oktmo"]), "settlement": columns.text(raw["settlement"]),
        "is_rural": columns.mapped(raw["is_rural"], PLACES), "journal_product": product.str.upper().map(PRODUCTS).astype("str").fillna(product),
        "journal_url": columns.text(raw["journal_url"]), "journal_local_id": columns.text(raw["journal_local_id"]),
        "place_count": columns.text(raw["place_count"]), "shift_count": columns.text(raw["shift_count"])})
    return settle(entity, typed)
