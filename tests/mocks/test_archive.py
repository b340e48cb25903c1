"""Past forms of the ministry: ten years, of the same region, always the same bytes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from journal_world import make

from connectors.mocks import archive
from connectors.mocks.journals.terms import school_year


def test_ten_years_before_this_one_are_written_and_writing_again_changes_nothing(tmp_path: Path) -> None:
    world = make(tmp_path / "world")
    assert archive.write(world, tmp_path / "oo1") == 10
    assert archive.write(world, tmp_path / "oo1") == 0
    year = school_year(world.today)
    assert sorted(path.name for path in (tmp_path / "oo1").iterdir()) == [f"oo1_{year - back}.csv" for back in range(10, 0, -1)]


def test_a_grade_of_the_past_is_the_cohort_of_today_larger_by_those_who_left() -> None:
    now = pd.DataFrame([[1000 + 10 * grade for grade in range(1, 12)]], index=["81701000"], columns=range(1, 12))
    form = archive._form(now, 2020, 5).set_index("Класс")
    assert form["Учебный год"].unique().tolist() == ["2020/21"]
    assert abs(form.loc[3, "Обучающихся"] / (1080 * 1.006 ** 5) - 1) < 0.06
    assert abs(form.loc[11, "Обучающихся"] / (1110 * 0.98 ** 5) - 1) < 0.06, "who left school were fewer"
    assert (form["Из них в первую смену"] <= form["Обучающихся"]).all()
