"""Tables of the report on final marks: marks by kind with their shares, pupils by standing, the lists."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from warehouse.reports.model import Column, Table
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text, with_total

KINDS = ["five_count", "four_count", "three_count", "two_count", "not_attested_count", "credit_count", "other_mark_count"]
GRADED = KINDS[:4]
WEIGHTS = {"five_count": 1.0, "four_count": 0.64, "three_count": 0.36, "two_count": 0.16}
"""What a mark is worth in the degree of learning (СОУ): school practice, no legal source."""
LISTS = {"excellent": "отличники", "one_four": "с одной «4»", "one_three": "с одной «3»", "failing": "неуспевающие", "not_attested": "не аттестованы"}
MEASURES = (
    integer("graded_count", "Отметок (n)"), integer("five_count", "«5»"), integer("four_count", "«4»"), integer("three_count", "«3»"),
    integer("two_count", "«2»"), Column(name="success_share", title="Успеваемость", kind="share"), Column(name="quality_share", title="Качество", kind="share"),
    Column(name="learning_share", title="СОУ", kind="share"), Column(name="mean_mark", title="Средний балл", kind="decimal"),
    integer("not_attested_count", "н/а"), integer("credit_count", "Зачёт"), integer("other_mark_count", "Иное"))
PUPILS = (integer("pupil_count", "Детей с отметками"), *(integer(f"{name}_count", title.capitalize()) for name, title in LISTS.items()))
PLACE = {"municipality": text("municipality", "Муниципалитет", 28), "organisation_name": text("organisation_name", "Организация", 60),
         "organisation_key": text("organisation_key", "ОГРН", 16), "class_name": text("class_name", "Класс", 9), "period_title": text("period_title", "Период", 22),
         "subject_title": text("subject_title", "Предмет", 40)}
ORGANISATION = ["municipality", "organisation_name", "organisation_key"]
CLASS = [*ORGANISATION, "class_name"]


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` of counts with n and its shares: успеваемость (5+4+3)/n, качество (5+4)/n, СОУ and the mean; missing where n is 0."""
    counts = rows[GRADED].astype(float)
    graded = counts.sum(axis=1)
    known = graded.where(graded > 0)
    return rows.assign(
        graded_count=graded.astype(int), success_share=(graded - counts["two_count"]) / known, quality_share=(counts["five_count"] + counts["four_count"]) / known,
        learning_share=sum(counts[name] * weight for name, weight in WEIGHTS.items()) / known, mean_mark=rows["mark_sum"].astype(float) / known)


def _keyed(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return rows.assign(**{key: rows[key].astype(object).where(rows[key].notna(), UNKNOWN_PLACE) for key in keys})


def _in_order(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows by their keys, classes by grade and letter."""
    if "class_name" not in keys:
        return rows.sort_values(keys)
    at = keys.index("class_name")
    parts = rows["class_name"].astype("string").str.extract(r"^(\d+)(.*)$")
    ordered = rows.assign(grade_part=pd.to_numeric(parts[0]), letter_part=parts[1])
    return ordered.sort_values([*keys[:at], "grade_part", "letter_part", *keys[at + 1:]]).drop(columns=["grade_part", "letter_part"])


def marks(rows: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str, note: str = "", more: Iterable[str] = ()) -> Table:
    """Marks by kind for each value of `keys` (`more`: columns that go with them), with a total row where the table is not the finest."""
    counts = [*KINDS, "mark_sum"]
    whole = [*keys, *more]
    sums = _in_order(_keyed(rows, whole).groupby(whole, sort=False)[counts].sum().astype(int).reset_index(), whole)
    body = shares(with_total(sums, label="Всего", counts=counts))
    columns = (*(PLACE[key] for key in whole), *MEASURES)
    return Table(name=name, sheet=sheet, title=title, note=note, is_filtered=True, is_total_last=True, columns=columns,
                 rows=body[[column.name for column in columns]])


def pupils(rows: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str, note: str = "") -> Table:
    """Pupils with final marks by `keys`: how many stand in each list, with a total row."""
    flags = {f"{key}_count": in_list(rows, key).astype(int) for key in LISTS}
    counts = ["pupil_count", *flags]
    sums = _keyed(rows, keys).assign(pupil_count=1, **flags).groupby(keys, sort=False)[counts].sum().reset_index()
    return Table(name=name, sheet=sheet, title=title, note=note, is_filtered=True, is_total_last=True,
                 rows=with_total(_in_order(sums, keys), label="Всего", counts=counts), columns=(*(PLACE[key] for key in keys), *PUPILS))


def in_list(rows: pd.DataFrame, name: str) -> pd.Series[bool]:
    """Whether each pupil stands in the list; one who fails and is not attested somewhere stands in both lists."""
    return (rows["not_attested_count"] > 0 if name == "not_attested" else rows["standing"] == name).fillna(False).astype(bool)


def listed(rows: pd.DataFrame) -> Table:
    """The lists, pupil by pupil, without names."""
    parts = [rows[in_list(rows, name)].assign(list_name=title, list_place=place) for place, (name, title) in enumerate(LISTS.items())]
    every = _in_order(_keyed(pd.concat(parts), CLASS), [*CLASS, "list_place", "pupil_id"])
    columns = (*(PLACE[key] for key in CLASS), text("list_name", "Список", 18), text("pupil_id", "Ребёнок"), PLACE["period_title"],
               integer("five_count", "«5»"), integer("four_count", "«4»"), integer("three_count", "«3»"), integer("two_count", "«2»"),
               integer("not_attested_count", "н/а"), integer("credit_count", "Зачёт"))
    return Table(name="lists", sheet="Списки", title="Отличники, с одной «4», с одной «3», неуспевающие, не аттестованные", is_filtered=True,
                 rows=every[[column.name for column in columns]], columns=columns,
                 note="Без имён: ребёнок назван внутренним номером; имена – в файле ограниченного доступа.")


def named(table: Table, people: pd.DataFrame, *, name: str, sheet: str) -> Table:
    """`table` with the names and birth dates of its pupils: for the restricted file only."""
    at = [column.name for column in table.columns].index("pupil_id") + 1
    columns = (*table.columns[:at], text("family_name", "Фамилия", 20), text("given_name", "Имя", 16), text("patronymic", "Отчество", 20),
               Column(name="birth_date", title="Дата рождения", kind="date"), *table.columns[at:])
    rows = table.rows.merge(people, on="pupil_id", how="left", validate="many_to_one")
    return Table(name=name, sheet=sheet, title=f"{table.title} – ограниченный доступ", is_filtered=True, columns=columns,
                 rows=rows[[column.name for column in columns]])
