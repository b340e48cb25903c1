"""A renumbered delivery that a person releases: records keep their children, keys move, facts and answers follow neither wrongly."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, mark, person, write
from warehouse import ledger, load, swapped

pytestmark = pytest.mark.warehouse
NAMES = {"a": ("АННА", "АННИНА"), "b": ("БОРИС", "БОРИСОВ"), "c": ("ВЕРА", "ВЕРИНА"), "d": ("ГЛЕБ", "ГЛЕБОВ")}
EVIDENCE = pa.schema([("source_key", pa.string()), ("matches_source_key", pa.string()), ("rule", pa.string())])


def child(key: str, who: str) -> dict[str, object]:
    return person(key, given_name=NAMES[who][0], family_name=NAMES[who][1], organisation_key="1020300000001")


def bring(folder: Path, minute: int, rows: dict[str, list[dict[str, object]]], source: str = "journal_file",
          evidence: dict[str, str | None] | None = None) -> dict[str, object]:
    receipt = Receipt(source=source, minute=minute)
    ledger.register([receipt])
    if evidence is not None:
        ledger.hold(receipt.delivery_id, swapped.HELD, "counts")
        swapped.keep_evidence(receipt.delivery_id, pa.Table.from_pylist(
            [{"source_key": key, "matches_source_key": match, "rule": "given_birth"} for key, match in evidence.items()], EVIDENCE))
    return load.accept(receipt.delivery_id, write(folder / receipt.delivery_id, rows), is_renumbered=evidence is not None)


def given_names(warehouse: Warehouse) -> dict[str, list[object]]:
    """Given names by marks' keys: whose mark it is now."""
    rows = warehouse.rows("SELECT mark.source_key, version.given_name FROM core.mark JOIN LATERAL (SELECT given_name FROM identity.person_record "
                          "WHERE person_record.record_id = mark.record_id ORDER BY version_from DESC LIMIT 1) AS version ON true "
                          "WHERE mark.version_to > 1e18 ORDER BY 1")
    return {str(key): [name] for key, name in rows}


def test_a_child_found_again_keeps_its_record_and_its_marks_under_the_new_key(warehouse: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, 1, {"person": [child(key, key) for key in "abc"], "mark": [mark(f"m-{key}", key) for key in "abc"]})
    before = dict(warehouse.rows("SELECT given_name, record_id FROM identity.person_record"))
    bring(tmp_path, 2, {"person": [child("a", "b"), child("b", "a"), child("c", "d")], "mark": [mark("m-new", "a")]},
          evidence={"a": "b", "b": "a", "c": None})
    after = dict(warehouse.rows("SELECT given_name, record_id FROM identity.person_record WHERE version_to > 1e18"))
    assert {name: after[name] for name in ("АННА", "БОРИС")} == {name: before[name] for name in ("АННА", "БОРИС")}
    assert after["ГЛЕБ"] not in before.values()
    assert given_names(warehouse) == {"m-a": ["АННА"], "m-b": ["БОРИС"], "m-c": ["ВЕРА"], "m-new": ["БОРИС"]}
    assert warehouse.scalar("SELECT source_key FROM identity.source_record WHERE record_id = :one", one=before["ВЕРА"]) == f"c#{before['ВЕРА']}"
    assert ledger.totals()["difference"] == 0


def test_equal_facts_under_an_exchanged_key_go_to_the_child_of_the_key(warehouse: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, 1, {"person": [child("a", "a"), child("b", "b")], "mark": [mark("1", "a")]})
    bring(tmp_path, 2, {"person": [child("a", "b"), child("b", "a")], "mark": [mark("1", "a")]}, evidence={"a": "b", "b": "a"})
    assert given_names(warehouse) == {"1": ["БОРИС"]}


def test_a_child_still_listed_under_its_own_key_does_not_take_another(warehouse: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, 1, {"person": [child("a", "a"), child("b", "b")]})
    bring(tmp_path, 2, {"person": [child("a", "b"), child("b", "b")]}, evidence={"a": "b"})
    assert warehouse.scalar("SELECT count(DISTINCT record_id) FROM identity.person_record WHERE version_to > 1e18 AND given_name = 'БОРИС'") == 2


def test_answers_about_a_key_that_moved_end_and_are_asked_again(warehouse: Warehouse, tmp_path: Path) -> None:
    bring(tmp_path, 1, {"person": [child("a", "a"), child("b", "b")]})
    bring(tmp_path, 2, {"person": [person("journal_file:a", given_name="АННА", asked_source="journal_file", asked_key="a")]}, source="pfr_snils")
    warehouse.execute("INSERT INTO quality.question VALUES ('pfr_snils', 'journal_file:a', 'hash', 1, '2025-10-24')")
    bring(tmp_path, 3, {"person": [child("a", "b"), child("b", "a")]}, evidence={"a": "b", "b": "a"})
    assert warehouse.scalar("SELECT count(*) FROM identity.person_record WHERE source = 'pfr_snils' AND version_to > 1e18") == 0
    assert warehouse.rows("SELECT content_hash, asked_as_of::text FROM quality.question".replace("::", r"\:\:")) == [("", "1900-01-01")]
