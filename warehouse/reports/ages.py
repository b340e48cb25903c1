"""R2: ages of the pupils of 20 September in full years at the next 1 January, by grade and sex (form ОО-1)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import forms
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.reader import mart
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text
from warehouse.reports.wording import counted, number

YOUNGEST, OLDEST = 6, 18
"""Ages below and above are counted with these."""
NOTES = (
    "Отбор – тот же, что в отчёте R1: обучающиеся, учтённые на последнее 20 сентября не позже отчётной даты, каждый один раз.",
    "Возраст – полных лет на 1 января, следующее за этим 20 сентября; день рождения 1 января считается наступившим, 29 февраля в "
    "невисокосном году – наступающим 1 марта.",
    "Муниципалитет – организации, где ребёнок учтён, а не места жительства; у организации без ОКТМО он «не указан».",
    "Учтены все формы обучения, в том числе семейная.",
    "Прочерк вместо кода строки или графы – код не подтверждён по тексту формы; карта строк правится в schemas/forms/oo1_age.yaml.",
)


def age_names(ages: pd.Series[int]) -> pd.Series[str]:
    """The row of the form each age belongs to: `6` and younger, `18` and older, `unknown`."""
    return ages.clip(lower=YOUNGEST, upper=OLDEST).astype("string").fillna("unknown")


def grade_names(grades: pd.Series[int]) -> pd.Series[str]:
    """The grade as columns name it, `?` when it is unknown."""
    return grades.astype("string").fillna("?")


def _wide(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Pupils and girls by `keys` in rows and grades (and `total`) in columns named `pupils_5`, `girls_5`."""
    girls = rows["pupil_count"].where(rows["sex"] == "F", 0)
    long = pd.DataFrame({**{key: rows[key] for key in keys}, "grade": grade_names(rows["grade"]), "pupils": rows["pupil_count"].astype(int),
                         "girls": girls.astype(int)})
    summed = pd.concat([long, long.assign(grade="total")]).pivot_table(
        index=keys, columns="grade", values=["pupils", "girls"], aggfunc="sum", fill_value=0)
    summed.columns = pd.Index(["_".join(names) for names in summed.columns.to_flat_index()])
    return summed


def _columns(rows: pd.DataFrame) -> tuple[Column, ...]:
    grades = set(grade_names(rows["grade"]))
    names = ["total", *sorted(grades - {"?"}, key=int), *sorted(grades & {"?"})]
    titles = {"total": "Всего", "?": "Класс не указан"}
    return tuple(column for name in names for column in (
        integer(f"pupils_{name}", titles.get(name, f"{name} класс")), integer(f"girls_{name}", "из них девочки")))


def _rows(rows: pd.DataFrame, lines: tuple[forms.Line, ...]) -> pd.DataFrame:
    named = rows.assign(age=age_names(rows["age_years"]), municipality=rows["municipality"].fillna(UNKNOWN_PLACE))
    known = {*map(str, range(YOUNGEST, OLDEST + 1)), "unknown", "total"}
    for line in lines:
        forms.of_line(dict.fromkeys(sorted(known), 0), line)
    return named


def by_grade(rows: pd.DataFrame) -> Table:
    """The age section of ОО-1: ages in rows, for each grade all pupils and girls; from mart `age_at_1_january`."""
    section = forms.read("oo1_age").sections["age"]
    named = _rows(rows, section.rows)
    columns = _columns(rows)
    body = _wide(pd.concat([named, named.assign(age="total")]), ["age"]).reindex(
        index=[line.name for line in section.rows], columns=[column.name for column in columns], fill_value=0).astype(int).reset_index(drop=True)
    body.insert(0, "age", [line.title for line in section.rows])
    return Table(name="ages", sheet="Возраст", title=section.heading, columns=(text("age", "Возраст", 26), *columns), rows=body, is_total_last=True)


