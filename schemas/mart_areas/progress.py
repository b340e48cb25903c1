"""Columns and titles of the marts on marks, finals and attendance."""

from __future__ import annotations

from schemas.fields import Field

FIELDS: dict[str, Field] = {}

TITLES: dict[str, str] = {}
