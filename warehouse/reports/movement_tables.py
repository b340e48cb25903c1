"""Tables of movement: the region in lines of the form; grades, municipalities and organisations with a column for each of them."""

from __future__ import annotations

import pandas as pd

from warehouse.reports import forms
from warehouse.reports.contingent_classes import NO_DATA
from warehouse.reports.model import Column, Table
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text, with_total

KINDS = {"arrived": ("first_grade", "transfer", "returned", "outside"), "left": ("transfer", "health", "death", "expelled", "graduated", "unknown")}
PERIODS = {"school_year": "С 1 сентября", "twelve_months": "Между 20 сентября"}
FIGURES = {
    "start": "На прежнюю дату", "arrived": "Прибыли, всего", "arrived_first_grade": "впервые в 1 класс", "arrived_transfer": "из другой организации",
    "arrived_returned": "после перерыва", "arrived_outside": "прежде здесь не числились", "left": "Выбыли, всего", "left_transfer": "перевод",
    "left_health": "по здоровью", "left_death": "смерть", "left_expelled": "отчислены", "left_graduated": "окончили", "left_unknown": "причина не указана",
    "end": "На новую дату"}
"""Columns of the tables by place, in order: what `figures` counts."""
GRADE_CHANGES = {"grade_in": "из другого класса", "grade_out": "в другой класс"}
UNKNOWN_GRADE = "не указан"
_NOTE = ("Итог – сумма по организациям: переход внутри республики учтён дважды, как выбытие и как прибытие. Движение республики без таких переходов – "
         "в первой таблице.")


def figures(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of mart `movement` of one period summed by `keys`: a column for each of FIGURES and GRADE_CHANGES."""
    kind = rows["movement_event"] + "_" + rows["movement_kind"].fillna("unknown")
    named = pd.concat([rows.assign(figure=rows["movement_event"]), rows.assign(figure=kind)[rows["movement_event"].isin(list(KINDS))]])
    wide = named.assign(pupil_count=named["pupil_count"].astype(int)).pivot_table(
        index=keys, columns="figure", values="pupil_count", aggfunc="sum", fill_value=0) if len(named) else pd.DataFrame(index=pd.Index([], name=keys[0]))
    return wide.reindex(columns=[*FIGURES, *GRADE_CHANGES], fill_value=0).astype(int)


def whole(rows: pd.DataFrame) -> pd.Series[int]:
    """The figures of all rows together."""
    return figures(rows.assign(all="all"), ["all"]).sum()


def region(rows: pd.DataFrame, period: str, *, dates: str, is_known: bool) -> Table:
    """The lines of the form, for the region (a move inside it is none) and summed over organisations; «нет данных» where history is not known."""
    section = forms.read("movement").sections["region"]
    columns = forms.columns_of(section, ("region", "organisations"))
    parts = {"region": rows[rows["is_regional"]], "organisations": rows}
    both = {name: {str(figure): int(count) for figure, count in whole(part).items()} for name, part in parts.items()}
    body = []
    for line in section.rows:
        cells = [forms.of_line(both[column.name], line) if line.available and column.available else NO_DATA for column in columns]
        body.append([line.printed_code, line.title, *(cells if is_known else [NO_DATA] * len(cells))])
    shown = (text("code", "Код строки", 8), text("title", "Показатель", 60), *(integer(column.name, column.title, 22) for column in columns))
    return Table(name=f"region_{period}", sheet=f"{PERIODS[period]} – всего", title=f"{section.heading} {dates}", columns=shown,
                 note="" if is_known else "Хранилище в этот период ещё не велось и о выбывших ничего не знает.",
                 rows=pd.DataFrame(body, columns=[column.name for column in shown], dtype="object"))


def _columns(named: tuple[Column, ...], more: dict[str, str]) -> tuple[Column, ...]:
    return (*named, *(integer(name, title) for name, title in (FIGURES | more).items()))


def by_grade(rows: pd.DataFrame, period: str, *, dates: str) -> Table:
    """Movement by grade, with those who went from one grade to another inside their organisation."""
    made = figures(rows.assign(grade=rows["grade"].fillna(-1).astype(int)), ["grade"]).sort_index().reset_index()
    body = made.assign(grade=made["grade"].map(lambda grade: UNKNOWN_GRADE if grade < 0 else str(grade)).astype(object))
    names = [*FIGURES, *GRADE_CHANGES]
    return Table(name=f"grades_{period}", sheet=f"{PERIODS[period]} – классы", title=f"Движение по классам {dates}", note=_NOTE, is_total_last=True,
                 columns=_columns((text("grade", "Класс (параллель)", 18),), GRADE_CHANGES), rows=with_total(body[["grade", *names]], label="Всего", counts=names))


def by_municipality(rows: pd.DataFrame, period: str, *, dates: str) -> Table:
    """Movement by the municipality of the organisation."""
    body = figures(rows.assign(municipality=rows["municipality"].fillna(UNKNOWN_PLACE)), ["municipality"]).sort_index().reset_index()
    return Table(name=f"municipalities_{period}", sheet=f"{PERIODS[period]} – районы", title=f"Движение по муниципалитетам {dates}", note=_NOTE, is_filtered=True,
                 is_total_last=True, columns=_columns((text("municipality", "Муниципалитет", 30),), {}),
                 rows=with_total(body[["municipality", *FIGURES]], label="Всего", counts=list(FIGURES)))


def by_organisation(rows: pd.DataFrame, period: str, *, dates: str) -> Table:
    """Movement by organisation."""
    keys = ["municipality", "organisation_name", "organisation_key"]
    named = rows.assign(**{key: rows[key].fillna(UNKNOWN_PLACE) for key in keys[:2]})
    body = figures(named, keys).sort_index().reset_index() if len(rows) else pd.DataFrame(columns=[*keys, *FIGURES])
    columns = (text("municipality", "Муниципалитет", 28), text("organisation_name", "Организация", 60), text("organisation_key", "ОГРН", 16))
    return Table(name=f"organisations_{period}", sheet=f"{PERIODS[period]} – организации", title=f"Движение по организациям {dates}", note=_NOTE,
                 is_filtered=True, is_total_last=True, columns=_columns(columns, {}),
                 rows=with_total(body[[*keys, *FIGURES]], label="Всего", counts=list(FIGURES)))
