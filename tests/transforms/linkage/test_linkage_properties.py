"""What holds for any records: order, neighbourhoods and constraints."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.linkage.inputs import RECORD
from transforms.linkage.keys import link_keys
from transforms.linkage.link import LinkResult, link

ONE_RECORD = ("zags_births", "pfr_snils")
_PERSONS = st.fixed_dictionaries({
    "source": st.sampled_from(["zags_births", "pfr_snils", "journal", "college"]),
    "family_name": st.sampled_from(["ИВАНОВ", "ИВАНОВА", "ИВАНЦОВ", "ДОРЖИЕВ", None]),
    "given_name": st.sampled_from(["АЛИНА", "АРИНА", "САРЮУНА", "ИВАН", None]),
    "patronymic": st.sampled_from(["БАТОРОВИЧ", "БАТОРОВНА", None]),
    "birth_date": st.sampled_from([datetime.date(2012, 3, 5), datetime.date(2012, 5, 3), datetime.date(1985, 7, 21), None]),
    "snils": st.sampled_from(["11223344595", "12345678964", None, None]),
    "birth_certificate": st.sampled_from(["I-АЖ 600001", "I-АЖ 600002", None, None, None]),
    "document": st.sampled_from(["8115 600001", None, None, None]),
})
_TABLES = st.lists(_PERSONS, min_size=1, max_size=9)
_SIMILAR = st.fixed_dictionaries({
    "source": st.sampled_from(["zags_births", "pfr_snils", "journal", "college"]),
    "family_name": st.sampled_from(["ИВАНОВ", "ИВАНЦОВ"]),
    "given_name": st.sampled_from(["САРЮУНА", "САРЮУННА", "ДАНИИЛ", "ДАНИЛА", "БАТОРОВИЧ"]),
    "patronymic": st.sampled_from(["БАТОРОВИЧ", "ДАНИИЛ", None]),
    "birth_date": st.sampled_from([datetime.date(2012, 3, 5), datetime.date(2012, 3, 5), None]),
    "birth_date_partial": st.sampled_from(["2012", "2012-03", None]),
    "snils": st.sampled_from(["11223344595", None, None, None]),
    "birth_certificate": st.sampled_from(["I-АЖ 600001", "I-АЖ 600002", None, None, None]),
    "document": st.none(),
})
_SIMILAR_TABLES = st.lists(_SIMILAR, min_size=1, max_size=9)
"""Twins, swapped names and partial dates: what many keys connect."""
_SLOW = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _numbered(rows: list[dict[str, Any]], first: int = 0) -> list[dict[str, Any]]:
    return [row | {"record_id": n, "source_key": f"{n:04d}", "record_status": "active"} for n, row in enumerate(rows, first)]


def _link(rows: list[dict[str, Any]]) -> LinkResult:
    return link(pa.Table.from_pylist(rows, schema=RECORD), one_record_sources=ONE_RECORD)


def _told(result: LinkResult) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return result.links.to_pylist(), result.reviews.to_pylist()


def _of(result: LinkResult, ids: set[int]) -> tuple[set[frozenset[int]], set[tuple[int, str, tuple[str, ...]]]]:
    """Partition, and (record, status or reasons) of some records, free of temporary ids."""
    members: dict[int, set[int]] = {}
    for row in result.links.to_pylist():
        members.setdefault(row["pupil_id"], set()).add(row["record_id"])
    told = {(row["record_id"], row["status"], ()) for row in result.links.to_pylist()}
    told |= {(row["record_id"], "asks", tuple(row["reasons"])) for row in result.reviews.to_pylist()}
    return {frozenset(each) for each in members.values() if each & ids}, {each for each in told if each[0] in ids}


@_SLOW
@given(_TABLES | _SIMILAR_TABLES, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_records(rows: list[dict[str, Any]], random: Any) -> None:
    numbered = _numbered(rows)
    shuffled = random.sample(numbered, len(numbered))
    assert _told(_link(numbered)) == _told(_link(shuffled))


@_SLOW
@given(_TABLES)
def test_no_pupil_has_two_records_of_a_one_record_source_or_two_given_names(rows: list[dict[str, Any]]) -> None:
    numbered = _numbered(rows)
    by_id = {row["record_id"]: row for row in numbered}
    result = _link(numbered)
    for part, _ in [(part, None) for part in _of(result, set(by_id))[0]]:
        sources = Counter(by_id[n]["source"] for n in part)
        assert all(sources[source] <= 1 for source in ONE_RECORD)
        assert len({by_id[n]["given_name"] for n in part} - {None}) <= 1


@_SLOW
@given(_TABLES, _TABLES)
def test_neighbourhoods_that_share_no_key_link_alone_as_together(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    right = [row | {name: None if row[name] is None else "ЯХ" + row[name] for name in ("family_name", "given_name")}
             | {"snils": None, "birth_certificate": row["birth_certificate"] and "II-БЮ 700007", "document": None} for row in right]
    one, two = _numbered(left), _numbered(right, 100)
    both = _link([*two, *one])
    for part in (one, two):
        ids = {row["record_id"] for row in part}
        assert _of(_link(part), ids) == _of(both, ids)
    keys = link_keys(pa.Table.from_pylist([*one, *two], schema=RECORD)).to_pylist()
    assert not {row["key"] for row in keys if row["record_id"] < 100} & {row["key"] for row in keys if row["record_id"] >= 100}


@_SLOW
@given(_TABLES | _SIMILAR_TABLES)
def test_a_neighbourhood_is_closed_over_the_linking_keys(rows: list[dict[str, Any]]) -> None:
    numbered = _numbered(rows)
    keys: dict[str, set[int]] = {}
    for row in link_keys(pa.Table.from_pylist(numbered, schema=RECORD)).to_pylist():
        keys.setdefault(row["key"], set()).add(row["record_id"])
    near = {0}
    while (wider := near.union(*(ids for ids in keys.values() if ids & near))) != near:
        near = wider
    part = [row for row in numbered if row["record_id"] in near]
    assert _of(_link(part), near) == _of(_link(numbered), near)


@_SLOW
@given(_TABLES)
def test_linking_again_changes_no_id(rows: list[dict[str, Any]]) -> None:
    records = pa.Table.from_pylist(_numbered(rows), schema=RECORD)
    first = link(records, one_record_sources=ONE_RECORD).links
    kept = pa.table({"record_id": first["record_id"], "pupil_id": [1000 - n for n in first["pupil_id"].to_pylist()]})
    again = link(records, previous=kept, one_record_sources=ONE_RECORD)
    assert dict(zip(*again.links.select(["record_id", "pupil_id"]).to_pydict().values(), strict=True)) == \
        dict(zip(*kept.to_pydict().values(), strict=True))
    assert again.redirects.num_rows == 0
