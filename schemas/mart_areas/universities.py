"""Columns and titles of the marts on students, exams and trajectories."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

FIELDS: dict[str, Field] = {
    "entry_year": open_field("integer", "Год поступления на программу вуза"),
    "stay_number": quasi("integer", "Который раз студент зачислен на эту программу этого вуза"),
    "programme_field": open_field("text", "Укрупнённая группа направлений (две первые цифры кода)"),
    "is_current": quasi("boolean", "Учится на отчётную дату"),
    "school_key": quasi("text", "Школа, из которой пришёл студент (ОГРН)"),
    "origin_municipality": quasi("text", "Муниципалитет, из которого пришёл студент: школы, а если она неизвестна – проживания"),
    "origin_kind": quasi("text", "Как известен муниципалитет: school, residence, birth (место из записи акта о рождении), unknown"),
    "school_absence": quasi("text", "Известна ли школа: known, before_register – окончил до начала регистра, not_told – школа не сообщила"),
    "told_from": open_field("integer", "Первый год, об окончивших в котором сообщили журналы"),
    "attempt_count": quasi("integer", "Попыток сдать"),
    "best_value": quasi("integer", "Лучший результат"),
    "exam_level": open_field("text", "За что итог: exam, kind, university, region"),
    "result_count": open_field("integer", "Результатов аттестации"),
    "passed_count": open_field("integer", "Из них сдано"),
    "debt_count": open_field("integer", "Не сдано (долгов)"),
    "debtor_count": open_field("integer", "Студентов, у которых есть долг"),
    "value_sum": open_field("integer", "Сумма результатов (для среднего; у зачётов её нет)"),
    "student_flow": open_field("text", "Движение студентов: entered, reinstated, expelled, graduated, left"),
    "flow_date": quasi("date", "День зачисления или отчисления"),
    "flow_year": open_field("integer", "Учебный год (тот, в котором он начался)"),
}

TITLES: dict[str, str] = {
    "course_total": "Дисциплины по вузам, программам и семестрам: сколько студентов их изучает",
    "exam_outcome": "Результаты аттестации студентов: лучшая из попыток по дисциплине и семестру",
    "exam_total": "Итоги аттестации по вузам, видам и дисциплинам",
    "student": "Студенты вузов на отчётную дату: программа, форма, год поступления, долги",
    "student_course": "Дисциплины учебных планов у каждого студента",
    "student_flow": "Зачисления, восстановления и отчисления студентов",
    "student_origin": "Откуда пришли студенты: школа и муниципалитет",
    "student_stay": "Зачисления студентов на программы вузов, в том числе оконченные",
}
