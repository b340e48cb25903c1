"""R10: students of universities, their examinations and debts, disciplines, flows, and the way from school to university."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import universities_tables as tables
from warehouse.reports.definition import Definition
from warehouse.reports.model import Chart, Check, Provenance, Report, Table
from warehouse.reports.reader import frame
from warehouse.reports.universities_tables import PROGRAMME, UNIVERSITY
from warehouse.reports.wording import counted, day, number, share

TITLE = "Студенты вузов из региона: экзамены, дисциплины, путь из школы в вуз"
STUDENTS = """
    SELECT organisation_name, organisation_key, programme_code, programme_title, study_form, entry_year, sex, LEAST(debt_count, 3) AS debt_count,
           result_count > 0 AS is_assessed, count(*)::integer AS student_count
    FROM marts.student GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
EXAMS = "SELECT * FROM marts.exam_total"
COURSES = "SELECT * FROM marts.course_total"
FLOWS = """
    SELECT organisation_name, organisation_key, flow_year, student_flow, count(*)::integer AS flow_count
    FROM marts.student_flow GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
ORIGINS = """
    SELECT organisation_name, organisation_key, programme_field, entry_year, origin_municipality, origin_kind, school_absence, count(*)::integer AS student_count
    FROM marts.student_origin GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
SENT = """
    WITH stay AS (
        SELECT enrolment.*, enrolment.valid_to IS NULL OR enrolment.valid_to > core.report_date() AS is_open,
               pupil.death_date IS NULL OR pupil.death_date > core.report_date() AS is_alive
        FROM marts.enrolment JOIN marts.pupil USING (pupil_id) WHERE enrolment.programme = 'higher' AND enrolment.valid_from <= core.report_date()
    )
    SELECT (SELECT count(*) FROM stay WHERE is_open)::integer AS open_count,
           (SELECT count(DISTINCT (pupil_id, organisation_key, programme_code, programme_title)) FROM stay)::integer AS entered_count,
           (SELECT count(DISTINCT (pupil_id, organisation_key, programme_code, programme_title)) FROM stay WHERE is_open AND is_alive)::integer AS student_count,
           (SELECT count(DISTINCT pupil_id) FROM stay WHERE is_open AND is_alive)::integer AS person_count,
           (SELECT count(DISTINCT pupil_id) FROM marts.student)::integer AS counted_person_count,
           (SELECT count(*) FROM (SELECT DISTINCT pupil_id, organisation_key, discipline, semester, mark_type FROM marts.exam) AS one)::integer AS result_count,
           (SELECT count(*) FROM (SELECT DISTINCT pupil_id, organisation_key, programme_code, programme_title, discipline, semester FROM marts.course)
            AS one)::integer AS course_count
"""
NOTES = (
    "Студенты – все, о ком вузы передали сведения в ГИС СЦОС и кто зачислен на отчётную дату. Студент двух программ сосчитан на каждой; восстановленный – один раз.",
    "Год поступления – год первого зачисления на эту программу этого вуза; восстановление его не меняет. Программа – первый учебный план студента.",
    "Результат аттестации – лучшая из попыток по дисциплине, семестру и виду. Оценка и дифференцированный зачёт сданы с «3», зачёт – с отметки «зачтено»; "
    "100-балльная оценка – с 60 баллов: это обычный порог, источника у него нет.",
    "Долг – дисциплина семестра, по которой ни одна попытка не сдана. По вузам и видам учтены и те, кто уже не учится; на листе «Долги» – только обучающиеся.",
    "Движение – по учебным годам с 1 сентября. Причину отчисления вузы пишут словами: «окончил» отличается от прочих, остальные – «отчислены».",
    "Путь из школы в вуз – по всем поступившим. Школа – та, которую студент окончил по журналам школ, или последняя до вуза. Журналы школ начали передавать "
    "сведения недавно: об окончивших раньше они не сообщают, и школа таких студентов неизвестна («окончил до начала регистра»).",
    "Где школа неизвестна, взят муниципалитет регистрации по данным МВД, а без него – место из записи акта о рождении.",
    "Группа направлений – две первые цифры кода направления подготовки.",
)


