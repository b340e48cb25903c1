"""R1: pupils and classes of general education on 20 September (form ОО-1)."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import contingent_classes, forms
from warehouse.reports.contingent_classes import SMALL_RURAL, SMALL_URBAN
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Column, Provenance, Report, Table
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import heads, integer, text, with_total
from warehouse.reports.titles import SOURCE_TITLES, titled
from warehouse.reports.wording import counted, number

FORMS_OF_STUDY = {"full_time": "очная", "part_time": "очно-заочная", "correspondence": "заочная", "family": "семейная"}
CONFLICTS = {"two_schools": "две школы на одну дату", "two_classes": "два класса одной школы на одну дату"}
NOTES = (
    "Отбор: зачисления по программам начального, основного и среднего общего образования, действующие на последнее 20 сентября не позже "
    "отчётной даты; умершие до этого дня не учитываются.",
    "Ребёнок, который в этот день числится в двух школах, учтён один раз – в зачислении с более поздней датой; второе показано на листе "
    "«Двойной учёт».",
    "Классом считается отдельная пара «параллель – литера» в организации и форме обучения. Вид класса (обычный, углублённый, гимназический, "
    "лицейский) источники не передают: такие строки печатаются «нет данных», а не нулём.",
    "Прочерк вместо кода строки или графы – код не подтверждён по тексту формы; карта кодов правится в schemas/forms/oo1.yaml.",
    "Обучающиеся в семейной форме в разделы 2.1.1, 2.4 и в смены не входят и показаны отдельно.",
    f"Малочисленный класс (раздел 2.4): в городе менее {SMALL_URBAN}, в селе менее {SMALL_RURAL} обучающихся; местность – организации по реестру. Класс "
    "организации, чья местность неизвестна, ни туда, ни сюда не отнесён; число таких классов напечатано отдельной строкой.",
    "ОВЗ, вид класса и классы-комплекты источники не передают: разделы 2.1.3 и 2.2 и графы 4–6 раздела 2.4 не заполнены («нет данных»).",
    "Муниципалитет – организации, а не места жительства; у организации без ОКТМО он «не указан». Возраст обучающихся – в отчёте R2.",
)
CHARTS = (
    Chart(table="grades", title="Обучающиеся по классам", x="grade", series=("pupil_count", "girl_count")),
    Chart(table="grades", title="Обучающиеся по сменам", x="grade", series=("shift_1_count", "shift_2_count", "shift_3_count"), kind="stacked"),
    Chart(table="municipalities", title="Обучающиеся по муниципалитетам", x="municipality", series=("pupil_count",), kind="horizontal"),
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
    shown = set(part["grade_name"])
    grades = [line for line in forms.columns_of(section, contingent_classes.GRADES) if line.name not in ("total", "grade_unknown") or line.name in shown]
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


def by_grade(rows: pd.DataFrame, classes: pd.DataFrame) -> Table:
    """Each grade in one row: classes, pupils, girls and shifts, the family form counted too."""
    counts = ["class_count", "pupil_count", "girl_count", *(f"shift_{shift}_count" for shift in contingent_classes.SHIFTS)]
    girls = rows.assign(girl_count=rows["pupil_count"].where(rows["sex"] == "F", 0)).groupby("grade", dropna=False)["girl_count"].sum()
    sums = classes.assign(class_count=1).groupby("grade", dropna=False)[[one for one in counts if one != "girl_count"]].sum().join(girls).reset_index()
    named = sums.sort_values("grade").assign(grade=lambda each: each["grade"].astype("string").fillna("не указан"))
    return Table(name="grades", sheet="По параллелям", title="Обучающиеся по параллелям, все формы обучения", is_total_last=True,
                 rows=with_total(named[["grade", *counts]], label="Всего", counts=counts), columns=(
                     text("grade", "Класс (параллель)", 18), integer("class_count", "Классов"), integer("pupil_count", "Обучающихся"),
                     integer("girl_count", "из них девочки"), integer("shift_1_count", "1-я смена"), integer("shift_2_count", "2-я смена"),
                     integer("shift_3_count", "3-я смена"), integer("shift_unknown_count", "Смена не указана")))


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


def checks(rows: pd.DataFrame, classes: pd.DataFrame, pupils: int, municipal: Table, organisations: Table) -> tuple[Check, ...]:
    """Equalities between the tables of pupils; `pupils` is counted in the warehouse on its own."""
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
        *class_checks(rows[rows["study_form"] != "family"], contingent_classes.in_section(classes)),
    )


def class_checks(rows: pd.DataFrame, classes: pd.DataFrame) -> tuple[Check, ...]:
    """Equalities of section 2.4 and of the shifts, against section 2.1.1; both without the family form."""
    rural = classes["is_rural"]
    third = int(classes["shift_3_count"].sum())
    return (
        Check(name="class_sets", title="2.4: строка 01 = сумма строк 09 раздела 2.1.1 по формам обучения", left=len(classes), right=class_count(rows)),
        Check(name="columns", title="2.4: графа 3 = графы 4 + 5", left=len(classes), right=None, note="классы-комплекты источники не передают"),
        Check(name="areas", title="2.4: строка 01 = классы города + классы села + местность неизвестна", left=len(classes),
              right=int(rural.eq(True).sum()) + int(rural.eq(False).sum()) + int(rural.isna().sum()), note=f"местность неизвестна: {number(rural.isna().sum())}"),
        Check(name="shifts", title="Смены: обучающихся = сумма строк 10 раздела 2.1.1 по формам обучения", left=int(classes["pupil_count"].sum()),
              right=int(rows["pupil_count"].sum())),
        Check(name="third_shift", title="Обучаются в третью смену", left=third, right=None, note="для сведения: при числе больше нуля уточнить у школы"),
    )


def _present(rows: pd.DataFrame) -> list[str]:
    return [form for form in FORMS_OF_STUDY if form == "full_time" or (rows["study_form"] == form).any()]


def _empty(rows: pd.DataFrame) -> tuple[str, ...]:
    return () if len(rows) else ("На последнее 20 сентября не позже отчётной даты обучающихся в хранилище нет: отчёт пуст.",)


def _lead(rows: pd.DataFrame, double: int) -> str:
    family, schools = rows.loc[rows["study_form"] == "family", "pupil_count"].sum(), rows["organisation_key"].nunique()
    at = f" на {rows['counting_date'].iloc[0]:%d.%m.%Y}" if len(rows) else ""
    return (f"{counted(int(rows['pupil_count'].sum()), 'обучающийся', 'обучающихся', 'обучающихся')} в "
            f"{counted(class_count(rows), 'классе', 'классах', 'классах')} {counted(schools, 'организации', 'организаций', 'организаций')}{at}; "
            f"из них в семейной форме {number(family)}, двойной учёт: {number(double)}.")


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts contingent, school_class and contingent_conflict."""
    rows, classes = mart(connection, "contingent"), mart(connection, "school_class")
    pupils = int(frame(connection, "SELECT count(DISTINCT pupil_id) AS pupils FROM marts.school_roll")["pupils"].iloc[0])
    municipal = by_place(rows, ["municipality"], (text("municipality", "Муниципалитет", 30),), name="municipalities",
                         sheet="По муниципалитетам", title="Обучающиеся по муниципалитетам организаций")
    organisations = by_place(rows, ["municipality", "organisation_name", "organisation_key"], (
        text("municipality", "Муниципалитет", 28), text("organisation_name", "Организация", 60), text("organisation_key", "ОГРН", 16)),
        name="organisations", sheet="По организациям", title="Обучающиеся по организациям")
    double = conflicts(mart(connection, "contingent_conflict"))
    return Report(
        name="contingent", title=DEFINITION.title, form="ОО-1", provenance=provenance, notes=(*_empty(rows), *NOTES), lead=_lead(rows, len(double.rows)),
        tables=(*(classes_and_pupils(rows, study_form=form) for form in _present(rows)), by_grade(rows, classes), contingent_classes.class_sets(classes),
                contingent_classes.without_data("adapted_classes", "2.1.3 Адаптированные"), contingent_classes.without_data("mixed_classes", "2.2 С ОВЗ совместно"),
                contingent_classes.shifts(classes), municipal, organisations, double),
        checks=checks(rows, classes, pupils, municipal, organisations), charts=CHARTS, filters=(("Зачисления", "действующие на последнее 20 сентября"),))


DEFINITION = Definition(
    code="R1", name="contingent", title="Контингент школ на 20 сентября", form="oo1", build=build,
    marts=("contingent", "school_class", "contingent_conflict", "school_roll"),
    sections=("ОО-1, 2.1.1", "ОО-1, 2.1.3", "ОО-1, 2.2", "ОО-1, 2.4", "ОО-1, смены"))
