"""Columns and titles of the marts on dimensions and facts of the star schema."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field

FIELDS: dict[str, Field] = {
    "day": open_field("date", "День"),
    "school_year": open_field("integer", "Учебный год (календарный год его начала)"),
    "school_quarter": open_field("text", "Учебная четверть (код периода), если день входит в неё"),
    "calendar_year": open_field("integer", "Календарный год"),
    "calendar_quarter": open_field("integer", "Календарный квартал"),
    "month_number": open_field("integer", "Месяц"),
    "month_start": open_field("date", "Первое число месяца"),
    "iso_year": open_field("integer", "Год недели по ИСО 8601"),
    "iso_week": open_field("integer", "Неделя по ИСО 8601"),
    "iso_weekday": open_field("integer", "День недели (1 – понедельник)"),
    "is_school_day": open_field("boolean", "Учебный день пятидневной недели; пусто – календарь учебного года не задан"),
    "day_off_reason": open_field("text", "Почему день не учебный"),
    "first_day": open_field("date", "Первый день"),
    "last_day": open_field("date", "Последний день (включительно)"),
    "lessons_from": open_field("date", "Занятия с"),
    "lessons_to": open_field("date", "Занятия по (включительно)"),
    "is_current": open_field("boolean", "Действует на отчётную дату"),
    "period_kind": open_field("text", "Вид периода: Q – четверть, T – триместр, H – полугодие, Y – год"),
    "uftt_code": open_field("text", "Код УФТТ, если известен"),
    "grade_from": open_field("integer", "Классы с"),
    "grade_to": open_field("integer", "Классы по (включительно)"),
    "mark_count": open_field("integer", "Текущих отметок"),
    "mark_sum": open_field("integer", "Сумма текущих отметок"),
    "debt_count": open_field("integer", "Долгов («точек»)"),
    "programme_name": open_field("text", "Уровень образования"),
}

TITLES: dict[str, str] = {
    "dim_date": "Измерение «День»: строка – день; учебный год, четверть, неделя, учебный ли день и почему нет",
    "dim_grade": "Измерение «Класс»: строка – параллель 1–12 (0 – дошкольная группа) с уровнем образования",
    "dim_municipality": "Измерение «Муниципальное образование»: строка – одно из 23",
    "dim_organisation": "Измерение «Организация» с историей: строка – состояние организации с даты по дату",
    "dim_period": "Измерение «Учебный период»: строка – четверть, триместр, полугодие или год одного учебного года",
    "dim_programme": "Измерение «Уровень образования»: строка – вид программы",
    "dim_school_year": "Измерение «Учебный год»: строка – учебный год",
    "dim_subject": "Измерение «Предмет»: строка – предмет",
    "fact_attendance": "Факт «Пропуск»: строка – пропущенный урок или опоздание одного ребёнка",
    "fact_enrolment": "Факт «Обучение»: строка – промежуток обучения ребёнка в одном классе одной организации",
    "fact_exam": "Факт «Экзамен»: строка – результат студента по дисциплине и семестру",
    "fact_final_mark": "Факт «Итоговая отметка»: строка – отметка ребёнка по предмету за период",
    "fact_mark": "Факт «Отметка»: строка – текущая отметка или долг ребёнка за одну работу",
    "mark_month": "Текущие отметки по организациям, предметам и месяцам: сколько, сумма, долги",
    "fact_residence": "Факт «Регистрация»: строка – регистрация ребёнка по одному месту с даты по дату",
}
