"""Lives the stories of many worlds day by day through the engine, each day linked as a part, as a whole, and from nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pyarrow as pa

from tests.transforms.linkage import constraints
from tests.transforms.linkage.registry import WORLD, WORLDS, Keys, Number, Part, World
from tests.transforms.linkage.worlds import Event, Row, Story
from transforms.linkage.keys import link_keys
from transforms.linkage.link import LinkResult, link


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A rule that did not hold: in which story, after which step, and what was seen."""

    story: int
    step: int
    rule: str
    seen: object


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one linking says of one world, with records by their number and pupils by their final id."""

    links: dict[Number, Row]
    reviews: dict[Number, list[Row]]
    redirects: dict[int, int]


def live(stories: Sequence[Story], seed: int = 0) -> list[Broken]:
    """Live up to WORLDS stories side by side; each world stops at the first step that breaks a rule."""
    assert len(stories) <= WORLDS
    random = Random(seed)  # noqa: S311
    worlds = [World(world=number) for number in range(len(stories))]
    found: list[Broken] = []
    for step in range(max(map(len, stories))):
        ended = {broken.story for broken in found}
        living = [world for world in worlds if world.world not in ended and step < len(stories[world.world])]
        if living:
            events = {world.world: stories[world.world][step] for world in living}
            found += [Broken(story=world, step=step, rule=rule, seen=seen) for world, rule, seen in _day(living, events, random)]
    return found


def _day(worlds: list[World], events: dict[int, tuple[Event, ...]], random: Random) -> Iterator[tuple[int, str, object]]:
    changed = {world.world: world.happen(events[world.world]) for world in worlds}
    keys = _keys(Part.of(worlds, changed), random)
    touched = {world.world: world.closure(changed[world.world], keys[world.world]) for world in worlds}
    part, whole, anew = Part.of(worlds, touched), Part.of(worlds), Part.in_other_order(worlds, random)
    answers = [_link(part, random), _link(whole, random), _link(anew, random, with_previous=False)]
    before = {world.world: dict(world.links) for world in worlds}
    rebuilt, scratch = _told(whole, answers[1]), _told(anew, answers[2])
    increment = _told(part, answers[0])
    for world in worlds:
        everyone = set(world.ids)
        whole_told = _after(world, rebuilt[world.world], everyone)
        _keep(world, _after(world, increment[world.world], touched[world.world]))
        for number in changed[world.world]:
            world.keys[number] = keys[world.world].get(number, {})
        for rule, seen in _differences(world, whole_told, scratch[world.world]):
            yield world.world, rule, seen
    verdicts = constraints.compared(whole.records(random), whole.validations(), _pupils(worlds))
    for world in worlds:
        for rule, seen in (*constraints.broken(world, verdicts), *constraints.ids_gone_astray(before[world.world], world)):
            yield world.world, rule, seen


def _keys(part: Part, random: Random) -> dict[int, dict[Number, Keys]]:
    """Of each world, the keys of each record; they never lead from one world to another."""
    numbers = _numbers(part)
    keys: dict[int, dict[Number, Keys]] = defaultdict(lambda: defaultdict(dict))
    for row in link_keys(part.records(random), validations=part.validations()).to_pylist():
        world, number = numbers[row["record_id"]]
        keys[world][number][row["key"]] = row.get("is_block", False)
    owner: dict[str, int] = {}
    for world, records in keys.items():
        assert all(owner.setdefault(key, world) == world for stated in records.values() for key in stated), "two worlds of this test share a linking key"
    return keys


def _numbers(part: Part) -> dict[int, tuple[int, Number]]:
    """World and number of each record id."""
    return {record_id: (world, number) for world, ids in part.ids.items() for number, record_id in ids.items()}


def _link(part: Part, random: Random, *, with_previous: bool = True) -> LinkResult:
    return link(part.records(random), previous=part.previous() if with_previous else None, decisions=part.decisions(), validations=part.validations(),
                one_record_sources=constraints.ONE_RECORD)


def _told(part: Part, result: LinkResult) -> dict[int, Told]:
    numbers = _numbers(part)
    final = _final_ids(part, result.links)
    told = {world.world: Told(links={}, reviews=defaultdict(list), redirects={}) for world in part.worlds}
    for row in result.links.to_pylist():
        world, number = numbers[row["record_id"]]
        evidence = row["evidence_record_id"]
        told[world].links[number] = {"pupil": final[row["pupil_id"]], "rule": row["rule"], "weight": row["weight"], "status": row["status"],
                                     "evidence": evidence and numbers[evidence][1]}
    for row in result.reviews.to_pylist():
        world, number = numbers[row["record_id"]]
        told[world].reviews[number].append({"pupil": final[row["candidate_pupil_id"]], "weight": row["weight"], "reasons": row["reasons"],
                                            "compared": numbers[row["candidate_record_id"]][1]})
    for rows in (rows for each in told.values() for rows in each.reviews.values()):
        rows.sort(key=lambda row: row["pupil"])
    for row in result.redirects.to_pylist():
        told[row["pupil_id"] // WORLD - 1].redirects[row["pupil_id"]] = row["redirect_to"]
    return told


def _final_ids(part: Part, links: pa.Table) -> dict[int, int]:
    """Pupil ids as the warehouse would give them: the new ones of each world are numbered in the order -1, -2, …"""
    numbers = _numbers(part)
    final: dict[int, int] = {}
    following = {world.world: (world.world + 1) * WORLD + len(world.given) for world in part.worlds}
    for row in sorted(links.to_pylist(), key=lambda row: -row["pupil_id"]):
        pupil, world = row["pupil_id"], numbers[row["record_id"]][0]
        if pupil < 0 and pupil not in final:
            following[world] += 1
        final[pupil] = final.get(pupil, following[world]) if pupil < 0 else pupil
    return final


def _after(world: World, told: Told, touched: set[Number]) -> Told:
    """The world's links, reviews and redirects once the warehouse has applied what was told of the touched records."""
    links = {number: row for number, row in world.links.items() if number not in touched} | told.links
    reviews = {number: rows for number, rows in world.reviews.items() if number not in touched} | told.reviews
    living = {row["pupil"] for row in told.links.values()}
    redirects = {old: new for old, new in world.redirects.items() if old not in living} | told.redirects
    redirects = {old: told.redirects.get(new, new) for old, new in redirects.items()}
    return Told(links=links, reviews=reviews, redirects=redirects)


