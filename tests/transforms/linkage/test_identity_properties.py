"""Identity in many drawn worlds: part = whole = anew in any order, ids that go on, constraints that hold, day after day.

`make property` lives 10,000 worlds; `make test` a few hundred. A failure prints the story made short, alone in its registry.
"""

from __future__ import annotations

import os

import pytest

from tests.transforms.linkage import days, shorten, worlds

WORLDS = int(os.environ.get("KONTINGENT_PROPERTY_WORLDS", "60"))
SEED = int(os.environ.get("KONTINGENT_PROPERTY_SEED", "1"))
BATCH = 200


@pytest.mark.parametrize("batch", range(-(-WORLDS // BATCH)))
def test_identity_keeps_its_rules_whatever_arrives_is_corrected_goes_or_is_decided(batch: int) -> None:
    stories = worlds.drawn(min(BATCH, WORLDS - batch * BATCH), seed=SEED * 100_000 + batch * 1000)
    broken = days.live(stories, seed=batch)
    if broken:
        pytest.fail(_told(stories, broken), pytrace=False)


def test_a_broken_rule_is_told_by_a_short_story() -> None:
    twin = {"family": "ИВАНОВ", "given": "ДАНИИЛ", "patronymic": "БАТОРОВИЧ", "born": (2, 3, 5), "snils": 1}
    story = ((("put", 2, twin), ("put", 3, twin | {"given": "ЕГОР", "snils": 2}), ("put", 6, twin)), (("leave", 3),))
    assert days.live([story]) == []
    shorter = [each for each in shorten.abridged(story) if ("put", 6, twin) in each[0]]
    assert all(shorten.size(each) < shorten.size(story) for each in shorter)
    assert ((("put", 2, twin), ("put", 6, twin)), (("leave", 3),)) in shorter


def test_a_cannot_link_holds_against_a_chain_of_must_links() -> None:
    records = (("put", 1, {}), ("put", 7, {}), ("put", 10, {}))
    assert days.live([((*records, ("decide", 10, 7, "same"), ("decide", 7, 1, "same"), ("decide", 1, 10, "different")),)]) == []


def _told(stories: list[worlds.Story], broken: list[days.Broken]) -> str:
    """The first break of each rule, shortened."""
    first = {each.rule: each for each in reversed(broken)}
    return "\n".join([f"{len(broken)} breaks in {len(stories)} worlds", *(_short(stories[each.story], each) for each in first.values())])


def _short(story: worlds.Story, broken: days.Broken) -> str:
    found = shorten.shortened(story, broken.rule)
    if found is None:
        return f"{broken.rule}: not again when the world is alone; as drawn, step {broken.step}: {broken.seen}\n{shorten.told(story)}"
    return f"{broken.rule}, step {found[1].step}: {found[1].seen}\n{shorten.told(found[0])}"
