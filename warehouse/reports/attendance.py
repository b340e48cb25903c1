"""R6: lessons missed by reason, class, school and month, and the pupils whose absences, marks or moves ask for attention."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import attendance_tables as tables
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Provenance, Report, Table
from warehouse.reports.progress_tables import CLASS, ORGANISATION, named
from warehouse.reports.reader import frame, mart
from warehouse.reports.wording import day, number

TITLE = "Посещаемость и риски"
SIGNED = """
    SELECT * FROM marts.pupil_signal
    WHERE is_tenth_missed OR is_absent_three_days OR is_failing_russian OR is_failing_mathematics OR is_school_changed
"""
ROLL = """
    SELECT municipality, organisation_key, organisation_name, class_name, count(*)::integer AS pupil_count, sum(least_lessons) AS least_lessons,
           count(*) FILTER (WHERE least_lessons IS NULL)::integer AS unjudged_count
    FROM marts.current_pupil GROUP BY municipality, organisation_key, organisation_name, class_name
"""
SENT = """
    SELECT
        (SELECT count(*) FROM marts.absence_counted)::integer AS counted,
        (SELECT count(*) FROM marts.attendance
         WHERE lesson_date BETWEEN (SELECT min(school_day.lesson_date) FROM marts.school_day) AND core.report_date()
         AND organisation_key NOT IN (SELECT organisation.organisation_key FROM marts.organisation WHERE organisation.organisation_kind = 'kindergarten')
        )::integer AS sent,
        (SELECT count(DISTINCT enrolment.pupil_id) FROM marts.enrolment INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id
         WHERE enrolment.programme IN ('primary', 'basic', 'secondary') AND enrolment.valid_from <= core.report_date()
         AND (enrolment.valid_to IS NULL OR enrolment.valid_to > core.report_date())
         AND (pupil.death_date IS NULL OR pupil.death_date > core.report_date()))::integer AS pupils
"""
CALENDAR = """
    SELECT max(day_number)::integer AS school_days, min(year_start) AS year_start,
           EXISTS (SELECT FROM marts.dim_period WHERE first_day = (SELECT min(school_day.year_start) FROM marts.school_day)) AS is_known
    FROM marts.school_day
"""
LOAD = """
    SELECT code::integer AS grade, (attributes ->> 'hours_a_year')::integer AS hours, (attributes ->> 'weeks')::integer AS weeks,
           attributes ->> 'is_confirmed' = 'yes' AS is_confirmed
    FROM codes.code WHERE code_list = 'lesson_load' ORDER BY 1
"""
PEOPLE = f"""
    SELECT pupil_id, family_name, given_name, patronymic, birth_date FROM marts.pupil_identified
    WHERE pupil_id IN (SELECT signed.pupil_id FROM ({SIGNED}) AS signed)
