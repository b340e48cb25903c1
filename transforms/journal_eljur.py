"""«ЭлЖур»: its five-point equivalent (`convert`) stands in the common shape."""

from __future__ import annotations

from transforms.journal import clean

__all__ = ["clean"]
