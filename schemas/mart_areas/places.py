"""Columns and titles of the marts on kindergartens and the demand for places."""

from __future__ import annotations

from schemas.fields import Field

FIELDS: dict[str, Field] = {}

TITLES: dict[str, str] = {}
