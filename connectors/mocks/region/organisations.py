"""Schools, kindergartens and universities: where they are, which journal they keep and which classes they run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.mocks.region import names
from connectors.mocks.region.chance import Array, Columns, generator, pick
from connectors.mocks.region.places import ULAN_UDE, Places

GRADES = np.arange(1, 12)
LETTERS = np.array(list("АБВГДЕЖЗИКЛМНОПРСТУФ"), dtype=object)
_PUPILS, _PRESCHOOL = 0.605, 0.235
"""Shares of all children 0-17 who are in schools and in kindergartens."""
_PRODUCTS = np.array(["netschool", "eljur", "bars", "file"], dtype=object)
_PRODUCT_SHARES = np.array([0.60, 0.15, 0.10, 0.15])
_DISTRICT_PRODUCTS = np.array(["netschool", "eljur", "file", "netschool", "bars", "netschool", "eljur", "bars", "file"], dtype=object)
_UNIVERSITIES = ("Бурятский государственный университет", "Восточно-Сибирский государственный университет технологий и управления",
                 "Бурятская государственная сельскохозяйственная академия", "Восточно-Сибирский государственный институт культуры")


@dataclass(frozen=True)
class Network:
    """Organisations as parallel arrays, and for each place those that serve it."""

    register: Columns
    place: Array
    kind: Array
    class_count: Array
    """Parallel classes in each grade of a school; groups in each age of a kindergarten."""
    serving: dict[str, dict[int, Array]]
    """By kind and place: positions of the organisations, each repeated in proportion to its size."""

    def choose(self, kind: str, places: Array, luck: Array) -> Array:
        """The organisation each child goes to, by place and an even number."""
        result = np.full(len(places), -1)
        for place in np.unique(places):
            mask, options = places == place, self.serving[kind][int(place)]
            result[mask] = options[(luck[mask] * len(options)).astype(int)]
        return result


def make(seed: int, children: int, home: str | None, places: Places) -> Network:
    """The network for a region of that many children."""
    rng = generator(seed, "organisations")
    lived = places.of(home) if home else np.arange(len(places.oktmo))
    schools = max(9, round(children * 9 / 6000)) if home else max(60, round(children * 480 / 250_000))
    gardens = max(8, round(children * 8 / 6000)) if home else max(60, round(children * 550 / 250_000))
    universities = np.array([int(places.of(ULAN_UDE)[0])] * (2 if home else 4))
    where = {"school": _spread(places, lived, schools), "kindergarten": _spread(places, lived, gardens), "university": universities}
    place = np.concatenate(list(where.values()))
    kind = np.repeat(np.array(list(where), dtype=object), [len(found) for found in where.values()])
    size = rng.uniform(0.5, 1.5, len(place))
    expected = _expected(places, lived, place, kind, size, children)
    class_count = np.where(kind == "school", np.ceil(expected / 11 / 24), np.ceil(expected / 5 / 22)).clip(1, len(LETTERS)).astype(int)
    register = _register(rng, places, place, kind, expected, home)
    serving = {name: _serving(places, lived, np.flatnonzero(kind == name), place, size) for name in ("school", "kindergarten")}
    return Network(register, place, kind, class_count, serving)


def _spread(places: Places, lived: Array, count: int) -> Array:
    """Places of `count` organisations: every municipality has one, the rest by highest averages."""
    weight = places.weight[lived]
    leads = np.array([np.flatnonzero(places.oktmo[lived] == code)[0] for code in dict.fromkeys(places.oktmo[lived])])
    given = np.zeros(len(lived))
    given[leads[:count]] = 1
    for _ in range(count - int(given.sum())):
        given[np.argmax(weight / (given + 0.5))] += 1
    return np.repeat(lived, given.astype(int))


def _serving(places: Places, lived: Array, members: Array, place: Array, size: Array) -> dict[int, Array]:
    """For each place its organisations; where it has none, those of the municipality's first place that has some."""
    result: dict[int, Array] = {}
    for home in lived:
        own = members[place[members] == home]
        if not len(own):
            near = members[places.oktmo[place[members]] == places.oktmo[home]]
            own = near[place[near] == place[near][0]]
        result[int(home)] = np.repeat(own, np.ceil(size[own] * 20).astype(int))
    return result


