"""Form 85-К of a whole day against the region's truth, computed by another path: pandas over what no source and no step has seen."""

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
BANDS = {"Ясли": "age_1", "Первая младшая": "age_1", "Вторая младшая": "age_3", "Средняя": "age_3", "Старшая": "age_5", "Подготовительная": "age_5"}


@pytest.fixture
def made(lived: Lived) -> Report:
    from warehouse.engine import engine

    with lived.environment():
        version = int(str(lived.warehouse.scalar("SELECT version FROM core.published_version")))
        with snapshot(engine("loader"), version=version, as_of=pd.Timestamp(lived.today).date()) as connection:
            return make(connection, version=version, as_of=pd.Timestamp(lived.today).date(), wanted=(of("preschool"),))[0]


def attending(lived: Lived) -> pd.DataFrame:
    """True children, on the day, of kindergartens that send files (the others send nothing to anybody), with full years at 1 January 2026."""
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    here = people[(people["kind"] == "child") & people["group_name"].notna() & (people["product"] == "file") & people["death_date"].isna()
                  & (pd.to_datetime(people["entry_date"]) <= pd.Timestamp(lived.today))]
    born = pd.to_datetime(here["birth_date"])
    return here.assign(years=2026 - born.dt.year - ((born.dt.month > 1) | (born.dt.day > 1)).astype(int))


def test_section_7_is_the_truth_by_age_and_sex(lived: Lived, made: Report) -> None:
    true = attending(lived)
    rows = next(table for table in made.tables if table.name == "children").rows.set_index("code")
    assert len(true) > 20
    for code, part in (("701", true), ("702", true[true["sex"] == "F"]), ("707", true[true["citizenship"] != "643"])):
        ages = part.groupby(part["years"].clip(upper=7)).size()
        assert {n: int(rows.loc[code, f"age_{n}"]) for n in range(8)} == {n: int(ages.get(n, 0)) for n in range(8)}, code
        assert rows.loc[code, "total"] == len(part)


def test_every_child_stands_in_its_true_kindergarten_and_group(lived: Lived) -> None:
    columns = ["person_id", "organisation_key", "group_name"]
    roll = pd.DataFrame(lived.warehouse.rows("SELECT record_id, organisation_key, class_letter FROM marts.preschool_roll WHERE place = 1"),
                        columns=["record_id", "organisation_key", "group_name"]).merge(records(lived)[["record_id", "person_id"]], on="record_id")
    counted, true = (set(frame[columns].astype({"person_id": int}).itertuples(index=False, name=None)) for frame in (roll, attending(lived)))
    assert counted == true


def test_section_4_is_the_true_groups_by_the_age_their_names_tell(lived: Lived, made: Report) -> None:
    groups = attending(lived).drop_duplicates(["organisation_key", "group_name"])
    bands = groups["group_name"].str.split(" № ").str[0].map(BANDS).value_counts()
    row = next(table for table in made.tables if table.name == "groups").rows.set_index("code").loc["401"]
    assert {band: row[band] for band in ("age_1", "age_3", "age_5")} == {band: int(bands.get(band, 0)) for band in ("age_1", "age_3", "age_5")}
    assert row["total"] == len(groups)


def test_coverage_counts_the_true_children_of_1_to_6_but_those_known_to_live_elsewhere(lived: Lived, made: Report) -> None:
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    young = attending(lived)
    seen = records(lived).dropna(subset="person_id")
    elsewhere = {int(str(row[0])) for row in lived.warehouse.rows("SELECT pupil_id FROM marts.pupil WHERE is_resident IS FALSE")}
    away = set(seen.loc[seen["pupil_id"].isin(elsewhere), "person_id"].astype(int))
    born = pd.to_datetime(people["birth_date"])
    of_age = people[(people["kind"] == "child") & people["death_date"].isna() & (born > pd.Timestamp(2019, 1, 1)) & (born <= pd.Timestamp(2025, 1, 1))]
    here = set(of_age["person_id"].astype(int)) & set(seen["person_id"].astype(int)) - away
    total = next(table for table in made.tables if table.name == "coverage").rows.iloc[-1]
    assert total["kindergarten_count"] == len(here & set(young["person_id"].astype(int)))
    assert total["child_count"] == len(here)
