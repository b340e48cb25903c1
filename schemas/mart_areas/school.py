"""Columns and titles of the marts on classes, movement and results."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

FIELDS: dict[str, Field] = {
    "class_shift": open_field("integer", "Смена класса (та, в которую учится больше детей)"),
    "shift_1_count": open_field("integer", "Обучаются в 1-ю смену"),
    "shift_2_count": open_field("integer", "Обучаются во 2-ю смену"),
    "shift_3_count": open_field("integer", "Обучаются в 3-ю смену"),
    "shift_unknown_count": open_field("integer", "Смена не указана"),
    "movement_period": open_field("text", "Период движения: school_year – с 1 сентября, twelve_months – между двумя 20 сентября"),
    "date_from": open_field("date", "Начало периода: на эту дату считается прежнее число"),
    "date_to": open_field("date", "Конец периода: на эту дату считается новое число"),
    "known_from": open_field("date", "День первой загрузки: с него выбывшие известны хранилищу"),
    "movement_event": open_field("text", "Событие движения: на начало, прибыл, выбыл, в класс, из класса, на конец"),
    "movement_kind": open_field("text", "Откуда прибыл или почему выбыл"),
    "event_date": quasi("date", "День события движения"),
    "is_regional": open_field("boolean", "Считается и для республики (переход внутри неё – нет)"),
    "period_result": quasi("text", "Итог периода: худшее из итоговых отметок ребёнка"),
}

TITLES: dict[str, str] = {
    "enrolment_told": "Зачисления в школы, о которых когда-либо сообщили журналы, в том числе ушедшие из списков",
    "movement": "Движение обучающихся по организациям и классам: на начало, прибыли, выбыли, на конец",
    "movement_event": "События движения по обучающимся",
    "movement_period": "Периоды движения: с 1 сентября и между двумя 20 сентября",
    "period_result": "Итоги последнего завершённого периода по классам и муниципалитетам",
    "pupil_result": "Итог последнего завершённого периода у каждого обучающегося",
    "school_class": "Классы на последнее 20 сентября: обучающиеся по сменам, местность (ОО-1, 2.4 и смены)",
}
