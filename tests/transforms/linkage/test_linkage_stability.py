"""Pupil ids survive merges, splits and newcomers."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from schemas.errors import ContractBroken
from transforms.linkage.link import link

Draw = Callable[[str], pa.Table]


def _previous(pupil_of: dict[int, int]) -> pa.Table:
    return pa.table({"record_id": list(pupil_of), "pupil_id": list(pupil_of.values())})


def test_a_merged_pupil_takes_the_smallest_id_and_the_other_redirects(drawn: Draw) -> None:
    records = drawn("""
        id | source  | given | snils
        1  | journal | ИВАН  | 11223344595
        2  | college | ИВАН  | 11223344595
        3  | fms     | ИВАН  | 11223344595""")
    result = link(records, previous=_previous({1: 70, 2: 50}))
    assert set(result.links["pupil_id"].to_pylist()) == {50}
    assert result.redirects.to_pylist() == [{"pupil_id": 70, "redirect_to": 50}]


def test_of_a_split_pupil_the_part_with_the_strongest_evidence_keeps_the_id(drawn: Draw) -> None:
    records = drawn("""
        id | source  | given | snils       | document
        1  | journal | ПЕТР  |             | 8115 600001
        2  | college | ПЕТР  |             | 8115 600001
        3  | journal | ИВАН  | 11223344595 |
        4  | college | ИВАН  | 11223344595 |""")
    result = link(records, previous=_previous({1: 50, 2: 50, 3: 50, 4: 50}))
    pupils = dict(zip(result.links["record_id"].to_pylist(), result.links["pupil_id"].to_pylist(), strict=True))
    assert pupils[3] == pupils[4] == 50
    assert pupils[1] == pupils[2] == -1
    assert result.redirects.num_rows == 0


def test_new_pupils_are_numbered_by_source_and_key(drawn: Draw) -> None:
    records = drawn("id | source | key | given\n1 | b | 1 | ИВАН\n2 | a | 2 | ПЕТР\n3 | a | 1 | ЕГОР")
    links = link(records).links.to_pylist()
    assert {row["record_id"]: row["pupil_id"] for row in links} == {3: -1, 2: -2, 1: -3}
    assert {row["status"] for row in links} == {"new"}


def test_a_link_names_its_rule_weight_and_evidence(drawn: Draw) -> None:
    links = link(drawn("id | source | snils\n1 | journal | 11223344595\n2 | college | 11223344595")).links.to_pylist()
    assert {(row["record_id"], row["rule"], row["weight"], row["evidence_record_id"], row["status"]) for row in links} == {
        (1, "snils", 25.0, 2, "auto"), (2, "snils", 25.0, 1, "auto")}


def test_no_records_give_no_links(drawn: Draw) -> None:
    assert link(drawn("id | source | given\n1 | a | ИВАН").slice(0, 0)).links.num_rows == 0


def test_a_record_id_that_comes_twice_breaks_the_contract(drawn: Draw) -> None:
    with pytest.raises(ContractBroken, match="record_id"):
        link(drawn("id | source | given\n1 | a | ИВАН\n1 | b | ИВАН"))
