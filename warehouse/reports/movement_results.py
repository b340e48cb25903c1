"""Results of the latest finished period and of the year, from final marks."""

from __future__ import annotations

import pandas as pd

from warehouse.reports import forms
from warehouse.reports.contingent_classes import NO_DATA
from warehouse.reports.model import Table
from warehouse.reports.shape import integer, text, with_total

RESULTS = {"excellent": "Все «5»", "good": "На «4» и «5»", "satisfactory": "Есть «3», нет «2»", "failing": "Есть хотя бы одна «2»",
           "not_attested": "Не аттестованы (н/а), «2» нет", "credit_only": "Только зачёты"}
YEAR = {"year": tuple(RESULTS), "year_passed": ("excellent", "good", "satisfactory", "credit_only"), "year_good": ("excellent", "good"),
        "year_failing": ("failing",), "year_not_attested": ("not_attested",)}
"""Which results each line of the year counts."""
_NAMES = {"Q": "четверть", "T": "триместр", "H": "полугодие"}
UNKNOWN_GRADE = "не указан"


def period_title(period: str) -> str:
    """`2025-Q1` as `1 четверть 2025/26`."""
    year, _, code = period.partition("-")
    return f"{code[1:]} {_NAMES[code[0]]} {year}/{(int(year) + 1) % 100:02d}"


def of_period(rows: pd.DataFrame) -> Table:
    """Pupils of each grade by the worst of their final marks; from mart `period_result` without years."""
    part = rows[rows["period_kind"] != "Y"]
    named = part.assign(period=part["period"].map(period_title), order=part["grade"].fillna(99).astype(int), pupil_count=part["pupil_count"].astype(int),
                        grade=part["grade"].astype("string").fillna(UNKNOWN_GRADE))
    keys = ["period", "grade"]
    if len(named):
        wide = named.pivot_table(index=["period", "order", "grade"], columns="period_result", values="pupil_count", aggfunc="sum", fill_value=0)
        body = wide.reindex(columns=list(RESULTS), fill_value=0).astype(int).sort_index().reset_index().drop(columns="order")
    else:
        body = pd.DataFrame(columns=[*keys, *RESULTS])
    counts = ["assessed_count", *RESULTS]
    total = with_total(body.assign(assessed_count=body[list(RESULTS)].sum(axis=1).astype(int))[[*keys, *counts]], label="Всего", counts=counts)
    return Table(name="results", sheet="Итоги периода", title="Итоги последнего завершённого периода по итоговым отметкам", is_filtered=True, is_total_last=True,
                 rows=total, columns=(text("period", "Период", 24), text("grade", "Класс (параллель)", 18), integer("assessed_count", "Имеют итоговые отметки"),
                                      *(integer(name, title) for name, title in RESULTS.items())))


def of_year(rows: pd.DataFrame) -> Table:
    """Lines of the year; «нет данных» while there are no year finals, and always for what no source sends."""
    section = forms.read("movement").sections["year_results"]
    year = rows[rows["period_kind"] == "Y"]
    figures = {name: int(year.loc[year["period_result"].isin(results), "pupil_count"].sum()) for name, results in YEAR.items()}
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 60), *(integer(line.name, line.title) for line in forms.columns_of(section, ("total",))))
    told = [forms.of_line(figures, line) if line.available else NO_DATA for line in section.rows]
    body = [[line.printed_code, line.title, count if len(year) else NO_DATA] for line, count in zip(section.rows, told, strict=True)]
    return Table(name="year_results", sheet="Итоги года", title=section.heading, columns=columns,
                 note="" if len(year) else "Годовых отметок за завершённый год журналы не передали. Аттестаты не передаёт ни один источник.",
                 rows=pd.DataFrame(body, columns=[column.name for column in columns], dtype="object"))
