"""Deaths: a date of death that is known, the paper the dead had, nothing of the cause."""

from __future__ import annotations

import pandas as pd

from tests.transforms.kept_smev import push
from transforms.zags_deaths import clean


def test_the_date_of_death_is_there_or_missing_but_never_guessed() -> None:
    rows = clean("person", push("zags_deaths")).rows
    assert str(rows["death_date"].iloc[0].date()) == "2025-09-01"
    assert pd.isna(rows["death_date"].iloc[1])


def test_a_certificate_of_birth_as_paper_is_a_birth_certificate_too() -> None:
    raw = push("zags_deaths").assign(document_kind="03", document_series="I-АЖ", document_number="600001", document_date="2014-03-20")
    row = clean("person", raw).rows.iloc[0]
    assert (row["birth_certificate"], row["document"], row["document_kind"]) == ("I-АЖ 600001", "I-АЖ 600001", "03")


def test_a_day_that_never_was_is_refused() -> None:
    raw = push("zags_deaths").tail(1).assign(death_date_day="31", death_date_month="2", death_date_year="2025")
    assert clean("person", raw).refused["rule"].tolist() == ["person.death_date.calendar"]
