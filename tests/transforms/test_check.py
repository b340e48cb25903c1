"""Every raw row becomes a staging row or a refusal that names the first rule it breaks."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rules import BY_ENTITY, RULES
from schemas.tables import STAGING
from transforms.check import broken, settle
from transforms.cleaned import Cleaned

PERSON = {"record_status": "active", "family_name": "ДОРЖИЕВ", "given_name": "БАИР", "birth_date": "2014-03-09"}


def persons(*rows: dict[str, str | None]) -> pd.DataFrame:
    full = [{"position": str(number), "source_key": f"k{number}", **PERSON, **row} for number, row in enumerate(rows)]
    return pd.DataFrame(full, dtype="str")


def left_out(cleaned: Cleaned) -> list[tuple[str, str]]:
    return [] if cleaned.left_out is None else list(cleaned.left_out[["position", "rule"]].itertuples(index=False, name=None))


def rules_of(*rows: dict[str, str | None]) -> list[str]:
    return settle("person", persons(*rows)).refused["rule"].tolist()


@pytest.mark.parametrize(("row", "rule"), [
    ({"birth_date": "2015-02-31"}, "person.birth_date.calendar"),
    ({"birth_date": "1899-01-01"}, "person.birth_date.minimum"), ({"sex": "Ч"}, "person.sex.values"), ({"family_name": "DORZHIEV"}, "person.family_name.pattern"),
    ({"source_key": None}, "person.source_key.required"), ({"record_status": None}, "person.record_status.required"),
    ({"snils": "1", "family_name": "X"}, "person.family_name.pattern"),
])
def test_a_bad_row_names_the_first_rule_it_breaks(row: dict[str, str | None], rule: str) -> None:
    assert rules_of({}, row) == [rule]


def test_a_bad_certificate_is_left_out_and_the_person_stays() -> None:
    cleaned = settle("person", persons({"birth_certificate": "абв", "mother_snils": "11223344500"}))
    assert cleaned.refused.empty
    assert cleaned.rows[["birth_certificate", "mother_snils"]].isna().all(axis=None)
    assert left_out(cleaned) == [("0", "person.birth_certificate.pattern"), ("0", "person.mother_snils.control_number")]


@pytest.mark.parametrize(("number", "rule"), [("11223344500", "person.snils.control_number"), ("00000000000", "person.snils.control_number"),
                                              ("1122334459", "person.snils.pattern")])
def test_a_child_whose_number_is_wrong_goes_on_without_it_and_the_value_is_told_by_key(number: str, rule: str) -> None:
    cleaned = settle("person", persons({}, {"snils": number}))
    assert (len(cleaned.rows), len(cleaned.refused), cleaned.rows["snils"].isna().tolist()) == (2, 0, [True, True])
    assert cleaned.left_out is not None
    assert cleaned.left_out.to_dict("records") == [{"entity": "person", "position": "1", "source_key": "k1", "rule": rule,
                                                    "rule_version": RULES[rule].version}]


def test_a_value_of_a_refused_record_is_not_told_twice() -> None:
    cleaned = settle("person", persons({"snils": "11223344500", "birth_date": "2015-02-31"}))
    assert (cleaned.refused["rule"].tolist(), left_out(cleaned)) == (["person.birth_date.calendar"], [])


def test_a_refusal_keeps_position_key_and_the_version_of_the_rule() -> None:
    refused = settle("person", persons({}, {"birth_date": "2015-02-31"})).refused
    assert refused.to_dict("records") == [{"entity": "person", "position": "1", "source_key": "k1", "rule": "person.birth_date.calendar",
                                           "rule_version": RULES["person.birth_date.calendar"].version}]


def test_what_was_found_before_counts_and_an_unknown_rule_is_an_error_of_ours() -> None:
    rows = persons({}, {})
    found = broken("person", rows["position"], {"test_record": pd.Series([False, True])})
    assert settle("person", rows, found).refused["rule"].tolist() == ["person.test_record"]
    with pytest.raises(ValueError, match="no such rules"):
        settle("person", rows, found.assign(rule="person.nonsense"))


def test_the_staging_row_has_the_declared_columns_in_order() -> None:
    assert tuple(settle("person", persons({})).rows.columns) == STAGING["person"].columns


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional={
    "snils": st.sampled_from(["11223344595", "11223344500", "1", None]), "sex": st.sampled_from(["M", "x", None]),
    "birth_date": st.sampled_from(["2014-03-09", "2014-02-30", "9", None]), "family_name": st.one_of(st.none(), st.text(max_size=5)),
    "birth_order": st.sampled_from(["1", "99", "x", None])}), max_size=8))
def test_rows_and_refusals_together_are_what_came(rows: list[dict[str, str | None]]) -> None:
    raw = persons(*rows) if rows else persons({}).iloc[:0]
    cleaned = settle("person", raw)
    assert sorted([*cleaned.rows["position"], *cleaned.refused["position"]]) == sorted(raw["position"])


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(5)))
def test_the_fingerprint_is_of_the_content_alone(order: list[int]) -> None:
    raw = persons(*({"given_name": name} for name in ("БАИР", "АЮР", "ДАРИ", "БАИР", "СЭСЭГ")))
    straight = settle("person", raw).rows.set_index("position")["record_hash"]
    mixed = settle("person", raw.iloc[order]).rows.set_index("position")["record_hash"]
    assert mixed.loc[straight.index].tolist() == straight.tolist()
    assert straight.nunique() == 4  # two have the same content under two keys
    assert straight.str.fullmatch("[0-9a-f]{32}").all()


def test_a_missing_value_and_an_empty_neighbour_do_not_share_a_fingerprint() -> None:
    hashes = settle("person", persons({"patronymic": None, "mother_given_name": "А"}, {"patronymic": "А", "mother_given_name": None})).rows["record_hash"]
    assert hashes.nunique() == 2


def test_every_rule_speaks_russian_and_says_what_to_do() -> None:
    assert all(rule.title and rule.advice for rule in RULES.values())
    assert {rule.id for rules in BY_ENTITY.values() for rule in rules} <= RULES.keys()
