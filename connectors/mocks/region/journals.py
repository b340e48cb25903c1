"""What schools and kindergartens typed about their pupils."""

from __future__ import annotations

from datetime import date

import numpy as np

from connectors.mocks.region import errors, snils
from connectors.mocks.region.chance import Array, Columns, generator, has, take, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.mistakes import NAMES, spoil_dates, spoil_names
from connectors.mocks.region.organisations import LETTERS, Network

COUNTRIES = {"643": ("РФ", "Россия", "Российская Федерация", "643"), "496": ("Монголия", "МНР"), "156": ("Китай", "КНР"), "398": ("Казахстан",),
             "860": ("Узбекистан", "Республика Узбекистан"), "417": ("Кыргызстан", "Киргизия"), "051": ("Армения",)}
FINISHED, _BOARDERS = date(2025, 6, 25), 0.3
"""The day grade 11 left school; of those who lived where the region has no school: finished one of it as boarders."""
_TRANSFER = 400_000_000
"""Added to the serial of a pupil's second listing, so that local ids differ."""


def day_zero(seed: int, chunk: int, children: Columns, network: Network) -> list[Columns]:
    """Pupils listed on day 0: by their organisation, and those whom a former school still lists."""
    rng = generator(seed, "journals", chunk)
    listed = np.flatnonzero(children["organisation"] >= 0)
    pupils = take(children, listed)
    visible = np.isin(network.register["product"][pupils["organisation"]], ("netschool", "eljur", "bars", "file"))
    pupils = take(pupils, np.flatnonzero(visible))
    rows = listing(rng, pupils, network, children)
    left = np.flatnonzero((pupils["grade"] > 1) & (rng.random(len(pupils["grade"])) < errors.rate("listed_in_two_schools", "journal")))
    return [rows, _left_behind(rng, take(pupils, left), network, children)]


def listing(rng: np.random.Generator, pupils: Columns, network: Network, children: Columns) -> Columns:
    """Rows of pupils in the organisation of each; `children` are those among whom siblings and neighbours are found."""
    count = len(pupils["serial"])
    stale = has(pupils["change_kind"]) & (rng.random(count) < errors.rate("stale_name", "journal"))
    written = spoil_names(rng, {name: where(stale, pupils[f"birth_{name}"], pupils[name]) for name in NAMES} | {"sex": pupils["sex"]}, "journal")
    school = pupils["grade"] > 0
    return written | {
        "person_id": pupils["person_id"], "organisation_key": network.register["organisation_key"][pupils["organisation"]],
        "product": network.register["product"][pupils["organisation"]], "wire_key": local_ids(pupils["serial"]),
        "birth_date": spoil_dates(rng, pupils["birth_date"], "journal"), "sex": where(rng.random(count) < 0.001, None, pupils["sex"]),
        "snils": _numbers(rng, pupils, children), "certificate": _certificates(rng, pupils), "citizenship": _countries(rng, pupils["citizenship"]),
        "grade": np.where(school, pupils["grade"].astype(float), np.nan), "letter": pupils["letter"], "group_name": pupils["group_name"],
        "shift": np.where(school, pupils["shift"].astype(float), np.nan), "study_form": pupils["study_form"], "entry_date": pupils["entry_date"],
        "exit_date": np.full(count, np.datetime64("NaT"), dtype="datetime64[D]"), "exit_reason": np.full(count, None, dtype=object),
        "phone": np.array([f"+7 900 {n % 1000:03d}-{n // 7 % 100:02d}-{n % 97:02d}" for n in pupils["household"]], dtype=object)}


def graduates(seed: int, people: Columns, network: Network) -> Columns:
    """Leavers whom schools still list in October: those of `people` (in order of serials) who finished grade 11 in June.

    A school near home where the region has one; of the others some finished as boarders in any of its schools.
    """
    rng = generator(seed, "graduates")
    served = np.array(list(network.serving["school"]), dtype=int)
    count = len(people["serial"])
    boards, place = rng.random(count) < _BOARDERS, served[rng.integers(0, len(served), count)]
    here = np.flatnonzero(np.isin(people["place"], served) | boards)
    place = np.where(np.isin(people["place"], served), people["place"], place)[here]
    school = network.choose("school", place, rng.random(len(here)))
    visible = np.flatnonzero(np.isin(network.register["product"][school], ("netschool", "eljur", "bars", "file")))
    pupils, school = take(people, here[visible]), school[visible]
    count = len(school)
    parallel = (rng.random(count) * network.class_count[school]).astype(int)
    entered = np.array([np.datetime64(f"{year}-09-01") for year in range(2014, 2025)])
    pupils |= {"organisation": school, "grade": np.full(count, 11), "letter": LETTERS[parallel], "shift": np.ones(count, dtype=int),
               "study_form": np.full(count, "очная", dtype=object), "entry_date": entered[rng.integers(0, len(entered), count)]}
    return listing(rng, pupils, network, pupils) | {
        "exit_date": np.full(count, np.datetime64(FINISHED)), "exit_reason": np.full(count, "окончание школы", dtype=object)}


