"""Students, results and disciplines of a whole day against the region's own, student by student, by another path."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from tests.flow.lived import Lived
from tests.flow.test_truth import records

pytestmark = pytest.mark.flow
PASSING = {"MARK": 3, "DIF_CREDIT": 3, "CREDIT": 1, "HUNDRED_POINT": 60}


def seen(lived: Lived, table: str) -> pd.DataFrame:
    """What universities hold on the day, without its versions."""
    with duckdb.connect(str(lived.world / "world.duckdb"), read_only=True) as connection:
        rows = connection.execute(f"SELECT * FROM seen.{table}").df()
    return rows[rows["day"] == 0] if "day" in rows else rows


def people(lived: Lived) -> pd.DataFrame:
    """person_id, university and key of every student, and the first plan."""
    truth = pd.read_parquet(lived.world / "truth.parquet").query("source == 'vuz_scos'")
    keys = truth["wire_key"].str.partition(":")
    known = truth.assign(organisation_key=keys[0], student_id=keys[2])[["person_id", "organisation_key", "student_id"]]
    plans = seen(lived, "study_plan").drop(columns=["organisation_key", "external_id"])
    students = seen(lived, "student")[["wire_key", "plan_id"]].rename(columns={"wire_key": "student_id"})
    return known.merge(students, on="student_id").merge(plans, on="plan_id")


def stays(lived: Lived) -> pd.DataFrame:
    """One row per student: year of the first enrolment, whether the student learns today: the last flow says so."""
    flows = seen(lived, "contingent_flow").sort_values(["date", "external_id"])
    last = flows.groupby("student_id")["flow_type"].last() != "DEDUCTION"
    first = pd.to_datetime(flows.groupby("student_id")["date"].min()).dt.year
    return people(lived).merge(pd.DataFrame({"is_current": last, "entry_year": first}).reset_index(), on="student_id")


def ours(lived: Lived, mart: str, columns: list[str]) -> pd.DataFrame:
    rows = pd.DataFrame(lived.warehouse.rows(f"SELECT record_id, {', '.join(columns)} FROM marts.{mart}"), columns=["record_id", *columns])
    return rows.merge(records(lived)[["record_id", "person_id"]], on="record_id", how="left", validate="many_to_one")


def counts(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[object, ...], int]:
    return {tuple(key): int(count) for key, count in zip(rows[keys].value_counts(sort=False).index, rows[keys].value_counts(sort=False), strict=True)}


def test_every_student_of_the_region_stands_on_the_true_programme_form_and_year(lived: Lived) -> None:
    forms = {"FULL_TIME": "full_time", "EXTRAMURAL": "correspondence"}
    true = stays(lived).query("is_current").assign(study_form=lambda rows: rows["education_form"].map(forms)).rename(columns={"code_direction": "programme_code"})
    keys = ["person_id", "organisation_key", "programme_code", "study_form", "entry_year"]
    found = ours(lived, "student", keys[1:])
    assert len(true) >= 15
    assert counts(found, keys) == counts(true, keys)


def test_every_result_is_the_regions_own_and_debts_are_those_below_the_passing_mark(lived: Lived) -> None:
    marks = seen(lived, "student_mark").merge(people(lived)[["student_id", "person_id"]], on="student_id")
    disciplines = seen(lived, "discipline").set_index("discipline_id")["title"]
    true = marks.assign(discipline=marks["discipline_id"].map(disciplines), is_passed=marks["mark_value"] >= marks["mark_type"].map(PASSING))
    keys = ["person_id", "organisation_key", "discipline", "semester", "mark_type", "is_passed"]
    assert not true["is_passed"].all()
    assert counts(ours(lived, "exam_outcome", keys[1:]), keys) == counts(true, keys)
    debts = true[~true["is_passed"]].groupby("organisation_key")
    found = lived.warehouse.rows("SELECT organisation_key, debt_count, debtor_count FROM marts.exam_total WHERE exam_level = 'university'")
    assert {row[0]: (row[1], row[2]) for row in found if row[1]} == {key: (len(rows), rows["person_id"].nunique()) for key, rows in debts}


def test_disciplines_are_those_of_all_plans_of_each_student(lived: Lived) -> None:
    students = seen(lived, "student")[["wire_key", "plan_id", "second_plan_id"]].melt(id_vars="wire_key", value_name="plan").dropna(subset="plan")
    links = seen(lived, "plan_discipline").rename(columns={"plan_id": "plan"})
    titles = seen(lived, "discipline").set_index("discipline_id")["title"]
    codes = seen(lived, "study_plan").set_index("plan_id")["code_direction"]
    true = students.merge(links, on="plan").merge(people(lived)[["student_id", "person_id"]], left_on="wire_key", right_on="student_id")
    named = true.assign(discipline=true["discipline_id"].map(titles), programme_code=true["plan"].map(codes))
    keys = ["person_id", "organisation_key", "programme_code", "discipline", "semester"]
    assert counts(ours(lived, "student_course", keys[1:]), keys) == counts(named.drop_duplicates(keys), keys)


def test_those_who_came_and_went_are_those_of_the_contingent_flows(lived: Lived) -> None:
    kinds = {"ENROLLMENT": "entered", "REINSTATEMENT": "reinstated", "DEDUCTION": "expelled"}
    flows = seen(lived, "contingent_flow").merge(people(lived)[["student_id", "person_id"]], on="student_id")
    year = pd.to_datetime(flows["date"]) - pd.DateOffset(months=8)
    true = flows.assign(student_flow=flows["flow_type"].map(kinds), flow_year=year.dt.year)
    keys = ["person_id", "organisation_key", "flow_year", "student_flow"]
    assert counts(ours(lived, "student_flow", keys[1:]), keys) == counts(true, keys)


def test_where_no_school_is_known_students_come_from_where_they_live_or_were_born(lived: Lived) -> None:
    """The truth knows where each student lives; the registry learns it from acts of birth where the interior ministry was not asked."""
    true = stays(lived).merge(pd.read_parquet(lived.world / "truth_person.parquet")[["person_id", "oktmo"]], on="person_id").set_index("person_id")["oktmo"]
    titles = {str(row[0]): str(row[1]) for row in lived.warehouse.rows("SELECT oktmo, name FROM marts.municipality")}
    found = ours(lived, "student_origin", ["origin_municipality", "origin_kind"])
    assert set(found["person_id"]) == set(true.index)
    placed = found[~found["origin_kind"].isin(("unknown", "school"))]
    assert len(placed) >= 0.7 * len(found)
    assert (placed["origin_municipality"] == placed["person_id"].map(true).map(titles)).all()


def test_the_school_of_a_student_is_the_one_whose_list_of_leavers_names_the_student(lived: Lived) -> None:
    """Schools list in October who finished grade 11 in June; those who entered earlier finished before the register began."""
    truth = pd.read_parquet(lived.world / "truth.parquet")
    students = people(lived)
    listed = truth[truth["source"].str.startswith("journal") & truth["person_id"].isin(students["person_id"])]
    true = dict(zip(listed["person_id"], listed["wire_key"].str.partition(":")[0], strict=True))
    found = ours(lived, "student_origin", ["school_key", "entry_year", "school_absence", "origin_kind"])
    known = found[found["school_key"].notna()]
    assert true
    assert dict(zip(known["person_id"], known["school_key"], strict=True)) == true
    assert (known["origin_kind"] == "school").all()
    assert set(found.loc[found["entry_year"] < 2025, "school_absence"]) == {"before_register"}
    assert set(found.loc[(found["entry_year"] == 2025) & found["school_key"].isna(), "school_absence"]) <= {"not_told"}
