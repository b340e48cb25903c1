"""What may never stand in one pupil, and how ids must go on, told from records and links alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import pyarrow as pa

import transforms.linkage
from tests.transforms.linkage.registry import Number, World, source_of
from tests.transforms.linkage.worlds import Row
from transforms.engine import Engine
from transforms.linkage import inputs
from transforms.linkage.compare import compare
from transforms.linkage.link import BIRTHPLACE_SOURCES

ONE_RECORD = ("zags_births", "pfr_snils")
HARD = 2
"""Level of contradiction of two records that cannot be one person."""
Partition = frozenset[frozenset[Number]]
Verdicts = dict[tuple[int, int], Row]
"""(record_id, record_id), the smaller first → level, birth, sex_contradicts, and whether the first, the second tell of a name change."""


def partition(links: dict[Number, Row]) -> Partition:
    """The numbers of the records of each pupil."""
    return frozenset(map(frozenset, _members(links).values()))


def compared(records: pa.Table, validations: pa.Table, pupils: Iterable[Iterable[int]]) -> Verdicts:
    """How the engine itself compares every two records of each pupil (record ids)."""
    pairs = [pair for pupil in pupils for pair in combinations(sorted(pupil), 2)]
    with Engine(Path(transforms.linkage.__file__).parent) as engine:
        inputs.give_records(engine, records)
        engine.give("validation", validations)
        inputs.give_reference(engine, ONE_RECORD, BIRTHPLACE_SOURCES)
        engine.run("name_form", "person", "twin_spelling")
        numbers = engine.rows("person").select(["record_id", "n", "has_previous"]).to_pylist()
        n = {row["record_id"]: row["n"] for row in numbers}
        back = {row["n"]: row for row in numbers}
        engine.give("asked", pa.Table.from_pylist([dict(zip("ab", sorted((n[a], n[b])), strict=True)) for a, b in pairs], _PAIR))
        compare(engine, "asked", "comparison")
        rows = engine.rows("comparison").select(["a", "b", "level", "birth", "sex_contradicts"]).to_pylist()
    return {tuple(sorted((back[row["a"]]["record_id"], back[row["b"]]["record_id"]))): row | {
        "changed": {back[end]["record_id"] for end in (row["a"], row["b"]) if back[end]["has_previous"]}} for row in rows}


_PAIR = pa.schema([("a", pa.int32()), ("b", pa.int32())])


def broken(world: World, verdicts: Verdicts) -> Iterator[tuple[str, object]]:
    """Each constraint that the links of the world break: its name, and the records."""
    decided = _decided(world)
    for pupil in _members(world.links).values():
        for a, b in combinations(sorted(pupil), 2):
            is_decided = decided.get(a, a) == decided.get(b, b)
            if not is_decided and _same_slot(world, a, b):
                yield "two records of a one-record source in one pupil", (a, b)
            if not is_decided and _is_hard(world, a, b, pupil, verdicts):
                yield "two records that contradict in one pupil", (a, b)
            if world.decisions.get((a, b)) == "different":
                yield "cannot-link is broken", (a, b)
    yield from _torn(world, decided)


def _torn(world: World, decided: dict[Number, Number]) -> Iterator[tuple[str, object]]:
    """Must-links that do not hold, though no cannot-link stands against the group they make."""
    against = {decided.get(a, a) for (a, b), verdict in world.decisions.items() if verdict == "different" and decided.get(a, a) == decided.get(b, b)
               and a in world.rows and b in world.rows}
    for (a, b), verdict in world.decisions.items():
        if (verdict == "same" and a in world.rows and b in world.rows and decided[a] not in against
                and world.links[a]["pupil"] != world.links[b]["pupil"]):
            yield "must-link is broken", (a, b)


def _decided(world: World) -> dict[Number, Number]:
    """The group of each record that people's must-links connect."""
    group: dict[Number, Number] = {}
    pairs = [pair for pair, verdict in world.decisions.items() if verdict == "same" and world.rows.keys() >= set(pair)]
    for _ in pairs:
        for a, b in pairs:
            group[a] = group[b] = min(group.get(a, a), group.get(b, b))
    return group