def by_municipality(rows: pd.DataFrame) -> Table:
    """The same for each municipality, a row for each age there is: to be filtered."""
    section = forms.read("oo1_age").sections["age"]
    columns = (text("municipality", "Муниципалитет", 30), text("age", "Возраст", 26), *_columns(rows))
    order = {line.name: place for place, line in enumerate(section.rows)}
    titles = {line.name: line.title for line in section.rows}
    wide = _wide(_rows(rows, section.rows), ["municipality", "age"]).reset_index()
    body = wide.assign(place=wide["age"].map(order)).sort_values(["municipality", "place"])
    total = _wide(rows.assign(municipality="Всего", age="total"), ["municipality", "age"]).reset_index()
    shown = pd.concat([body, total]).assign(age=lambda each: each["age"].map(titles))
    return Table(name="municipalities", sheet="По муниципалитетам", title="Возраст обучающихся по муниципалитетам организаций", is_filtered=True,
                 is_total_last=True, columns=columns, rows=_whole(shown, columns))


def _whole(rows: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """`rows` with these columns, counts that are not there being 0."""
    counts = {column.name: 0 for column in columns if column.kind == "integer"}
    return rows.reindex(columns=[column.name for column in columns]).fillna(counts).astype(dict.fromkeys(counts, int)).reset_index(drop=True)


def checks(rows: pd.DataFrame, contingent: int, ages: Table, places: Table) -> tuple[Check, ...]:
    """Equalities between the tables and with R1; `contingent` is counted by R1's mart on its own."""
    total = int(rows["pupil_count"].sum())
    sexed = int(rows.loc[rows["sex"].isin(["M", "F"]), "pupil_count"].sum())
    grades = [name for name in ages.rows.columns if name.startswith("pupils_") and name != "pupils_total"]
    undated = int(rows.loc[rows["age_years"].isna(), "pupil_count"].sum())
    return (
        Check(name="contingent", title="Обучающихся всего (R1) = сумма по возрастам (R2)", left=contingent, right=int(ages.rows["pupils_total"].iloc[:-1].sum())),
        Check(name="grades", title="Обучающихся всего = сумма по параллелям", left=total, right=int(ages.rows[grades].iloc[-1].sum())),
        Check(name="municipalities", title="Обучающихся всего = сумма по муниципалитетам", left=total,
              right=int(places.rows["pupils_total"].iloc[:-1].sum())),
        Check(name="sexes", title="Обучающихся всего = мальчики + девочки", left=total, right=sexed,
              note="" if total == sexed else f"пол неизвестен: {number(total - sexed)}"),
        Check(name="undated", title="Обучающихся без даты рождения", left=undated, right=None, note="возраст не определён, показаны отдельной строкой"),
    )


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from mart age_at_1_january, held against mart contingent."""
    rows, contingent = mart(connection, "age_at_1_january"), mart(connection, "contingent")
    ages, places = by_grade(rows), by_municipality(rows)
    total = int(rows["pupil_count"].sum())
    adults = int(rows.loc[(rows["age_years"] >= OLDEST).fillna(False), "pupil_count"].sum())
    at = f" на {rows['age_date'].iloc[0]:%d.%m.%Y}" if len(rows) else ""
    empty = () if len(rows) else ("На последнее 20 сентября не позже отчётной даты обучающихся в хранилище нет: отчёт пуст.",)
    return Report(
        name="ages", title=DEFINITION.title, form="ОО-1", provenance=provenance, notes=(*empty, *NOTES), tables=(ages, places),
        lead=f"{counted(total, 'обучающийся', 'обучающихся', 'обучающихся')} по возрасту{at}; из них 18 лет и старше {number(adults)}.",
        checks=checks(rows, int(contingent["pupil_count"].sum()), ages, places),
        charts=(Chart(table="ages", title="Обучающиеся по возрасту", x="age", series=("pupils_total", "girls_total")),),
        filters=(("Зачисления", "действующие на последнее 20 сентября"),))


DEFINITION = Definition(
    code="R2", name="ages", title="Возраст обучающихся на 1 января по классам и полу", form="oo1_age", build=build,
    marts=("age_at_1_january", "contingent"), sections=("ОО-1, возраст",))
