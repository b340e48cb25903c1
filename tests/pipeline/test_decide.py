"""Un-merge and merge by a steward: both pupils come back with all that arrived since, and a later word overrules an earlier one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import decide, link, publish
from schemas.errors import ConfigurationError
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, Row, _row, mark, person
from tests.warehouse.test_load import accept
from warehouse import identity, identity_decide, identity_ids
from warehouse.publish import publish as show

pytestmark = pytest.mark.warehouse
SCHOOL = "1020300000001"
WORD = {"reason": "сверка документов", "by": "steward"}
BAIR = {"family_name": "ДОРЖИЕВ", "given_name": "БАИР", "patronymic": "БАТОЕВИЧ", "birth_date": date(2014, 3, 9), "sex": "M"}
SOYAN = {"family_name": "ЦЫРЕНОВА", "given_name": "СОЯНА", "patronymic": "БАДМАЕВНА", "birth_date": date(2012, 11, 2), "sex": "F"}


def enrolment(key: str, person_key: str) -> Row:
    return _row("enrolment", key, 0, {"person_key": person_key, "organisation_key": SCHOOL, "programme": "primary", "grade": 3, "class_letter": "А",
                                      "study_form": "full_time", "valid_from": date(2025, 9, 1)})


def arrive(folder: Path, source: str, minute: int, **rows: list[Row]) -> None:
    accept(folder, rows, Receipt(source=source, origin=source, minute=minute))


def partition(warehouse: Warehouse) -> dict[str, int]:
    """Key of each record → pupil, as linked last."""
    return dict(warehouse.rows("SELECT source_key, pupil_id FROM identity.link JOIN identity.source_record USING (record_id) "  # type: ignore[arg-type]
                               "WHERE version_to > 1e18"))


@pytest.fixture
def two(warehouse: Warehouse, tmp_path: Path) -> tuple[int, int]:
    """Two pupils of two records each: a, b and c, d; their ids."""
    arrive(tmp_path, "zags_births", 1, person=[person("a", **BAIR, snils="11223344595")])
    arrive(tmp_path, "journal_file", 2, person=[person("b", **BAIR, snils="11223344595"), person("c", **SOYAN, snils="08765430300")])
    arrive(tmp_path, "vuz_scos", 3, person=[person("d", **SOYAN, snils="08765430300")])
    link.link()
    found = partition(warehouse)
    assert found["a"] == found["b"] != found["c"] == found["d"]
    return min(found.values()), max(found.values())


def record(warehouse: Warehouse, *keys: str) -> list[int]:
    return [int(row[0]) for row in warehouse.rows("SELECT record_id FROM identity.source_record WHERE source_key = ANY(:keys) ORDER BY 1",  # type: ignore[call-overload]
                                                  keys=list(keys))]


def test_an_unmerge_restores_both_pupils_with_the_facts_that_came_after_the_merge(warehouse: Warehouse, tmp_path: Path, two: tuple[int, int]) -> None:
    before = partition(warehouse)
    older, younger = two
    assert decide.merge(*two, **WORD)["pupils"] == [older]
    arrive(tmp_path, "journal_file", 4, person=[person("b", **BAIR, snils="11223344595"), person("c", **SOYAN, snils="08765430300")],
           mark=[mark("1", "b"), mark("2", "c"), mark("3", "c")], enrolment=[enrolment("e1", "c"), enrolment("e2", "b")])
    arrive(tmp_path, "pfr_snils", 5, person=[person("e", **SOYAN, snils="08765430300")])
    show(link.link()["version"], "test")
    assert set(warehouse.rows("SELECT DISTINCT pupil_id FROM marts.mark")) == {(older,)}
    figures = decide.split(older, record(warehouse, "c", "d"), **WORD)
    assert figures["pupils"] == [older, younger]
    show(figures["version"], "test")
    after = partition(warehouse)
    assert {key: after[key] for key in before} == before
    assert after["e"] == before["c"]
    own, other = before["b"], before["c"]
    assert warehouse.rows("SELECT pupil_id, count(*) FROM marts.mark GROUP BY 1 ORDER BY 2", role="analyst") == [(own, 1), (other, 2)]
    assert sorted(warehouse.rows("SELECT pupil_id FROM marts.enrolment", role="analyst")) == sorted([(own,), (other,)])
    assert dict(warehouse.rows("SELECT pupil_id, family_name FROM core.pupil WHERE version_to > 1e18")) == {own: "ДОРЖИЕВ", other: "ЦЫРЕНОВА"}
    assert warehouse.rows("SELECT pupil_id, redirect_to FROM identity.pupil ORDER BY 1") == [(older, None), (younger, None), (3, before["c"])]


def test_a_decision_is_undone_by_a_later_opposite_one_and_again(warehouse: Warehouse, two: tuple[int, int]) -> None:
    older, younger = two
    moving = [row[0] for row in warehouse.rows("SELECT record_id FROM identity.link WHERE pupil_id = :id AND version_to > 1e18", id=younger)]
    for _ in range(2):
        decide.merge(*two, **WORD)
        assert set(partition(warehouse).values()) == {older}
        assert identity_ids.resolve(younger).pupil_id == older
        decide.split(older, moving, **WORD)
        assert set(partition(warehouse).values()) == {older, younger}
        assert identity_ids.resolve(younger).pupil_id == younger


def test_an_unmerge_holds_when_other_things_changed_since(warehouse: Warehouse, tmp_path: Path, two: tuple[int, int]) -> None:
    older, _ = two
    decide.merge(*two, **WORD)
    arrive(tmp_path, "zags_births", 6, person=[person("a", 2, **BAIR | {"given_name": "БАЙР"}, snils="11223344595"), person("x", given_name="ИВАН")])
    arrive(tmp_path, "vuz_scos", 7, person=[person("d", 2, **SOYAN | {"family_name": "ДАМБАЕВА"}, snils="08765430300")])
    link.link()
    decide.split(older, record(warehouse, "c", "d"), **WORD)
    found = partition(warehouse)
    assert found["a"] == found["b"] != found["c"] == found["d"]
    assert {found["a"], found["c"]} == set(two)
    assert link.link()["written"] == 0


def test_a_split_that_no_evidence_asked_for_holds_in_every_later_linking(warehouse: Warehouse, tmp_path: Path) -> None:
    arrive(tmp_path, "journal_file", 1, person=[person("a", **BAIR, snils="11223344595")])
    arrive(tmp_path, "vuz_scos", 2, person=[person("b", **BAIR, snils="11223344595")])
    pupil = link.link() and partition(warehouse)["a"]
    figures = decide.split(pupil, record(warehouse, "b"), **WORD)
    assert len(figures["pupils"]) == 2
    arrive(tmp_path, "pfr_snils", 3, person=[person("c", **BAIR, snils="11223344595")])
    link.link()
    found = partition(warehouse)
    assert found["a"] != found["b"]


def test_publishing_follows_when_asked(warehouse: Warehouse, two: tuple[int, int]) -> None:
    figures = decide.merge(*two, **WORD, to_publish=True)
    assert warehouse.scalar("SELECT version FROM core.published_version") == figures["published_version"] == figures["version"]
    assert warehouse.rows("SELECT pupil_id FROM marts.pupil", role="analyst") == [(two[0],)]


@pytest.mark.parametrize(("apart", "code"), [([], "split.not_a_part"), ([1, 2], "split.not_a_part"), ([99], "split.not_its_records")])
def test_a_split_names_some_of_the_pupils_own_records(warehouse: Warehouse, tmp_path: Path, apart: list[int], code: str) -> None:
    arrive(tmp_path, "journal_file", 1, person=[person("a", **BAIR, snils="11223344595")])
    arrive(tmp_path, "vuz_scos", 2, person=[person("b", **BAIR, snils="11223344595")])
    link.link()
    with pytest.raises(ConfigurationError) as caught:
        identity_decide.split(1, apart, **WORD)
    assert caught.value.code == code
    assert len(identity.changed()) == 0


def test_a_merged_or_unknown_id_is_not_decided_about(warehouse: Warehouse, two: tuple[int, int]) -> None:
    decide.merge(*two, **WORD)
    with pytest.raises(ConfigurationError, match=f"merged into {two[0]}"):
        decide.merge(*two, **WORD)
    with pytest.raises(ConfigurationError, match="unknown"):
        decide.split(999, [1], **WORD)
    with pytest.raises(ConfigurationError, match="one pupil"):
        decide.merge(two[0], two[0], **WORD)
    assert publish.publication.latest_version() > 0
