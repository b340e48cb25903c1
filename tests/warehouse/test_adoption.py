"""Adoption never shows: nothing that any role but the officer can read ties the child before to the child after."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Warehouse
from tests.warehouse.adopted import ACT, ADOPTER, FORMER, LATTER, MOTHER, Life
from warehouse import identity, questions, seal

pytestmark = pytest.mark.warehouse
READABLE = """
    SELECT format('%I.%I', table_schema, table_name), array_agg(quote_ident(column_name)::text) FROM information_schema.columns
    WHERE table_schema IN ('quality', 'identity', 'core', 'marts', 'audit')
      AND has_schema_privilege(current_user, table_schema, 'USAGE')
      AND has_column_privilege(current_user, format('%I.%I', table_schema, table_name), column_name, 'SELECT')
    GROUP BY 1 ORDER BY 1""".replace("::", r"\:\:")
ROLES = ("analyst", "auditor", "publisher", "steward")


def readable(warehouse: Warehouse, role: str, version: int | None = None) -> list[tuple[str, dict[str, Any]]]:
    """(relation, row) of every row the role may read, at one version for those who may choose it."""
    found = []
    with warehouse.engine(role).connect() as connection:
        if version is not None:
            connection.execute(text("SELECT set_config('kontingent.version', :version, true)"), {"version": str(version)})
        for relation, columns in connection.execute(text(READABLE)).tuples().all():
            rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM {relation}")).mappings().all()
            found += [(relation, dict(row)) for row in rows]
        connection.rollback()
    return found


def traces(rows: list[tuple[str, dict[str, Any]]], records: set[int], pupils: set[int], words: set[str]) -> list[tuple[str, str]]:
    """(relation, column) of cells that name a sealed record or pupil, or hold a word of the former identity."""
    return [(relation, column) for relation, row in rows for column, value in row.items()
            if (column.endswith("record_id") and value in records) or (column.endswith(("pupil_id", "redirect_to")) and value in pupils)
            or (isinstance(value, str) and any(word in value for word in words))]


def adopted(tmp_path: Path) -> tuple[Life, int, int]:
    """A childhood, an adoption, both published; (life, version before, version after)."""
    life = Life(tmp_path)
    before = life.childhood()
    life.act(2, LATTER, **ADOPTER)
    return life, before, life.publish()


def sealed(warehouse: Warehouse) -> tuple[set[int], set[int]]:
    return ({int(str(row[0])) for row in warehouse.rows("SELECT record_id FROM identity.seal WHERE lifted_version IS NULL")},
            {int(str(row[0])) for row in warehouse.rows("SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL")})


def names(warehouse: Warehouse, role: str) -> set[object]:
    """Family names of the records whose keys a role sees."""
    seen = [row[0] for row in warehouse.rows("SELECT record_id FROM identity.person_record", role=role)]
    return {row[0] for row in warehouse.rows("SELECT family_name FROM identity.person_record WHERE record_id = ANY(:seen)", seen=seen)}


@pytest.mark.parametrize("role", ROLES)
def test_no_row_that_a_role_may_read_names_the_child_before(warehouse: Warehouse, tmp_path: Path, role: str) -> None:
    _, before, after = adopted(tmp_path)
    records, pupils = sealed(warehouse)
    words = {str(FORMER["family_name"]), str(FORMER["birth_certificate"]), "#", str(MOTHER["mother_family_name"])}
    assert len(records) == 3
    assert len(pupils) == 1
    assert traces(readable(warehouse, "owner"), records, pupils, words) != [], "the search would find it"
    for version in (None, before, after) if role in ("auditor", "publisher") else (None,):
        assert traces(readable(warehouse, role, version), records, pupils, words) == []


@pytest.mark.parametrize("role", ROLES)
def test_nothing_a_role_may_read_says_that_the_act_is_older_than_its_record(warehouse: Warehouse, tmp_path: Path, role: str) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.load("zags_births", {}, refused=[{"entity": "person", "position": "1", "source_key": ACT, "rule": "person.name.required", "rule_version": 1}])
    questions.write("pfr_snils", tmp_path / "asked.parquet", date(2025, 10, 24))
    questions.mark_asked("pfr_snils", tmp_path / "asked.parquet", date(2025, 10, 24))
    warehouse.execute("INSERT INTO quality.swapped_key SELECT delivery_id, :act, NULL, 'rule' FROM quality.delivery LIMIT 1", act=ACT)
    life.act(2, LATTER, **ADOPTER)
    born = int(str(warehouse.scalar("SELECT max(version) FROM quality.version")))
    life.publish()
    for relation, row in readable(warehouse, role):
        if any(isinstance(value, str) and ACT in value for value in row.values()):
            assert all(value >= born for column, value in row.items() if "version" in column and value is not None and column not in ("rule_version",)), relation


def test_the_child_is_counted_once_and_the_child_before_is_not_looked_for(warehouse: Warehouse, tmp_path: Path) -> None:
    life, before, after = adopted(tmp_path)
    assert warehouse.rows("SELECT family_name FROM marts.pupil_identified ORDER BY 1", role="loader") == [("ДОРЖИЕВ",), ("ЧУЖОЙ",)]
    assert warehouse.scalar("SELECT count(*) FROM marts.enrolment", role="analyst") == 0
    life.school(LATTER, marks=("m2",))
    life.publish()
    assert warehouse.scalar("SELECT count(*) FROM marts.school_roll", role="analyst") == 1
    assert warehouse.scalar("SELECT count(*) FROM marts.mark", role="analyst") == 2, "what the school wrote before goes on with the child"
    assert warehouse.rows("SELECT family_name FROM marts.pupil_identified ORDER BY 1", role="loader") == [("ДОРЖИЕВ",), ("ЧУЖОЙ",)]
    records, pupils = sealed(warehouse)
    for role in ROLES:
        assert traces(readable(warehouse, role), records, pupils, {"ПРЕЖН", "#"}) == []
    assert (before, after) < (after, int(str(warehouse.scalar("SELECT version FROM core.published_version"))))


def test_a_report_of_an_earlier_version_is_made_as_it_was(warehouse: Warehouse, tmp_path: Path) -> None:
    _, before, after = adopted(tmp_path)

    def children(version: int, role: str) -> object:
        return warehouse.scalar("SELECT count(*) FROM marts.pupil, set_config('kontingent.version', :version, true) WHERE core.visible_version() > 0",
                                role=role, version=str(version))

    assert [children(version, "loader") for version in (before, after)] == [2, 2]
    assert children(before, "auditor") == 1


def test_nothing_goes_to_review_and_no_id_leads_from_one_to_the_other(warehouse: Warehouse, tmp_path: Path) -> None:
    life, *_ = adopted(tmp_path)
    life.answer(FORMER)
    life.school(FORMER, local="8")
    life.publish()
    assert warehouse.rows("SELECT * FROM identity.review WHERE version_to > 1e18") == []
    assert warehouse.rows("SELECT pupil_id FROM identity.pupil WHERE redirect_to IS NOT NULL") == []
    linked = warehouse.rows("SELECT pupil_id, count(DISTINCT family_name), min(family_name) FROM identity.link JOIN identity.person_record USING (record_id) "
                            "WHERE link.version_to > 1e18 AND person_record.version_to > 1e18 GROUP BY 1")
    assert sorted(row[2] for row in linked if row[1] == 1) == ["ДОРЖИЕВ", "ПРЕЖНИЙ", "ЧУЖОЙ"]
    records, pupils = sealed(warehouse)
    assert traces(readable(warehouse, "steward"), records, pupils, {"ПРЕЖН"}) == []


@pytest.mark.parametrize("change", [{}, {"family_name": "ПРЕЖНЕЙ"}, {"given_name": "ИВАНН"}])
def test_a_school_the_child_left_long_ago_is_sealed_too_for_its_number_would_tell(warehouse: Warehouse, tmp_path: Path, change: dict[str, Any]) -> None:
    life = Life(tmp_path)
    life.school(FORMER | change, local="3")
    life.childhood()
    life.school(FORMER, scopes=[{"entity": "person", "organisation_key": "1020300000001", "date_from": None, "date_to": None}])
    life.publish()
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    assert names(warehouse, "steward") == {"ДОРЖИЕВ", "ЧУЖОЙ"}
    life.school(LATTER, local="3")
    life.publish()
    assert warehouse.scalar("SELECT count(*) FROM marts.school_roll", role="analyst") == 1
    assert traces(readable(warehouse, "steward"), *sealed(warehouse), {"ПРЕЖН", "#"}) == []


def test_a_sibling_with_the_childs_number_by_mistake_is_not_hidden(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.school(FORMER | {"given_name": "ОЛЕГ", "birth_date": date(2012, 2, 2), "birth_certificate": "I-АЖ 333333"}, local="9", marks=())
    life.publish()
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    assert warehouse.scalar("SELECT count(*) FROM marts.pupil WHERE birth_date = '2012-02-02'", role="analyst") == 1


def test_the_act_goes_on_under_its_key_and_may_be_adopted_again(warehouse: Warehouse, tmp_path: Path) -> None:
    life, *_ = adopted(tmp_path)
    life.act(3, LATTER | {"patronymic": "ЖАРГАЛОВИЧ"}, **ADOPTER)
    life.publish()
    assert warehouse.scalar("SELECT count(*) FROM identity.person_record WHERE source_key = :act", role="steward", act=ACT) == 2
    life.act(4, LATTER | {"family_name": "ТРЕТИЙ"}, mother_family_name="ТРЕТЬЯ", mother_given_name="АННА", mother_birth_date=date(1980, 1, 1))
    life.publish()
    records, pupils = sealed(warehouse)
    assert traces(readable(warehouse, "steward"), records, pupils, {"ПРЕЖН", "ДОРЖИЕВ", "#"}) == []
    assert warehouse.rows("SELECT family_name FROM marts.pupil_identified ORDER BY 1", role="loader") == [("ТРЕТИЙ",), ("ЧУЖОЙ",)]
    assert [row["created"] for row in (one["entities"]["person"] for one in life.loaded[-1:])] == [1]


@pytest.mark.parametrize(("who", "mother"), [
    (FORMER | {"family_name": "ИСПРАВЛЕННЫЙ"}, MOTHER), (FORMER, ADOPTER), (FORMER | {"given_name": "ЮАН"}, MOTHER | {"mother_given_name": "ОЛЬГА-МАРИЯ"}),
    (FORMER | {"family_name": "НОВЫЙ"}, MOTHER | {"mother_family_name": "НОВАЯ"})])
def test_a_correction_of_the_child_or_of_the_mother_is_no_adoption(warehouse: Warehouse, tmp_path: Path, who: dict[str, Any], mother: dict[str, Any]) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.act(2, who, **mother)
    assert sealed(warehouse) == (set(), set())


def test_a_school_that_knew_the_new_name_first_keeps_its_pupil(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.school(LATTER | {"birth_certificate": FORMER["birth_certificate"]})
    life.publish()
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    assert warehouse.scalar("SELECT count(*) FROM marts.school_roll", role="analyst") == 1
    assert warehouse.rows("SELECT family_name FROM marts.pupil_identified ORDER BY 1", role="loader") == [("ДОРЖИЕВ",), ("ЧУЖОЙ",)]
    assert traces(readable(warehouse, "steward"), *sealed(warehouse), {"ПРЕЖН"}) == []


def test_the_officer_seals_splits_and_unseals_by_hand_and_each_is_written_down(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.act(2, LATTER, **MOTHER)
    life.publish()
    act = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source_key = :act", act=ACT)))
    school = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source = 'journal_file'")))
    assert seal.seal([act], ground="решение суда", by="officer", is_split=True) == 1
    successor = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source_key = :act", act=ACT)))
    assert seal.seal([school], ground="решение суда", by="officer", successor=successor) == 1
    life.publish()
    records, pupils = sealed(warehouse)
    assert records >= {act, school}
    for role in ROLES:
        assert traces(readable(warehouse, role), records, pupils, {"ПРЕЖНИЙ", "решение"}) == []
    assert {row["record_id"] for row in seal.seals(by="officer")} == records
    assert seal.unseal([school], by="officer") == 1
    life.publish()
    assert "ПРЕЖНИЙ" in names(warehouse, "steward")
    assert [row[0] for row in warehouse.rows("SELECT action FROM audit.access WHERE role = 'officer' ORDER BY access_id")] == ["seal", "seal", "list", "unseal"]


def test_an_answer_that_was_joined_to_a_stranger_does_not_hide_the_stranger(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    life.answer({"family_name": "ЧУЖОЙ", "given_name": "ЛЕВ", "birth_date": date(2014, 4, 4), "snils": "11223344595"})
    life.publish()
    stranger = "SELECT pupil_id FROM identity.link JOIN identity.source_record USING (record_id) WHERE source_key = 'stranger' AND version_to > 1e18"
    warehouse.execute(f"UPDATE identity.link SET pupil_id = ({stranger}) WHERE version_to > 1e18 AND record_id = (SELECT record_id FROM identity.source_record "
                      "WHERE source = 'pfr_snils')")
    life.act(2, LATTER, **ADOPTER)
    life.publish()
    assert ("ЧУЖОЙ",) in warehouse.rows("SELECT family_name FROM marts.pupil_identified", role="loader")


def test_a_sealed_record_that_its_sender_withdraws_hides_no_successor(warehouse: Warehouse, tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.childhood()
    act = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source_key = :act", act=ACT)))
    school = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source = 'journal_file'")))
    seal.seal([school], ground="решение суда", by="officer", successor=act)
    life.load("journal_file", {}, scopes=[{"entity": "person", "organisation_key": "1020300000001", "date_from": None, "date_to": None}])
    assert seal.seal([school], ground="решение суда", by="officer") == 0
    life.publish()
    assert sealed(warehouse)[1] == set()
    assert ("ПРЕЖНИЙ",) in warehouse.rows("SELECT family_name FROM marts.pupil_identified", role="loader")


@pytest.mark.parametrize("role", [*ROLES, "loader"])
def test_only_the_officer_reads_and_writes_seals(warehouse: Warehouse, role: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        warehouse.execute("DELETE FROM identity.seal", role=role)
    if role != "loader":
        for table in ("seal", "sealed_pupil"):
            with pytest.raises(Exception, match="permission denied"):
                warehouse.scalar(f"SELECT count(*) FROM identity.{table}", role=role)


def test_a_steward_decides_nothing_about_a_sealed_record(warehouse: Warehouse, tmp_path: Path) -> None:
    adopted(tmp_path)
    record = min(sealed(warehouse)[0])
    other = int(str(warehouse.scalar("SELECT record_id FROM identity.source_record WHERE source_key = 'stranger'")))
    with pytest.raises(Exception, match="warehouse"):
        identity.decide(record, other, "same", "проверка", "steward")


def test_every_table_with_a_record_or_a_pupil_in_it_is_veiled(warehouse: Warehouse) -> None:
    bare = warehouse.rows("SELECT DISTINCT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
                          "WHERE relkind = 'r' AND relnamespace IN ('core'::regnamespace, 'identity'::regnamespace) "
                          "AND attname ~ '(record_id|pupil_id|redirect_to)$' AND NOT relrowsecurity".replace("::", r"\:\:"))
    assert bare == []
