"""The rules of clerical review: which answer is proposed, who must speak, when a decision comes into force, what contradicts one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from schemas.review import Judgement, Need, Opinion, Voice, same_person

Agreement = Literal["equal", "differs", "one_missing"]

SURE = 10.0
"""Bits from which a near miss alone is proposed as the same child."""
CONTRADICTS_SAME, CONTRADICTS_DIFFERENT = 0.0, 20.0
"""Bits below which changed data speak against «same», and from which they speak against «different»."""
AGAINST = frozenset(("parent", "siblings", "stranger", "near_twin", "sex_differs", "given_name_differs", "birth_date_differs", "mother_differs",
                     "act_differs", "contradiction", "one_record_source"))
"""Reasons that mostly mean two children, under whatever rule they are named."""
SLIPS = "near"
"""The rule whose reasons name small differences between records that otherwise agree."""


def propose(reasons: Sequence[str], weight: float | None) -> Opinion:
    """The answer most people would give; `reasons` are codes `rule.reason`, `weight` is in bits. A person may think otherwise."""
    named = [reason.partition(".")[::2] for reason in reasons]
    if any(reason in AGAINST for _, reason in named):
        return "different"
    if named and all(rule == SLIPS for rule, _ in named) and (weight or 0) >= SURE:
        return "same"
    return "unsure"


def is_double(record_id: int, other_record_id: int, share: float) -> bool:
    """Whether a second person must decide this pair blind: by the pair alone, for `share` (0..1) of all pairs, whoever asks and whenever."""
    drawn = hashlib.sha256(f"kontingent second opinion {record_id}-{other_record_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") < share * 2**64


def judge(voices: Sequence[Voice], *, double: bool) -> Judgement:
    """What the opinions of one round, in the order given, amount to.

    One sure word is enough; of a double pair two persons' words must agree, else a third person's word is final. «unsure» decides nothing and takes
    back what the same person said before. Once two disagree, only a third is heard.
    """
    standing: list[Voice] = []
    for voice in voices:
        mine = [held for held in standing if same_person(held.person, voice.person)]
        if len(standing) == 2 and mine:
            continue
        standing = [held for held in standing if held not in mine] + ([voice] if voice.opinion != "unsure" else [])
        if verdict := _verdict(standing, double=double):
            carrying = tuple(held for held in standing if held.opinion == verdict)
            return Judgement(verdict=verdict, need=None, standing=carrying)
    needs: tuple[Need, ...] = ("first", "second", "third")
    return Judgement(verdict=None, need=needs[len(standing)], standing=tuple(standing))


def compare(left: Mapping[str, Any], right: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Agreement]:
    """Which of the columns agree, differ or are known of one record only; columns unknown of both are left out."""
    return {column: _agreement(left.get(column), right.get(column)) for column in columns
            if left.get(column) is not None or right.get(column) is not None}


def is_contradicted(verdict: Opinion, weight: float) -> bool:
    """Whether the records as they are now (`weight` of the pair, bits) speak against a decision taken before they changed."""
    return weight < CONTRADICTS_SAME if verdict == "same" else weight >= CONTRADICTS_DIFFERENT


def _verdict(standing: Sequence[Voice], *, double: bool) -> Opinion | None:
    """The word that holds, if any: of three standing voices the last one is the third person's."""
    enough = {1: not double, 2: len({voice.opinion for voice in standing}) == 1, 3: True}
    return standing[-1].opinion if enough.get(len(standing), False) else None


def _agreement(left: Any, right: Any) -> Agreement:
    if left is None or right is None:
        return "one_missing"
    return "equal" if left == right else "differs"
