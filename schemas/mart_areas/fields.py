"""Kinds of columns that marts have, by how freely they may be shown."""

from __future__ import annotations

from schemas.fields import Field, Type


def open_field(type_: Type, title: str) -> Field:
    """A figure or name that tells of no child."""
    return Field(type=type_, title=title, sensitivity="open", purpose="отчётность", ground="273-ФЗ, ст. 97")


def quasi(type_: Type, title: str) -> Field:
    """A value of one child that names nobody by itself."""
    return Field(type=type_, title=title, sensitivity="quasi", purpose="учёт контингента и отчётность", ground="273-ФЗ, ст. 98")
