"""Hot meals as section 1.4 of ОО-2 asks for them: who is entitled is known, who eats is not."""

from __future__ import annotations

import pandas as pd

from warehouse.reports import forms
from warehouse.reports.model import Table
from warehouse.reports.shape import STEPS, integer, text

UNKNOWN_AMOUNT = "не известен: нужен документ"
NO_DATA = "нет данных"
MEALS = ("hot_meal_1_4", "meals_5_11")


def hot_meals(totals: pd.DataFrame) -> Table:
    """Rows 01 to 04 of the section; the columns of the form have no source, a last one tells who is entitled by proved benefits."""
    section = forms.read("oo2").sections["hot_meals"]
    ours = totals[totals["benefit"].isin(MEALS)]
    proved = {step: int(ours.loc[ours["grade"].between(*grades).fillna(False), "proved_count"].sum()) for step, grades in STEPS.items()}
    figures = proved | {"total": sum(proved.values())}
    body = [[line.printed_code, line.title, *[NO_DATA] * len(section.columns), forms.of_line(figures, line)] for line in section.rows]
    columns = (text("code", "Строка", 8), text("title", "Классы", 24),
               *(text(line.name, f"{line.title} (графа {line.printed_code})", 16) for line in section.columns),
               integer("entitled_count", "Положено бесплатно (расчёт)"))
    return Table(name="hot_meals", sheet="Горячее питание", title=section.heading, columns=columns, rows=pd.DataFrame(body, columns=[one.name for one in columns]),
                 note="Кто ест, ни один источник не сообщает. Последняя графа – не графа формы: дети, чьё право на бесплатное питание подтвердили регистры.")
