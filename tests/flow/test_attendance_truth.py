"""Missed lessons of a whole day against the region's own, and the days in a row counted again from its calendar."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from connectors.mocks.region import progress
from connectors.mocks.region.days import school_days
from tests.flow.lived import Lived
from tests.flow.test_truth import records

pytestmark = pytest.mark.flow
REASONS = {"н": "absent", "б": "ill", "оп": "late"}
FIRST, LAST = date(2025, 9, 1), date(2025, 10, 24)


def truth(lived: Lived) -> pd.DataFrame:
    """person_id, organisation_key, lesson_date, reason of every missed or late lesson of the region; pupils of two journals left out."""
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    schools = people.loc[people["grade"].notna(), "organisation_key"].unique()
    every = pd.concat([progress.progress_marks(lived.world, key, FIRST, LAST, 0).assign(organisation_key=key) for key in schools])
    keys = pd.read_parquet(lived.world / "truth.parquet")
    journals = keys[keys["source"].str.startswith("journal")].assign(
        organisation_key=lambda known: known["wire_key"].str.partition(":")[0], local_id=lambda known: known["wire_key"].str.partition(":")[2])
    known = every[every["value"].isin(list(REASONS))].merge(journals[["organisation_key", "local_id", "person_id"]], on=["organisation_key", "local_id"])
    in_two = journals.groupby("person_id")["wire_key"].nunique().loc[lambda count: count > 1].index
    loaded = records(lived).loc[lambda linked: linked["source"].str.startswith("journal"), "person_id"]
    plain = known[~known["person_id"].isin(in_two) & known["person_id"].isin(set(loaded))].astype({"person_id": "int64"})
    return plain.assign(reason=lambda lessons: lessons["value"].map(REASONS))


def people_of(lived: Lived) -> pd.DataFrame:
    journals = records(lived).dropna(subset="person_id").loc[lambda linked: linked["source"].str.startswith("journal")]
    return journals[["record_id", "pupil_id", "person_id"]].astype("int64")


def test_lessons_by_school_month_and_reason_are_those_of_the_region(lived: Lived) -> None:
    true = truth(lived)
    columns = ["record_id", "organisation_key", "month", "reason"]
    ours = pd.DataFrame(lived.warehouse.rows("SELECT record_id, organisation_key, to_char(month, 'YYYY-MM'), absence_reason FROM marts.absence_counted"),
                        columns=columns).merge(people_of(lived), on="record_id")
    mine = ours[ours["person_id"].isin(set(true["person_id"]))].groupby(["person_id", "organisation_key", "month", "reason"]).size()
    expected = true.assign(month=pd.to_datetime(true["lesson_date"]).dt.strftime("%Y-%m")).groupby(["person_id", "organisation_key", "month", "reason"]).size()
    assert expected.sum() > 1000
    pd.testing.assert_series_equal(mine, expected, check_dtype=False)


def test_days_in_a_row_are_those_of_the_regions_own_calendar(lived: Lived) -> None:
    number = {day: place for place, day in enumerate(day for day in school_days() if FIRST <= day <= LAST)}
    absent = truth(lived).query("reason == 'absent'").assign(place=lambda lessons: pd.to_datetime(lessons["lesson_date"]).dt.date.map(number))
    days = absent[["person_id", "place"]].drop_duplicates().sort_values(["person_id", "place"])
    runs = days.assign(run=(days.groupby("person_id")["place"].diff() != 1).cumsum()).groupby(["person_id", "run"]).size()
    expected = runs.groupby("person_id").max()
    ours = pd.DataFrame(lived.warehouse.rows("SELECT pupil_id, unexcused_day_count FROM marts.pupil_signal"), columns=["pupil_id", "day_count"])
    found = ours.merge(people_of(lived), on="pupil_id").set_index("person_id")["day_count"]
    both = expected.to_frame("true").join(found, how="inner")
    assert len(both) > 100
    assert (both["true"] == both["day_count"]).all()
    assert set(expected.index) - set(both.index) <= set(_left(lived)), "who is in no list has left"


def _left(lived: Lived) -> list[int]:
    current = {row[0] for row in lived.warehouse.rows("SELECT pupil_id FROM marts.current_pupil")}
    return [person for pupil, person in people_of(lived)[["pupil_id", "person_id"]].itertuples(index=False) if pupil not in current]
