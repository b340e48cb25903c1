"""The change feed: whoever holds a version and replays the rest holds the latest one, without a stale id; and every id leads somewhere true."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.warehouse.partitions import DRAWN, RECORDS, Event, Partition, answer, events, parts
from tests.warehouse.test_identity import REDIRECTS, golden, links
from warehouse import changes, identity, identity_ids, publish
from warehouse.changes import Change, replay, replay_ids
from warehouse.identity_scope import Touched

_series = itertools.count(1)
Versions = dict[int, Partition]


def told(before: Partition, after: Partition, given: set[int], version: int) -> list[Change]:
    """The feed between two partitions, written in memory."""
    rows = [Change(change_id=0, version=version, kind="linked", record_id=record, from_pupil_id=before.get(record), to_pupil_id=after.get(record))
            for record in RECORDS if before.get(record) != after.get(record)]
    return rows + [Change(change_id=0, version=version, kind=kind, from_pupil_id=old, to_pupil_id=new) for kind, old, new in events(before, after, given)]


@settings(max_examples=300, deadline=None)
@given(drawn=DRAWN, start=st.integers(0, 5))
def test_in_memory_a_replay_from_any_version_ends_with_the_last_partition(drawn: list[tuple[int | None, ...]], start: int) -> None:
    partitions: list[Partition] = [{}]
    feed: list[Change] = []
    given: set[int] = set()
    for version, clusters in enumerate(drawn, 1):
        after, _ = answer(partitions[-1], clusters)
        after = {record: pupil if pupil > 0 else 100 * version - pupil for record, pupil in after.items()}
        feed += told(partitions[-1], after, given, version)
        given |= set(after.values())
        partitions.append(after)
    held = partitions[min(start, len(drawn))]
    rest = [change for change in feed if change.version > min(start, len(drawn))]
    assert replay(held, rest) == partitions[-1]
    assert replay_ids(set(held.values()), rest) == set(partitions[-1].values())


def live(clusters: list[tuple[int | None, ...]]) -> Versions:
    """Write these clusterings of six fresh records, one version each; returns version → partition as the warehouse has it."""
    base = next(_series) * 1000
    mine = pa.table({"record_id": pa.array([base + record for record in RECORDS], pa.int64())})
    held: Versions = {identity.everything().version: {}}
    for each in clusters:
        before = {record - base: pupil for record, pupil in list(held.values())[-1].items()}
        after, redirects = answer(before, each)
        leading = pa.Table.from_pylist([{"pupil_id": pupil, "redirect_to": to} for pupil, to in redirects.items()], REDIRECTS)
        version, _ = identity.apply(links({base + record: pupil for record, pupil in after.items()}, redirects=leading),
                                    golden(dict.fromkeys(after.values(), "А")), Touched(version=identity.everything().version, records=mine))
        rows = identity.read_links(Touched(version=version, records=mine)).to_pylist()
        held[version] = {row["record_id"]: row["pupil_id"] for row in rows}
    return held


@pytest.mark.warehouse
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=DRAWN)
@example(drawn=[(None, None, 0, 1, 1, None), (None, None, 0, 0, 1, None), (None, None, 0, None, 1, None)])
@example(drawn=[(None, None, 0, 1, 1, None), (None, None, 0, 0, 1, None), (None, None, None, None, 0, None)])
@example(drawn=[(0, 1, None, None, None, None), (0, 0, None, None, None, None), (0, None, None, None, None, None), (None,) * 6])
def test_a_replay_of_the_warehouses_feed_ends_with_the_latest_partition_and_no_stale_id(warehouse: Warehouse, drawn: list[tuple[int | None, ...]]) -> None:
    held = live(drawn)
    versions = list(held)
    publish.publish(versions[-1], "test")
    feed = list(changes.feed(versions[0]))
    for version in versions:
        rest = [change for change in feed if change.version > version]
        assert replay(held[version], rest) == held[versions[-1]]
        assert replay_ids(set(held[version].values()), rest) == set(held[versions[-1]].values())
    given: set[int] = set()
    for before, after in itertools.pairwise(versions):
        rows = {(change.kind, change.from_pupil_id, None if change.kind == "merged" else change.to_pupil_id) for change in feed
                if change.version == after and change.record_id is None and change.kind != "redirected"}
        assert rows == events(held[before], held[after], given)
        given |= set(held[after].values())
    check_ids(warehouse, held, given)


def check_ids(warehouse: Warehouse, held: Versions, given: set[int]) -> None:
    """Every id leads, in every version, to one that lives there and holds a record that was last its own; without any of them it stays where it led.

    An id that lived when its last record went is empty. The table agrees.
    """
    last: dict[int, set[int]] = {}
    led: dict[int, int] = {}
    for version, partition in held.items():
        last |= parts(partition)
        for pupil in last:
            found = identity_ids.resolve(pupil, version)
            if heirs := {partition[record] for record in last[pupil] if record in partition}:
                assert found.state == "living"
                assert found.pupil_id in heirs
                led[pupil] = found.pupil_id
            elif led[pupil] == pupil:
                assert found == identity_ids.Resolved(pupil_id=pupil, state="empty")
            else:
                assert found == identity_ids.resolve(led[pupil], version)
    kept = dict(warehouse.rows("SELECT pupil_id, redirect_to FROM identity.pupil"))
    for pupil in given:
        leads, seen = pupil, {pupil}
        while kept[leads] is not None:
            leads = kept[leads]
            assert leads not in seen
            seen.add(leads)
        assert identity_ids.resolve(pupil).pupil_id == leads


def step(warehouse: Warehouse, pupil_of: Partition, redirects: dict[int, int] | None = None) -> set[Event]:
    """Write one partition of all records; what was told of ids."""
    leading = pa.Table.from_pylist([{"pupil_id": pupil, "redirect_to": to} for pupil, to in (redirects or {}).items()], REDIRECTS)
    version, _ = identity.apply(links(pupil_of, redirects=leading), golden(dict.fromkeys(pupil_of.values(), "А")), identity.everything())
    return set(warehouse.rows("SELECT kind, from_pupil_id, to_pupil_id FROM identity.change WHERE version = :version AND record_id IS NULL",  # type: ignore[arg-type]
                              version=version))


@pytest.mark.warehouse
def test_redirects_are_right_after_merge_unmerge_and_merge_elsewhere(warehouse: Warehouse) -> None:
    assert step(warehouse, {1: -1, 2: -2, 3: -3}) == {("created", None, 1), ("created", None, 2), ("created", None, 3)}
    assert step(warehouse, {1: 1, 2: 1, 3: 3}, {2: 1}) == {("merged", 2, 1)}
    assert identity_ids.resolve(2).pupil_id == 1
    assert step(warehouse, {1: 1, 2: -1, 3: 3}) == {("split", 1, 2), ("revived", None, 2)}
    assert identity_ids.resolve(2).pupil_id == 2
    assert step(warehouse, {1: 1, 2: 3, 3: 3}, {2: 3}) == {("merged", 2, 3)}
    assert [identity_ids.resolve(pupil).pupil_id for pupil in (1, 2, 3)] == [1, 3, 3]
    assert [identity_ids.resolve(2, version).pupil_id for version in (1, 2, 3, 4)] == [2, 1, 2, 3]


@pytest.mark.warehouse
def test_a_merged_id_follows_its_records_when_they_go_on_to_another_pupil(warehouse: Warehouse) -> None:
    step(warehouse, {1: -1, 2: -2, 3: -3})
    step(warehouse, {1: 1, 2: 1, 3: 3}, {2: 1})
    assert step(warehouse, {1: 1, 2: 3, 3: 3}) == {("split", 1, 3), ("redirected", 2, 3)}
    assert identity_ids.resolve(2).pupil_id == 3


def merged_in_parts(warehouse: Warehouse) -> None:
    """2 held records 2 and 3; now the one is 1's, to whom 2 leads, the other is 3's."""
    step(warehouse, {1: -1, 2: -2, 3: -2})
    assert step(warehouse, {1: 1, 2: 1, 3: -1}, {2: 1}) == {("split", 2, 1), ("split", 2, 3), ("created", None, 3), ("merged", 2, 1)}


@pytest.mark.warehouse
def test_a_merged_id_leads_to_who_holds_the_rest_of_its_records_when_those_it_followed_are_gone(warehouse: Warehouse) -> None:
    merged_in_parts(warehouse)
    assert step(warehouse, {1: 1, 3: 3}) == {("redirected", 2, 3)}
    assert [identity_ids.resolve(2, version).pupil_id for version in (1, 2, 3)] == [2, 1, 3]


@pytest.mark.warehouse
def test_a_merged_id_is_not_empty_with_the_pupil_it_led_to_while_another_holds_a_record_of_its_own(warehouse: Warehouse) -> None:
    merged_in_parts(warehouse)
    assert step(warehouse, {3: 3}) == {("emptied", 1, None), ("redirected", 2, 3)}
    assert identity_ids.resolve(2) == identity_ids.Resolved(pupil_id=3, state="living")
    assert identity_ids.resolve(1) == identity_ids.Resolved(pupil_id=1, state="empty")


@pytest.mark.warehouse
def test_a_merged_id_stays_where_it_leads_while_one_of_its_records_is_there_and_when_none_is_left(warehouse: Warehouse) -> None:
    merged_in_parts(warehouse)
    assert step(warehouse, {1: 1, 2: 1}) == {("emptied", 3, None)}
    assert identity_ids.resolve(2).pupil_id == 1
    assert step(warehouse, {1: 1}) == set()
    assert identity_ids.resolve(2) == identity_ids.Resolved(pupil_id=1, state="living")
    assert step(warehouse, {}) == {("emptied", 1, None)}
    assert identity_ids.resolve(2) == identity_ids.Resolved(pupil_id=1, state="empty")


@pytest.mark.warehouse
def test_each_part_goes_back_to_its_own_id_even_if_the_merged_one_has_the_stronger_evidence(warehouse: Warehouse) -> None:
    step(warehouse, {1: -1, 2: -2})
    step(warehouse, {1: 1, 2: 1}, {2: 1})
    assert step(warehouse, {1: -1, 2: 1, 3: 1}) == {("split", 1, 2), ("revived", None, 2)}
    assert warehouse.rows("SELECT record_id, pupil_id FROM identity.link WHERE version_to > 1e18 ORDER BY 1") == [(1, 1), (2, 2), (3, 2)]


@pytest.mark.warehouse
def test_an_id_whose_records_are_gone_is_empty_and_lives_again_when_they_return(warehouse: Warehouse) -> None:
    step(warehouse, {1: -1, 2: -2})
    assert step(warehouse, {1: 1}) == {("emptied", 2, None)}
    assert identity_ids.resolve(2) == identity_ids.Resolved(pupil_id=2, state="empty")
    assert step(warehouse, {1: 1, 2: -1}) == {("revived", None, 2)}
    assert identity_ids.resolve(99) == identity_ids.Resolved(pupil_id=None, state="unknown")


@pytest.mark.warehouse
def test_a_changed_key_is_told_without_the_number(warehouse: Warehouse) -> None:
    def keyed(snils: str | None) -> None:
        made = golden({1: "А"}) if warehouse.scalar("SELECT count(*) FROM identity.pupil") else golden({-1: "А"})
        place = made.pupils.schema.get_field_index("snils")
        pupils = made.pupils.set_column(place, "snils", pa.array([snils], pa.string()))
        identity.apply(links({1: pupils["pupil_id"][0].as_py()}), type(made)(pupils, made.cells), identity.everything())

    for snils in ("11223344595", "11223344595", "08765430300", None):  # the same again is no change
        keyed(snils)
    assert warehouse.rows("SELECT version, kind, to_pupil_id FROM identity.change WHERE kind = 'key_changed' ORDER BY 1") == [
        (3, "key_changed", 1), (4, "key_changed", 1)]
    assert "11223344595" not in str(warehouse.rows("SELECT change::text FROM identity.change".replace("::", r"\:\:")))


@pytest.mark.warehouse
def test_consumers_see_only_what_is_published_and_are_told_when_their_version_was_taken_back(warehouse: Warehouse) -> None:
    step(warehouse, {1: -1, 2: -2})
    step(warehouse, {1: 1, 2: 1}, {2: 1})
    publish.publish(1, "test")
    assert {change.version for change in changes.feed(0)} == {1}
    assert warehouse.rows("SELECT * FROM identity.resolve(2)", role="analyst") == [(2, "living")]
    publish.publish(2, "test")
    assert [change.kind for change in changes.feed(1)] == ["moved", "merged"]
    assert warehouse.rows("SELECT * FROM identity.resolve(2)", role="analyst") == [(1, "living")]
    publish.publish(1, "test")
    with pytest.raises(ConfigurationError, match="ahead"):
        list(changes.feed(2))


@pytest.mark.warehouse
def test_a_sealed_record_is_not_in_the_feed(warehouse: Warehouse) -> None:
    step(warehouse, {1: -1, 2: -2})
    warehouse.execute("INSERT INTO identity.seal (record_id, ground, sealed_by, created_version) VALUES (2, 'a', 'b', 1)")
    publish.publish(1, "test")
    assert {change.record_id for change in changes.feed(0)} == {1, None}