def _same_slot(world: World, a: Number, b: Number) -> bool:
    if "annulled" in (world.rows[a].get("status"), world.rows[b].get("status")):
        return False
    return source_of(a) == source_of(b) in ONE_RECORD and not (_says_so(world, a) == _says_so(world, b) is not None)


def _says_so(world: World, number: Number) -> int | None:
    """The number by which a source that answers questions says that two of its records are one person."""
    row = world.rows[number]
    if row.get("asked") is None or "snils" not in row or world.validations.get((number, row["snils"])) is False:
        return None
    return int(row["snils"])


def _is_hard(world: World, a: Number, b: Number, pupil: set[Number], verdicts: Verdicts) -> bool:
    verdict = _verdict(world, a, b, verdicts)
    if verdict["level"] < HARD:
        return False
    excusable = verdict["birth"] != "differs" and not verdict["sex_contradicts"]
    return not (excusable and any(_excuses(world, change, a, b, verdicts) for change in pupil - {a, b}))


def _excuses(world: World, change: Number, a: Number, b: Number, verdicts: Verdicts) -> bool:
    sides = [_verdict(world, change, end, verdicts) for end in (a, b)]
    return all(side["level"] == 0 and world.ids[change] in side["changed"] for side in sides)


def _verdict(world: World, a: Number, b: Number, verdicts: Verdicts) -> Row:
    return verdicts[min(world.ids[a], world.ids[b]), max(world.ids[a], world.ids[b])]


def ids_gone_astray(before: dict[Number, Row], world: World) -> Iterator[tuple[str, object]]:
    """Where the ids of `world` do not follow from those `before` by the rules of merge, split and stability."""
    after, was = _members(world.links), _members(before)
    for pupil, numbers in was.items():
        if numbers in after.values() and after.get(pupil) != numbers:
            yield "an untouched pupil changed its id", pupil
    keepers = {pupil: _keepers(world, numbers) for pupil, numbers in was.items()}
    for pupil, strongest in keepers.items():
        if len(strongest) == 1 and (now := next(iter(strongest))) != pupil and (now > pupil or world.redirects.get(pupil) != now):
            yield "a merge or split did not keep the right id", pupil
        if not strongest and pupil in after:
            yield "an id went to records that were not its own", pupil
    for pupil in after.keys() & was.keys():
        if pupil not in keepers[pupil]:
            yield "an id stayed with the weaker part", pupil
    yield from ((("a new pupil has an old id", pupil)) for pupil in after.keys() - was.keys() if pupil in _owned(keepers))
    yield from _unresolved(world, after)


def _owned(keepers: dict[int, set[int]]) -> set[int]:
    """Pupils of today that hold the strongest part of some pupil of yesterday for sure: their id must be an old one."""
    return {next(iter(strongest)) for strongest in keepers.values() if len(strongest) == 1}


def _keepers(world: World, numbers: set[Number]) -> set[int]:
    """The pupils of today that may keep the id: those with the strongest evidence among these records, of equals with the most."""
    claims: dict[int, list[float]] = defaultdict(list)
    for number in numbers & world.links.keys():
        claims[world.links[number]["pupil"]].append(world.links[number]["weight"] or 0.0)
    best = max(((max(weights), len(weights)) for weights in claims.values()), default=None)
    return {pupil for pupil, weights in claims.items() if (max(weights), len(weights)) == best}


def _unresolved(world: World, after: dict[int, set[Number]]) -> Iterator[tuple[str, object]]:
    for pupil in world.given:
        seen = [pupil]
        while (leads := world.redirects.get(seen[-1])) is not None and leads not in seen:
            seen.append(leads)
        if leads is not None or seen[-1] not in world.given:
            yield "an id leads nowhere", pupil
        if len(seen) > 2:
            yield "a redirect leads to a redirect", pupil
        if pupil in after and len(seen) > 1:
            yield "a living id redirects", pupil


def _members(links: dict[Number, Row]) -> dict[int, set[Number]]:
    members: dict[int, set[Number]] = defaultdict(set)
    for number, link in links.items():
        members[link["pupil"]].add(number)
    return members
