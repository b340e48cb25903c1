"""The archive of forms ОО-1: a school year is the year it begins in; what is written otherwise is refused, not guessed."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from connectors.oo1_archive import read
from connectors.rows import RawBatch
from tests.connectors.kept import DATA, delivery
from transforms.oo1_archive import clean


def form() -> pd.DataFrame:
    body = (DATA / "oo1_archive" / "oo1_2023.csv").read_bytes()
    return pd.concat([part.rows for part in read(delivery("oo1_archive", "oo1_2023.csv"), io.BytesIO(body)) if isinstance(part, RawBatch)])


def test_a_line_is_keyed_by_year_municipality_and_grade() -> None:
    found = clean("past_contingent", form())
    assert found.refused.empty
    assert found.rows["source_key"].tolist() == ["2023/24:81701000:1", "2023/24:81701000:2", "2023/24:81701000:5", "2023/24:81624000:1"]
    assert found.rows["school_year"].tolist() == [2023] * 4
    assert found.rows["first_shift_count"].tolist()[:3] == [101, 82, 105]
    assert pd.isna(found.rows["first_shift_count"].iloc[3]), "what the form does not say is missing, not nought"


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("school_year", "2023", None), ("school_year", "2023-2024", "past_contingent.school_year.number"),
    ("school_year", "1023/24", "past_contingent.school_year.range"),
    ("oktmo", "84701000", "past_contingent.oktmo.codes"), ("grade", "13", "past_contingent.grade.range"),
    ("pupil_count", "много", "past_contingent.pupil_count.number"), ("pupil_count", "-1", "past_contingent.pupil_count.minimum")])
def test_an_unknown_value_is_refused(column: str, value: str, rule: str | None) -> None:
    assert clean("past_contingent", form().assign(**{column: value})).refused["rule"].unique().tolist() == ([rule] if rule else [])


def test_more_in_the_first_shift_than_at_all_leaves_that_value_out_and_the_line_stands() -> None:
    found = clean("past_contingent", form().assign(first_shift_count="1000"))
    assert len(found.rows) == 4
    assert found.rows["first_shift_count"].isna().all()
