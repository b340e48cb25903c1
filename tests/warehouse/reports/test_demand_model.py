"""The forecast of places on drawn regions whose future is known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import ConfigurationError
from warehouse.reports import demand_knobs, demand_model, forms
from warehouse.reports.demand_model import GRADES, History
from warehouse.reports.demand_tables import republic, school_rows

KNOBS = replace(demand_knobs.read(), least_children=1)
FIRST, YEARS, NOW = 2015, 11, 2025


def region(sizes: list[int], entry: list[float], progression: list[float], *, born: list[float] | None = None) -> tuple[History, np.ndarray]:
    """Municipalities of constant ratios, births by month of `sizes` × `born` (a factor a calendar year from 1990); the history and seven years after it."""
    columns = pd.date_range("1990-01-01", "2032-12-01", freq="MS")
    factor = np.array([1.0 if born is None else born[(month.year - 1990) % len(born)] for month in columns])
    births = pd.DataFrame(np.outer(sizes, factor), columns=columns)
    years = np.arange(FIRST, NOW + 8)
    pupils = np.zeros((len(sizes), len(years), GRADES))
    for number, year in enumerate(years):
        for grade in range(GRADES):
            rate = np.array(entry) * np.prod(progression[:grade])
            pupils[:, number, grade] = demand_model.entry_cohort(births, int(year) - grade) * rate
    history = History(municipalities=tuple(map(str, range(len(sizes)))), first_year=FIRST, pupils=pupils[:, :YEARS], births=births,
                      until=pd.Timestamp("2032-12-01"))
    return history, pupils[:, YEARS:]


RATES = [1.0, 0.99, 1.01, 1.0, 0.98, 1.0, 1.0, 0.97, 0.55, 0.96, 0.1]


def test_constant_ratios_give_the_future_exactly() -> None:
    history, future = region([40, 7], [0.98, 1.05], RATES, born=[1.0, 1.1, 0.9, 1.3, 0.7])
    assert np.allclose(demand_model.forecast(history, history.last, history.until, KNOBS), future)


def test_births_not_yet_known_are_those_of_the_last_twelve_months() -> None:
    history, future = region([40], [0.98], RATES)
    short = demand_model.forecast(history, history.last, pd.Timestamp("2025-08-01"), KNOBS)
    assert np.allclose(short, future), "births are the same every year"
    falling, truth = region([40], [0.98], RATES, born=[*[1.0] * 36, *[0.5] * 7])   # half of the births from 2026 on
    known = demand_model.forecast(falling, falling.last, pd.Timestamp("2025-08-01"), KNOBS)
    assert np.allclose(known[:, :6], truth[:, :6]), "who enters in six years is born before March 2025"
    assert known[0, 6, 0] > truth[0, 6, 0], "of those who enter in seven, two months are not: January and February 2026"
    more = demand_model.projected(falling.births, pd.Timestamp("2025-08-01"), pd.Timestamp("2027-09-01"), 0.1)
    assert more[pd.Timestamp("2025-09-01")].tolist() == pytest.approx([44.0])
    assert more[pd.Timestamp("2026-09-01")].tolist() == pytest.approx([48.4])


def test_the_cohort_of_entry_is_split_at_six_and_a_half() -> None:
    births = pd.DataFrame([[1.0, 10.0, 100.0, 1000.0]], columns=pd.to_datetime(["2018-02-01", "2018-03-01", "2019-02-01", "2019-03-01"]))
    assert demand_model.entry_cohort(births, 2025).tolist() == [110.0], "born from March 2018 to February 2019 are 6.5 by 1 September 2025"


def test_the_past_of_a_perfectly_regular_history_is_forecast_without_error() -> None:
    history, _ = region([40, 7], [0.98, 1.05], RATES)
    found = demand_model.errors(demand_model.back_test(history, KNOBS), 1, 0.8)
    assert found.index.tolist() == list(range(1, 8))
    assert found["origin_count"].tolist() == [9, 8, 7, 6, 5, 4, 3], "from 2016 to 2024"
    assert np.allclose(found[["mape", "republic_mape"]].to_numpy(), 0)
    assert np.allclose(found[["low", "high", "republic_low", "republic_high"]].to_numpy(), 1)


def test_a_jump_in_the_past_is_an_error_of_every_horizon_that_did_not_see_it() -> None:
    history, _ = region([40], [1.0], [1.0] * 11)
    pupils = history.pupils.copy()
    pupils[:, -1, :] *= 0.9
    tested = demand_model.back_test(replace(history, pupils=pupils), KNOBS)
    off = tested[(tested["expected"] / tested["actual"] - 1).abs() > 1e-9]
    assert set(off["origin"] + off["horizon"]) == {NOW}
    assert off["actual"].to_numpy() == pytest.approx(off["expected"].to_numpy() * 0.9)
    assert demand_model.errors(tested, 1, 0.8).loc[1, "mape"] == pytest.approx((1 / 0.9 - 1) / 9)


def test_a_forecast_of_the_past_does_not_look_at_what_came_after() -> None:
    history, _ = region([40], [1.0], RATES)
    wild = history.pupils.copy()
    wild[:, 6:, :] *= 7
    later = history.births.copy()
    later.loc[:, later.columns > pd.Timestamp("2020-08-01")] *= 7
    for changed in (replace(history, pupils=wild), replace(history, births=later)):
        one, other = (demand_model.forecast(told, 5, pd.Timestamp("2020-08-01"), KNOBS) for told in (history, changed))
        assert np.array_equal(one, other)


def test_a_municipality_with_few_children_takes_the_ratio_of_the_republic_and_a_large_one_its_own() -> None:
    history, _ = region([400, 1], [0.9, 0.5], RATES)
    births = demand_model.projected(history.births, history.until, history.until, 0)
    found = demand_model.ratios(history, history.last, births, replace(KNOBS, least_children=100))
    assert found.entry_borrowed.tolist() == [False, True]
    assert found.entry.tolist() == pytest.approx([0.9, (400 * 0.9 + 0.5) / 401])
    assert demand_model.of_republic(history, births, KNOBS)[0] == pytest.approx((400 * 0.9 + 0.5) / 401)


def test_children_of_a_place_without_schools_are_in_the_ratios_of_others_and_not_counted_twice() -> None:
    history, future = region([400, 30], [430 / 400, 0.0], RATES)
    assert np.allclose(demand_model.forecast(history, history.last, history.until, replace(KNOBS, least_children=100_000))[1], 0)
    assert np.allclose(demand_model.forecast(history, history.last, history.until, KNOBS), future)


def test_a_year_without_a_form_is_left_out_and_not_taken_for_nought() -> None:
    history, future = region([40, 7], [0.98, 1.05], RATES)
    pupils = history.pupils.copy()
    pupils[1, 7, :] = np.nan
    holed = replace(history, pupils=pupils)
    assert np.allclose(demand_model.forecast(holed, holed.last, holed.until, KNOBS), future)
    tested = demand_model.back_test(holed, KNOBS)
    assert np.allclose(tested["actual"].astype(float), tested["expected"].astype(float))
    missing = tested[(tested["municipality"] == "1") & ((tested["origin"].isin([FIRST + 7, FIRST + 8])) | (tested["origin"] + tested["horizon"] == FIRST + 7))]
    assert missing.empty


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 90), min_size=1, max_size=6), noise=st.integers(0, 10_000), least=st.integers(1, 3000))
def test_the_republic_is_the_sum_of_its_municipalities_in_every_year_and_measure(sizes: list[int], noise: int, least: int) -> None:
    history, _ = region(sizes, [1.0] * len(sizes), RATES)
    rng = np.random.default_rng(noise)
    drawn = replace(history, pupils=np.round(history.pupils * rng.uniform(0.7, 1.3, history.pupils.shape)))
    knobs = replace(KNOBS, least_children=least)
    coming = demand_model.forecast(drawn, drawn.last, drawn.until, knobs)
    assert np.isfinite(coming).all()
    assert (coming >= 0).all()
    names = pd.Series([f"район {n}" for n in range(len(sizes))])
    bounds = pd.DataFrame({end: [0.9] * 7 for end in ("low", "republic_low")} | {end: [1.1] * 7 for end in ("high", "republic_high")})
    rows = school_rows(np.concatenate([drawn.pupils[:, -1:], coming], axis=1), bounds, pd.Series(sizes), pd.Series(0.1, index=names.index), names, NOW)
    whole = republic(rows, ("grade_1", "grades_1_4", "grades_5_9", "grades_10_12", "pupils", "low", "high", "place_count", "balance_one_shift"), bounds)
    assert (whole["pupils"] == whole[["grades_1_4", "grades_5_9", "grades_10_12"]].sum(axis=1)).all()
    for year, part in rows.groupby("school_year"):
        one = whole.set_index("school_year").loc[year]
        assert one["pupils"] == sum(part["pupils"])
        assert one["balance_one_shift"] == sum(sizes) - one["pupils"]
    assert (rows["low"] <= rows["pupils"]).all()
    assert (rows["pupils"] <= rows["high"]).all()


@pytest.mark.parametrize(("old", "new"), [
    ("horizon: 7", "horizon: 8"), ("horizon: 7", "horizon: семь"), ("migration: 0.0", "migration: да"), ("one_shift: true", "one_shift: 1"),
    ("take_up_0_3: null", "take_up_0_3: 35"), ("births_trend: 0.0", "births: 0.0"), ("version: 1", "version: ["), ("interval: 0.8", "interval: 1.0")])
def test_a_knob_written_wrongly_is_one_clear_error(old: str, new: str) -> None:
    content = (forms.FOLDER / "demand.yaml").read_text("utf-8")
    assert demand_knobs.parse(content) == demand_knobs.read()
    assert old in content
    with pytest.raises(ConfigurationError) as told:
        demand_knobs.parse(content.replace(old, new))
    assert told.value.code == "demand.knobs"
    assert "\n" not in told.value.message
