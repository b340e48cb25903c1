"""Tables of report R9: pupils and children ahead beside the places there are, ratios, and how far the method was off in the past."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.reports.demand_model import GRADES, Array, Ratios
from warehouse.reports.model import Column, Table
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text

Whole = npt.NDArray[np.int_]
SCHOOL = ("grade_1", "grades_1_4", "grades_5_9", "grades_10_12", "pupils", "low", "high", "place_count", "first_shift", "balance_as_is", "balance_one_shift")
GARDEN = ("children_0_3", "unborn_count", "children_3_7", "demand_0_3", "demand_3_7", "demand", "place_count", "balance")
_SCHOOL = (integer("grade_1", "В 1 классе"), integer("grades_1_4", "1–4 классы"), integer("grades_5_9", "5–9 классы"), integer("grades_10_12", "10–12 классы"),
           integer("pupils", "Обучающихся"), integer("low", "не меньше"), integer("high", "не больше"), integer("place_count", "Мест в одну смену"),
           integer("first_shift", "В первую смену, если смены как сейчас", 16), integer("balance_as_is", "Запас (+) или нехватка (−) при нынешних сменах", 16),
           integer("balance_one_shift", "Запас (+) или нехватка (−) в одну смену", 16))
_GARDEN = (integer("children_0_3", "Детей до 3 лет"), integer("unborn_count", "из них ещё не родились (оценка)", 14),
           integer("children_3_7", "Детей с 3 лет до школы"),
           integer("demand_0_3", "Места до 3 лет"), integer("demand_3_7", "Места с 3 лет до школы"), integer("demand", "Мест нужно"),
           integer("place_count", "Мест есть"), integer("balance", "Запас (+) или нехватка (−)"))


def year_name(year: int) -> str:
    """2026 → 2026/27."""
    return f"{year}/{(year + 1) % 100:02}"


def whole(values: Array) -> Whole:
    """Whole children, a half to the even."""
    return np.rint(values).astype(int)


def school_rows(pupils: Array, bounds: pd.DataFrame, places: pd.Series[int], later_share: pd.Series[float], names: pd.Series[str], first_year: int) -> pd.DataFrame:
    """One row per municipality and year: `pupils` [municipality, year, grade - 1], the first year as it is, the others with the interval of `bounds`."""
    grades = whole(pupils)
    years = grades.shape[1]
    total = grades.sum(axis=2)
    ends = {end: np.concatenate([[1.0], bounds[end].to_numpy(dtype=float)]) for end in ("low", "high")}
    first = whole(total * (1 - later_share.to_numpy(dtype=float))[:, None])
    seats = places.to_numpy(dtype=int)[:, None]
    made = {"grade_1": grades[:, :, 0], "grades_1_4": grades[:, :, :4].sum(axis=2), "grades_5_9": grades[:, :, 4:9].sum(axis=2),
            "grades_10_12": grades[:, :, 9:].sum(axis=2), "pupils": total, "low": whole(total * ends["low"]),
            "high": whole(total * ends["high"]), "place_count": np.repeat(seats, years, axis=1), "first_shift": first,
            "balance_as_is": seats - first, "balance_one_shift": seats - total}
    return _long(names, first_year, years, made)


def garden_rows(children: dict[str, Array], take_up: dict[str, pd.Series[float]], places: pd.Series[int], names: pd.Series[str], first_year: int) -> pd.DataFrame:
    """One row per municipality and year: children of the two ages, their need for places, places there are."""
    counts = {name: whole(values) for name, values in children.items()}
    need = {f"demand_{age}": whole(children[f"children_{age}"] * take_up[age].to_numpy(dtype=float)[:, None]) for age in ("0_3", "3_7")}
    seats = np.repeat(places.to_numpy(dtype=int)[:, None], counts["children_0_3"].shape[1], axis=1)
    both = need["demand_0_3"] + need["demand_3_7"]
    return _long(names, first_year, seats.shape[1], counts | need | {"demand": both, "place_count": seats, "balance": seats - both})[
        ["municipality", "school_year", *GARDEN]]


def _long(names: pd.Series[str], first_year: int, years: int, made: dict[str, Whole]) -> pd.DataFrame:
    frame = pd.DataFrame({"municipality": np.repeat(names.fillna(UNKNOWN_PLACE).to_numpy(dtype=object), years),
                          "school_year": np.tile([year_name(first_year + n) for n in range(years)], len(names))})
    return frame.assign(**{name: values.ravel() for name, values in made.items()})


def republic(rows: pd.DataFrame, names: tuple[str, ...], bounds: pd.DataFrame | None = None) -> pd.DataFrame:
    """The sum of municipalities by year; the interval is the republic's own."""
    total = rows.groupby("school_year", sort=True)[list(names)].sum().reset_index()
    if bounds is None:
        return total
    for end in ("low", "high"):
        share = np.concatenate([[1.0], bounds[f"republic_{end}"].to_numpy(dtype=float)])
        total[end] = whole(total["pupils"].to_numpy(dtype=float) * share)
    return total


