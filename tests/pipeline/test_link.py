"""Linking day by day on PostgreSQL: the closure in SQL is the one in memory, and what it leaves out would not have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from pipeline import link as pipeline_link
from tests.conftest import Warehouse
from tests.transforms.linkage.registry import Keys, Number, Part, World, key_of, source_of
from tests.transforms.linkage.worlds import Story, drawn
from tests.warehouse.staged import Receipt, Row, person
from tests.warehouse.test_load import accept
from transforms.linkage.inputs import RECORD
from transforms.linkage.keys import link_keys
from transforms.linkage.link import link
from warehouse import identity, neighbourhood

pytestmark = pytest.mark.warehouse

WORLDS, STEPS = 24, 4
EVERYTHING, ALWAYS_A_PART = -1.0, 2.0
"""Values of `neighbourhood.MOST`: all is linked again, or only what the changes touch."""
_STATED = [column for column in RECORD.names if column not in ("record_id", "source", "source_key", "sequence", "birth_act")]
_STATE = ("SELECT record_id, pupil_id, rule, weight, evidence_record_id, link_status FROM identity.link WHERE version_to > 1e18 ORDER BY 1",
          "SELECT * FROM core.pupil WHERE version_to > 1e18 ORDER BY pupil_id", "SELECT * FROM core.pupil_cell WHERE version_to > 1e18 ORDER BY pupil_id, field",
          "SELECT record_id, candidate_pupil_id, candidate_record_id, weight, reasons::text FROM identity.review WHERE version_to > 1e18 ORDER BY 1, 2",
          "SELECT pupil_id, redirect_to FROM identity.pupil ORDER BY 1")
Place = tuple[int, Number]
"""World and number of a record."""


def test_days_linked_in_parts_equal_a_rebuild_row_by_row(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = drawn(WORLDS, seed=7)
    worlds = [World(world=number) for number in range(len(stories))]
    for step in range(STEPS):
        _live(warehouse, tmp_path, worlds, stories, step)
        monkeypatch.setattr(neighbourhood, "MOST", ALWAYS_A_PART)
        assert _touched() == _expected(worlds)
        pipeline_link.link()
        kept = [warehouse.rows(query) for query in _STATE]
        monkeypatch.setattr(neighbourhood, "MOST", EVERYTHING)
        assert pipeline_link.link()["written"] == 0
        assert [warehouse.rows(query) for query in _STATE] == kept
        assert _partition((record, pupil) for record, pupil, *_ in kept[0]) == _partition_from_nothing()
        _learn(warehouse, worlds)


def _live(warehouse: Warehouse, folder: Path, worlds: list[World], stories: list[Story], step: int) -> None:
    """Deliver what came or was corrected, withdraw what went, keep the decisions that are new (validations come with СФР's answers, not here)."""
    before = {world.world: (dict(world.rows), dict(world.decisions)) for world in worlds}
    changed = {world.world: world.happen(event for event in story[step] if event[0] != "validate") if step < len(story) else set()
               for world, story in zip(worlds, stories, strict=True)}
    _deliver(folder, Part.of(worlds, changed), step)
    known = _known(warehouse)
    for world in worlds:
        rows, decisions = before[world.world]
        world.ids = {number: record_id for (of, number), record_id in known.items() if of == world.world}
        world.decisions = {pair: verdict for pair, verdict in world.decisions.items() if world.ids.keys() >= set(pair)}
        _withdraw(warehouse, [world.ids[number] for number in rows.keys() - world.rows.keys()])
        for (a, b), verdict in world.decisions.items():
            if decisions.get((a, b)) != verdict:
                identity.decide(world.ids[a], world.ids[b], verdict, "проверка", "steward")


def _deliver(folder: Path, part: Part, step: int) -> None:
    persons: dict[str, list[Row]] = defaultdict(list)
    for row in part.records(Random(step)).to_pylist():  # noqa: S311
        persons[row["source"]].append(person(row["source_key"], step, **{name: row[name] for name in _STATED if row[name] is not None}))
    for source, rows in sorted(persons.items()):
        accept(folder, {"person": rows}, Receipt(source=source, minute=step))


def _withdraw(warehouse: Warehouse, records: list[int]) -> None:
    if records:
        warehouse.execute("INSERT INTO quality.version (version, kind) SELECT max(version) + 1, 'load' FROM quality.version; "
                          "UPDATE identity.person_record SET version_to = (SELECT max(version) FROM quality.version) "
                          "WHERE record_id = ANY (:records) AND version_to > 1e18", records=records)


def _known(warehouse: Warehouse) -> dict[Place, int]:
    ids = {(source, key): record_id for source, key, record_id in warehouse.rows("SELECT source, source_key, record_id FROM identity.source_record")}
    places = [(world, number) for world in range(WORLDS) for number in range(32)]
    return {(world, number): ids[source_of(number), key_of(world, number)] for world, number in places if (source_of(number), key_of(world, number)) in ids}


def _touched() -> set[int]:
    scope = identity.neighbourhood(identity.changed(), lambda records, validations: link_keys(records, validations=validations))
    assert not scope.everything
    return set(scope.records["record_id"].to_pylist())


def _expected(worlds: list[World]) -> set[int]:
    """The same by the closure in memory; the changed records' keys are kept in their world."""
    changed, touched = set(identity.changed().records["record_id"].to_pylist()), set()
    for world in worlds:
        numbers = {number for number, record_id in world.ids.items() if record_id in changed}
        keys = _keys(world, numbers)
        touched |= {world.ids[number] for number in world.closure(numbers, keys)}
        world.keys |= {number: keys[number] for number in numbers}
    return touched


def _keys(world: World, numbers: set[Number]) -> dict[Number, Keys]:
    keys: dict[Number, Keys] = {number: {} for number in numbers}
    back = {record_id: number for number, record_id in world.ids.items()}
    for row in link_keys(Part.of([world], {world.world: numbers}).records(Random(0))).to_pylist() if numbers else []:  # noqa: S311
        keys[back[row["record_id"]]][row["key"]] = row.get("is_block", False)
    return keys


def _learn(warehouse: Warehouse, worlds: list[World]) -> None:
    """Take over the pupils and open questions as the warehouse has them now."""
    pupils = dict(warehouse.rows("SELECT record_id, pupil_id FROM identity.link WHERE version_to > 1e18"))
    questions = warehouse.rows("SELECT record_id, candidate_record_id FROM identity.review WHERE version_to > 1e18")
    for world in worlds:
        back = {record_id: number for number, record_id in world.ids.items()}
        world.links = {number: {"pupil": pupils[record_id]} for number, record_id in world.ids.items() if record_id in pupils}
        world.reviews = defaultdict(list)
        for record_id, other in questions:
            if record_id in back:
                world.reviews[back[record_id]].append({"compared": back[other]})


def _partition(links: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    members: dict[int, set[int]] = defaultdict(set)
    for record, pupil in links:
        members[pupil].add(record)
    return {frozenset(each) for each in members.values()}


def _partition_from_nothing() -> set[frozenset[int]]:
    scope = identity.everything()
    links = link(identity.read_person_records(scope), decisions=identity.read_decisions(scope), validations=identity.read_validations(scope),
                 one_record_sources=pipeline_link.ONE_RECORD).links
    return _partition(zip(links["record_id"].to_pylist(), links["pupil_id"].to_pylist(), strict=True))
