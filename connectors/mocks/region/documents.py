"""Numbers of acts, certificates and passports of each child; all follow from its serial, so none is given twice."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import snils
from connectors.mocks.region.chance import Array, Columns, generator, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.places import Places

_SECOND = np.array(list("АБВГДЕЖЗИКЛМНОПРСТУФХЧЭЮЯ"), dtype=object)
_STEP, _SPAN = 70_001, 900_000
LATER_CHUNKS = 2_000_000
"""Chunks from this number on are born after day 0."""
REISSUE = 5_000_000
"""Added to the serial of a certificate given again."""
ACT_KINDS = {"birth": 1, "paternity": 4, "name_change": 6, "death": 7}


def certificate(serials: Array, dates: Array) -> tuple[Array, Array]:
    """Series and number of birth certificates; the first letter pair of the region is АЖ."""
    year = dates.astype("datetime64[Y]").astype(int) + 1970
    roman = np.array(["I", "II", "III"], dtype=object)[(year >= 2014).astype(int) + (year >= 2020)]
    second = _SECOND[(serials // _SPAN + 6) % len(_SECOND)]
    return roman + "-А" + second, digits(100_000 + serials * _STEP % _SPAN, 6)


def act_number(kind: str, serials: Array, dates: Array, authority: Array) -> Array:
    """Numbers of acts in the state register: 21 characters."""
    year = dates.astype("datetime64[Y]").astype(int) % 100 + 70
    return str(ACT_KINDS[kind]) + digits(year % 100, 2) + authority + digits(serials, 10)


def digits(values: Array, width: int) -> Array:
    return np.strings.slice((values + 10**width).astype(f"U{width + 1}"), 1, None).astype(object)


def make(seed: int, chunk: int, children: Columns, places: Places) -> Columns:
    """Documents of children: birth act and certificate, passport from fourteen, insurance number."""
    rng = generator(seed, "documents", chunk)
    serial, born, count = children["serial"], children["birth_date"], len(children["serial"])
    is_local = (children["citizenship"] == "643") & (rng.random(count) >= 0.03)
    act_date = np.minimum(born + rng.integers(1, 30, count), np.datetime64(DAY_ZERO)) if chunk < LATER_CHUNKS else born + rng.integers(1, 12, count)
    act_date = np.maximum(act_date, born)
    authority = places.civil_code[children["place"]]
    series, number = certificate(serial, act_date)
    passport_date = born + 14 * 365 + 4 + rng.integers(5, 60, count)
    adult = (passport_date <= np.datetime64(DAY_ZERO)) & (children["citizenship"] == "643")
    again = rng.random(count) < 0.03
    again_date = np.minimum(act_date + rng.integers(100, 3000, count), np.datetime64(DAY_ZERO))
    again_series, again_number = certificate(serial + REISSUE, again_date)
    foreign = children["citizenship"] != "643"
    return {
        "is_local": is_local, "act_number": where(is_local, act_number("birth", serial, act_date, authority), None), "act_date": act_date,
        "authority_code": authority, "authority_name": places.civil_office[children["place"]],
        "certificate_series": where(foreign, None, series), "certificate_number": where(foreign, None, number), "certificate_date": act_date,
        "repeat_series": where(again & ~foreign, again_series, None), "repeat_number": where(again & ~foreign, again_number, None),
        "repeat_date": np.where(again & ~foreign, again_date, np.datetime64("NaT")),
        "passport_series": where(adult, "81" + digits((passport_date.astype("datetime64[Y]").astype(int) + 70) % 100, 2), None),
        "passport_number": where(adult, digits(100_000 + serial * _STEP % _SPAN, 6), None), "passport_date": passport_date,
        "foreign_series": where(foreign, digits(10 + serial % 80, 2), None),
        "foreign_number": where(foreign, digits(1_000_000 + serial * 70_001 % 9_000_000, 7), None),
        "foreign_date": np.maximum(born + 60, np.datetime64("2016-01-01") + serial % 2000),
        "snils": snils.numbers(serial * 4), "second_snils": snils.numbers(serial * 4 + 1),
        "mother_snils": snils.numbers((children["mother_id"] % 1_000_000_000) * 4 + 2)}
