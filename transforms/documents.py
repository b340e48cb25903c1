"""Cleaning of document numbers: the birth certificate's Roman series, as people type it, to one form."""

from __future__ import annotations

import pandas as pd

from transforms.columns import text

_ROMAN = str.maketrans({"1": "I", "2": "II", "3": "III", "|": "I", "І": "I", "Ӏ": "I", "Х": "X", "У": "V", "С": "C", "М": "M",
                        "П": "II", "Ш": "III", "Y": "V", "Т": "I", "T": "I"})
_LETTERS = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_FORM = r"^([IVXLCDMІӀХУYСМПШТT|123]{1,10})[\s\-]*([А-ЯA-Z]{2})[\s\-]*(?:№|NO|N|#)?[\s\-]*(\d{1,6})$"


def certificate(series: pd.Series, number: pd.Series | None = None) -> pd.Series:
    """Birth certificate as `I-АЖ 600001`, from series and number or from one cell that holds both.

    The Roman numeral typed with Cyrillic letters, digits or signs is repaired, lost leading zeros are put back.
    What cannot be brought to the form is kept as typed, so that the rule sees it.
    """
    typed = text(series if number is None else series.str.cat(number, sep=" "))
    plain = typed.str.replace("l", "I").str.normalize("NFKC").str.upper().str.replace(r"[\u2010-\u2015\u2212]", "-", regex=True)
    parts = plain.str.extract(_FORM)
    roman, letters, digits = parts[0].str.translate(_ROMAN), parts[1].str.translate(_LETTERS), parts[2].str.zfill(6)
    return (roman + "-" + letters + " " + digits).fillna(typed)


def passport(typed: pd.Series) -> pd.Series:
    """A Russian passport typed in one cell as `8115 123456`; anything else is missing."""
    parts = text(typed).str.extract(r"^(\d{2})\s?(\d{2})\s*(?:№|N)?\s*(\d{6})$")
    return parts[0] + parts[1] + " " + parts[2]
