"""The forecast of a whole day: what it is made from is the truth and the ministry's own files, computed by another path; how far it is off is told."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.flow.lived import Lived
from tests.flow.test_truth import records
from warehouse.reports import make
from warehouse.reports.catalogue import of
from warehouse.reports.model import Report
from warehouse.reports.reader import snapshot

pytestmark = pytest.mark.flow


@pytest.fixture
def made(lived: Lived) -> Report:
    from warehouse.engine import engine

    with lived.environment():
        version = int(str(lived.warehouse.scalar("SELECT version FROM core.published_version")))
        with snapshot(engine("loader"), version=version, as_of=pd.Timestamp(lived.today).date()) as connection:
            return make(connection, version=version, as_of=pd.Timestamp(lived.today).date(), wanted=(of("demand"),))[0]


def test_past_contingents_are_the_files_of_the_ministry_to_the_child(lived: Lived) -> None:
    folder = lived.warehouse.folder / "mocks" / "drop" / "oo1"
    files = pd.concat([pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype=str) for path in sorted(folder.glob("*.csv"))])
    told = {(one["Учебный год"][:4], one["ОКТМО"], one["Класс"]): (int(one["Обучающихся"]), int(one["Из них в первую смену"])) for one in files.to_dict("records")}
    kept = {(str(year), oktmo, str(grade)): (pupils, first) for year, oktmo, grade, pupils, first in lived.warehouse.rows(
        "SELECT school_year, oktmo, grade, pupil_count, first_shift_count FROM marts.past_contingent")}
    assert len(told) == len(files) > 100
    assert kept == told


def test_children_by_month_of_birth_are_the_true_ones_but_those_known_to_live_elsewhere(lived: Lived) -> None:
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    seen = records(lived).dropna(subset="person_id")
    elsewhere = {int(str(row[0])) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.pupil WHERE is_resident IS FALSE")}
    away = set(seen.loc[seen["pupil_id"].isin(elsewhere), "person_id"].astype(int))
    of_age = people[people["death_date"].isna() & (pd.to_datetime(people["birth_date"]) >= pd.Timestamp(2007, 11, 1))
                    & people["person_id"].isin(set(seen["person_id"].astype(int)) - away)]
    true = pd.to_datetime(of_age["birth_date"]).dt.strftime("%Y-%m").value_counts().to_dict()
    counted: dict[str, int] = {}
    for month, count in lived.warehouse.rows("SELECT to_char(birth_month, 'YYYY-MM'), sum(child_count)::integer FROM marts.birth_cohort GROUP BY 1"):
        counted[str(month)] = int(str(count))
    assert counted == true


def test_the_current_year_is_the_contingent_and_no_year_is_forecast_without_its_error(lived: Lived, made: Report) -> None:
    tables = {table.name: table.rows for table in made.tables}
    total = lived.warehouse.scalar("SELECT sum(pupil_count) FROM marts.contingent WHERE grade BETWEEN 1 AND 12")
    assert tables["schools_total"]["pupils"].iloc[0] == total
    assert len(tables["back_test"]) == len(tables["schools_total"]) - 1 == len(tables["kindergartens_total"]) - 1 > 0
    assert tables["back_test"][["municipality_error", "republic_error"]].notna().all(axis=None)
    assert "ошибка" in made.lead
    assert all(check.outcome == "passed" for check in made.checks)
