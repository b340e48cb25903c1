"""Columns and titles of the marts on dimensions and facts of the star schema."""

from __future__ import annotations

from schemas.fields import Field

FIELDS: dict[str, Field] = {}

TITLES: dict[str, str] = {}
