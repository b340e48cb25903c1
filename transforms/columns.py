"""Cleaning of one column: a column of text in, a column (or a frame) out; each distinct value is cleaned once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from transforms.codes import lookup

PLACEHOLDERS = ("", "-", "--", "---", ".", "НЕТ", "НЕ ИМЕЕТ", "ОТСУТСТВУЕТ", "НЕ УКАЗАНО", "НЕ УКАЗАН", "НЕ УКАЗАНА",
                "NULL", "NONE", "NAN", "Б/О")
"""What people type where there is nothing."""

INVISIBLE = r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]"
_HYPHENS = r"[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]"
_APOSTROPHES = r"[\u0060\u00b4\u02bc\u2018\u2019\u2032]"
_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYË", "АВСЕНКМОРТХУЁ")
SEXES = {"М": "M", "МУЖ": "M", "МУЖСКОЙ": "M", "M": "M", "MALE": "M", "МАЛЬЧИК": "M", "1": "M",
         "Ж": "F", "ЖЕН": "F", "ЖЕНСКИЙ": "F", "F": "F", "FEMALE": "F", "ДЕВОЧКА": "F", "2": "F"}


class Parsed(NamedTuple):
    """A typed column, missing where the value was missing or could not be typed, and the mask of the latter."""

    values: pd.Series
    broken: pd.Series


def _distinct(function: Callable[[pd.Series], pd.Series], raw: pd.Series) -> pd.Series:
    """Apply a column function to the distinct values only; names, subjects and dates repeat."""
    codes, distinct = pd.factorize(raw, use_na_sentinel=True)
    done = function(pd.Series(distinct, dtype="str"))
    return pd.Series(done.reindex(codes).array, index=raw.index, name=raw.name)  # code -1 (missing) finds nothing


def text(raw: pd.Series) -> pd.Series:
    """Visible text: tags (and what is left of nested ones) and invisible signs removed, blanks collapsed, NFC; placeholders and empty become missing."""
    return _distinct(_text, raw)


def _text(raw: pd.Series) -> pd.Series:
    seen = raw.str.replace(INVISIBLE, "", regex=True).str.replace(r"<[^<>]*>", "", regex=True).str.replace(r"[<>]", "", regex=True)
    seen = seen.str.normalize("NFC").str.replace(r"\s+", " ", regex=True).str.strip()
    return seen.mask(seen.str.upper().isin(PLACEHOLDERS))


def name(raw: pd.Series) -> pd.Series:
    """A name in one form: upper case, one kind of hyphen and apostrophe, Latin look-alikes in Cyrillic names mended.

    Ё and the Buryat letters ү ө һ stay; placeholders («-», «нет») become missing. Idempotent.
    """
    return _distinct(_name, raw)


def _name(raw: pd.Series) -> pd.Series:
    names = _text(raw).str.upper().str.normalize("NFC")
    names = names.str.replace(_HYPHENS, "-", regex=True).str.replace(_APOSTROPHES, "'", regex=True)
    cyrillic = names.str.contains(r"[\u0400-\u04ff]", regex=True).fillna(False).astype(bool)
    names = names.where(~cyrillic, names.str.translate(_LOOK_ALIKES))
    names = names.str.replace(r"\s*-[\s-]*", "-", regex=True).str.strip("- ")
    return names.mask(names.isin(PLACEHOLDERS))


def full_name(raw: pd.Series) -> pd.DataFrame:
    """«Фамилия Имя Отчество» of one cell as family_name, given_name, patronymic, as typed; all after the second word is patronymic."""
    joined = text(raw).str.replace(r"\s*[-\u2010-\u2015\u2212]\s*", "-", regex=True)
    parts = joined.str.extract(r"^(?P<family_name>\S+)(?: (?P<given_name>\S+))?(?: (?P<patronymic>.+))?$")
    return parts.astype("str")


def person_names(family: pd.Series, given: pd.Series, patronymic: pd.Series) -> pd.DataFrame:
    """The seven name columns of a person: cleaned, as sent (only where more than the letter case differs), and why no patronymic.

    A typed placeholder («нет», «-») is `declared_absent`; an empty cell is `silent`.
    """
    columns: dict[str, pd.Series] = {}
    for column, raw in (("family_name", family), ("given_name", given), ("patronymic", patronymic)):
        cleaned = name(raw)
        columns[column] = cleaned
        columns[f"{column}_raw"] = raw.where(raw.notna() & cleaned.notna() & (raw.str.upper() != cleaned))
    said = patronymic.notna() & (patronymic.str.strip() != "")
    reason = pd.Series(np.where(said, "declared_absent", "silent"), index=family.index, dtype="str")
    columns["patronymic_absence"] = reason.where(columns["patronymic"].isna())
    return pd.DataFrame(columns)


def snils(raw: pd.Series) -> pd.Series:
    """Digits of a СНИЛС without separators; what is not eleven digits is kept, so that the rule refuses it."""
    return text(raw).str.replace(r"[\s\u00a0_.\-\u2010-\u2015\u2212]", "", regex=True)


def snils_is_valid(digits: pd.Series) -> pd.Series:
    """Whether the control number holds; numbers up to 001-001-998 carry none, equal digits are no number; missing is False."""
    whole = digits.str.fullmatch(r"[0-9]{11}").fillna(False).astype(bool)
    figures = digits[whole].astype("int64").to_numpy()
    number, control = figures // 100, figures % 100
    total = sum((number // 10**place % 10) * (place + 1) for place in range(9))
    expected = np.where(total < 100, total, np.where(total % 101 == 100, 0, total % 101))
    expected = np.where(total == 100, 0, expected)
    good = ((number <= 1_001_998) | (expected == control)) & (figures % 11_111_111_111 != 0)
    answer = pd.Series(False, index=digits.index)
    answer[whole] = good
    return answer


def date(raw: pd.Series, form: str) -> Parsed:
    """Dates written in a strptime form, as datetime64[s]; 31.02 or another form is broken."""
    known = text(raw)
    values = _distinct(lambda texts: pd.to_datetime(texts, format=form, errors="coerce"), known).astype("datetime64[s]")
    return Parsed(values, known.notna() & values.isna())


def iso_date(raw: pd.Series) -> Parsed:
    """Dates `YYYY-MM-DD`, with or without a time or a zone after them (the wall date is taken as written)."""
    known = text(raw)
    day = known.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:[T Z+\-].*)?$")[0]
    parsed = date(day, "%Y-%m-%d")
    return Parsed(parsed.values, known.notna() & parsed.values.isna())


def integer(raw: pd.Series) -> Parsed:
    """Whole numbers as Int64; `5.0` (a spreadsheet's five) is 5."""
    known = text(raw)
    whole = known.str.replace(r"^([+-]?\d{1,18})[.,]0+$", r"\1", regex=True)
    values = pd.to_numeric(whole.where(whole.str.fullmatch(r"[+-]?\d{1,18}").fillna(False).astype(bool))).astype("Int64")
    return Parsed(values, known.notna() & values.isna())


def decimal(raw: pd.Series) -> Parsed:
    """Numbers as float64, decimal point or comma."""
    known = text(raw)
    plain = known.str.replace(" ", "").str.replace(",", ".")
    numeric = plain.str.fullmatch(r"[+-]?\d{1,15}(\.\d+)?").fillna(False).astype(bool)
    values = pd.to_numeric(plain.where(numeric)).astype("float64")
    return Parsed(values, known.notna() & values.isna())


def flag(raw: pd.Series) -> Parsed:
    """Yes or no in the usual spellings as boolean."""
    words = {"TRUE": True, "1": True, "ДА": True, "FALSE": False, "0": False, "НЕТ": False}
    known = raw.str.strip().str.upper()
    values = known.map(words).astype("boolean")
    return Parsed(values, known.notna() & (known != "") & values.isna())


def mapped(raw: pd.Series, mapping: Mapping[str, str]) -> pd.Series:
    """Codes by an upper-case mapping; a value the mapping does not know is kept, so that the rule sees it."""
    known = text(raw).str.rstrip(".")
    return known.str.upper().map(dict(mapping)).astype("str").fillna(known)


def sex(raw: pd.Series, mapping: Mapping[str, str] = SEXES) -> pd.Series:
    """`M` or `F`; what is neither is kept, so that the rule refuses it."""
    return mapped(raw, mapping)


def subject(raw: pd.Series) -> pd.Series:
    """Code of a school subject by its name or alias; a name the list does not know is missing (`subject_raw` keeps it)."""
    return _key(raw).map(lookup("subjects")).astype("str")


def country(raw: pd.Series) -> pd.Series:
    """ОКСМ code by code, name or alias; what the list does not know is kept, so that the rule sees it."""
    return _key(raw).map(lookup("countries")).astype("str").fillna(text(raw))


def _key(raw: pd.Series) -> pd.Series:
    return text(raw).str.upper().str.replace("Ё", "Е").str.replace(r"[\"«»]", "", regex=True).str.strip()
