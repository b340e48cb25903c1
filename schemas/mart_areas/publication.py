"""Columns and titles of the marts on published tables and what protects them."""

from __future__ import annotations

from schemas.fields import Field

FIELDS: dict[str, Field] = {}

TITLES: dict[str, str] = {
    "open_school_age": "Дети 7–17 лет по муниципальному образованию, возрасту, полу и обучению: источник открытых данных, до защиты малых чисел",
}
