"""The pupils and the contingent of a whole day against the region's truth, which no source and no step has seen."""

from __future__ import annotations

import pandas as pd
import pytest

from schemas.warehouse import OPEN
from tests.flow.lived import Lived

pytestmark = pytest.mark.flow
KNOWN = ("zags_births", "journal_netschool", "journal_eljur", "journal_bars", "journal_file", "vuz_scos")


def records(lived: Lived) -> pd.DataFrame:
    """record_id, source, source_key, pupil_id and the true person_id (missing where a record is nobody's)."""
    linked = pd.DataFrame(lived.warehouse.rows(
        f"SELECT record_id, source, source_key, pupil_id FROM identity.source_record JOIN identity.link USING (record_id) WHERE version_to = {OPEN}"),
        columns=["record_id", "source", "source_key", "pupil_id"])
    truth = pd.read_parquet(lived.world / "truth.parquet")
    return linked.merge(truth, left_on=["source", "source_key"], right_on=["source", "wire_key"], how="left")


def pairs(groups: pd.Series) -> int:
    return int((groups * (groups - 1) // 2).sum())


def test_no_two_children_are_made_one_and_98_of_100_pairs_are_found(lived: Lived) -> None:
    known = records(lived).query("source in @KNOWN").dropna(subset="person_id")
    assert set(known["source"]) == set(KNOWN)
    merged = known.groupby("pupil_id")["person_id"].nunique()
    assert list(merged[merged > 1].index) == []
    found, true = pairs(known.groupby(["pupil_id", "person_id"]).size()), pairs(known.groupby("person_id").size())
    assert true > 200
    assert found / true >= 0.98


def test_the_contingent_is_the_truth_but_for_those_who_came_later_or_sit_in_two_schools(lived: Lived) -> None:
    """The truth knows where each child learns today; the form counts those of 20 September."""
    columns = ["person_id", "organisation_key", "grade", "letter"]
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    learning = people[(people["kind"] == "child") & people["grade"].notna()]
    roll = pd.DataFrame(lived.warehouse.rows("SELECT record_id, organisation_key, grade, class_letter FROM marts.school_roll WHERE place = 1"),
                        columns=["record_id", "organisation_key", "grade", "letter"]).merge(records(lived)[["record_id", "person_id"]], on="record_id")
    true, counted = ({tuple(row) for row in frame[columns].astype({"person_id": int, "grade": int}).to_numpy()} for frame in (learning, roll))
    assert len(roll) == roll["person_id"].nunique() == lived.warehouse.scalar("SELECT sum(pupil_count) FROM marts.contingent")
    late = set(learning.loc[pd.to_datetime(learning["entry_date"]) > pd.Timestamp(2025, 9, 20), "person_id"])
    conflicts = {int(str(row[0])) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.contingent_conflict")}
    in_two = set(records(lived).loc[lambda known: known["pupil_id"].isin(conflicts), "person_id"].dropna())
    differing = {row[0] for row in true ^ counted}
    assert differing - late - in_two == set()
    assert {row[0] for row in true - counted if row[0] not in in_two} == late - in_two, "who came later is not in the form"
    assert {row[0] for row in true & counted} == set(learning["person_id"]) - differing


def test_the_day_adds_up_and_only_planted_records_are_refused(lived: Lived) -> None:
    with lived.environment():
        from warehouse import day

        figures = day.status()
    assert figures["conservation_difference"] == 0
    assert figures["total"]["held"] == figures["total"]["waiting"] == 0
    refused = {str(row[0]) for row in lived.warehouse.rows("SELECT source_key FROM quality.refused_record WHERE entity = 'person'")}
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    truth = pd.read_parquet(lived.world / "truth.parquet")
    assert refused.isdisjoint(truth.loc[truth["person_id"].isin(people["person_id"]), "wire_key"]), "a true pupil was refused"
