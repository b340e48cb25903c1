"""Finds keys a sender gave to other children: new rows against what the same keys said before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from transforms.engine import Engine

SIGNATURE = ("source_key", "family_name", "given_name", "patronymic", "birth_date", "snils", "birth_certificate")
"""What a person is told by; both tables have these columns."""
KNOWN_BEFORE, OTHERS, SHARE, MOST = 2, 3, 0.01, 0.5
"""A delivery renumbers when so many children are found again under each other's keys, or so many and such a share of its known keys, or most of them,
denote another child. One row alone is somebody's mistake."""


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """`keys`: source_key, matches_source_key (where that child was known before, or missing), rule; out of `known` keys that were known."""

    keys: pa.Table
    known: int

    @property
    def found_again(self) -> int:
        return int(self.keys.num_rows - self.keys["matches_source_key"].null_count)

    @property
    def share(self) -> float:
        return self.keys.num_rows / self.known if self.known else 0.0

    @property
    def is_renumbering(self) -> bool:
        others = self.keys.num_rows
        return self.found_again >= KNOWN_BEFORE or (others >= OTHERS and self.share >= SHARE) or (others > 1 and self.share >= MOST)


def swapped_keys(fresh: pa.Table, known: pa.Table) -> Swapped:
    """Compare person rows of a delivery with the records of the same source: those of the same keys and all of the same organisations.

    Columns: SIGNATURE; `known` also `is_listed` (the sender still has that key).
    """
    with Engine(Path(__file__).parent) as engine:
        engine.give("known", known)
        engine.give("fresh", fresh)
        engine.run("swapped_key")
        keys = engine.rows("swapped_key")
    return Swapped(keys=keys, known=len({*fresh["source_key"].to_pylist()} & {*known["source_key"].to_pylist()}))