def _keep(world: World, told: Told) -> None:
    world.links, world.reviews, world.redirects = told.links, told.reviews, told.redirects
    world.given |= {row["pupil"] for row in told.links.values()}


def _differences(world: World, rebuilt: Told, scratch: Told) -> Iterator[tuple[str, object]]:
    kept = Told(links=world.links, reviews=world.reviews, redirects=world.redirects)
    whole = constraints.partition(kept.links)
    for name, other in (("a full rebuild", rebuilt), ("a rebuild from nothing in another order", scratch)):
        if (parts := constraints.partition(other.links)) != whole:
            yield f"the partition differs from {name}", (_apart(whole, parts), _apart(parts, whole))
            return
    for what in ("links", "reviews", "redirects"):
        if getattr(kept, what) != getattr(rebuilt, what):
            yield f"{what} differ from a full rebuild", _unequal(getattr(kept, what), getattr(rebuilt, what))
    for what, mine, other in zip(("links", "reviews"), _nameless(kept), _nameless(scratch), strict=True):
        if mine != other:
            yield f"{what} differ from a rebuild from nothing in another order", _unequal(mine, other)


def _nameless(told: Told) -> tuple[dict[Number, object], dict[Number, object]]:
    """Links and reviews with each pupil named by its records, not by its id."""
    members: dict[int, set[Number]] = defaultdict(set)
    for number, link_ in told.links.items():
        members[link_["pupil"]].add(number)
    return ({number: row | {"pupil": sorted(members[row["pupil"]])} for number, row in told.links.items()},
            {number: sorted((row | {"pupil": sorted(members[row["pupil"]])} for row in rows), key=repr) for number, rows in told.reviews.items()})


def _apart(parts: constraints.Partition, others: constraints.Partition) -> list[list[Number]]:
    return sorted(sorted(part) for part in parts - others)


def _unequal(mine: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    return {key: (mine.get(key), other.get(key)) for key in mine.keys() | other.keys() if mine.get(key) != other.get(key)}


def _pupils(worlds: list[World]) -> list[list[int]]:
    pupils: dict[int, list[int]] = defaultdict(list)
    for world in worlds:
        for number, row in world.links.items():
            pupils[row["pupil"]].append(world.ids[number])
    return list(pupils.values())
