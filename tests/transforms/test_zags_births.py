"""Births: what is absent says why, versions keep their order, one bad record goes alone."""

from __future__ import annotations

import pandas as pd

from schemas.tables import STAGING
from tests.transforms.kept_smev import push
from transforms.zags_births import clean


def test_good_records_pass_and_the_one_with_a_wrong_number_goes_on_without_it() -> None:
    cleaned = clean("person", push("zags_births"))
    assert list(cleaned.rows.columns) == list(STAGING["person"].columns)
    assert (len(cleaned.rows), len(cleaned.refused)) == (5, 0)
    assert cleaned.left_out is not None
    assert cleaned.left_out[["position", "rule"]].to_dict("records") == [{"position": "message.xml#3", "rule": "person.snils.control_number"}]
    assert cleaned.rows.set_index("position")["snils"].isna()["message.xml#3"]


def test_the_act_is_the_birth_record() -> None:
    row = clean("person", push("zags_births")).rows.iloc[0]
    assert row["source_key"] == row["birth_act_number"] == "1" + "0" * 19 + "1"
    assert (row["family_name"], row["family_name_raw"] is pd.NA or pd.isna(row["family_name_raw"])) == ("КОРОЛЁВ", True)
    assert (row["sex"], row["snils"], str(row["birth_date"].date())) == ("M", "11223344595", "2014-03-09")
    assert (row["birth_act_authority"], row["birth_certificate_issuer"], row["oktmo"]) == ("R0300001", "Отдел ЗАГС", "81701000")
    assert (row["mother_family_name"], row["mother_snils"], row["birth_count"], row["birth_order"]) == ("КОРОЛЁВА", "00100199801", 2, 1)


def test_the_repeated_certificate_is_in_force_and_the_first_stays_a_document() -> None:
    row = clean("person", push("zags_births")).rows.iloc[0]
    assert (row["birth_certificate"], row["document_kind"], row["document"]) == ("II-АЖ 700001", "03", "I-АЖ 600001")


def test_absence_has_a_reason_and_a_partial_date_stays_partial() -> None:
    row = clean("person", push("zags_births")).rows.iloc[1]
    assert row["patronymic_absence"] == "declared_absent"
    assert (row["birth_date_partial"], row["birth_date_absence"]) == ("2012-05", "partial")
    assert pd.isna(row["birth_date"])
    assert pd.isna(row["oktmo"])


def test_an_annulled_version_is_a_later_version_of_the_same_key() -> None:
    rows = clean("person", push("zags_births")).rows
    versions = rows[rows["source_key"] == "1" + "0" * 19 + "1"]
    assert versions[["sequence", "record_status"]].values.tolist() == [[1, "active"], [2, "annulled"]]


def test_a_stillborn_child_is_dead_from_birth() -> None:
    row = clean("person", push("zags_births")).rows.iloc[4]
    assert row["death_date"] == row["birth_date"]


def test_a_record_without_any_name_is_refused() -> None:
    nameless = push("zags_births").head(1).assign(family_name=None, given_name=None)
    assert clean("person", nameless).refused["rule"].tolist() == ["person.name.required"]


def test_the_order_and_number_of_rows_do_not_change_a_row() -> None:
    raw = push("zags_births")
    once, turned = clean("person", raw).rows, clean("person", raw[::-1]).rows
    pd.testing.assert_frame_equal(once, turned.sort_values("position", ignore_index=True))
