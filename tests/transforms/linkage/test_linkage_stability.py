"""Pupil ids survive merges, splits and newcomers."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

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


def test_numbers_of_new_pupils_do_not_depend_on_the_order_of_records(drawn: Draw) -> None:
    rows = ["1 | b | 1 | ИВАН", "2 | a | 2 | ПЕТР", "3 | a | 1 | ЕГОР"]
    first, again = (link(drawn("\n".join(["id | source | key | given", *order]))).links.to_pylist() for order in (rows, rows[::-1]))
    numbers = [{row["record_id"]: row["pupil_id"] for row in links} for links in (first, again)]
    assert numbers[0] == numbers[1]
    assert set(numbers[0].values()) == {-1, -2, -3}
    assert {row["status"] for row in first} == {"new"}
