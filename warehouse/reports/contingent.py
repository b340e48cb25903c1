"""R1 and R2: pupils of general education on 20 September, and their ages at 1 January (form ОО-1)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import forms
from warehouse.reports.definition import Definition
from warehouse.reports.model import Check, Column, Provenance, Report, Table
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import ages_by_grade, heads, integer, text
from warehouse.reports.titles import SOURCE_TITLES, titled
from warehouse.reports.wording import counted, number

FORMS_OF_STUDY = {"full_time": "очная", "part_time": "очно-заочная", "correspondence": "заочная", "family": "семейная"}
CONFLICTS = {"two_schools": "две школы на одну дату", "two_classes": "два класса одной школы на одну дату"}
NOTES = (
    "Отбор: зачисления по программам начального, основного и среднего общего образования, действующие на последнее 20 сентября не позже "
    "отчётной даты; умершие до этого дня не учитываются.",
    "Ребёнок, который в этот день числится в двух школах, учтён один раз – в зачислении с более поздней датой; второе показано на листе "
    "«Двойной учёт».",
    "Возраст – полных лет на 1 января, следующее за этим 20 сентября; день рождения 1 января считается наступившим, 29 февраля в "
    "невисокосном году – наступающим 1 марта.",
    "Классом считается отдельная пара «параллель – литера» в организации и форме обучения. Вид класса (обычный, углублённый, гимназический, "
    "лицейский) источники не передают: такие строки печатаются «нет данных», а не нулём.",
    "Прочерк вместо кода строки или графы – код не подтверждён по тексту формы; карта кодов правится в schemas/forms/oo1.yaml.",
    "Обучающиеся в семейной форме в раздел 2.1.1 не входят и показаны отдельно.",
)


def class_count(rows: pd.DataFrame) -> int:
    """Distinct classes: organisation, grade, letter and study form."""
    return len(rows.drop_duplicates(["organisation_key", "grade", "class_letter", "study_form"]))


def _grade_names(rows: pd.DataFrame) -> pd.Series[str]:
    return "grade_" + rows["grade"].astype("string").fillna("unknown")


def classes_and_pupils(rows: pd.DataFrame, *, study_form: str) -> Table:
    """Section 2.1.1 for one form of study: rows of the form by grade."""
    section = forms.read("oo1").sections["classes_and_pupils"]
    part = rows[rows["study_form"] == study_form].assign(grade_name=_grade_names)
    figures = {"classes": part.drop_duplicates(["organisation_key", "grade", "class_letter"]).groupby("grade_name").size(),
               "pupils": part.groupby("grade_name")["pupil_count"].sum(),
               "girls": part[part["sex"] == "F"].groupby("grade_name")["pupil_count"].sum()}
    is_form = study_form != "family"
    grades = [line for line in section.columns if line.name not in ("total", "grade_unknown") or line.name in set(part["grade_name"])]
    body = []
    for line in (line for line in section.rows if is_form or line.available):
        by_grade = [int(forms.of_line(figures, line).get(grade.name, 0)) for grade in grades] if line.available else []
        cells = [sum(by_grade), *by_grade] if line.available else ["нет данных", *[None] * len(grades)]
        body.append([line.printed_code if is_form else "–", line.title, *cells])
    columns = (text("code", "Код строки", 8), text("title", "Показатель", 48), integer("total", "Всего"),
               *(integer(grade.name, grade.title) for grade in grades))
    return Table(name=f"classes_and_pupils_{study_form}", columns=columns,
                 sheet=f"2.1.1 {FORMS_OF_STUDY[study_form]}" if is_form else "Семейная форма",
                 title=f"{section.heading}: {FORMS_OF_STUDY[study_form]} форма" if is_form else "Обучающиеся в семейной форме, вне раздела 2.1.1",
                 rows=pd.DataFrame(body, columns=[column.name for column in columns], dtype="object"))


def by_place(rows: pd.DataFrame, keys: list[str], columns: tuple[Column, ...], *, name: str, sheet: str, title: str) -> Table:
    """Pupils, girls, classes and steps of education by `keys`, with a total row."""
    body = heads(rows, keys)
    return Table(name=name, sheet=sheet, title=title, rows=body, is_filtered=True, is_total_last=True, columns=(
        *columns, integer("class_count", "Классов"), integer("pupil_count", "Обучающихся"), integer("girl_count", "Девочек"),
        integer("boy_count", "Мальчиков"), integer("grades_1_4", "1–4 классы"), integer("grades_5_9", "5–9 классы"),
        integer("grades_10_12", "10–12 классы"), integer("later_shift_count", "Во 2-ю и 3-ю смену")))


def conflicts(rows: pd.DataFrame) -> Table:
    """Enrolments that were not counted, with the one that was."""
    shown = rows.assign(conflict=rows["conflict"].map(CONFLICTS), source=titled(rows["source"], SOURCE_TITLES),
                        counted_source=titled(rows["counted_source"], SOURCE_TITLES))[[
        "pupil_id", "conflict", "counted_organisation_key", "counted_grade", "counted_class_letter", "counted_valid_from", "counted_source",
        "organisation_key", "grade", "class_letter", "valid_from", "source"]].sort_values(["pupil_id", "organisation_key", "valid_from", "source"])
    return Table(name="conflicts", sheet="Двойной учёт", title="Зачисления, не учтённые из-за более позднего", is_filtered=True, rows=shown, columns=(
        text("pupil_id", "Ребёнок"), text("conflict", "Что не сходится", 36), text("counted_organisation_key", "Учтён: ОГРН", 16),
        integer("counted_grade", "Учтён: класс"), text("counted_class_letter", "Учтён: литера", 10),
        Column(name="counted_valid_from", title="Учтён: с даты", kind="date"), text("counted_source", "Учтён: источник", 24),
        text("organisation_key", "Не учтён: ОГРН", 16), integer("grade", "Не учтён: класс"), text("class_letter", "Не учтён: литера", 10),
        Column(name="valid_from", title="Не учтён: с даты", kind="date"), text("source", "Не учтён: источник", 24)))


def checks(rows: pd.DataFrame, ages: pd.DataFrame, pupils: int, municipal: Table, organisations: Table) -> tuple[Check, ...]:
    """Equalities of the form and between its tables; `pupils` is counted in the warehouse on its own."""
    total = int(rows["pupil_count"].sum())
    sexed = int(rows.loc[rows["sex"].isin(["M", "F"]), "pupil_count"].sum())
    return (
        Check(name="row_09", title="2.1.1: строка 09 = строки 01 + 03 + 05 + 07 (классы по видам)", left=class_count(rows), right=None,
              note="вид класса источники не передают"),
        Check(name="pupils", title="Обучающихся всего = разных детей в реестре на дату", left=total, right=pupils),
        Check(name="sexes", title="Обучающихся всего = мальчики + девочки", left=total, right=sexed,
              note="" if total == sexed else f"пол неизвестен: {total - sexed}"),
        Check(name="municipalities", title="Обучающихся всего = сумма по муниципалитетам", left=total,
              right=int(municipal.rows["pupil_count"].iloc[:-1].sum())),
        Check(name="organisations", title="Обучающихся всего = сумма по организациям", left=total,
              right=int(organisations.rows["pupil_count"].iloc[:-1].sum())),
        Check(name="ages", title="Обучающихся всего = сумма по возрастам", left=total, right=int(ages["pupil_count"].sum())),
    )


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts contingent, age_at_1_january and contingent_conflict."""
    rows, ages = mart(connection, "contingent"), mart(connection, "age_at_1_january")
    pupils = int(frame(connection, "SELECT count(DISTINCT pupil_id) AS pupils FROM marts.school_roll")["pupils"].iloc[0])
    municipal = by_place(rows, ["municipality"], (text("municipality", "Муниципалитет", 30),), name="municipalities",
                         sheet="По муниципалитетам", title="Обучающиеся по муниципалитетам организаций")
    organisations = by_place(rows, ["municipality", "organisation_name", "organisation_key"], (
        text("municipality", "Муниципалитет", 28), text("organisation_name", "Организация", 60), text("organisation_key", "ОГРН", 16)),
        name="organisations", sheet="По организациям", title="Обучающиеся по организациям")
    present = [form for form in FORMS_OF_STUDY if form == "full_time" or (rows["study_form"] == form).any()]
    double = conflicts(mart(connection, "contingent_conflict"))
    family = rows.loc[rows["study_form"] == "family", "pupil_count"].sum()
    schools = rows["organisation_key"].nunique()
    at = f" на {rows['counting_date'].iloc[0]:%d.%m.%Y}" if len(rows) else ""
    return Report(
        name="contingent", title="Контингент школ на 20 сентября", form="ОО-1", provenance=provenance, notes=NOTES,
        lead=f"{counted(int(rows['pupil_count'].sum()), 'обучающийся', 'обучающихся', 'обучающихся')} в "
             f"{counted(class_count(rows), 'классе', 'классах', 'классах')} {counted(schools, 'организации', 'организаций', 'организаций')}{at}; "
             f"из них в семейной форме {number(family)}, двойной учёт: {number(len(double.rows))}.",
        tables=(*(classes_and_pupils(rows, study_form=form) for form in present), ages_by_grade(ages), municipal, organisations, double),
        checks=checks(rows, ages, pupils, municipal, organisations))


DEFINITION = Definition(
    code="R1", name="contingent", title="Контингент школ на 20 сентября", form="oo1", build=build,
    marts=("contingent", "age_at_1_january", "contingent_conflict", "school_roll"), sections=("ОО-1, 2.1.1",))
