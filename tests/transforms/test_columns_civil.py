"""Dates of acts: whole, partial, declared absent or silent, and never made up."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.columns_civil import civil_date, municipality


def judged(whole: str | None = None, day: str | None = None, month: str | None = None, year: str | None = None,
           absent: str | None = None) -> tuple[str | None, str | None, str | None, bool]:
    raw = pd.DataFrame([{"d": whole, "d_day": day, "d_month": month, "d_year": year, "d_absent": absent}], dtype="str")
    found = civil_date(raw, "d")
    value, partial, absence = found.values[0], found.partial[0], found.absence[0]
    return (None if pd.isna(value) else str(value.date()), None if pd.isna(partial) else partial, None if pd.isna(absence) else absence,
            bool(found.broken[0] | found.broken_partial[0]))


@pytest.mark.parametrize(("given_parts", "expected"), [
    ({"whole": "2014-03-09"}, ("2014-03-09", None, None, False)),
    ({"whole": "2014-03-09+08:00"}, ("2014-03-09", None, None, False)),
    ({"day": "9", "month": "3", "year": "2014"}, ("2014-03-09", None, None, False)),
    ({"month": "3", "year": "2014"}, (None, "2014-03", "partial", False)),
    ({"year": "2014"}, (None, "2014", "partial", False)),
    ({"day": "9", "year": "2014"}, (None, "2014", "partial", False)),
    ({"absent": "1"}, (None, None, "declared_absent", False)),
    ({}, (None, None, "silent", False)),
    ({"day": "31", "month": "2", "year": "2014"}, (None, None, "silent", True)),
    ({"month": "13", "year": "2014"}, (None, "2014-13", "partial", True)),
])
def test_a_date_is_as_whole_as_the_act_says(given_parts: dict[str, str], expected: tuple[str | None, str | None, str | None, bool]) -> None:
    assert judged(**given_parts) == expected


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_in_parts_is_the_date(day: date) -> None:
    assert judged(day=str(day.day), month=str(day.month), year=str(day.year))[0] == str(day)


def test_a_municipality_is_one_of_ours_or_nothing() -> None:
    first = pd.Series([None, "45000000", "81701000001", "81999000"], dtype="str")
    second = pd.Series(["81624000", "81624000", None, None], dtype="str")
    assert municipality(first, second).fillna("").tolist() == ["81624000", "", "81701000", ""]
