"""Great Expectations at the gates: each rule can fail, counts are exact, values never leave."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline import gates
from schemas.expectations import door_suite, record_suite
from schemas.tables import STAGING


def persons(**change: object) -> pd.DataFrame:
    """Three good person rows; `change` breaks the second."""
    good = {"source_key": "s:1", "sequence": 0, "record_hash": "0" * 32, "position": "1", "family_name": "ДОРЖИЕВ", "given_name": "БАИР",
            "birth_date": pd.Timestamp(2015, 1, 2), "sex": "M", "snils": "11223344595", "record_status": "active"}
    rows = pd.DataFrame([good, good | change, good], columns=list(STAGING["person"].columns))
    return rows.assign(birth_date=pd.to_datetime(rows["birth_date"]))


def test_good_rows_pass_every_expectation() -> None:
    assert not gates.failed(gates.records("x/person", persons(), record_suite("person")))


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("sex", "X", "person.sex.values"),
    ("record_status", None, "person.record_status.required"),
    ("family_name", "Ivanov7", "person.family_name.pattern"),
    ("birth_date", pd.Timestamp(1889, 1, 1), "person.birth_date.minimum"),
])
def test_one_bad_value_is_counted_once_under_its_rule(column: str, value: object, rule: str) -> None:
    failed = gates.failed(gates.records("x/person", persons(**{column: value}), record_suite("person")))
    assert [(result.rule, result.unexpected) for result in failed] == [(rule, 1)]


def test_a_lost_column_fails_the_suite() -> None:
    failed = gates.failed(gates.records("x/person", persons().drop(columns="snils").assign(extra=1), record_suite("person")[:1]))
    assert [result.rule for result in failed] == ["person.columns"]


def test_no_personal_value_stands_in_a_result() -> None:
    results = gates.records("x/person", persons(family_name="Ivanov7", snils="999"), record_suite("person"))
    assert "Ivanov7" not in repr(results)
    assert "999" not in repr(results)


def test_the_door_names_the_delivery_that_shrank_and_the_one_out_of_range() -> None:
    frame = pd.DataFrame({"received": [10, 0, 10], "refused_share": [0.0, 0.0, 0.9], "person_ratio": [1.0, None, 0.3]})
    rows = {result.rule: result.rows for result in gates.failed(gates.door("x", frame, door_suite(range(1, 100))))}
    assert rows == {"delivery.rows.range": (1,), "delivery.refused.share": (2,), "delivery.rows.shrink": (2,)}


def test_every_staging_relation_has_a_suite_that_names_its_columns() -> None:
    for entity in STAGING:
        suite = record_suite(entity)
        assert suite[0].arguments["column_set"] == list(STAGING[entity].columns)
        assert {one.column for one in suite if one.column} <= set(STAGING[entity].columns)