def _tables(connection: Connection) -> tuple[Table, ...]:
    rows, results, moved, came = frame(connection, STUDENTS), frame(connection, EXAMS), frame(connection, FLOWS), frame(connection, ORIGINS)
    return (
        tables.students(rows, UNIVERSITY, name="universities", sheet="Вузы", title="Студенты по вузам"),
        tables.students(rows, PROGRAMME, name="programmes", sheet="Программы", title="Студенты по программам"),
        tables.students(rows, [*PROGRAMME, "form_title", "entry_year"], name="cohorts", sheet="Формы и годы",
                        title="Студенты по программам, формам и годам поступления"),
        tables.exam_kinds(results), tables.exams(results), tables.debts(rows), tables.courses(frame(connection, COURSES)),
        tables.flows(moved, ["year_title"], name="flow_years", sheet="Движение", title="Движение студентов по учебным годам"),
        tables.flows(moved, ["year_title", *UNIVERSITY], name="flows", sheet="Движение по вузам", title="Движение студентов по учебным годам и вузам"),
        tables.trajectory(came), tables.origins(came))


def checks(made: dict[str, Table], sent: pd.Series[int]) -> tuple[Check, ...]:
    """Every total against the universities' own records, counted apart from the marts of this report."""
    total = {name: table.rows.iloc[-1] for name, table in made.items() if table.is_total_last}
    balance = int(total["flow_years"][["entered_count", "reinstated_count"]].sum() - total["flow_years"][["expelled_count", "graduated_count", "left_count"]].sum())
    students = int(total["universities"]["student_count"])
    return (
        Check(name="students", title="Студентов в отчёте = в записях вузов о зачислении", left=students, right=int(sent["student_count"])),
        Check(name="persons", title="Людей среди студентов отчёта = в записях вузов о зачислении", left=int(sent["counted_person_count"]),
              right=int(sent["person_count"])),
        Check(name="balance", title="Зачислены + восстановлены – выбыли = зачислений, действующих на отчётную дату", left=balance, right=int(sent["open_count"])),
        Check(name="results", title="Результатов по дисциплинам = в записях вузов без пересдач", left=int(total["exams"]["result_count"]),
              right=int(sent["result_count"])),
        Check(name="exam_kinds", title="Результатов по вузам и видам = сдано + не сдано по дисциплинам", left=int(total["exam_kinds"]["result_count"]),
              right=int(total["exams"][["passed_count", "debt_count"]].sum())),
        Check(name="courses", title="Студентов по дисциплинам программ = в учебных планах", left=int(made["courses"].rows["student_count"].sum()),
              right=int(sent["course_count"])),
        Check(name="trajectory", title="Поступивших по муниципалитетам = в записях вузов о зачислении", left=int(total["trajectory"]["student_count"]),
              right=int(sent["entered_count"])),
        Check(name="second_programmes", title="Студентов двух программ (лишних строк к числу людей)", left=students - int(sent["person_count"]), right=None,
              note="человек сосчитан на каждой своей программе"))


def _lead(made: dict[str, Table], provenance: Provenance) -> str:
    debts, origins = made["debts"].rows.iloc[-1], made["origins"].rows.iloc[-1]
    if not debts["student_count"]:
        return "Вузы сведений о студентах не передали."
    return (f"На {day(provenance.as_of)} {counted(int(debts['student_count']), 'студент учится', 'студента учатся', 'студентов учатся')} в вузах; с долгами – "
            f"{number(debts['debtor_count'])} ({share(debts['debtor_share'])} имеющих результаты). Школа известна у {number(origins['known_count'])} "
            f"из {number(origins['student_count'])} поступивших.")


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts student, exam_total, course_total, student_flow and student_origin."""
    made = {table.name: table for table in _tables(connection)}
    return Report(
        name="universities", title=TITLE, form="Оперативный отчёт (утверждённой формы нет)", lead=_lead(made, provenance), tables=tuple(made.values()),
        checks=checks(made, frame(connection, SENT).iloc[0]), notes=NOTES, provenance=provenance, filters=(("Источник", "вузы региона (ГИС СЦОС)"),),
        charts=(
            Chart(table="universities", title="Студенты по вузам и формам", x="organisation_name", kind="stacked",
                  series=("full_time_count", "part_time_count", "correspondence_count")),
            Chart(table="programmes", title="Студенты по программам", x="programme_title", series=("student_count",), kind="horizontal"),
            Chart(table="flow_years", title="Движение студентов по учебным годам", x="year_title",
                  series=("entered_count", "reinstated_count", "expelled_count", "graduated_count")),
            Chart(table="origins", title="Известна ли школа поступивших", x="entry_year", kind="stacked",
                  series=("known_count", "before_register_count", "not_told_count"))))


DEFINITION = Definition(
    code="R10", name="universities", title=TITLE, build=build, sections=("Студенты", "Аттестация", "Путь из школы в вуз"),
    marts=("student", "exam_total", "course_total", "student_flow", "student_origin", "enrolment", "pupil", "exam", "course"))