def _expected(places: Places, lived: Array, place: Array, kind: Array, size: Array, children: int) -> Array:
    """Children each organisation will have, about."""
    share = places.weight[lived] / places.weight[lived].sum()
    result: Array = np.zeros(len(place))
    for name, part in (("school", _PUPILS), ("kindergarten", _PRESCHOOL)):
        serving = _serving(places, lived, np.flatnonzero(kind == name), place, size)
        for home, weight in zip(lived, share, strict=True):
            options, repeats = np.unique(serving[int(home)], return_counts=True)
            result[options] += children * part * weight * repeats / repeats.sum()
    return result


def _register(rng: np.random.Generator, places: Places, place: Array, kind: Array, expected: Array, home: str | None) -> Columns:
    count = len(place)
    serial = np.arange(count)
    is_school, is_garden = kind == "school", kind == "kindergarten"
    product = np.full(count, "scos", dtype=object)
    schools = int(is_school.sum())
    product[is_school] = (np.resize(_DISTRICT_PRODUCTS, schools) if home
                          else rng.permutation(np.repeat(_PRODUCTS, _parts(_PRODUCT_SHARES, schools))))
    product[is_garden] = rng.permutation(np.repeat(np.array(["file", "none"], dtype=object), _parts(np.array([0.8, 0.2]), int(is_garden.sum()))))
    body = 1_020_300_000_000 // 10 + serial * 37 + 500_000
    inn_body = 32_300_000 + serial * 7
    return {
        "organisation_key": _text(body * 10 + body % 11 % 10, 13), "inn": _inn(inn_body), "name": _titles(places, place, kind),
        "kind": kind, "oktmo": places.oktmo[place], "municipality": places.municipality[place], "settlement": places.settlement[place],
        "is_rural": places.is_rural[place], "product": product, "layout": np.full(count, None, dtype=object),
        "local_id": _text(1000 + serial * 3, 0),
        "place_count": np.where(kind == "university", 4000, np.maximum(15, np.round(expected * rng.uniform(0.75, 1.35, count) / 5) * 5)).astype(int),
        "shift_count": np.where(is_school, pick(rng, np.array([1, 2]), np.array([0.76, 0.24]), count), 1),
        "login": np.array([f"region{n:04d}" for n in serial], dtype=object),
        "password": np.array([f"mock-{n:04d}-{(n * 7919 + 13) % 10_000:04d}" for n in serial], dtype=object)}


def _parts(shares: Array, count: int) -> Array:
    """Whole numbers in those proportions that add up to `count`."""
    parts: Array = np.floor(shares * count).astype(int)
    parts[0] += count - parts.sum()
    return parts


def _text(values: Array, width: int) -> Array:
    return np.array([str(v).zfill(width) for v in values], dtype=object)


def _inn(body: Array) -> Array:
    digits = body[:, None] // 10 ** np.arange(8, -1, -1) % 10
    control = (digits * np.array([2, 4, 10, 3, 5, 9, 4, 6, 8])).sum(axis=1) % 11 % 10
    return _text(body * 10 + control, 10)


def _titles(places: Places, place: Array, kind: Array) -> Array:
    """Names: numbered in towns, by the settlement in the country."""
    counts: dict[tuple[str, int], int] = {}
    result = []
    for home, of in zip(place, kind, strict=True):
        number = counts[(of, home)] = counts.get((of, home), 0) + 1
        where = f"{places.prefix[home]}. {places.settlement[home]}"
        if of == "university":
            result.append(_UNIVERSITIES[number - 1])
        elif of == "school":
            result.append(f"МБОУ «Средняя общеобразовательная школа № {number}» {where}")
        else:
            result.append(f"МБДОУ «Детский сад № {number}» {where}")
    return np.array(result, dtype=object)


def class_subjects(network: Network) -> Columns:
    """Subjects of every class, named as the school names them."""
    subjects = names.rows("subject")
    schools = np.flatnonzero(network.kind == "school")
    out: dict[str, list[object]] = {name: [] for name in ("organisation_key", "grade", "letter", "subject", "subject_name", "lessons_per_week")}
    for school in schools:
        for grade in GRADES:
            taught = [s for s in subjects if int(s["first_grade"]) <= grade <= int(s["last_grade"])]
            for letter in LETTERS[:network.class_count[school]]:
                for number, subject in enumerate(taught):
                    title = subject["other"] if (school + number) % 3 == 0 else subject["name"]
                    for name, value in zip(out, (network.register["organisation_key"][school], int(grade), letter, subject["code"], title,
                                                 int(subject["hours"])), strict=True):
                        out[name].append(value)
    return {name: np.array(values, dtype=int if name in ("grade", "lessons_per_week") else object) for name, values in out.items()}