def local_ids(serials: Array) -> Array:
    """The journal's own numbers of pupils."""
    return (100_000 + serials).astype("U12").astype(object)


def _left_behind(rng: np.random.Generator, pupils: Columns, network: Network, children: Columns) -> Columns:
    """The same pupils in the school they left this autumn, which has not struck them off."""
    former = network.choose("school", pupils["place"], rng.random(len(pupils["place"])))
    members = np.flatnonzero((network.kind == "school") & (network.register["product"] != "none"))
    former = np.where(former == pupils["organisation"], members[(np.searchsorted(members, former) + 1) % len(members)], former)
    parallel = (rng.random(len(former)) * network.class_count[former]).astype(int)
    moved = pupils | {"organisation": former, "letter": LETTERS[parallel], "serial": pupils["serial"] + _TRANSFER}
    rows = listing(rng, moved | {"serial": pupils["serial"]}, network, children)
    rows["wire_key"] = local_ids(pupils["serial"] + _TRANSFER)
    rows["entry_date"] = np.full(len(former), np.datetime64("2024-09-01"))
    return rows


def _numbers(rng: np.random.Generator, pupils: Columns, children: Columns) -> Array:
    """СНИЛС as typed."""
    luck, count = rng.random(len(pupils["serial"])), len(pupils["serial"])
    value = pupils["snils"].copy()
    start = 0.0

    def hit(name: str) -> Array:
        nonlocal start
        share = errors.rate(name, "journal")
        mask = (luck >= start) & (luck < start + share)
        start += share
        return mask

    value[hit("snils_missing") | (pupils["citizenship"] != "643") & (rng.random(count) < 0.6)] = None
    given = has(value)
    for name, change in (("snils_mistyped", snils.mistyped), ("snils_mistyped_valid", snils.mistyped_valid)):
        mask = hit(name) & given
        value[mask] = change(value[mask])
    mask = hit("snils_of_parent") & given
    value[mask] = pupils["mother_snils"][mask]
    mask = hit("snils_of_other_child") & given
    value[mask] = np.roll(pupils["snils"], 1)[mask]
    mask = hit("snils_of_sibling") & given
    value[mask] = _siblings(children, pupils["serial"][mask])
    return snils.dashed(value, rng.random(count) < 0.7)


def _siblings(children: Columns, serials: Array) -> Array:
    """The number of the next child of the family (the child's own when it is the only one); `children` is in order of serials."""
    row = np.searchsorted(children["serial"], serials)
    after, before = np.minimum(row + 1, len(children["serial"]) - 1), np.maximum(row - 1, 0)
    home = children["household"]
    other = np.where(home[after] == home[row], after, np.where(home[before] == home[row], before, row))
    return children["snils"][other]


def _certificates(rng: np.random.Generator, pupils: Columns) -> Array:
    """The certificate (or passport) as typed."""
    count = len(pupils["serial"])
    again = has(pupils["repeat_series"]) & (rng.random(count) >= errors.rate("old_certificate", "journal"))
    series = where(again, pupils["repeat_series"], pupils["certificate_series"])
    number = where(again, pupils["repeat_number"], pupils["certificate_number"])
    foreign = pupils["citizenship"] != "643"
    passport = has(pupils["passport_series"]) & (rng.random(count) < 0.2)
    series = where(foreign, pupils["foreign_series"], where(passport, pupils["passport_series"], series))
    number = where(foreign, pupils["foreign_number"], where(passport, pupils["passport_number"], number))
    style = rng.integers(0, 10, count)
    text = where(style == 0, series + " № " + number, where(style == 1, series + number, series + " " + number))
    return where(rng.random(count) < errors.rate("certificate_missing", "journal"), None, text)


def _countries(rng: np.random.Generator, codes: Array) -> Array:
    style = rng.integers(0, 12, len(codes))
    return np.array([COUNTRIES[c][s % len(COUNTRIES[c])] if s > 5 else COUNTRIES[c][0] for c, s in zip(codes, style, strict=True)], dtype=object)


def test_pupils(seed: int, network: Network) -> Columns:
    """«Тестов Тест» of the journals' vendors: nobody; their person_id is negative."""
    rng = generator(seed, "test pupils")
    schools = np.flatnonzero(network.kind == "school")
    chosen = schools[rng.random(len(schools)) < max(0.15, 1.01 / len(schools))]
    chosen = chosen if len(chosen) else schools[:1]
    count = len(chosen)
    texts = {"family_name": "Тестов", "given_name": "Тест", "patronymic": "Тестович", "sex": "M", "snils": "000-000-000 00", "letter": LETTERS[0],
             "study_form": "очная", "citizenship": "РФ"}
    return {name: np.full(count, value, dtype=object) for name, value in texts.items()} | {
        "person_id": -1 - chosen, "organisation_key": network.register["organisation_key"][chosen], "product": network.register["product"][chosen],
        "wire_key": np.array([str(99_000 + n) for n in range(count)], dtype=object), "birth_date": np.full(count, np.datetime64("2010-01-01")),
        "grade": np.full(count, 5.0), "shift": np.full(count, 1.0), "entry_date": np.full(count, np.datetime64(DAY_ZERO) - 30)}