"""  # noqa: S608 - our own statement
NOTES = (
    "Отбор: пропуски и опоздания с 1 сентября по отчётную дату. Пропуск остаётся за классом и школой, которые его записали; если ребёнок в этот день "
    "числится в двух школах, учтён журнал более позднего зачисления. Опоздание пропуском не считается.",
    "Сколько уроков проведено, источники не передают. Знаменатель – наименьшая годовая нагрузка класса ÷ число учебных недель × прошедшие учебные недели "
    "(учебный день – пятая часть недели), с 1 сентября или со дня зачисления. Уроков бывает больше, поэтому доля пропусков завышена. Семейная форма и дети "
    "без класса не оцениваются.",
    "«10 % уроков и больше» оценивается, когда ребёнок числится не меньше десяти учебных дней: раньше доля случайна.",
    "Дни подряд – учебные дни, в каждом из которых есть хотя бы один урок, пропущенный без причины; выходные, праздники и каникулы (справочник days_off) "
    "ряд не прерывают. Суббота – учебный день той школы, в журнале которой есть пропуски хотя бы в две субботы. Дни, пропущенные целиком, без расписания "
    "узнать нельзя: «нет данных».",
    "«2» – неудовлетворительная итоговая отметка последнего оконченного периода; математика – также алгебра и геометрия. Смена школы – зачисление в другую "
    "школу после 1 сентября. О повторном обучении источники не сообщают: «нет данных».",
    "Признаки взяты из зарубежной практики раннего предупреждения, местными данными не проверены и нормой закона не являются. Это поводы поговорить, а не "
    "балл: признаки не складываются и детей не упорядочивают.",
    "Имён в этом файле нет: рабочий список назван внутренним номером ребёнка.",
)


def load_note(load: pd.DataFrame) -> str:
    """The load table in one sentence; grades whose load nobody confirmed are named."""
    loads = "; ".join(f"{row.grade} – {row.hours} ч ÷ {row.weeks} нед." for row in load.itertuples())
    unsure = ", ".join(str(grade) for grade in load.loc[~load["is_confirmed"], "grade"])
    return f"Нагрузка по классам (справочник lesson_load): {loads}." + (f" Для классов {unsure} источника нет: взята нагрузка 9 класса." if unsure else "")


def checks(months: pd.DataFrame, roll: pd.DataFrame, sent: pd.Series[int], made: dict[str, Table]) -> tuple[Check, ...]:
    """Lessons by class and month against one count of them all; pupils against their enrolments; what was left out."""
    lessons = int(months[[*tables.REASONS, "late_count"]].sum().sum())
    shown = made["organisation_signs"].rows
    return (
        Check(name="lessons", title="Пропусков и опозданий по классам и месяцам = записей", left=lessons, right=int(sent["counted"])),
        Check(name="pupils", title="Обучающихся = детей с действующим зачислением", left=int(roll["pupil_count"].sum()), right=int(sent["pupils"])),
        Check(name="signs", title="Детей в рабочем списке = с признаками по организациям", left=len(made["work_list"].rows),
              right=int(shown["signed_count"].iloc[-1]) if len(shown) else 0),
        Check(name="aside", title="Не учтено: записи прежней школы за дни, когда ребёнок числился в новой",
              left=int(sent["sent"]) - int(sent["counted"]), right=None, note="учтён журнал более позднего зачисления"),
        Check(name="unjudged", title="Доля пропусков не оценивается: семейная форма или класс не указан", left=int(roll["unjudged_count"].sum()), right=None,
              note="знаменателя нет"))


def _tables(months: pd.DataFrame, roll: pd.DataFrame, pupils: pd.DataFrame) -> tuple[Table, ...]:
    return (
        tables.by_sign(pupils),
        tables.lessons(months, ["month"], name="months", sheet="По месяцам", title="Пропуски по месяцам"),
        tables.lessons(months, ["municipality"], name="municipalities", sheet="По муниципалитетам", title="Пропуски по муниципалитетам организаций", least=roll),
        tables.signs(pupils, roll, ["municipality"], name="municipality_signs", sheet="Признаки по муниципалитетам", title="Признаки по муниципалитетам"),
        tables.lessons(months, ORGANISATION, name="organisations", sheet="По организациям", title="Пропуски по организациям", least=roll),
        tables.signs(pupils, roll, ORGANISATION, name="organisation_signs", sheet="Признаки по организациям", title="Признаки по организациям"),
        tables.lessons(months, CLASS, name="classes", sheet="По классам", title="Пропуски по классам", least=roll),
        tables.lessons(months, [*CLASS, "month"], name="class_months", sheet="По классам и месяцам", title="Пропуски по классам и месяцам"),
        tables.work_list(pupils))


def build(connection: Connection, provenance: Provenance, *, with_names: bool) -> Report:
    """The report from marts attendance_month, current_pupil and pupil_signal; names are read only when `with_names`."""
    months, roll, pupils = mart(connection, "attendance_month"), frame(connection, ROLL), frame(connection, SIGNED)
    calendar = frame(connection, CALENDAR).iloc[0]
    made = {table.name: table for table in _tables(months, roll, pupils)}
    restricted = (named(made["work_list"], frame(connection, PEOPLE), name="named_list", sheet="Список с именами"),) if with_names else ()
    missed, absent = int(months[list(tables.REASONS)].sum().sum()), int(months["absent_count"].sum())
    unknown = () if calendar["is_known"] else ("Каникулы этого учебного года в справочнике не указаны: днями занятий сочтены все будни, кроме праздников и лета.",)
    return Report(
        name="attendance", title=TITLE, form="Отчёт о посещаемости (внутренний)", provenance=provenance,
        notes=(*NOTES, load_note(frame(connection, LOAD)), *unknown),
        lead=f"С 1 сентября пропущено уроков: {number(missed)}, из них без причины {number(absent)}; детей с признаками, которые требуют внимания, "
             f"{number(len(pupils))} из {number(int(roll['pupil_count'].sum()))}.",
        tables=tuple(made.values()), restricted=restricted, checks=checks(months, roll, frame(connection, SENT).iloc[0], made),
        filters=(("Занятия", f"с {day(calendar['year_start'])} по {day(provenance.as_of)}"), ("Учебных дней", number(calendar["school_days"]))),
        charts=(Chart(table="months", title="Пропуски по месяцам и причинам", x="month_title", series=tuple(tables.REASONS), kind="stacked"),
                Chart(table="municipality_signs", title="Доля детей с признаками", x="municipality", series=("signed_share",), kind="horizontal"),
                Chart(table="signs", title="Дети по признакам", x="sign", series=("pupil_count",), kind="horizontal")))


DEFINITION = Definition(
    code="R6", name="attendance", title=TITLE, build=build, names_children=True,
    marts=("attendance_month", "current_pupil", "pupil_signal", "absence_counted", "attendance", "school_day", "dim_period", "enrolment", "organisation", "pupil",
           "pupil_identified"),
    sections=("отчёты школ о посещаемости",))
