"""R9: places that schools and kindergartens will need for one to seven years ahead, by municipality, with the error the method made in the past."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import demand_inputs, demand_knobs, demand_model, demand_tables
from warehouse.reports.definition import Definition
from warehouse.reports.demand_inputs import Inputs
from warehouse.reports.demand_knobs import Knobs
from warehouse.reports.demand_model import Array, Ratios, from_month, months, until_month
from warehouse.reports.model import Chart, Check, Provenance, Report, Table
from warehouse.reports.wording import number, share

NOTES = (
    "Метод – передвижка возрастов: дети, которым к 1 сентября исполняется 6,5 года, поступают в 1 класс, каждый класс переходит в следующий. Коэффициенты – "
    "отношение сумм за последние годы; отъезд и приезд, повторное обучение и уход после 9 класса входят в них. В первый класс принимают с 6 лет 6 месяцев "
    "до 8 лет, поэтому когорта набора – родившиеся с 1 марта по конец февраля.",
    "Обучающиеся – по муниципалитету школы (прошлые годы – архив форм ОО-1, текущий – этот реестр), дети – по муниципалитету проживания: где школьники ездят в "
    "соседний муниципалитет, это учтено в коэффициенте набора; где школьников нет, их не прогнозируют.",
    "Дети – живые, о которых не известно, что они живут вне республики. Месяцы рождения, закончившиеся меньше месяца назад, и ещё не родившиеся оцениваются по "
    "последним двенадцати известным месяцам.",
    "Места школ – по реестру организаций, в одну смену. «При нынешних сменах» – доля второй и третьей смены в муниципалитете остаётся как сейчас. Износ зданий "
    "и площадь классов источники не передают.",
    "Проверка на прошлом: тем же методом из каждого прошлого года, только по известному тогда, прогнозируются уже прошедшие годы; ошибка – среднее отклонение "
    "прогноза от того, что было. Родившиеся известны по нынешнему месту жительства, поэтому переезды дошкольников после прогноза проверка видит не полностью. "
    "Границы «не меньше» и «не больше» взяты из этих же отклонений: у муниципалитетов – общие для всех, у республики – свои.",
    "Детские сады: число детей × доля посещающих. Прошлых лет детских садов источники не передают, поэтому ошибка этой части не измерена и границы не показаны; "
    "дети, которые ещё не родились, показаны отдельно.",
)
NOT_TESTED = "Ошибка не измерена: прошлых лет детских садов источники не передают."


def _knob_notes(knobs: Knobs, inputs: Inputs, ahead: int) -> tuple[str, ...]:
    def said(value: float | None) -> str:
        return "как сейчас" if value is None else share(value)
    return (
        f"Настройки (schemas/forms/demand.yaml, № {knobs.version}): доля посещающих до 3 лет – {said(knobs.take_up_0_3)}, с 3 лет до школы – "
        f"{said(knobs.take_up_3_7)}; дополнительная миграция {share(knobs.migration)} в год; рождаемость {share(knobs.births_trend)} в год; коэффициенты за "
        f"{knobs.years_of_ratios} лет. Муниципалитет, где за эти годы меньше {knobs.least_children} детей перехода, берёт коэффициент республики.",
        f"Прошлых лет в архиве форм: {inputs.past_years}. Прогноз показан на столько лет вперёд ({ahead} из {knobs.horizon}), на сколько измерена его ошибка.",
        f"Организаций, число мест которых реестр не называет: {inputs.placeless}; их мест в таблицах нет.")


def tested(inputs: Inputs, knobs: Knobs) -> pd.DataFrame:
    """Errors by years ahead, without gaps from the first: no year is forecast whose error is not known."""
    found = demand_model.errors(demand_model.back_test(inputs.history, knobs), knobs.least_children, knobs.interval).reindex(range(1, knobs.horizon + 1))
    known = found.notna().all(axis=1)
    return found[known.cummin()].rename_axis("horizon")


def schools(inputs: Inputs, knobs: Knobs, ahead: int) -> Array:
    """Pupils [municipality, year, grade - 1]: this year as it is, then `ahead` years of the forecast."""
    history = inputs.history
    coming = demand_model.forecast(history, history.last, history.until, knobs)[:, :ahead, :] if ahead else history.pupils[:, :0, :]
    return np.concatenate([history.pupils[:, history.last:, :], coming], axis=1)


def kindergartens(inputs: Inputs, knobs: Knobs, ahead: int) -> tuple[dict[str, Array], dict[str, pd.Series[float]]]:
    """Children of the two ages on 1 September of this year and `ahead` further, those of them not yet born, and the share that attends."""
    history = inputs.history
    year = history.first_year + history.last
    births = demand_model.projected(history.births, history.until, pd.Timestamp(year + ahead, 9, 1), knobs.births_trend)
    grown = (1 + knobs.migration) ** np.arange(ahead + 1)
    young = [months(births, pd.Timestamp(one - 3, 9, 1), 36) for one in range(year, year + ahead + 1)]
    elder = [months(births, pd.Timestamp(one - 6, 3, 1), 42) for one in range(year, year + ahead + 1)]
    children = {"children_0_3": np.stack([one.sum(axis=1) for one in young], axis=1) * grown,
                "unborn_count": np.stack([from_month(one, history.until + pd.DateOffset(days=1)).sum(axis=1) for one in young], axis=1) * grown,
                "children_3_7": np.stack([one.sum(axis=1) for one in elder], axis=1) * grown}
    third = pd.Timestamp(year - 3, 9, 1)
    going = {"0_3": from_month(inputs.attending, third), "3_7": until_month(inputs.attending, third - pd.DateOffset(days=1))}
    named = {"0_3": knobs.take_up_0_3, "3_7": knobs.take_up_3_7}
    take_up = {}
    for age, part in going.items():
        observed, _ = demand_model.own_or_republic(part.sum(axis=1).to_numpy(dtype=float), children[f"children_{age}"][:, 0], knobs.least_children)
        take_up[age] = pd.Series(observed if named[age] is None else named[age], index=inputs.names.index, dtype=float)
    return children, take_up


def _republic_ratios(inputs: Inputs, births: pd.DataFrame, knobs: Knobs) -> tuple[Ratios, Array]:
    found = demand_model.ratios(inputs.history, inputs.history.last, births, knobs)
    whole = demand_model.of_republic(inputs.history, births, knobs)
    return found, whole


def checks(inputs: Inputs, tables: dict[str, Table]) -> tuple[Check, ...]:
    """Equalities between the tables and with the contingent."""
    republic, municipal, grades = tables["schools_total"].rows, tables["schools"].rows, tables["grades"].rows
    last = republic["school_year"].iloc[-1]
    return (
        Check(name="contingent", title="Обучающихся сейчас + вне 1–12 классов = контингент на 20 сентября", right=inputs.pupils,
              left=int(republic["pupils"].iloc[0]) + inputs.outside_grades, note=f"вне 1–12 классов: {inputs.outside_grades}"),
        Check(name="municipalities", title="Последний год: республика = сумма по муниципалитетам", left=int(republic["pupils"].iloc[-1]),
              right=int(municipal.loc[municipal["school_year"] == last, "pupils"].sum())),
        Check(name="grades", title="Последний год: республика = сумма по классам", left=int(republic["pupils"].iloc[-1]), right=int(grades.iloc[:, -1].sum())),
        Check(name="kindergartens", title="Места детских садов: республика = сумма по муниципалитетам",
              left=int(tables["kindergartens_total"].rows["demand"].iloc[-1]),
              right=int(tables["kindergartens"].rows.loc[lambda rows: rows["school_year"] == last, "demand"].sum())))


def lead(tables: dict[str, Table], found: pd.DataFrame, knobs: Knobs) -> str:
    """The main figures in one sentence, the error of the method among them; without a past there is no forecast."""
    if found.empty:
        return "Прогноз не построен: в архиве форм ОО-1 нет прошлых лет, и ошибку прогноза не на чем измерить. Показан текущий год."
    year, garden = tables["schools_total"].rows.iloc[-1], tables["kindergartens_total"].rows.iloc[-1]
    balance = int(year["balance_one_shift" if knobs.one_shift else "balance_as_is"])
    shifts = "в одну смену" if knobs.one_shift else "при нынешних сменах"
    return (f"В {year['school_year']} учебном году ожидается {number(year['pupils'])} обучающихся (от {number(year['low'])} до {number(year['high'])}); средняя "
            f"ошибка таких прогнозов в прошлом – {share(found['republic_mape'].iloc[-1])} по республике и {share(found['mape'].iloc[-1])} по муниципалитету. "
            f"Мест школ {shifts} "
            f"{_missing(balance)}, мест детских садов {_missing(int(garden['balance']))} (ошибка этой части не измерена).")


def _missing(balance: int) -> str:
    return f"не хватает {number(-balance)}" if balance < 0 else f"с запасом {number(balance)}"


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts contingent, past_contingent, birth_cohort and place_capacity."""
    inputs, knobs = demand_inputs.read(connection), demand_knobs.read()
    found = tested(inputs, knobs)
    pupils, (children, take_up) = schools(inputs, knobs, len(found)), kindergartens(inputs, knobs, len(found))
    year = inputs.history.first_year + inputs.history.last
    error = "" if found.empty else (f"Средняя ошибка прогнозов в прошлом по муниципалитету: на год вперёд {share(found['mape'].iloc[0])}, на {len(found)} – "
                                    f"{share(found['mape'].iloc[-1])}. Первый год – как есть.")
    school = demand_tables.school_rows(pupils, found, inputs.school_places, inputs.later_share, inputs.names, year)
    garden = demand_tables.garden_rows(children, take_up, inputs.kindergarten_places, inputs.names, year)
    births = demand_model.projected(inputs.history.births, inputs.history.until, pd.Timestamp(year, 9, 1), knobs.births_trend)
    made = (*demand_tables.school_tables(school, found, error), *demand_tables.garden_tables(garden, NOT_TESTED), demand_tables.grades_table(pupils, year),
            demand_tables.back_test_table(found), demand_tables.ratios_table(*_republic_ratios(inputs, births, knobs)))
    tables = {table.name: table for table in made}
    return Report(
        name="demand", title="Потребность в местах на 1–7 лет", form="план мест", provenance=provenance, tables=made, checks=checks(inputs, tables),
        lead=lead(tables, found, knobs), notes=(*NOTES, *_knob_notes(knobs, inputs, len(found))),
        charts=(Chart(table="schools_total", title="Обучающиеся и места школ", x="school_year", series=("pupils", "low", "high", "place_count"), kind="line"),
                Chart(table="kindergartens_total", title="Потребность и места детских садов", x="school_year", series=("demand", "place_count"), kind="line"),
                Chart(table="back_test", title="Ошибка прогноза на прошлом", x="horizon", series=("municipality_error", "republic_error"))))


DEFINITION = Definition(
    code="R9", name="demand", title="Потребность в местах на 1–7 лет", build=build,
    marts=("contingent", "past_contingent", "birth_cohort", "place_capacity", "municipality"))
