"""How an error of a name, a date or a number looks; the rates are in `errors`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from connectors.mocks.region import names
from connectors.mocks.region.chance import Array, Columns, has
from connectors.mocks.region.errors import makes, rate

LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
_NEAR = {"а": "о", "о": "а", "е": "и", "и": "е", "д": "т", "т": "д", "б": "п", "п": "б", "ы": "и", "э": "е", "у": "ю", "ж": "ш"}
NAMES = ("family_name", "given_name", "patronymic")


@cache
def spellings() -> dict[str, str]:
    """The other spelling of names that have two."""
    return {row["name"]: row["other"] for row in names.rows("spelling")}


@cache
def transliterations() -> dict[str, str]:
    """Another office's spelling of foreign names."""
    return {row["name"]: row["other"] for row in names.rows("foreign_name")}


def _typo(name: str, luck: float) -> str:
    place = 1 + int(luck * 997) % max(1, len(name) - 2)
    kind = int(luck * 7919) % 3
    if kind == 0 and len(name) > place + 1:
        return name[:place] + name[place + 1] + name[place] + name[place + 2:]
    if kind == 1:
        return name[:place] + name[place + 1:]
    return name[:place] + _NEAR.get(name[place], "л") + name[place + 1:] if len(name) > place else name + "л"


def _latin(name: str, luck: float) -> str:
    places = [n for n, letter in enumerate(name) if letter.translate(LATIN) != letter]
    if not places:
        return name
    place = places[int(luck * len(places))]
    return name[:place] + name[place].translate(LATIN) + name[place + 1:]


def _double(name: str, luck: float) -> str:
    place = 1 + int(luck * (len(name) - 1))
    return name[:place] + name[place - 1] + name[place:]


def _unhyphen(name: str, luck: float) -> str:
    first, _, last = name.partition("-")
    return f"{first} {last}" if luck < 0.4 else first + last.lower()


def _space_or_case(name: str, luck: float) -> str:
    return name.upper() if luck < 0.5 else f" {name}" if luck < 0.75 else f"{name} "


_TOUCH: tuple[tuple[str, Callable[[str, float], str], Callable[[str], bool]], ...] = (
    ("foreign_transliteration", lambda name, _: transliterations()[name], lambda name: name in transliterations()),
    ("spelling_variant", lambda name, _: spellings()[name], lambda name: name in spellings()),
    ("yo_as_ye", lambda name, _: name.replace("ё", "е").replace("Ё", "Е"), lambda name: "ё" in name or "Ё" in name),
    ("hyphen_dropped", _unhyphen, lambda name: "-" in name),
    ("typo", _typo, lambda name: len(name) > 3),
    ("latin_look_alike", _latin, lambda name: len(name) > 1),
    ("doubled_letter", _double, lambda name: len(name) > 2),
    ("extra_space_or_case", _space_or_case, lambda name: True),
)


def spoil_names(rng: np.random.Generator, person: Columns, source: str) -> Columns:
    """The three names as this source wrote them, from columns with NAMES and `sex`."""
    spoilt = {name: person[name].copy() for name in NAMES}
    count = len(person["sex"])
    for error, change, fits in _TOUCH:
        if makes(error, source):
            for column in NAMES:
                _touch(spoilt[column], rng.random(count), rng.random(count), rate(error, source) / (1 if _conditional(error) else 3), change, fits)
    if makes("feminine_ending_lost", source):
        lost = (person["sex"] == "F") & (rng.random(count) < rate("feminine_ending_lost", source))
        _each(spoilt["family_name"], lost, masculine)
    if makes("name_and_patronymic_swapped", source):
        swap = (rng.random(count) < rate("name_and_patronymic_swapped", source)) & has(spoilt["patronymic"])
        spoilt["given_name"][swap], spoilt["patronymic"][swap] = spoilt["patronymic"][swap], spoilt["given_name"][swap]
    if makes("patronymic_left_out", source):
        spoilt["patronymic"][rng.random(count) < rate("patronymic_left_out", source)] = None
    return spoilt


def _conditional(error: str) -> bool:
    return error in {"foreign_transliteration", "spelling_variant", "yo_as_ye", "hyphen_dropped"}


def _touch(column: Array, luck: Array, detail: Array, share: float, change: Callable[[str, float], str], fits: Callable[[str], bool]) -> None:
    for row in np.flatnonzero(luck < share):
        if column[row] is not None and fits(column[row]):
            column[row] = change(column[row], float(detail[row]))


def _each(column: Array, rows: Array, change: Callable[[str], str]) -> None:
    for row in np.flatnonzero(rows):
        column[row] = change(column[row])


def masculine(name: str) -> str:
    return name[:-2] + "ий" if name.endswith("ая") else name[:-1] if name.endswith(("ова", "ева", "ёва", "ина", "ына")) else name


def spoil_dates(rng: np.random.Generator, dates: Array, source: str) -> Array:
    """Dates with day and month exchanged now and then, where that is a date of the same year."""
    if not makes("day_month_swapped", source):
        return dates
    month = dates.astype("datetime64[M]")
    day = (dates - month.astype("datetime64[D]")).astype(int) + 1
    number = month.astype(int) % 12 + 1
    swap = (rng.random(len(dates)) < rate("day_month_swapped", source)) & (day <= 12)
    year = dates.astype("datetime64[Y]").astype("datetime64[M]")
    other = (year + (day - 1)).astype("datetime64[D]") + (number - 1)
    return np.where(swap, other, dates)
