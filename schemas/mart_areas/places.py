"""Columns and titles of the marts on kindergartens and the demand for places."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

FIELDS: dict[str, Field] = {
    "school_place_count": open_field("integer", "Мест в школах (в одну смену)"),
    "kindergarten_place_count": open_field("integer", "Мест в детских садах"),
    "placeless_count": open_field("integer", "Организаций без числа мест"),
    "birth_month": quasi("date", "Месяц рождения (первое число)"),
}

TITLES: dict[str, str] = {
    "preschool_roll": "Зачисления в дошкольные группы, действующие на дату формы 85-К",
    "preschool": "Дети дошкольных групп по организациям, группам и возрасту (форма 85-К, разделы 4 и 7)",
    "preschool_place": "Места детских садов и дети в дошкольных группах по организациям",
    "preschool_age_child": "Дети до 8 лет: место жительства, месяц рождения, посещает ли детский сад",
    "birth_cohort": "Дети до 18 лет по муниципалитетам проживания и месяцам рождения",
    "place_capacity": "Места школ и детских садов по муниципалитетам",
    "preschool_coverage": "Охват дошкольным образованием детей 1–6 лет по муниципалитетам",
}
