"""Classes, shifts, ages and movement of a whole day (R1-R3) counted a second time from the region's truth; pupils of two schools stand as the register has them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.flow.lived import Lived
from tests.flow.test_truth import records
from warehouse import engine
from warehouse.reports import make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report
from warehouse.reports.reader import snapshot

pytestmark = pytest.mark.flow
COUNTED_ON = date(2025, 9, 20)
FORMS = {"очная": "full_time", "семейная": "family"}


def made(lived: Lived, code: str) -> Report:
    version, as_of = lived.warehouse.rows("SELECT version, coalesce(as_of, (SELECT max(as_of) FROM quality.version)) FROM core.published_version")[0]
    with lived.environment(), snapshot(engine.engine("loader"), version=int(str(version)), as_of=as_of) as connection:
        return make(connection, version=int(str(version)), as_of=as_of, wanted=[of(code)])[0]


def rows(report: Report, name: str) -> pd.DataFrame:
    return next(table.rows for table in report.tables if table.name == name)


def true_roll(lived: Lived) -> pd.DataFrame:
    """A row per pupil of 20 September by the truth; those in two schools (there the truth knows only one) as the register counts them."""
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    learning = people[(people["kind"] == "child") & people["grade"].notna() & (pd.to_datetime(people["entry_date"]) <= pd.Timestamp(COUNTED_ON))]
    known = records(lived)
    two = {int(str(row[0])) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.contingent_conflict")}
    columns = ["record_id", "organisation_key", "grade", "letter", "study_form", "shift", "sex", "birth_date"]
    placed = pd.DataFrame(lived.warehouse.rows("SELECT record_id, organisation_key, grade, class_letter, study_form, shift, sex, birth_date "
                                               "FROM marts.school_roll WHERE place = 1"), columns=columns)
    placed = placed.merge(known.loc[known["pupil_id"].isin(two), ["record_id", "person_id"]], on="record_id")
    true = learning[~learning["person_id"].isin(set(placed["person_id"]))].assign(study_form=learning["study_form"].map(FORMS))
    both = pd.concat([true[["person_id", *columns[1:]]], placed[["person_id", *columns[1:]]]])
    return both.assign(grade=both["grade"].astype(int), birth_date=pd.to_datetime(both["birth_date"]))


def test_section_2_4_and_the_shifts_are_those_of_the_truth(lived: Lived) -> None:
    report, roll = made(lived, "R1"), true_roll(lived)
    rural = dict(lived.warehouse.rows("SELECT organisation_key, is_rural FROM marts.organisation"))
    lessons = roll[roll["study_form"] != "family"]
    classes = lessons.groupby(["organisation_key", "grade", "letter", "study_form"]).size().rename("pupils").reset_index()
    is_rural, grade, pupils = classes["organisation_key"].map(rural).astype(bool), classes["grade"], classes["pupils"]
    counted = rows(report, "class_sets")["total"].tolist()
    assert counted == [len(classes), int((grade <= 4).sum()), int(grade.between(5, 9).sum()), int((grade >= 10).sum()),
                       int((~is_rural & (pupils < 25)).sum()), int((is_rural & (pupils < 14)).sum()), 0]
    assert min(counted[:5]) > 0
    shifts = rows(report, "shifts").set_index("title")
    for shift, title in ((1, "обучающихся: 1-я смена"), (2, "обучающихся: 2-я смена"), (3, "обучающихся: 3-я смена")):
        own = lessons[lessons["shift"] == shift]
        assert shifts.loc[title, [f"grade_{number}" for number in range(1, 12)]].tolist() == [int((own["grade"] == number).sum()) for number in range(1, 12)]


def test_ages_by_grade_and_sex_are_those_of_the_truth(lived: Lived) -> None:
    report, roll = made(lived, "R2"), true_roll(lived)
    born = roll["birth_date"]
    years = 2026 - born.dt.year - (born.dt.dayofyear > 1).astype(int)
    aged = roll.assign(age=years.clip(6, 18).map(lambda age: {6: "6 лет и моложе", 18: "18 лет и старше"}.get(age, f"{age} лет")))
    counted = rows(report, "ages").set_index("age")
    assert counted.loc["Всего", "pupils_total"] == len(roll) > 100
    assert counted.loc["Дата рождения неизвестна", "pupils_total"] == 0
    for grade in range(1, 12):
        for measure, part in (("pupils", aged), ("girls", aged[aged["sex"] == "F"])):
            true = part[part["grade"] == grade].groupby("age").size()
            told = counted.drop(index="Всего")[f"{measure}_{grade}"]
            assert told[told > 0].to_dict() == true.to_dict(), (grade, measure)


def test_ages_by_municipality_are_those_of_the_truth(lived: Lived) -> None:
    report, roll = made(lived, "R2"), true_roll(lived)
    place = dict(lived.warehouse.rows("SELECT organisation_key, name FROM marts.organisation JOIN marts.municipality USING (oktmo)"))
    counted = rows(report, "municipalities").iloc[:-1].groupby("municipality")["pupils_total"].sum()
    assert counted.to_dict() == roll["organisation_key"].map(place).value_counts().to_dict()
    assert all(check.outcome != "failed" for check in report.checks)


def test_movement_since_1_september_is_that_of_the_truth(lived: Lived) -> None:
    """Journals list in October who learns now: nobody has left; those of two schools move when the later enrolment begins."""
    report = made(lived, "R3")
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    learning = people[(people["kind"] == "child") & people["grade"].notna()]
    known = records(lived)
    two = {int(str(row[0])) for row in lived.warehouse.rows(
        "SELECT pupil_id FROM marts.enrolment WHERE programme IN ('primary', 'basic', 'secondary') GROUP BY pupil_id HAVING count(DISTINCT organisation_key) > 1")}
    alone = learning[~learning["person_id"].isin(set(known.loc[known["pupil_id"].isin(two), "person_id"].dropna()))]
    late = pd.to_datetime(alone["entry_date"]) > pd.Timestamp(2025, 9, 1)
    assert late.any()
    events = pd.DataFrame(lived.warehouse.rows("SELECT pupil_id, movement_event, organisation_key, grade, movement_kind FROM marts.movement_event "
                                               "WHERE movement_period = 'school_year'"), columns=["pupil_id", "event", "organisation_key", "grade", "kind"])
    single = events[~events["pupil_id"].isin(two)]
    for event, true in (("start", alone[~late]), ("arrived", alone[late]), ("end", alone), ("left", alone.head(0))):
        told = single[single["event"] == event].groupby(["organisation_key", "grade"]).size().to_dict()
        assert told == true.groupby(["organisation_key", "grade"]).size().to_dict(), event
    first = single[single["event"] == "arrived"].groupby("kind").size().to_dict()
    assert first == alone[late]["grade"].eq(1).map({True: "first_grade", False: "outside"}).value_counts().to_dict()
    assert all(check.outcome != "failed" for check in report.checks)
    end = rows(report, "region_school_year").set_index("title").loc["Обучаются на новую дату", ["region", "organisations"]].tolist()
    assert end == [len(learning), len(learning)]


def test_results_of_the_first_quarter_are_those_of_the_stored_marks(lived: Lived) -> None:
    report = made(lived, "R3")
    marks = pd.DataFrame(lived.warehouse.rows("SELECT pupil_id, mark_text FROM marts.final_mark WHERE pupil_id IS NOT NULL"), columns=["pupil_id", "text"])
    enrolled = {int(str(row[0])) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.movement_event WHERE movement_event = 'end' "
                                                                 "AND movement_period = 'school_year'")}
    sets = marks[marks["pupil_id"].isin(enrolled)].groupby("pupil_id")["text"].agg(set)
    true = {"failing": sum("2" in one for one in sets), "not_attested": sum("н/а" in one and "2" not in one for one in sets),
            "satisfactory": sum("3" in one and not one & {"2", "н/а"} for one in sets), "good": sum("4" in one and not one & {"2", "3", "н/а"} for one in sets),
            "excellent": sum("5" in one and not one & {"2", "3", "4", "н/а"} for one in sets)}
    total = rows(report, "results").iloc[-1]
    assert {name: total[name] for name in true} == true
    assert total["assessed_count"] == len(sets) > 100
