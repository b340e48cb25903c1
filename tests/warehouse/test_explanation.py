"""What an explanation shows to whom: values to those who may, on a ground, and never without a trace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline import decide, link
from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person
from tests.warehouse.test_load import accept
from warehouse.explanation import GROUND, Look, LookRefused, read
from warehouse.publish import publish

pytestmark = pytest.mark.warehouse
NUMBER = "11223344595"
BAIR = {"family_name": "ДОРЖИЕВ", "given_name": "БАИР", "patronymic": "БАТОЕВИЧ", "birth_date": date(2014, 3, 9), "sex": "M", "snils": NUMBER}
OFFICER = Look(role="officer", person="Иванова", ground="обращение родителя № 17")
STEWARD = Look(role="steward", person="Петрова")
AUDITOR = Look(role="auditor", person="Сидоров")
WORD = {"reason": "сверка документов", "by": "steward"}


def values(found: Any) -> bool:
    """Whether something of the child itself stands in it."""
    return any(value in repr(found) for value in ("ДОРЖИЕВ", "ДОРЖАЕВ", "БАИР", NUMBER, "2014-03-09", "09.03.2014", "date(2014", "ДРУГОЙ"))


@pytest.fixture
def two(warehouse: Warehouse, tmp_path: Path) -> None:
    """Pupil 1 of the records 1 (births) and 2 (school, one letter otherwise); pupil 2 of record 3; all published."""
    accept(tmp_path, {"person": [person("act", **BAIR)]}, Receipt(source="zags_births", origin="zags", minute=1))
    accept(tmp_path, {"person": [person("s:7", **BAIR | {"family_name": "ДОРЖАЕВ"}), person("s:8", family_name="ДРУГОЙ", given_name="ЕГОР", sex="M")]},
           Receipt(source="journal_file", origin="school", minute=2))
    publish(link.link()["version"], "test")


@pytest.mark.parametrize("look", [OFFICER, STEWARD])
def test_those_who_may_see_values_with_their_source_and_who_disagrees(two: None, look: Look) -> None:
    found = read(1, look)
    assert found.pupil["family_name"] == "ДОРЖИЕВ"
    assert found.pupil["snils"] == NUMBER
    cell = next(cell for cell in found.cells if cell["field"] == "family_name")
    assert (cell["source"], cell["rule"], cell["record_id"], cell["disagreement"]) == ("zags_births", "authority", 1, 1)
    assert [(row["field"], row["record_id"], row["source"]) for row in found.dissents] == [("family_name", 2, "journal_file")]
    assert [(row["record_id"], row["source"], row["source_key"], row["family_name"]) for row in found.records] == [
        (1, "zags_births", "act", "ДОРЖИЕВ"), (2, "journal_file", "s:7", "ДОРЖАЕВ")]
    assert [(row["record_id"], row["rule"], row["evidence_record_id"]) for row in found.links] == [(1, "snils", 2), (2, "snils", 1)]
    assert all(row["sha256"] and row["position"] for row in found.records)
    assert {row["kind"] for row in found.changes} == {"created", "linked"}
    assert all(row["published_at"] for row in found.changes)


def test_an_explanation_is_of_one_pupil_though_others_were_looked_at_before(two: None) -> None:
    for look in (STEWARD, OFFICER, AUDITOR):
        first, second, again = read(1, look), read(2, look), read(1, look)
        assert again == first
        assert {row["record_id"] for row in second.records} == {row["record_id"] for row in second.links} == {3}
        assert second.pupil["pupil_id"] == 2
        assert {row["to_pupil_id"] for row in second.changes} == {2}


def test_the_auditor_sees_keys_and_codes_and_no_value(two: None) -> None:
    found = read(1, AUDITOR)
    assert [row["source_key"] for row in found.records] == ["act", "s:7"]
    assert [row["field"] for row in found.dissents] == ["family_name"]
    assert found.links
    assert found.cells
    assert not values(found)


def test_each_look_is_one_row_of_the_trail_with_person_and_ground(warehouse: Warehouse, two: None) -> None:
    for look in (OFFICER, STEWARD, AUDITOR):
        read(1, look)
    assert warehouse.rows("SELECT role, person_in_charge, ground, subject_named, pupil_id FROM audit.access WHERE action = 'look' ORDER BY access_id") == [
        ("officer", "Иванова", "обращение родителя № 17", "pupil 1", 1), ("steward", "Петрова", GROUND, "pupil 1", 1),
        ("auditor", "Сидоров", GROUND, "pupil 1", 1)]


@pytest.mark.parametrize(("role", "person_in_charge", "ground", "code"), [
    ("officer", "a", None, "look.ground"), ("officer", "a", "  ", "look.ground"), ("analyst", "a", "x", "look.role"), ("steward", " ", None, "look.person")])
def test_no_look_without_role_ground_and_name(role: str, person_in_charge: str, ground: str | None, code: str) -> None:
    with pytest.raises(LookRefused) as caught:
        Look(role=role, person=person_in_charge, ground=ground)
    assert caught.value.code == code


def test_what_was_never_given_is_refused_and_leaves_no_trace(warehouse: Warehouse, two: None) -> None:
    with pytest.raises(LookRefused, match="no pupil 99"):
        read(99, STEWARD)
    assert warehouse.scalar("SELECT count(*) FROM audit.access WHERE action = 'look'") == 0


def test_an_officer_opens_no_view_without_a_look_that_is_on_record(warehouse: Warehouse, two: None) -> None:
    say = text("INSERT INTO audit.access (person_in_charge, purpose, ground, action, pupil_id) VALUES ('a', 'b', 'c', 'd', 1)")
    count = text("SELECT count(*) FROM identity.explained_record")
    with warehouse.engine("officer").connect() as connection:
        assert connection.execute(count).scalar() == 0
        connection.execute(text("SAVEPOINT inside"))
        connection.execute(say)
        connection.execute(text("RELEASE inside"))
        assert connection.execute(count).scalar() == 0, "a look that may still be rolled back"
        connection.commit()
        assert connection.execute(count).scalar() == 2
        connection.commit()
    with warehouse.engine("steward").connect() as connection:
        assert connection.execute(count).scalar() == 0, "another role's look"


def test_an_officer_sees_the_published_version_and_a_steward_the_latest(warehouse: Warehouse, two: None) -> None:
    version = decide.merge(1, 2, **WORD)["version"]
    assert (read(2, OFFICER).pupil_id, read(2, STEWARD).pupil_id) == (2, 1)
    assert read(2, STEWARD, version - 1).pupil_id == 2
    with pytest.raises(ConfigurationError, match="published"):
        read(2, OFFICER, version)


def test_merges_decisions_and_their_undoing_stand_in_the_history(warehouse: Warehouse, two: None) -> None:
    decide.merge(1, 2, **WORD)
    found = read(2, STEWARD)
    assert (found.asked, found.pupil_id, found.state) == (2, 1, "living")
    assert [(row["pupil_id"], row["is_past"]) for row in found.redirects] == [(2, False)]
    assert [(row["verdict"], row["decided_by"], row["reason"], row["is_overruled"]) for row in found.decisions] == [
        ("same", "steward", "сверка документов", False)] * 2
    decide.split(1, [3], **WORD)
    found = read(1, STEWARD)
    assert [(row["verdict"], row["is_overruled"]) for row in found.decisions] == [("same", True)] * 2 + [("different", False)] * 2
    assert [(row["pupil_id"], row["is_past"]) for row in found.redirects] == [(2, True)]
    assert {"merged", "moved", "split"} <= {row["kind"] for row in found.changes}
    assert found.changes[0]["published_at"] is None


def test_a_pupil_without_records_is_explained_by_its_history(warehouse: Warehouse, two: None) -> None:
    warehouse.execute("UPDATE identity.person_record SET version_to = 9 WHERE record_id = 3; INSERT INTO quality.version (version, kind) VALUES (9, 'load')")
    link.link()
    found = read(2, STEWARD)
    assert (found.state, found.pupil, found.records, found.links) == ("empty", {}, [], [])
    assert found.changes[0]["kind"] in ("unlinked", "emptied")


def test_a_sealed_record_is_shown_to_the_officer_alone(warehouse: Warehouse, two: None) -> None:
    decide.merge(1, 2, **WORD)
    publish(decide.link.link()["version"], "test")
    warehouse.execute("INSERT INTO identity.seal (record_id, ground, sealed_by, created_version) VALUES (3, 'a', 'b', 1)")
    assert [(row["record_id"], row["is_sealed"]) for row in read(1, OFFICER).records] == [(1, False), (2, False), (3, True)]
    for look in (STEWARD, AUDITOR):
        found = read(1, look)
        for rows in (found.records, found.links, found.decisions, found.reviews, found.changes, found.dissents):
            assert all(3 not in (row.get("record_id"), row.get("other_record_id"), row.get("evidence_record_id")) for row in rows)
        assert "ДРУГОЙ" not in repr(found)
