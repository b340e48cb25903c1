"""Files of schools and kindergartens: the layout already gave them the common shape."""

from __future__ import annotations

from transforms.journal import clean

__all__ = ["clean"]
