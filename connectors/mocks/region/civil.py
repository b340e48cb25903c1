"""What ЗАГС knows: acts of birth, change of name, paternity and death, in their versions."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import errors
from connectors.mocks.region.chance import Array, Columns, generator, has, take, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.documents import act_number
from connectors.mocks.region.mistakes import NAMES, spoil_names
from connectors.mocks.region.places import Places

PRIMARY, ANNULLED, CHANGED = "0101", "0103", "0107"
DUPLICATE, LATER = 7_000_000, 100_000_000
"""Added to the serial of a birth act made twice; and when that happened after day 0."""
_MOTHER = ("mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date")
_FATHER = ("father_family_name", "father_given_name", "father_patronymic", "father_birth_date")


def day_zero(seed: int, chunk: int, children: Columns, places: Places) -> list[Columns]:
    """All acts up to day 0, one table a kind and version; `person_id` says whose they are."""
    rng = generator(seed, "civil", chunk)
    local = take(children, np.flatnonzero(children["is_local"]))
    births = birth_acts(rng, local, places)
    changed = np.flatnonzero(has(local["change_kind"]))
    dead = np.flatnonzero(~np.isnat(local["death_date"]))
    return [*_versions(rng, births), _duplicates(rng, local, births), change_acts(rng, take(local, changed)), death_acts(rng, take(local, dead))]


def birth_acts(rng: np.random.Generator, children: Columns, places: Places) -> Columns:
    """First versions of birth acts, names as at birth."""
    count = len(children["serial"])
    born = {name: children[f"birth_{name}"] for name in NAMES}
    names = spoil_names(rng, born | {"sex": children["sex"]}, "zags")
    partial = rng.random(count) < errors.rate("birth_date_partial", "zags")
    text = children["birth_date"].astype("datetime64[M]").astype("U7").astype(object)
    short = where(rng.random(count) < 0.5, text, np.datetime_as_string(children["birth_date"].astype("datetime64[Y]")).astype(object))
    year = children["birth_date"].astype("datetime64[Y]").astype(int) + 1970
    has_number = (year >= errors.ACT_HAS_SNILS_SINCE) & (rng.random(count) < errors.ACT_HAS_SNILS)
    known_father = children["has_father"]
    place = children["place"]
    dates = ("act_date", "authority_code", "authority_name", "certificate_series", "certificate_number", "certificate_date",
             "repeat_series", "repeat_number", "repeat_date", "sex", "birth_count", "birth_order", *_MOTHER)
    street = np.array([f"{p}. {s}, д. {h}" for p, s, h in zip(places.prefix[place], places.settlement[place], children["house"], strict=True)], dtype=object)
    return names | {name: children[name] for name in dates} | {
        "person_id": children["person_id"], "act_kind": np.full(count, "birth", dtype=object), "wire_key": children["act_number"],
        "version": np.ones(count, dtype=int), "version_date": children["act_date"], "status_code": np.full(count, PRIMARY, dtype=object),
        "birth_date": np.where(partial, np.datetime64("NaT"), children["birth_date"]), "birth_date_partial": where(partial, short, None),
        "is_alive": np.ones(count, dtype=bool), "birth_oktmo": places.oktmo[place], "birth_district": places.municipality[place],
        "birth_settlement": places.settlement[place], "snils": where(has_number, children["snils"], None),
        "mother_snils": where(year >= errors.ACT_HAS_SNILS_SINCE, children["mother_snils"], None), "mother_citizenship": np.full(count, "643", dtype=object),
        "mother_address": where(rng.random(count) < 0.9, "Республика Бурятия, " + places.municipality[place] + ", " + street, None),
        **{name: where(known_father, children[name], None) for name in _FATHER[:3]},
        "father_birth_date": np.where(known_father, children["father_birth_date"], np.datetime64("NaT")),
        "father_citizenship": where(known_father, "643", None)}


def _versions(rng: np.random.Generator, births: Columns) -> list[Columns]:
    """Corrected acts get a second version; the first one of them often held a slip in the name."""
    rows = np.flatnonzero(rng.random(len(births["version"])) < errors.rate("act_corrected", "zags"))
    second = take(births, rows)
    second["version"], second["status_code"] = np.full(len(rows), 2), np.full(len(rows), CHANGED, dtype=object)
    second["version_date"] = np.minimum(second["version_date"] + rng.integers(20, 900, len(rows)), np.datetime64(DAY_ZERO))
    births["mother_patronymic"] = births["mother_patronymic"].copy()
    births["mother_patronymic"][rows] = None
    return [births, second]


def _duplicates(rng: np.random.Generator, local: Columns, births: Columns) -> Columns:
    """Births registered twice: a second act of the same child, annulled."""
    rows = np.flatnonzero(rng.random(len(births["version"])) < errors.rate("act_annulled", "zags"))
    extra, source = take(births, rows), take(local, rows)
    extra["wire_key"] = act_number("birth", source["serial"] + DUPLICATE, source["act_date"], source["authority_code"])
    extra["version"], extra["status_code"] = np.full(len(rows), 2), np.full(len(rows), ANNULLED, dtype=object)
    for name in ("certificate_series", "certificate_number", "repeat_series", "repeat_number"):
        extra[name] = np.full(len(rows), None, dtype=object)
    for name in ("certificate_date", "repeat_date"):
        extra[name] = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[D]")
    return extra


def _referring(rng: np.random.Generator, children: Columns, kind: Array, number: Array, happened: Array) -> Columns:
    count = len(kind)
    named = rng.random(count) >= errors.rate("base_act_missing", "zags")
    return {"person_id": children["person_id"], "act_kind": kind, "wire_key": number, "version": np.ones(count, dtype=int),
            "version_date": happened, "status_code": np.full(count, PRIMARY, dtype=object), "act_date": happened,
            "authority_code": children["authority_code"], "authority_name": children["authority_name"], "sex": children["sex"],
            "birth_date": children["birth_date"], "base_act_number": where(named, children["act_number"], None),
            "base_act_date": np.where(named, children["act_date"], np.datetime64("NaT")),
            "base_authority_code": where(named, children["authority_code"], None), "base_authority_name": where(named, children["authority_name"], None)}


def change_acts(rng: np.random.Generator, children: Columns) -> Columns:
    """Changes of name and acts of paternity: names before and after."""
    before = {name: children[f"birth_{name}"] for name in NAMES}
    after = {f"after_{name}": children[name] for name in NAMES}
    paternity = children["change_kind"] == "paternity"
    father = {"father_given_name": where(paternity, children["father_given_name"], None), "father_family_name": where(paternity, children["family_name"], None)}
    return _referring(rng, children, children["change_kind"], children["change_act_number"], children["change_date"]) | before | after | father | {
        name: children[name] for name in _MOTHER}


def death_acts(rng: np.random.Generator, children: Columns) -> Columns:
    """Acts of death."""
    happened = children["death_date"]
    registered = np.minimum(happened + 2, np.maximum(np.datetime64(DAY_ZERO), happened))
    number = act_number("death", children["serial"], happened, children["authority_code"])
    names = {name: children[name] for name in NAMES}
    return _referring(rng, children, np.full(len(happened), "death", dtype=object), number, registered) | names | {"death_date": happened}
