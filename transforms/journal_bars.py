"""«БАРС. Электронная школа»: tags and U+200B inside strings fall to the common cleaning."""

from __future__ import annotations

from transforms.journal import clean

__all__ = ["clean"]