def school_tables(rows: pd.DataFrame, bounds: pd.DataFrame, note: str) -> tuple[Table, Table]:
    """The republic by year, and each municipality and year."""
    year = text("school_year", "Учебный год", 12)
    return (
        Table(name="schools_total", sheet="Школы, республика", title="Обучающиеся школ и места: республика", columns=(year, *_SCHOOL), note=note,
              rows=republic(rows, SCHOOL, bounds)),
        Table(name="schools", sheet="Школы", title="Обучающиеся школ и места по муниципалитетам", is_filtered=True, note=note, rows=rows,
              columns=(text("municipality", "Муниципалитет", 28), year, *_SCHOOL)))


def garden_tables(rows: pd.DataFrame, note: str) -> tuple[Table, Table]:
    """The republic by year, and each municipality and year."""
    year = text("school_year", "Учебный год", 12)
    return (
        Table(name="kindergartens_total", sheet="Детские сады, республика", title="Дети и места детских садов: республика", columns=(year, *_GARDEN), note=note,
              rows=republic(rows, GARDEN)),
        Table(name="kindergartens", sheet="Детские сады", title="Дети и места детских садов по муниципалитетам", is_filtered=True, note=note, rows=rows,
              columns=(text("municipality", "Муниципалитет", 28), year, *_GARDEN)))


def grades_table(pupils: Array, first_year: int) -> Table:
    """The republic by grade (rows) and year (columns), the sum of whole children of the municipalities."""
    counts = whole(pupils).sum(axis=0)
    years = [first_year + n for n in range(counts.shape[0])]
    body = pd.DataFrame({"grade": [f"{n} класс" for n in range(1, GRADES + 1)]} | {f"y{year}": counts[n] for n, year in enumerate(years)})
    return Table(name="grades", sheet="По классам", title="Обучающиеся по классам: республика", rows=body,
                 columns=(text("grade", "Класс", 12), *(integer(f"y{year}", year_name(year)) for year in years)))


def back_test_table(found: pd.DataFrame) -> Table:
    """How far forecasts of past years, made of what was known then, were off: a row a year ahead."""
    shown = [("municipality_error", "Средняя ошибка по муниципалитетам", "mape"), ("republic_error", "Средняя ошибка по республике", "republic_mape"),
             ("low", "Пришло от прогноза: нижний край", "low"), ("high", "Пришло от прогноза: верхний край", "high")]
    counts = {"origin_count": found["origin_count"].astype(int).to_numpy(), "pair_count": found["count"].astype(int).to_numpy()}
    body = pd.DataFrame({"horizon": found.index.astype(int)} | counts | {name: found[of].astype(float).to_numpy() for name, _, of in shown})
    return Table(name="back_test", sheet="Проверка на прошлом", title="Насколько прогнозы прошлых лет разошлись с тем, что было", rows=body, columns=(
        integer("horizon", "На сколько лет вперёд"), integer("origin_count", "Прогнозов"), integer("pair_count", "Пар «муниципалитет – год»"),
        *(Column(name=name, title=title, kind="share", width=16) for name, title, _ in shown)))


def ratios_table(found: Ratios, republic_ratios: Array) -> Table:
    """The republic's ratio of each step, the lowest and highest of municipalities with their own, and how many borrow the republic's."""
    own = np.concatenate([found.entry[:, None], found.progression], axis=1)
    borrowed = np.concatenate([found.entry_borrowed[:, None], found.borrowed], axis=1)
    masked = np.where(borrowed, np.nan, own)
    has_own = ~borrowed.all(axis=0)
    lowest, highest = (np.where(has_own, end(np.where(borrowed, fill, own), axis=0), np.nan) for end, fill in ((np.min, np.inf), (np.max, -np.inf)))
    body = pd.DataFrame({"step": ["дети 6,5–7,5 года → 1 класс", *(f"{n} → {n + 1} класс" for n in range(1, GRADES))], "ratio": republic_ratios,
                         "lowest": lowest, "highest": highest, "own_count": (~np.isnan(masked)).sum(axis=0), "borrowed_count": borrowed.sum(axis=0)})
    return Table(name="ratios", sheet="Коэффициенты", title="Коэффициенты перехода", rows=body, columns=(
        text("step", "Переход", 28), *(Column(name=name, title=title, kind="share") for name, title in (
            ("ratio", "Республика"), ("lowest", "Наименьший"), ("highest", "Наибольший"))),
        integer("own_count", "Муниципалитетов со своим"), integer("borrowed_count", "Взято республиканское")))
