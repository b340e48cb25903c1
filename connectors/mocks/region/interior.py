"""What the interior ministry knows: registrations, the address as it was keyed, and the document that finds them."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import errors, names
from connectors.mocks.region.chance import Array, Columns, generator, has, pick, take, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.mistakes import NAMES, spoil_dates, spoil_names
from connectors.mocks.region.places import ULAN_UDE, Places

SOURCE = "fms_residence"
ELSEWHERE, OUTSIDE, UNREGISTERED, STAYING, PASSPORT = 0.03, 0.004, 0.01, 0.05, 0.15
"""Registered in another municipality; outside the republic; nowhere; also staying somewhere; found by passport, of those over 14."""
REGION = "Республика Бурятия"
_OUTSIDE = (("Иркутская область", "25701000", "Иркутск"), ("Забайкальский край", "76701000", "Чита"), ("Красноярский край", "04701000", "Красноярск"))
_STREETS = np.array([row["name"] for row in names.rows("street")], dtype=object)
_SAME_NAME = {"Петропавловка", "Баянгол", "Хужир", "Загустай"}
"""Settlements whose name occurs in two districts."""


def homes(rng: np.random.Generator, lived: Array, places: Places) -> Array:
    """Where each child is registered: mostly where it lives, some elsewhere (half of them in the capital); -1 is outside the republic."""
    count = len(lived)
    luck = rng.random(count)
    other = pick(rng, np.arange(len(places.oktmo)), places.weight, count)
    other = np.where(rng.random(count) < 0.5, places.of(ULAN_UDE)[0], other)
    return np.where(luck < OUTSIDE, -1, np.where(luck < OUTSIDE + ELSEWHERE, other, lived))


def day_zero(seed: int, chunk: int, children: Columns, places: Places) -> list[Columns]:
    """Living and staying registrations up to day 0; living people only."""
    rng = generator(seed, "interior", chunk)
    alive = take(children, np.flatnonzero(np.isnat(children["death_date"])))
    citizen = alive["citizenship"] == "643"
    living = np.flatnonzero(citizen & (rng.random(len(citizen)) >= UNREGISTERED))
    staying = np.flatnonzero(~citizen | (rng.random(len(citizen)) < STAYING))
    first, second = take(alive, living), take(alive, staying)
    lived = np.where(second["citizenship"] == "643", pick(rng, np.arange(len(places.oktmo)), places.weight, len(staying)), second["place"])
    return [registrations(rng, first, first["registered"], "living", "", places), registrations(rng, second, lived, "staying", "", places)]


def registrations(rng: np.random.Generator, children: Columns, home: Array, kind: str, suffix: str, places: Places) -> Columns:
    """Registrations at `home` (a place, or -1 for outside), as the ministry has them; `suffix` keeps later keys apart."""
    count = len(children["serial"])
    stale = has(children["change_kind"]) & (rng.random(count) < errors.rate("stale_name", "fms"))
    written = spoil_names(rng, {name: where(stale, children[f"birth_{name}"], children[name]) for name in NAMES} | {"sex": children["sex"]}, "fms")
    age = (np.datetime64(DAY_ZERO) - children["birth_date"]).astype(int)
    since = np.datetime64(DAY_ZERO) - (rng.random(count) * np.maximum(1, age - 20)).astype(int)
    if kind == "staying":
        since = np.maximum(np.datetime64("2025-02-01") + rng.integers(0, 240, count), children["birth_date"])
    until = np.where(kind == "staying", since + rng.choice(np.array([365, 730, 1095]), count), np.datetime64("NaT"))
    return written | _documents(rng, children) | _addresses(rng, children, home, places) | {
        "person_id": children["person_id"], "wire_key": np.array([f"{kind[0]}{n}{suffix}" for n in children["serial"]], dtype=object),
        "kind": np.full(count, kind, dtype=object), "birth_date": spoil_dates(rng, children["birth_date"], "fms"), "date_from": since, "date_to": until}


def _documents(rng: np.random.Generator, children: Columns) -> Columns:
    """Foreigners by foreign passport, some over fourteen by passport, all others by the certificate they registered with."""
    count = len(children["serial"])
    foreign = children["citizenship"] != "643"
    passport = ~foreign & has(children["passport_series"]) & (rng.random(count) < PASSPORT)
    again = has(children["repeat_series"]) & (rng.random(count) >= errors.rate("old_certificate", "fms"))

    def choose(name: str) -> Array:
        certificate = np.where(again, children[f"repeat_{name}"], children[f"certificate_{name}"])
        return np.where(foreign, children[f"foreign_{name}"], np.where(passport, children[f"passport_{name}"], certificate))

    return {"document_type": where(foreign, "foreignPassport", where(passport, "russianPassport", "birthCertificate")),
            "document_series": choose("series"), "document_number": choose("number"), "document_date": choose("date")}


def _addresses(rng: np.random.Generator, children: Columns, home: Array, places: Places) -> Columns:
    count = len(home)
    outside = home < 0
    far = rng.integers(0, len(_OUTSIDE), count)
    misplaced = _misplaced(rng, home, places)
    settlement = where(outside, np.array([o[2] for o in _OUTSIDE], dtype=object)[far], places.settlement[home])
    style = rng.integers(0, 3, count)
    prefix = where(outside, "г", places.prefix[home])
    written = where(style == 0, settlement, where(style == 1, prefix + " " + settlement, prefix + ". " + settlement))
    street, house = _STREETS[children["street"] % len(_STREETS)], children["house"].astype("U4").astype(object)
    has_flat = (children["flat"] < 45) & (prefix != "с")
    flat = where(has_flat, (children["flat"] + 1).astype("U3").astype(object), None)
    region = where(outside, np.array([o[0] for o in _OUTSIDE], dtype=object)[far], REGION)
    oktmo = where(outside, np.array([o[1] for o in _OUTSIDE], dtype=object)[far], places.oktmo[misplaced])
    district = where(outside, None, places.municipality[misplaced])
    line = rng.random(count) < errors.rate("address_in_one_line", "fms")
    tail = where(has_flat, ", кв. " + (children["flat"] + 1).astype("U3").astype(object), "")
    whole = region + ", " + where(outside, "", places.municipality[misplaced] + ", ") + prefix + ". " + settlement + ", ул. " + street + ", д. " + house + tail
    keyed = {"region_oktmo": oktmo, "district": district, "settlement": written, "street": "ул. " + street, "house": house, "flat": flat}
    return {name: where(line, None, value) for name, value in keyed.items()} | {
        "region": region, "building": np.full(count, None, dtype=object), "unstructured_address": where(line, whole, None)}


def _misplaced(rng: np.random.Generator, home: Array, places: Places) -> Array:
    """The place whose district is written: now and then that of the other settlement with this name, or of a neighbour."""
    result = home.copy()
    for row in np.flatnonzero((rng.random(len(home)) < errors.rate("district_misplaced", "fms")) & (home >= 0)):
        name = places.settlement[home[row]]
        others = np.flatnonzero((places.settlement == name) & (places.oktmo != places.oktmo[home[row]]))
        result[row] = others[0] if name in _SAME_NAME else (home[row] + 9) % len(places.oktmo)
    return result
