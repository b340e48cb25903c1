"""Columns and titles of marts, area by area."""

from __future__ import annotations

from schemas.fields import Field
from schemas.mart_areas import benefits, places, progress, publication, school, services, star, universities

_AREAS = (benefits, places, progress, publication, school, services, star, universities)
FIELDS: dict[str, Field] = {name: field for area in _AREAS for name, field in area.FIELDS.items()}
TITLES: dict[str, str] = {name: title for area in _AREAS for name, title in area.TITLES.items()}
