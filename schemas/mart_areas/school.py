"""Columns and titles of the marts on classes, movement and results."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field

FIELDS: dict[str, Field] = {
    "class_shift": open_field("integer", "Смена класса (та, в которую учится больше детей)"),
    "shift_1_count": open_field("integer", "Обучаются в 1-ю смену"),
    "shift_2_count": open_field("integer", "Обучаются во 2-ю смену"),
    "shift_3_count": open_field("integer", "Обучаются в 3-ю смену"),
    "shift_unknown_count": open_field("integer", "Смена не указана"),
}

TITLES: dict[str, str] = {
    "school_class": "Классы на последнее 20 сентября: обучающиеся по сменам, местность (ОО-1, 2.4 и смены)",
}
