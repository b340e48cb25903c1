"""Benefits of a whole day against the region's truth: mothers by their true number, orders of birth, grades and places that no source and no step has seen."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.flow.lived import Lived
from tests.flow.test_truth import records

pytestmark = pytest.mark.flow
TODAY = pd.Timestamp(2025, 10, 24)
NORTHERN = {"81639000", "81606000", "81645000", "81630000", "81635000", "81720000"}


def person_of(lived: Lived) -> pd.Series:
    """pupil_id → the true person, of pupils whose records are one person's."""
    known = records(lived).dropna(subset="person_id")
    people = known.groupby("pupil_id")["person_id"].agg(["first", "nunique"])
    return people.loc[people["nunique"] == 1, "first"].astype(int)


def rights(lived: Lived, benefit: str) -> pd.DataFrame:
    """Rows of the mart with their true person."""
    columns = ["pupil_id", "benefit_status", "amount_percent", "grade", "organisation_key"]
    rows = pd.DataFrame(lived.warehouse.rows(f"SELECT {', '.join(columns)} FROM marts.benefit WHERE benefit = '{benefit}'"), columns=columns)
    return rows.merge(person_of(lived).rename("person_id"), left_on="pupil_id", right_index=True, how="left")


def children(lived: Lived) -> pd.DataFrame:
    """The living children as they truly are, with their true order among those of their mother whose birth ЗАГС has told of."""
    people = pd.read_parquet(lived.world / "truth_person.parquet").query("kind == 'child'").set_index("person_id")
    truth = pd.read_parquet(lived.world / "truth.parquet")
    loaded = {str(row[0]) for row in lived.warehouse.rows("SELECT source_key FROM identity.source_record WHERE source = 'zags_births'")}
    told = set(truth.loc[(truth["source"] == "zags_births") & truth["wire_key"].isin(loaded), "person_id"])
    acts = people[people.index.isin(told)].sort_values(["birth_date", "birth_order"])
    minors = acts[(pd.to_datetime(acts["birth_date"]) > TODAY - pd.DateOffset(years=18)) & acts["death_date"].isna()]
    return people.assign(order=acts.groupby("mother_id").cumcount() + 1, minors=people["mother_id"].map(minors.groupby("mother_id").size()),
                         has_act=people.index.isin(told))[people["death_date"].isna() | (pd.to_datetime(people["death_date"]) > TODAY)]


def in_two_schools(lived: Lived) -> set[int]:
    """Persons whom two organisations hold: which of the two is true only the truth knows."""
    found = lived.warehouse.rows("SELECT DISTINCT pupil_id FROM marts.evidence WHERE contradiction = 'two_organisations'")
    return set(person_of(lived).reindex([row[0] for row in found]).dropna().astype(int))


def doubtful(lived: Lived) -> set[int]:
    """Persons whose mother the acts do not tell for certain."""
    found = lived.warehouse.rows("SELECT pupil_id FROM marts.family_child WHERE is_doubtful")
    return set(person_of(lived).reindex([row[0] for row in found]).dropna().astype(int))


def without_own_act(lived: Lived) -> set[int]:
    """Persons whose birth record stands with another pupil than their enrolment: not linked yet."""
    linked = records(lived).dropna(subset="person_id")
    acts = linked[linked["source"] == "zags_births"].groupby("person_id")["pupil_id"].agg(set)
    journals = linked[linked["source"].str.startswith("journal")].groupby("person_id")["pupil_id"].agg(set)
    both = pd.concat([acts.rename("act"), journals.rename("journal")], axis=1).dropna()
    return {int(person) for person, row in both.iterrows() if not row["act"] >= row["journal"]}


def test_a_hot_meal_is_due_to_exactly_those_who_truly_learn_in_grades_1_to_4(lived: Lived) -> None:
    people, found = children(lived), rights(lived, "hot_meal_1_4")
    true = set(people.index[people["grade"].between(1, 4)])
    assert len(true) > 20
    assert found["person_id"].notna().all()
    assert (true ^ set(found["person_id"])) - in_two_schools(lived) == set()


