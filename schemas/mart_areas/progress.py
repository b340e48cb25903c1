"""Columns and titles of the marts on marks, finals and attendance."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

FIELDS: dict[str, Field] = {
    # --- calendar ---------------------------------------------------------------------------------------------------
    "year_start": open_field("date", "Начало учебного года (1 сентября)"),
    "is_school_day_of_six": open_field("boolean", "Учебный день шестидневной недели"),
    "day_number": open_field("integer", "Учебных дней с 1 сентября (пятидневная неделя)"),
    "day_number_of_six": open_field("integer", "Учебных дней с 1 сентября (шестидневная неделя)"),
    "last_school_year": quasi("integer", "Последний учебный год зачисления (год его начала)"),
    "month": open_field("date", "Месяц (первое число)"),
    "period_title": open_field("text", "Период и учебный год"),
    "class_name": open_field("text", "Класс: параллель и литера"),
    "period_end": open_field("date", "Последний день периода"),
    "period_place": open_field("integer", "Порядок периода в учебном году"),
    "is_latest": open_field("boolean", "Последний оконченный период класса"),
    # --- final marks ------------------------------------------------------------------------------------------------
    "subject_title": open_field("text", "Предмет: название из справочника или, если код неизвестен, название школы"),
    "outcome": quasi("text", "Итог: five, four, three, two, not_attested, credit, other"),
    "five_count": open_field("integer", "Отметок «5»"),
    "four_count": open_field("integer", "Отметок «4»"),
    "three_count": open_field("integer", "Отметок «3»"),
    "two_count": open_field("integer", "Отметок «2» и «1»"),
    "not_attested_count": open_field("integer", "Не аттестован (н/а)"),
    "credit_count": open_field("integer", "Зачёт"),
    "other_mark_count": open_field("integer", "Иной итог (например, «освобождён»)"),
    "mark_sum": open_field("integer", "Сумма отметок"),
    "russian_two_count": quasi("integer", "Неудовлетворительных отметок по русскому языку"),
    "mathematics_two_count": quasi("integer", "Неудовлетворительных отметок по математике, алгебре и геометрии"),
    "standing": quasi("text", "Итог ребёнка за период: excellent, one_four, good, one_three, with_threes, failing, not_attested, unmarked"),
    # --- attendance -------------------------------------------------------------------------------------------------
    "ill_count": open_field("integer", "Пропущено уроков по болезни"),
    "valid_count": open_field("integer", "Пропущено уроков по уважительной причине"),
    "absent_count": open_field("integer", "Пропущено уроков без причины"),
    "late_count": open_field("integer", "Опозданий"),
    "missed_count": quasi("integer", "Пропущено уроков всего, без опозданий"),
    "school_day_count": quasi("integer", "Учебных дней, в которые ребёнок числился"),
    "least_lessons": quasi("decimal", "Уроков при наименьшей нагрузке класса"),
    "least_lesson_count": quasi("integer", "Уроков при наименьшей нагрузке класса, округлено"),
    "unexcused_day_count": quasi("integer", "Наибольшее число учебных дней подряд с пропуском без причины"),
    "school_change_count": quasi("integer", "Смен школы с начала учебного года"),
    "is_load_known": quasi("boolean", "Нагрузка класса известна"),
    "is_tenth_missed": quasi("boolean", "Пропущено 10 % уроков и больше"),
    "is_absent_three_days": quasi("boolean", "Три учебных дня подряд и больше с пропуском без причины"),
    "is_failing_russian": quasi("boolean", "Неудовлетворительная отметка по русскому языку"),
    "is_failing_mathematics": quasi("boolean", "Неудовлетворительная отметка по математике, алгебре или геометрии"),
    "is_school_changed": quasi("boolean", "Сменил школу с начала учебного года"),
}

TITLES: dict[str, str] = {
    "absence_counted": "Пропуски и опоздания учебного года, каждый урок один раз",
    "attendance_month": "Пропуски по классам, месяцам и причинам",
    "class_member": "Записи журналов по классам: чьи отметки и пропуски к какому классу относятся",
    "current_pupil": "Обучающиеся на отчётную дату: учебные дни и наименьшее число уроков с 1 сентября",
    "final_counted": "Итоговые отметки оконченных периодов, каждая один раз",
    "progress_pupil": "Итоги детей за период: сколько каких отметок",
    "progress_subject": "Итоговые отметки по классам и предметам",
    "pupil_signal": "Обучающиеся и признаки, требующие внимания: причины, а не балл",
    "school_day": "Дни учебного года: учебный ли день и какой по счёту",
}
