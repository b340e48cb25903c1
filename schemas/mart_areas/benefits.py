"""Columns and titles of the marts on benefits and their evidence."""

from __future__ import annotations

from schemas.fields import Field

FIELDS: dict[str, Field] = {}

TITLES: dict[str, str] = {}
