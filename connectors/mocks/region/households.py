"""Families: who is born to whom, when, under which names. This is the truth; no source is asked yet."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region import names
from connectors.mocks.region.chance import Array, Columns, generator, has, pick, take, where
from connectors.mocks.region.days import DAY_ZERO
from connectors.mocks.region.places import Places

BIRTHS = {2007: 15_100, 2008: 16_200, 2009: 16_500, 2010: 16_500, 2011: 16_600, 2012: 17_000, 2013: 17_100, 2014: 17_000, 2015: 16_900,
          2016: 15_900, 2017: 14_296, 2018: 13_909, 2019: 12_900, 2020: 12_700, 2021: 12_200, 2022: 10_985, 2023: 10_244, 2024: 9_800, 2025: 9_500}
"""2017, 2018, 2022 and 2023 are published figures; the other years are synthetic, drawn between them."""
TWIN_MATERNITIES = 0.011
MOTHERS = 1_000_000_000
"""First person_id of mothers; the mother of household h is MOTHERS + h."""
_ZERO = np.datetime64(DAY_ZERO)
_SIZES, _SIZE_WEIGHTS = np.array([1, 2, 3, 4, 5]), np.array([0.42, 0.38, 0.15, 0.04, 0.01])
_GAP = 300
_SINGLE, _ADOPTED_SURNAME_OF_MOTHER = 0.14, 0.4
_BURYAT_CUSTOM, _NO_PATRONYMIC, _FOREIGN = 0.05, 0.012, 0.006
_BURYAT_GIVEN = 0.62


def make(seed: int, chunk: int, first: int, count: int, places: Places, home: str | None) -> Columns:
    """`count` children with serials from `first`; every column has one value a child, in order of households."""
    rng = generator(seed, "households", chunk)
    household = np.repeat(np.arange(count), pick(rng, _SIZES, _SIZE_WEIGHTS, count))[:count]
    born, household = _spaced(rng, household, _birth_dates(rng, count))
    order = np.lexsort((born, household))
    born, household = born[order], household[order]
    born = _twins(rng, born, household)
    lived = places.of(home) if home else np.arange(len(places.oktmo))
    family = _families(rng, count, places, lived)
    children = {"serial": first + np.arange(count), "person_id": first + np.arange(count), "household": first + household, "birth_date": born}
    children |= _group(household, born) | take(family, household)
    children["sex"] = pick(rng, np.array(["M", "F"], dtype=object), np.array([51.5, 48.5]), count)
    children |= _named(rng, children)
    _namesakes(rng, children)
    return children


def _birth_dates(rng: np.random.Generator, count: int) -> Array:
    """Dates from 18 years before day 0 to day 0, by births of the years."""
    start = np.datetime64(DAY_ZERO.replace(year=DAY_ZERO.year - 18)) + 1
    days = np.arange(start, _ZERO + 1)
    years = days.astype("datetime64[Y]").astype(int) + 1970
    return pick(rng, days, np.array([BIRTHS[y] for y in years], dtype=float), count)


def _spaced(rng: np.random.Generator, household: Array, born: Array) -> tuple[Array, Array]:
    """Siblings at least ten months apart: draw again, and in the end let the child live in a family of its own."""
    for attempt in range(8):
        order = np.lexsort((born, household))
        gap = np.diff(born[order]).astype(int)
        close = order[1:][(np.diff(household[order]) == 0) & (gap < _GAP)]
        if not len(close):
            break
        if attempt < 7:
            born[close] = _birth_dates(rng, len(close))
        else:
            free = np.setdiff1d(np.arange(len(household)), household)
            household[close[:len(free)]] = free[:len(close)]
    return born, household


def _twins(rng: np.random.Generator, born: Array, household: Array) -> Array:
    """Give some neighbouring siblings one birth date, so that 1.1 % of maternities are of twins."""
    pairs = np.flatnonzero(np.diff(household) == 0)
    chosen = pairs[rng.random(len(pairs)) < TWIN_MATERNITIES * len(born) / max(1, len(pairs))]
    born[chosen + 1] = born[chosen]
    return born


def _group(household: Array, born: Array) -> Columns:
    """How many were born together, and which of them this one is."""
    start = np.ones(len(born), dtype=bool)
    start[1:] = (np.diff(household) != 0) | (np.diff(born).astype(int) != 0)
    group = np.cumsum(start) - 1
    return {"birth_count": np.bincount(group)[group], "birth_order": np.arange(len(born)) - np.flatnonzero(start)[group] + 1}


def _families(rng: np.random.Generator, count: int, places: Places, lived: Array) -> Columns:
    """Parents, place and custom of every household (there are never more than `count`)."""
    place = pick(rng, lived, places.weight[lived], count)
    is_buryat = rng.random(count) < places.buryat_share[place]
    surname = names.draw_surname(rng, is_buryat)
    maiden = names.draw_surname(rng, is_buryat)
    single = rng.random(count) < _SINGLE
    women, men = np.full(count, "F", dtype=object), np.full(count, "M", dtype=object)
    mother_surname = where(single | (rng.random(count) < 0.2), maiden, surname)
    grandfathers = names.draw_adult(rng, "M", is_buryat), names.draw_adult(rng, "M", is_buryat)
    father_given = names.draw_adult(rng, "M", is_buryat)
    names_of_custom = names.draw_adult(rng, "M", is_buryat)
    address = {"street": rng.integers(0, 25, count), "house": rng.integers(1, 120, count), "flat": rng.integers(0, 90, count)}
    return address | {
        "place": place, "is_buryat": is_buryat, "is_foreign": rng.random(count) < _FOREIGN, "has_father": ~single,
        "custom_surname": where(is_buryat & (rng.random(count) < _BURYAT_CUSTOM), names_of_custom, None), "surname": where(single, maiden, surname),
        "mother_family_name": names.by_sex(mother_surname, women), "mother_given_name": names.draw_adult(rng, "F", is_buryat),
        "mother_patronymic": names.patronymics(grandfathers[0], women), "mother_age": rng.integers(19 * 365, 33 * 365, count),
        "father_family_name": where(single, None, surname), "father_given_name": where(single, None, father_given),
        "father_patronymic": where(single, None, names.patronymics(grandfathers[1], men)), "father_age": rng.integers(20 * 365, 38 * 365, count),
        "declared_father": father_given}


def _named(rng: np.random.Generator, children: Columns) -> Columns:
    """Names at birth, and the parents' birth dates (the mother's from her eldest child)."""
    sex, count = children["sex"], len(children["sex"])
    given = _distinct_given(rng, children)
    family = names.by_sex(children["surname"], sex)
    custom = children["custom_surname"]
    family = where(has(custom), custom, family)
    nameless = (rng.random(count) < _NO_PATRONYMIC) | (has(custom) & (rng.random(count) < 0.3))
    patronymic = where(nameless, None, names.patronymics(children["declared_father"], sex))
    citizenship = np.full(count, "643", dtype=object)
    _foreigners(rng, children, citizenship, given, family, patronymic)
    eldest = np.full(int(children["household"].max() - children["household"].min()) + 1, np.datetime64("2100-01-01"))
    home = children["household"] - children["household"].min()
    np.minimum.at(eldest, home, children["birth_date"])
    return {"given_name": given, "family_name": family, "patronymic": patronymic, "citizenship": citizenship,
            "mother_id": MOTHERS + children["household"], "mother_birth_date": eldest[home] - children["mother_age"],
            "father_birth_date": where_date(children["has_father"], eldest[home] - children["father_age"])}


def inherited(family: Columns, sex: Array) -> Columns:
    """Family name and patronymic a further child of these families gets at birth."""
    surname = names.by_sex(family["surname"], sex)
    return {"family_name": where(has(family["custom_surname"]), family["custom_surname"], surname),
            "patronymic": names.patronymics(family["declared_father"], sex)}


def where_date(mask: Array, dates: Array) -> Array:
    """Dates where the mask is true, NaT elsewhere."""
    return np.where(mask, dates, np.datetime64("NaT"))


def _distinct_given(rng: np.random.Generator, children: Columns) -> Array:
    """Given names; siblings never share one, and some twins of one sex have similar ones."""
    sex, is_buryat, household = children["sex"], children["is_buryat"], children["household"]
    given = names.draw_given(rng, sex, is_buryat, _BURYAT_GIVEN)
    similar = {(row["name"], row["sex"]): row["other"] for row in names.rows("twin_name")}
    second = np.flatnonzero((children["birth_order"] == 2) & (np.roll(sex, 1) == sex) & (rng.random(len(sex)) < 0.5))
    for row in second:
        given[row] = similar.get((given[row - 1], sex[row]), given[row])
    for _ in range(20):
        labels = np.unique(given.astype(str), return_inverse=True)[1] + household * 1_000
        first = np.zeros(len(given), dtype=bool)
        first[np.unique(labels, return_index=True)[1]] = True
        again = np.flatnonzero(~first)
        if not len(again):
            break
        given[again] = names.draw_given(rng, sex[again], is_buryat[again], _BURYAT_GIVEN)
    return given


def _foreigners(rng: np.random.Generator, children: Columns, citizenship: Array, given: Array, family: Array, patronymic: Array) -> None:
    """Replace the names of foreign families; they mostly have no patronymic."""
    table = names.rows("foreign_name")
    codes = np.array(["496", "496", "156", "398", "860", "417", "051"], dtype=object)
    rows = np.flatnonzero(children["is_foreign"])
    home = children["household"][rows]
    for row, country_luck, luck in zip(rows, home * 5 % len(codes), rng.random(len(rows)), strict=True):
        country = codes[country_luck]
        firsts = [r["name"] for r in table if r["country"] == country and r["part"] == "given" and r["sex"] == children["sex"][row]]
        lasts = [r["name"] for r in table if r["country"] == country and r["part"] == "family"]
        citizenship[row], patronymic[row] = country, None
        given[row] = firsts[int(luck * len(firsts))]
        last = lasts[int(children["household"][row]) % len(lasts)]
        family[row] = last + "а" if children["sex"][row] == "F" and last.endswith(("ов", "ев")) else last


def _namesakes(rng: np.random.Generator, children: Columns) -> None:
    """Some only children get the full name of another child; a third of them are born on one day too."""
    alone = np.bincount(children["household"] - children["household"].min())[children["household"] - children["household"].min()] == 1
    for letter in ("M", "F"):
        rows = np.flatnonzero(alone & (children["sex"] == letter) & ~children["is_foreign"])
        pairs = max(1, round(len(rows) * 0.002))
        chosen = rng.permutation(rows)[:2 * pairs]
        one, other = chosen[:len(chosen) // 2], chosen[len(chosen) // 2:len(chosen) // 2 * 2]
        for column in ("family_name", "given_name", "patronymic"):
            children[column][other] = children[column][one]
        same = slice(0, max(1, len(one) // 3))
        children["birth_date"][other[same]] = children["birth_date"][one[same]]
