"""The rules of clerical review: proposals, how many must agree, what contradicts a decision."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.review import Judgement, Opinion, Voice
from transforms.review import compare, is_contradicted, is_double, judge, propose


def judged(*said: str, double: bool = False) -> Judgement:
    """Voices drawn as `person:opinion`."""
    voices = [Voice(opinion_id=number, opinion=word.partition(":")[2], person=word.partition(":")[0], reason="")  # type: ignore[arg-type]
              for number, word in enumerate(said, 1)]
    return judge(voices, double=double)


@pytest.mark.parametrize(("reasons", "weight", "answer"), [
    (("snils.parent", "snils.birth_date_differs"), 25, "different"),
    (("certificate.siblings",), 23, "different"),
    (("near.birth_date",), 14, "same"),
    (("near.birth_date",), 6, "unsure"),
    (("near.birth_date", "name.not_unique"), 14, "unsure"),
    (("name.not_unique",), 12, "unsure"),
    (("snils.several_slips",), 25, "unsure"),
    (("decision.data_changed",), None, "unsure"),
    ((), 40, "unsure"),
])
def test_what_is_proposed_follows_from_reasons_and_weight(reasons: tuple[str, ...], weight: float | None, answer: Opinion) -> None:
    assert propose(reasons, weight) == answer


def test_one_sure_word_is_enough_for_most_pairs() -> None:
    assert judged("a:same").verdict == "same"
    assert judged("a:unsure").need == "first"
    assert judged("a:unsure", "b:different").verdict == "different"


def test_a_double_pair_needs_two_persons_who_agree() -> None:
    assert judged("a:same", double=True).need == "second"
    assert judged("a:same", "b:same", double=True).verdict == "same"
    assert judged("a:same", "a:same", double=True).need == "second", "one person is one voice"
    assert judged("Анна Б.:same", " анна  б.:same", double=True).need == "second", "however they spell their name"
    assert judged("a:same", "b:unsure", double=True).need == "second"


def test_a_dispute_is_ended_by_a_third_person_and_by_nobody_else() -> None:
    assert judged("a:same", "b:different", double=True).need == "third"
    assert judged("a:same", "b:different", "a:different", double=True).need == "third"
    assert judged("a:same", "b:different", "c:unsure", double=True).need == "third"
    assert judged("a:same", "b:different", "c:different", double=True).verdict == "different"
    assert [voice.person for voice in judged("a:same", "b:different", "c:different", double=True).standing] == ["b", "c"]


def test_a_person_may_take_their_own_word_back() -> None:
    assert judged("a:same", "a:different", "b:different", double=True).verdict == "different"
    assert judged("a:same", "a:unsure", double=True).need == "first"


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["same", "different", "unsure"])), max_size=8), st.booleans())
def test_a_verdict_is_the_word_of_enough_different_persons(said: list[tuple[str, str]], double: bool) -> None:
    result = judged(*(f"{person}:{word}" for person, word in said), double=double)
    assert (result.verdict is None) != (result.need is None)
    assert result.verdict != "unsure"
    if result.verdict and double:
        assert len({voice.person for voice in result.standing}) == 2
        assert {voice.opinion for voice in result.standing} == {result.verdict}


def test_which_pairs_two_must_decide_depends_on_the_pair_alone_and_their_share_is_as_set() -> None:
    pairs = list(itertools.combinations(range(1, 201), 2))
    drawn = {pair for pair in pairs if is_double(*pair, 0.05)}
    assert 0.04 < len(drawn) / len(pairs) < 0.06
    assert drawn <= {pair for pair in pairs if is_double(*pair, 0.2)}, "a larger share adds pairs, it drops none"
    assert not any(is_double(*pair, 0.0) for pair in pairs)
    assert all(is_double(*pair, 1.0) for pair in pairs)


def test_fields_are_compared_without_those_nobody_knows() -> None:
    assert compare({"a": 1, "b": 2, "c": None, "d": None}, {"a": 1, "b": 3, "c": 4, "d": None}, ("a", "b", "c", "d")) == {
        "a": "equal", "b": "differs", "c": "one_missing"}


def test_a_decision_is_contradicted_only_by_data_that_clearly_say_the_other() -> None:
    assert [is_contradicted("same", weight) for weight in (-3, 3, 30)] == [True, False, False]
    assert [is_contradicted("different", weight) for weight in (-3, 3, 30)] == [False, False, True]
