"""Makes the held-out errors: rows of all sources of one chunk in, changed in place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from connectors.mocks.region import held_out_names as words
from connectors.mocks.region import held_out_numbers as numbers
from connectors.mocks.region import mistakes
from connectors.mocks.region.chance import Array, Columns, has, mix, share
from connectors.mocks.region.errors_held_out import OWN

_WORD: tuple[tuple[str, Callable[[str, float], str], Callable[[str], bool]], ...] = (
    ("cut_at_20", lambda word, _: word[:20], lambda word: len(word) > 20),
    ("cut_at_12", lambda word, _: word[:12], lambda word: len(word) > 12),
    ("short_i", words.short_i, lambda word: any(letter in word for letter in "йьъ")),
    ("neighbour_key", words.neighbour_key, lambda word: len(word) > 2),
    ("first_letter_lost", words.first_letter_lost, lambda word: len(word) > 3),
    ("syllables_transposed", words.syllables_transposed, lambda word: len(word) > 5),
    ("word_doubled", words.word_doubled, lambda word: len(word) > 2),
    ("digit_look_alike", words.digit_look_alike, lambda word: any(letter in word for letter in "ОоЗзбЧч")),
    ("wrong_layout", words.wrong_layout, lambda word: True),
)
_CONDITIONAL = {"cut_at_20", "cut_at_12", "short_i"}
_KYZY = ("398", "860", "417", "051")


def spoil(rng: np.random.Generator, rows: Columns, children: Columns) -> None:
    """Rows have the columns of the sources and `source`, `person_id`; `children` is the truth of the chunk, in order of person_id."""
    source = np.array([name.split("_")[0] for name in rows["source"]], dtype=object)
    at = rows["person_id"] - children["person_id"][0]
    known = (at >= 0) & (at < len(children["person_id"]))
    of = Of(rng, rows, children, source, np.where(known, at, 0), known)
    for name in ("family_name", "given_name", "patronymic"):
        rows[name] = rows[name].copy()
    _customs(of)
    _boxes(of)
    for error, change, fits in _WORD:
        for column in mistakes.NAMES:
            of.touch(error, column, change, fits, 1 if error in _CONDITIONAL else 3)
    numbers.dates(of)
    numbers.insurance(of)
    numbers.papers(of)


class Of:
    """The rows being spoilt, with their persons."""

    def __init__(self, rng: np.random.Generator, rows: Columns, children: Columns, source: Array, at: Array, known: Array) -> None:
        self.rng, self.rows, self.children, self.source, self.at, self.known = rng, rows, children, source, at, known
        self.count = len(source)
        mother = children["mother_family_name"]
        formed = np.array([name if sex == "F" else mistakes.masculine(name) for name, sex in zip(mother, children["sex"], strict=True)], dtype=object)
        self.mothers_surname = formed[at]

    def person(self, column: str) -> Array:
        """A column of the truth, one value a row."""
        return self.children[column][self.at]

    def hit(self, error: str, among: Array | None = None, parts: int = 1) -> Array:
        """Positions of rows that get this error, by the rate of their source."""
        rate = np.zeros(self.count)
        for source, value in OWN[error].rate.items():
            rate[self.source == source] = value / parts
        mask = self.known & (self.rng.random(self.count) < rate)
        return np.flatnonzero(mask if among is None else mask & among)

    def touch(self, error: str, column: str, change: Callable[[str, float], str], fits: Callable[[str], bool], parts: int = 1) -> None:
        """Change some words of a column."""
        values = self.rows[column]
        for row, luck in self.with_luck(self.hit(error, has(values), parts)):
            if fits(values[row]):
                values[row] = change(values[row], luck)

    def with_luck(self, rows: Array) -> list[tuple[int, float]]:
        """Each position with a luck in [0, 1)."""
        return list(zip(rows.tolist(), self.rng.random(len(rows)).tolist(), strict=True))

    def fate(self, salt: int) -> Array:
        """An even number for each row that is the same for all rows of a person."""
        fated: Array = share(mix(self.rows["person_id"].astype(np.uint64) * np.uint64(64) + np.uint64(salt)))
        return fated


def _customs(of: Of) -> None:
    """What is so for a person, and what each source makes of it: double surnames, Buryat letters, patronymics of other customs, foreign names."""
    rows, registry = of.rows, of.source == "zags"
    _double_surnames(of)
    mother = of.mothers_surname
    for row in of.hit("surname_of_mother", mother != rows["family_name"]):
        rows["family_name"][row] = mother[row]
    written = of.known & of.person("is_buryat") & (of.fate(1) < OWN["buryat_letters"].rate["zags"])
    lost = np.zeros(of.count, dtype=bool)
    lost[of.hit("letter_lost_in_cp1251")] = True
    fate = of.fate(2)
    for row in np.flatnonzero(written & has(rows["given_name"])):
        word = words.buryat_letters(rows["given_name"][row], float(fate[row]))
        rows["given_name"][row] = word if registry[row] else words.lost_letters(word) if lost[row] else words.plain_letters(word)
    foreign, sex = of.known & (of.person("citizenship") != "643"), of.person("sex")
    for row, luck in of.with_luck(of.hit("ogly_kyzy", np.isin(of.person("citizenship").astype(str), _KYZY))):
        rows["patronymic"][row] = words.ogly_kyzy(int(rows["person_id"][row]), sex[row], luck)
    for error, change in (("other_transliteration", words.other_transliteration), ("latin_name", words.latin_name)):
        for row, luck in of.with_luck(of.hit(error, foreign)):
            for name in ("family_name", "given_name"):
                if rows[name][row] is not None:
                    rows[name][row] = change(rows[name][row], luck)


def _double_surnames(of: Of) -> None:
    double = of.known & (of.fate(3) < OWN["double_surname"].rate["zags"]) & ~has(of.person("change_kind"))
    double &= (of.person("citizenship") == "643") & (of.mothers_surname != of.person("family_name"))
    half = np.zeros(of.count, dtype=bool)
    half[of.hit("half_of_double_surname", double)] = True
    for row, luck in of.with_luck(np.flatnonzero(double & has(of.rows["family_name"]))):
        own, second = of.rows["family_name"][row], of.mothers_surname[row]
        of.rows["family_name"][row] = (own if luck < 0.6 else second) if half[row] else f"{own}-{second}"


def _boxes(of: Of) -> None:
    """Words in boxes that are not theirs."""
    rows = of.rows
    for row in of.hit("initials"):
        for name in ("given_name", "patronymic"):
            if rows[name][row]:
                rows[name][row] = rows[name][row][0] + "."
    for row in of.hit("patronymic_in_given_box", has(rows["patronymic"])):
        rows["given_name"][row], rows["patronymic"][row] = f"{rows['given_name'][row]} {rows['patronymic'][row]}", None
    for row in of.hit("whole_name_in_family_box"):
        rows["family_name"][row] = " ".join(rows[name][row] for name in mistakes.NAMES if rows[name][row])
        rows["given_name"][row] = rows["patronymic"][row] = None
