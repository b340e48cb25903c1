"""Municipalities and settlements of the republic, with the share of children in each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from connectors.mocks.region import names
from connectors.mocks.region.chance import Array

_CODES = Path(__file__).parents[3] / "schemas" / "codes"
_WEIGHT = {"town": 12.0, "urban_settlement": 7.0, "village": 2.0}
_PREFIX = {"town": "г", "urban_settlement": "пгт", "village": "с"}
ULAN_UDE = "81701000"


def _rows(name: str) -> list[dict[str, str]]:
    with (_CODES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Places:
    """Settlements as parallel arrays; a place is a position in them."""

    oktmo: Array
    municipality: Array
    settlement: Array
    prefix: Array
    is_rural: Array
    weight: Array
    """Share of the region's children."""
    buryat_share: Array
    civil_office: Array
    civil_code: Array

    def of(self, oktmo: str) -> Array:
        """Positions of one municipality's settlements."""
        return np.flatnonzero(self.oktmo == oktmo)


@cache
def republic() -> Places:
    """Every settlement of the region."""
    titles = {row["oktmo"]: row["name"] for row in _rows("municipalities")}
    shares = {row["oktmo"]: row for row in names.rows("municipality_share")}
    order = {code: number for number, code in enumerate(sorted(shares))}
    every = _rows("settlements")
    seen: set[str] = set()
    raw: list[float] = []
    for row in every:
        raw.append(_WEIGHT[row["kind"]] * (1.0 if row["oktmo"] in seen else 6.0))
        seen.add(row["oktmo"])
    codes = np.array([row["oktmo"] for row in every], dtype=object)
    weight = np.array(raw)
    for code, share in shares.items():
        weight[codes == code] *= float(share["child_share"]) / weight[codes == code].sum()
    return Places(
        oktmo=codes, municipality=_texts([titles[c] for c in codes]), settlement=_texts([r["settlement"] for r in every]),
        prefix=_texts([_PREFIX[r["kind"]] for r in every]), is_rural=np.array([r["kind"] == "village" for r in every]),
        weight=weight / weight.sum(), buryat_share=np.array([float(shares[c]["buryat_share"]) for c in codes]),
        civil_office=_texts([f"{shares[c]['civil_office']} отдел Управления ЗАГС Республики Бурятия" for c in codes]),
        civil_code=_texts([f"R03{order[c] + 1:05d}" for c in codes]))


def _texts(values: list[str]) -> Array:
    return np.array(values, dtype=object)
