"""Chance that is always the same: generators by purpose, and a hash that turns keys into even numbers."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Columns = dict[str, Array]


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator of its own for each purpose, so that a draw added to one never moves another."""
    words = [part if isinstance(part, int) else crc32(part.encode()) for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def pick(rng: np.random.Generator, values: Array, weights: Array, count: int) -> Array:
    """`count` values drawn with the given weights."""
    edges = np.cumsum(weights, dtype=float)
    drawn: Array = values[np.searchsorted(edges, rng.random(count) * edges[-1], side="right").clip(0, len(values) - 1)]
    return drawn


def mix(keys: Array) -> Array:
    """SplitMix64 of unsigned 64-bit keys: even, and the same on every machine."""
    state = (keys + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def key(*parts: str | int) -> np.uint64:
    """One 64-bit key of texts and numbers."""
    text = "|".join(map(str, parts)).encode()
    return np.uint64((crc32(text) << 32) | crc32(text[::-1]))


def keys(texts: Array) -> Array:
    """A 64-bit key for each text."""
    return np.fromiter((key(text) for text in texts), dtype=np.uint64, count=len(texts))


def share(hashes: Array) -> Array:
    """Hashes as even numbers in [0, 1)."""
    return (hashes >> np.uint64(11)).astype(float) / float(1 << 53)


def where(mask: Array, yes: Any, no: Any) -> Array:
    """`numpy.where` that keeps texts as objects and None as None."""
    result = np.array(np.broadcast_to(np.asarray(no, dtype=object), mask.shape), dtype=object, copy=True)
    result[mask] = np.broadcast_to(np.asarray(yes, dtype=object), mask.shape)[mask]
    return result


def has(values: Array) -> Array:
    """Which values are there (not None)."""
    return np.fromiter((value is not None for value in values), dtype=bool, count=len(values))


def take(columns: Columns, rows: Array) -> Columns:
    """The chosen rows of every column."""
    return {name: column[rows] for name, column in columns.items()}
