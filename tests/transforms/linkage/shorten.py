"""Makes a story that breaks a rule as short as it can be: all its one-change abridgements are lived at once, and the shortest that still breaks it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tests.transforms.linkage.days import Broken, live
from tests.transforms.linkage.registry import WORLDS
from tests.transforms.linkage.worlds import Event, Story


def shortened(story: Story, rule: str) -> tuple[Story, Broken] | None:
    """The shortest story found that breaks the rule, alone in its registry; None if it does not break it alone."""
    found = _breaks([story], rule)
    if found is None:
        return None
    while (next_ := _breaks(list(islice(abridged(found[0]), WORLDS)), rule)) is not None:
        found = next_
    return found


def told(story: Story) -> str:
    """The story, one event a line."""
    return "\n".join(f"  step {step}: {' '.join(map(str, event))}" for step, events in enumerate(story) for event in events)


def _breaks(stories: list[Story], rule: str) -> tuple[Story, Broken] | None:
    broken = [each for each in live(stories) if each.rule == rule] if stories else []
    return min(((stories[each.story], each) for each in broken), key=lambda pair: size(pair[0]), default=None)


def size(story: Story) -> tuple[int, int, int]:
    """Events, steps, stated values."""
    return sum(map(len, story)), len(story), sum(len(event[2]) for events in story for event in events if event[0] == "put")


def abridged(story: Story) -> Iterator[Story]:
    """Each story with one step, one event or one stated value less, or two steps made one."""
    for step, events in enumerate(story):
        before, after = story[:step], story[step + 1:]
        if before or after:
            yield (*before, *after)
        if after:
            yield (*before, (*events, *after[0]), *after[1:])
        for place in range(len(events)):
            rest = (*events[:place], *events[place + 1:])
            yield (*before, *([rest] if rest else []), *after)
    for step, events in enumerate(story):
        for place, event in enumerate(events):
            for plainer in _plainer(event):
                yield (*story[:step], (*events[:place], plainer, *events[place + 1:]), *story[step + 1:])


def _plainer(event: Event) -> Iterator[Event]:
    if event[0] == "put":
        kind, number, row = event
        yield from ((kind, number, {name: value for name, value in row.items() if name != left_out}) for left_out in row)
