"""Invented insurance numbers: all begin with 9, where no real number has been issued, and have a true control number."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region.chance import Array

_WEIGHTS = np.arange(9, 0, -1)
_STEP, _SPAN = 38_196_601, 100_000_000
"""The step has no factor in common with the span, so different serials give different numbers."""


def control(bodies: Array) -> Array:
    """Control numbers (0..99) of nine-digit bodies."""
    digits = bodies[:, None] // 10 ** np.arange(8, -1, -1) % 10
    checked: Array = (digits * _WEIGHTS).sum(axis=1) % 101 % 100
    return checked


def text(bodies: Array, shift: Array | int = 0) -> Array:
    """Eleven digits; a shift other than 0 breaks the control number."""
    whole = bodies * 100 + (control(bodies) + shift) % 100
    return whole.astype("U11").astype(object)


def bodies(serials: Array) -> Array:
    """Nine-digit bodies, one for each serial below one hundred million."""
    return 900_000_000 + serials.astype(np.int64) * _STEP % _SPAN


def numbers(serials: Array) -> Array:
    """Valid numbers, one for each serial."""
    return text(bodies(serials))


def mistyped(values: Array) -> Array:
    """The numbers with their control number made wrong."""
    whole = values.astype(np.int64)
    return (whole // 100 * 100 + (whole + 7) % 100).astype("U11").astype(object)


def mistyped_valid(values: Array) -> Array:
    """Other numbers that are valid too: two digits change so that the weighted sum stays."""
    body = values.astype(np.int64) // 100
    digits = body[:, None] // 10 ** np.arange(8, -1, -1) % 10
    fourth, eighth = digits[:, 5], digits[:, 1]  # weights 4 and 8
    up = (eighth < 9) & (fourth >= 2)
    down = ~up & (eighth >= 1) & (fourth <= 7)
    change = 10**7 - 2 * 10**3
    third, sixth = digits[:, 6], digits[:, 3]  # weights 3 and 6, where the first pair cannot move
    other = np.where((sixth < 9) & (third >= 2), 10**5 - 2 * 10**2, np.where((sixth >= 1) & (third <= 7), -(10**5) + 2 * 10**2, 0))
    return text(body + np.where(up, change, np.where(down, -change, other)))


def dashed(values: Array, mask: Array) -> Array:
    """Numbers as a person types them: `900-000-000 00` where the mask says so."""
    return np.array([f"{v[:3]}-{v[3:6]}-{v[6:9]} {v[9:]}" if m and v else v for v, m in zip(values, mask, strict=True)], dtype=object)
