"""What clerical review is about: cases, opinions, and what follows from them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from schemas.errors import KontingentError

Opinion = Literal["same", "different", "unsure"]
Kind = Literal["review", "raised", "sample", "decided"]
Need = Literal["first", "second", "third"]

OPINIONS: dict[Opinion, str] = {"same": "один ребёнок", "different": "разные дети", "unsure": "не могу решить"}
SAMPLE = "sample"
"""How batches of the clerical sample begin: opinions of theirs measure the machine, they decide nothing."""
SAMPLE_CONTRADICTS = "sample.contradicts"
DECISION_NOT_OBEYED = "decision.not_obeyed"
DECISION_DATA_CHANGED = "decision.data_changed"


class ReviewRefused(KontingentError):
    """An answer cannot be taken as given: the case is closed, another person is needed, a word is unknown."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Two records a person is asked about; `record_id` is the smaller. `reasons` are codes of `link_reasons`."""

    record_id: int
    other_record_id: int
    kind: Kind
    version: int
    """Of the warehouse when the question arose."""
    review_id: int | None = None
    weight: float | None = None
    reasons: tuple[str, ...] = ()
    decision_id: int | None = None
    """The latest decision on the pair, if any: an answer given to an older state of the case is refused."""

    @property
    def key(self) -> str:
        """How people and forms name the case: `17-42`."""
        return f"{self.record_id}-{self.other_record_id}"

    @property
    def is_blind(self) -> bool:
        """Of a sampled pair nobody sees what the machine thinks of it."""
        return self.kind == "sample"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One opinion on one pair, of the round since its last decision."""

    opinion_id: int
    opinion: Opinion
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the voices of one round amount to: a verdict with those who carry it, or whose word is needed next."""

    verdict: Opinion | None
    need: Need | None
    standing: tuple[Voice, ...]
    """The latest word of each person who is sure."""

    def has_spoken(self, person: str) -> bool:
        """Whether this person's word stands in the round."""
        return any(same_person(voice.person, person) for voice in self.standing)


def same_person(name: str, other: str) -> bool:
    """One name written twice is one person: case, spaces, dots, ё, Latin letters of a Russian look, order and initials make no other of them.

    In doubt it is one person: a second opinion asked for once more costs less than one that was not independent.
    """
    fewer, more = sorted((_words(name), _words(other)), key=len)
    if len(fewer) < 2:
        return fewer == more
    return all(any(word == whole or (1 in (len(word), len(whole)) and word[0] == whole[0]) for whole in more) for word in fewer)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold().translate(_LOOKALIKES))


_LOOKALIKES = str.maketrans("aceopxykmthbё", "асеорхукмтнве")
