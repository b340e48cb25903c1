"""«Сетевой город»: its rows have the common shape already."""

from __future__ import annotations

from transforms.journal import clean

__all__ = ["clean"]