def test_the_fee_compensation_is_by_the_true_order_of_birth_and_unknown_only_without_an_act(lived: Lived) -> None:
    people, found = children(lived), rights(lived, "kindergarten_fee")
    small = people[people["group_name"].notna() & (people["product"] != "none")]  # a kindergarten without a product sends no list
    assert len(small) > 20
    unexplained = (set(small.index) ^ set(found["person_id"].dropna())) - in_two_schools(lived)
    assert unexplained == set()
    true = small["order"].clip(upper=3).map({1: 20, 2: 50, 3: 70})
    paid = found.set_index("person_id")["amount_percent"].astype("Float64")
    unlinked = without_own_act(lived)
    known = paid.dropna()
    unlinked_mothers = set(people.loc[people.index.isin(unlinked), "mother_id"])
    wrong = {int(person) for person, percent in known.items() if percent != true.get(person)}
    assert {person for person in wrong if people["mother_id"].get(person) not in unlinked_mothers} == set()
    missing = set(paid.index[paid.isna()].astype(int))
    explained = set(small.index[~small["has_act"]]) | doubtful(lived) | unlinked
    assert missing - explained == set()
    assert known.index.nunique() > 0.8 * len(small)
    assert set(known.unique()) == {20, 50, 70}


def test_a_category_is_proved_for_exactly_the_pupils_whose_mother_truly_has_three_minors(lived: Lived) -> None:
    people = children(lived)
    rows = lived.warehouse.rows("SELECT pupil_id FROM marts.benefit_evidence WHERE benefit = 'meals_5_11' AND evidence = 'minor_children' "
                                "AND evidence_status = 'proved'")
    found = set(person_of(lived).reindex([row[0] for row in rows]).dropna().astype(int))
    true = set(people.index[(people["grade"] >= 5) & people["has_act"] & (people["minors"] >= 3)])
    assert len(true) > 10
    unlinked = without_own_act(lived)
    families = set(people.loc[people.index.isin(unlinked | doubtful(lived)), "mother_id"])
    unexplained = {person for person in true ^ found if people["mother_id"].get(person) not in families} - in_two_schools(lived)
    assert unexplained == set()


def test_the_northern_draft_asks_about_exactly_the_pupils_of_schools_of_those_districts(lived: Lived) -> None:
    people, found = children(lived), rights(lived, "meals_northern")
    place = dict(lived.warehouse.rows("SELECT organisation_key, oktmo FROM core.organisation"))
    true = set(people.index[people["grade"].between(1, 12) & people["organisation_key"].map(place).isin(NORTHERN)])
    assert (true ^ set(found["person_id"].dropna().astype(int))) - in_two_schools(lived) == set()


def test_priority_is_proved_for_exactly_those_who_enter_next_year_and_truly_have_a_sibling_in_a_school(lived: Lived) -> None:
    people = children(lived)
    rows = lived.warehouse.rows("SELECT pupil_id FROM marts.benefit_evidence WHERE benefit = 'sibling_priority' AND evidence = 'sibling_school' "
                                "AND evidence_status = 'proved'")
    found = set(person_of(lived).reindex([row[0] for row in rows]).dropna().astype(int))
    birth = pd.to_datetime(people["birth_date"])
    age = (birth <= pd.Timestamp(2020, 3, 1)) & (birth > pd.Timestamp(2018, 9, 1))
    learning = people[people["grade"].notna() & people["has_act"]]
    true = set(people.index[age & people["grade"].isna() & people["has_act"] & people["mother_id"].isin(learning["mother_id"])])
    families = set(people.loc[people.index.isin(without_own_act(lived) | doubtful(lived) | in_two_schools(lived)), "mother_id"])
    elsewhere = {int(row[0]) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.pupil WHERE is_resident IS FALSE")}
    moved = set(person_of(lived).reindex(sorted(elsewhere)).dropna().astype(int))
    assert {person for person in true ^ found if people["mother_id"].get(person) not in families} - moved == set()
    assert true & found
