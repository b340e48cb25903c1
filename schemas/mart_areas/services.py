"""Columns and titles of the marts on the services for parents."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas.fields import open_field, quasi

FIELDS: dict[str, Field] = {
    "mark_count": quasi("integer", "Отметок с начала учебного года"),
    "average_mark": quasi("decimal", "Средняя отметка с начала учебного года, без весов"),
    "last_mark_date": quasi("date", "Последняя отметка"),
    "debt_count": quasi("integer", "Долгов («точек»)"),
    "free_count": open_field("integer", "Свободных мест в одну смену (отрицательное – детей больше, чем мест)"),
}

TITLES: dict[str, str] = {
    "consent_now": "Согласия, действующие на отчётную дату, по целям",
    "service_progress": "Услуга «Успеваемость»: отметки и пропуски детей, о которых есть согласие на доступ к журналу",
    "service_enrolment": "Услуга «Зачисление»: места, дети и свободные места организаций",
    "service_programmes": "Услуга «Образовательные программы»: программы организаций и число обучающихся",
}
