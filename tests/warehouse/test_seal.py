"""A seal holds from the moment it is set, in every version, for all but the officer; and lifting it brings back what was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import decide
from tests.conftest import Warehouse
from tests.warehouse.adopted import ADOPTER, FORMER, LATTER, Life
from warehouse import identity_ids, review, seal
from warehouse.explanation import Explanation, Look, LookRefused, read

pytestmark = pytest.mark.warehouse
ACT = 1
PUPIL = 1
LOOKS = [Look(role="steward", person="Петрова"), Look(role="auditor", person="Сидоров")]
OFFICER = Look(role="officer", person="Иванова", ground="запрос суда")
WORDS = {"ground": "решение суда № 1", "by": "officer"}


def records(found: Explanation) -> set[int]:
    """Every record an explanation names, in whatever part."""
    rows: list[dict[str, Any]] = [row for part in (found.cells, found.dissents, found.records, found.links, found.decisions, found.reviews, found.changes)
                                  for row in part]
    return {value for row in rows for column, value in row.items() if column.endswith("record_id") and value is not None}


def pupils(found: Explanation) -> set[int]:
    """Every pupil its history names."""
    return {value for row in (*found.changes, *found.redirects) for column, value in row.items() if column.endswith("pupil_id") and value is not None}


def shown(look: Look, version: int | None = None) -> Explanation | None:
    """What a role is told of the pupil, None for nothing at all."""
    try:
        return read(PUPIL, look, version)
    except LookRefused:
        return None


def test_from_the_seal_on_nobody_but_the_officer_is_told_of_the_record_in_any_version(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    before = life.childhood()
    number = read(PUPIL, LOOKS[0]).pupil["snils"]
    assert seal.seal([ACT], **WORDS) == 1
    assert warehouse.scalar("SELECT count(*) FROM core.pupil WHERE pupil_id = 1 AND version_to > 1e18") == 0
    for version in (None, before):
        for look in LOOKS:
            found = shown(look, version)
            assert found is not None
            assert found.pupil == {}
            assert ACT not in records(found)
            assert number not in repr(found)
    assert ACT in records(read(PUPIL, OFFICER))
    life.publish()
    sealed = {int(str(row[0])) for row in warehouse.rows("SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL")}
    assert sealed
    for version in (None, before):
        for look in LOOKS:
            found = shown(look, version)
            assert found is not None
            assert ACT not in records(found)
            assert not pupils(found) & sealed
    assert read(PUPIL, LOOKS[0]).pupil["family_name"] == "ПРЕЖНИЙ", "what others say of the child goes on"


def test_a_lifted_seal_counts_nowhere_and_sealing_again_is_one_more_row(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    before = read(PUPIL, LOOKS[0])
    seal.seal([ACT], **WORDS)
    life.publish()
    assert seal.unseal([ACT], by="officer") == 1
    life.publish()
    after = read(PUPIL, LOOKS[0])
    assert (after.pupil["family_name"], records(after)) == (before.pupil["family_name"], records(before))
    assert len(after.records) == len(before.records)
    assert not any(row["is_sealed"] for row in read(PUPIL, OFFICER).records)
    warehouse.execute("INSERT INTO identity.decision (record_id, other_record_id, verdict, reason, decided_by, created_version) VALUES (1, 2, 'same', 'a', 'b', 1)")
    assert review.decided(1, 2) is not None
    seal.unseal([ACT], by="officer")
    assert seal.seal([ACT], **WORDS) == 1
    assert warehouse.rows("SELECT count(*), count(lifted_version) FROM identity.seal WHERE record_id = 1") == [(2, 1)]
    assert [row["is_sealed"] for row in read(PUPIL, OFFICER).records if row["record_id"] == ACT] == [True]


def test_a_sealed_id_is_unknown_to_all_but_the_officer_and_no_comparison_finds_it(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    hidden = int(str(warehouse.scalar("SELECT pupil_id FROM identity.sealed_pupil")))
    for role in ("steward", "auditor", "analyst", "publisher"):
        assert warehouse.rows(f"SELECT * FROM identity.resolve({hidden})", role=role) == [(None, "unknown")]
    for role in ("steward", "auditor"):
        assert identity_ids.resolve(hidden, role=role).state == "unknown"
        with pytest.raises(LookRefused):
            read(hidden, Look(role=role, person="Петрова"))
    assert read(hidden, OFFICER).pupil["family_name"] == FORMER["family_name"]
    assert identity_ids.resolve(hidden, role="loader").state == "living"
    assert warehouse.rows("SELECT g FROM generate_series(1, 20) AS g, identity.resolve(g) AS r WHERE r.state <> 'unknown' AND NOT EXISTS "
                          "(SELECT FROM marts.identity_change AS c WHERE g IN (c.from_pupil_id, c.to_pupil_id))", role="analyst") == []


def test_an_id_merged_into_a_sealed_pupil_is_closed_with_it_and_opened_with_it(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    stranger = int(str(warehouse.scalar("SELECT pupil_id FROM identity.link WHERE record_id = 4")))
    decide.merge(PUPIL, stranger, reason="сверка", by="steward")
    life.publish()
    seal.seal([1, 2, 3, 4], **WORDS)
    found = [warehouse.rows(f"SELECT * FROM identity.resolve({one})", role="analyst") for one in (PUPIL, stranger)]
    assert found == [[(None, "unknown")]] * 2
    assert warehouse.rows("SELECT * FROM marts.identity_change", role="analyst") == []
    seal.unseal([1, 2, 3, 4], by="officer")
    assert warehouse.rows(f"SELECT * FROM identity.resolve({stranger})", role="analyst") == [(PUPIL, "living")]


def test_a_seal_that_fails_leaves_nothing_but_its_line_in_the_trail(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Life(tmp_path).childhood()
    version = warehouse.scalar("SELECT max(version) FROM quality.version")

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(seal, "close_pupils", broken)
    with pytest.raises(RuntimeError):
        seal.seal([ACT], **WORDS, is_split=True)
    assert warehouse.scalar("SELECT count(*) FROM identity.seal") == 0
    assert warehouse.scalar("SELECT max(version) FROM quality.version") == version
    assert warehouse.scalar("SELECT action FROM audit.access WHERE role = 'officer'") == "seal"
