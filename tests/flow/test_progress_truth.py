"""Final marks of a whole day against the region's own: what each journal holds, pupil by pupil, by another path."""

from __future__ import annotations

import pandas as pd
import pytest

from connectors.mocks.region import progress
from tests.flow.lived import Lived
from tests.flow.test_truth import records

pytestmark = pytest.mark.flow
OUTCOMES = {"5": "five", "4": "four", "3": "three", "2": "two", "зач": "credit", "н/а": "not_attested"}


def truth(lived: Lived) -> pd.DataFrame:
    """person_id, organisation_key, subject, outcome of every final mark the journals of the region hold, grade and letter as the region knows them."""
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    schools = people.loc[people["grade"].notna(), "organisation_key"].unique()
    every = pd.concat([progress.final_marks(lived.world, key, 0).assign(organisation_key=key) for key in schools])
    keys = pd.read_parquet(lived.world / "truth.parquet")
    journals = keys[keys["source"].str.startswith("journal")].assign(
        organisation_key=lambda known: known["wire_key"].str.partition(":")[0], local_id=lambda known: known["wire_key"].str.partition(":")[2])
    known = every.merge(journals[["organisation_key", "local_id", "person_id"]], on=["organisation_key", "local_id"], how="inner")
    return known.merge(people[["person_id", "organisation_key", "grade", "letter"]].rename(columns={"organisation_key": "true_organisation"}), on="person_id")


def counted(lived: Lived) -> pd.DataFrame:
    columns = ["record_id", "organisation_key", "subject", "grade", "class_letter", "outcome"]
    rows = pd.DataFrame(lived.warehouse.rows(f"SELECT {', '.join(columns)} FROM marts.final_counted"), columns=columns)
    return rows.merge(records(lived)[["record_id", "person_id"]], on="record_id", how="left")


def test_every_final_mark_is_the_regions_own_but_for_pupils_in_two_journals_and_refused_records(lived: Lived) -> None:
    true, ours = truth(lived), counted(lived)
    assert len(ours) > 1000
    key = ["person_id", "organisation_key", "subject"]
    both = true.assign(true_outcome=true["value"].map(OUTCOMES)).merge(ours, on=key, how="outer", indicator=True, suffixes=("_true", ""))
    agreed = both[both["_merge"] == "both"]
    assert (agreed["outcome"] == agreed["true_outcome"]).all()
    assert (both["_merge"] != "right_only").all(), "a mark that no journal of the region holds"
    absent = set(both.loc[both["_merge"] == "left_only", "person_id"])
    in_two = set(true.groupby("person_id")["local_id"].nunique().loc[lambda count: count > 1].index)
    linked = set(records(lived).loc[lambda known: known["source"].str.startswith("journal"), "person_id"].dropna())
    assert absent - in_two - (set(true["person_id"]) - linked) == set()


def test_marks_by_class_and_subject_are_those_of_the_region(lived: Lived) -> None:
    true, ours = truth(lived), counted(lived)
    in_two = set(true.groupby("person_id")["local_id"].nunique().loc[lambda count: count > 1].index)
    linked = set(ours["person_id"].dropna())
    plain = true[~true["person_id"].isin(in_two) & true["person_id"].isin(linked) & (true["organisation_key"] == true["true_organisation"])]
    mine = ours[ours["person_id"].isin(set(plain["person_id"]))]
    expected = plain.assign(outcome=plain["value"].map(OUTCOMES), grade=plain["grade"].astype(int)).groupby(
        ["organisation_key", "grade", "letter", "subject", "outcome"]).size()
    found = mine.assign(letter=mine["class_letter"], grade=mine["grade"].astype(int)).groupby(
        ["organisation_key", "grade", "letter", "subject", "outcome"]).size()
    pd.testing.assert_series_equal(found, expected, check_dtype=False)
