"""What a place in a delivery is: the member, the bytes, and each value in them with the raw column it was read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FRAGMENT = 1 << 20
"""Bytes of one fragment at most; what is longer is cut."""
Kind = Literal["xml", "json", "csv", "xlsx"]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value inside a fragment: its bytes `start`..`end`, counted from the fragment, and the raw column it is (None: no map knows it)."""

    start: int
    end: int
    column: str | None
    text: str = field(repr=False)
    """As a reader would give it: entities, escapes and quotes undone."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a row stands; offsets count decompressed bytes as received."""

    member: str
    """Of the conversation, `!` before an entry of an archive; empty when the delivery is the file itself."""
    kind: Kind
    path: str
    """Element and its number, path of keys, line or row."""
    offset: int
    """From the first byte of the member."""
    length: int
    delivery_offset: int | None
    """From the first byte of the delivery; None inside an archive."""
    encoding: str
    fragment: bytes = field(repr=False)
    values: tuple[Value, ...] = field(repr=False)
    also: tuple[Place, ...] = ()
    """What the row takes from elsewhere in the same delivery: the question, a title, a shared string."""

    @property
    def is_cut(self) -> bool:
        """Whether the fragment is only the beginning."""
        return len(self.fragment) < self.length

    @property
    def whole(self) -> tuple[Place, ...]:
        """This place and those beside it."""
        return self, *self.also


def shown(place: Place, hidden: str, keep: frozenset[Value] | None = None) -> str:
    """The fragment as text; with `keep`, every value that is not in it reads `hidden`.

    A cut fragment is masked like a whole one: what follows its last value is left out.
    """
    if keep is None:
        return place.fragment.decode(place.encoding, "replace")
    parts, at = [], 0
    for value in place.values:
        parts.append(place.fragment[at:value.start].decode(place.encoding, "replace"))
        parts.append(place.fragment[value.start:value.end].decode(place.encoding, "replace") if value in keep else hidden)
        at = value.end
    if not place.is_cut:
        parts.append(place.fragment[at:].decode(place.encoding, "replace"))
    return "".join(parts)
