"""Sections of ОО-1 about classes: classes and komplekty (2.4), classes for children with disabilities (2.1.3, 2.2), shifts."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from warehouse.reports import forms
from warehouse.reports.model import Table
from warehouse.reports.shape import STEPS, integer, text

SMALL_URBAN, SMALL_RURAL = 25, 14
"""A class of fewer pupils is small: ОО-1, 2.4 (edition of 2019)."""
NO_DATA = "нет данных"
CLASS_SETS: dict[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "total": lambda classes: pd.Series(True, index=classes.index),
    **{step: lambda classes, grades=grades: classes["grade"].between(*grades) for step, grades in STEPS.items()},  # type: ignore[misc]
    "grade_unknown": lambda classes: classes["grade"].isna(),
    "small_urban": lambda classes: ~classes["is_rural"] & (classes["pupil_count"] < SMALL_URBAN),
    "small_rural": lambda classes: classes["is_rural"] & (classes["pupil_count"] < SMALL_RURAL),
    "area_unknown": lambda classes: classes["is_rural"].isna()}
"""Which classes each row of section 2.4 counts."""
SHIFTS = ("1", "2", "3", "unknown")
GRADES = ("total", *(f"grade_{grade}" for grade in range(13)), "grade_unknown")


def in_section(classes: pd.DataFrame) -> pd.DataFrame:
    """Classes that lessons are given to: the family form is none."""
    return classes[classes["study_form"] != "family"]


def class_sets(classes: pd.DataFrame) -> Table:
    """Section 2.4, from mart `school_class`; columns that sources say nothing of read «нет данных»."""
    section, part = forms.read("oo1").sections["class_sets"], in_section(classes)
    figures = {name: int(fits(part).fillna(False).sum()) for name, fits in CLASS_SETS.items()}
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 60), *(
        integer(line.name, f"{line.title} (графа {line.printed_code})") for line in forms.columns_of(section, ("total",))))
    body = [[line.printed_code, line.title, *(forms.of_line(figures, line) if column.available else NO_DATA for column in section.columns)]
            for line in section.rows if line.name != "grade_unknown" or figures[line.name]]
    return Table(name="class_sets", sheet="2.4 Классы и комплекты", title=section.heading, columns=columns,
                 note="Каждый класс учтён отдельно: какие классы объединены в комплекты, источники не передают.",
                 rows=pd.DataFrame(body, columns=[column.name for column in columns], dtype="object"))


def without_data(name: str, sheet: str) -> Table:
    """A section whose rows no source fills: its map, every figure «нет данных»."""
    section = forms.read("oo1").sections[name]
    for line in section.rows:
        if line.available:
            forms.of_line({}, line)
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 48), *(integer(line.name, line.title) for line in forms.columns_of(section, ())))
    body = [[line.printed_code, line.title, NO_DATA, *[None] * (len(section.columns) - 1)] for line in section.rows]
    return Table(name=name, sheet=sheet, title=section.heading, columns=columns,
                 note="Сведений об ОВЗ и о виде класса не передаёт ни один источник: раздел не заполнен, это не ноль.",
                 rows=pd.DataFrame(body, columns=[column.name for column in columns], dtype="object"))


def shifts(classes: pd.DataFrame) -> Table:
    """Classes and pupils of each shift by grade."""
    section, part = forms.read("oo1").sections["shifts"], in_section(classes)
    named = part.assign(grade_name="grade_" + part["grade"].astype("string").fillna("unknown"), shift=part["class_shift"].astype("string").fillna("unknown"))
    figures = {"classes": named.groupby("grade_name").size(), "pupils": named.groupby("grade_name")["pupil_count"].sum(),
               **{f"classes_{shift}": named[named["shift"] == shift].groupby("grade_name").size() for shift in SHIFTS},
               **{f"pupils_{shift}": named.groupby("grade_name")[f"shift_{shift}_count"].sum() for shift in SHIFTS}}
    grades = [line for line in forms.columns_of(section, GRADES)[1:] if line.name != "grade_unknown" or line.name in set(named["grade_name"])]
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 36), integer("total", "Всего"), *(
        integer(grade.name, grade.title) for grade in grades))
    body = []
    for line in section.rows:
        counted = forms.of_line(figures, line)
        by_grade = [int(counted.get(grade.name, 0)) for grade in grades]
        body.append([line.printed_code, line.title, sum(by_grade), *by_grade])
    return Table(name="shifts", sheet="Смены", title=section.heading, columns=columns,
                 note="Смена класса – та, в которую учится больше его учеников; ученики учтены каждый в своей смене.",
                 rows=pd.DataFrame(body, columns=[column.name for column in columns]))
