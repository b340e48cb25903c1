"""How the held-out errors of dates, insurance numbers and papers look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from connectors.mocks.region import snils
from connectors.mocks.region.chance import Array, has

if TYPE_CHECKING:
    from connectors.mocks.region.held_out import Of

_PLACEHOLDERS = ("111-111-111 11", "123-456-789 64", "000-000-000 00", "112-233-445 95", "999-999-999 99")
_CYRILLIC = ({"I": "І"}, {"III": "Ш", "II": "П", "I": "1"}, {"I": "1"}, {"I": "l"}, {"III": "111", "II": "11", "I": "1"})
_FILLED = 12


def dates(of: Of) -> None:
    """Birth dates and sexes."""
    born = of.rows["birth_date"] = of.rows["birth_date"].astype("datetime64[D]").copy()
    there = ~np.isnat(born)
    for error, change in (("year_off_by_one", _year), ("month_off_by_one", _month), ("first_of_january", _january), ("date_digits_transposed", _digits)):
        for row, luck in of.with_luck(of.hit(error, there)):
            born[row] = change(born[row], luck)
    sex = of.rows["sex"] = of.rows["sex"].copy()
    for row in of.hit("sex_wrong", has(sex)):
        sex[row] = {"М": "Ж", "Ж": "М"}.get(sex[row], sex[row])


def _parts(day: np.datetime64) -> tuple[int, int, int]:
    year, month, date = str(day).split("-")
    return int(year), int(month), int(date)


def _made(year: int, month: int, date: int, otherwise: np.datetime64) -> np.datetime64:
    try:
        return np.datetime64(f"{year:04d}-{month:02d}-{date:02d}")
    except ValueError:
        return otherwise


def _year(day: np.datetime64, luck: float) -> np.datetime64:
    year, month, date = _parts(day)
    return _made(year + (1 if luck < 0.4 else -1), month, date, day)


def _month(day: np.datetime64, luck: float) -> np.datetime64:
    year, month, date = _parts(day)
    return _made(year, (month - 1 + (1 if luck < 0.5 else -1)) % 12 + 1, date, day)


def _january(day: np.datetime64, _: float) -> np.datetime64:
    return _made(_parts(day)[0], 1, 1, day)


def _digits(day: np.datetime64, luck: float) -> np.datetime64:
    """12 for 21 in the day, or in the year (2012 for 2021)."""
    year, month, date = _parts(day)
    turned = date % 10 * 10 + date // 10
    if luck < 0.75 and 1 <= turned <= 31:
        return _made(year, month, turned, day)
    other = year // 100 * 100 + year % 10 * 10 + year % 100 // 10
    return _made(other, month, date, day) if 2000 <= other <= 2025 else day


def insurance(of: Of) -> None:
    """Insurance numbers of the journals; a number once wrong is not touched again."""
    number = of.rows["snils"] = of.rows["snils"].copy()
    given, own = has(number), of.person("snils")
    body = own.astype(np.int64) // 100
    father = snils.numbers((of.person("household") % 10_000_000) * 4 + 3)
    for error, other in (("snils_transposed", _transposed(body)), ("snils_of_father", father), ("snils_of_twin", of.children["snils"][_twin(of)])):
        rows = of.hit(error, given & _fits(of, error))
        number[rows] = snils.dashed(other[rows], of.rng.random(len(rows)) < 0.5)
    for row in of.hit("snils_zero_lost", given & (own.astype(np.int64) % 100 < 10)):
        digits = "".join(sign for sign in number[row] if sign.isdigit())
        number[row] = digits[:9] + digits[10:] if digits[9:10] == "0" else number[row]
    for row in of.hit("snils_letter", given):
        number[row] = number[row].replace("0", "О", 1)
    for row, luck in of.with_luck(of.hit("snils_placeholder", of.source == "journal")):
        number[row] = _PLACEHOLDERS[int(luck * len(_PLACEHOLDERS))]
    _fill_down(of, number)


def _fits(of: Of, error: str) -> Array:
    twins: Array = of.person("birth_count") > 1
    return twins if error == "snils_of_twin" else np.ones(of.count, dtype=bool)


def _twin(of: Of) -> Array:
    """Position of the neighbour born the same day in the same family; the child's own when there is none."""
    home, born = of.children["household"], of.children["birth_date"]
    after, before = np.minimum(of.at + 1, len(home) - 1), np.maximum(of.at - 1, 0)

    def together(other: Array) -> Array:
        same: Array = (home[other] == home[of.at]) & (born[other] == born[of.at])
        return same

    return np.where(together(after) & (after != of.at), after, np.where(together(before), before, of.at))


def _transposed(body: Array) -> Array:
    """The 4th and 5th digit exchanged (or the 6th and 7th, when they are equal), the control number computed anew."""
    digits = body[:, None] // 10 ** np.arange(8, -1, -1) % 10
    first = (digits[:, 3] - digits[:, 4]) * (10**4 - 10**5)
    second = (digits[:, 5] - digits[:, 6]) * (10**2 - 10**3)
    return snils.text(body + np.where(first != 0, first, second))


def _fill_down(of: Of, number: Array) -> None:
    """One number on a dozen pupils of one organisation."""
    pupils = np.flatnonzero(of.source == "journal")
    order = pupils[np.argsort(of.rows["organisation_key"][pupils].astype(str), kind="stable")]
    for start in of.rng.integers(0, max(1, len(order) - _FILLED), round(len(order) * 0.0006 / _FILLED + of.rng.random())):
        run = order[start:start + _FILLED]
        run = run[of.rows["organisation_key"][run] == of.rows["organisation_key"][run[0]]]
        number[run] = number[run[0]]


def papers(of: Of) -> None:
    """Certificates, documents and the acts that others refer to."""
    paper = of.rows["certificate"] = of.rows["certificate"].copy()
    twin = _twin(of)
    for row in of.hit("certificate_of_twin", has(paper) & (of.person("birth_count") > 1)):
        paper[row] = _certificate(of, int(twin[row]))
    for row, luck in of.with_luck(of.hit("certificate_digit", has(paper))):
        paper[row] = _other_digit(paper[row], luck)
    for row, luck in of.with_luck(of.hit("certificate_cyrillic", has(paper))):
        for latin, typed in _CYRILLIC[int(luck * len(_CYRILLIC))].items():
            head, dash, tail = paper[row].partition("-")
            paper[row] = head.replace(latin, typed) + dash + tail if dash else paper[row]
    for row in of.hit("passport_of_mother", of.source == "journal"):
        paper[row] = f"8105 {int(of.person('household')[row]) * 70_001 % 1_000_000:06d}"
    act = of.rows["birth_act_number"] = of.rows["birth_act_number"].copy()
    refers = has(act) & (of.rows["source"] != "zags_births")
    for row, luck in of.with_luck(of.hit("base_act_digit", refers)):
        act[row] = _other_digit(act[row], luck)


def _certificate(of: Of, child: int) -> str | None:
    series, number = of.children["certificate_series"][child], of.children["certificate_number"][child]
    return f"{series} {number}" if series and number else None


def _other_digit(text: str, luck: float) -> str:
    """One of the last six signs, if it is a digit, as another digit."""
    at = len(text) - 1 - int(luck * 6)
    return text[:at] + str((int(text[at]) + 1 + int(luck * 97) % 8) % 10) + text[at + 1:] if text[at].isdigit() else text
