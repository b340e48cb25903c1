"""МВД: whose residence, where, and what the paper says of citizenship."""

from __future__ import annotations

import pandas as pd
import pytest

from connectors.fms_residence import CITIZENSHIP, PERSON, RESIDENCE
from transforms.fms_residence import clean

FOUND = {"position": "attachment-1.zip!1.xml#1", "question_id": "zags_births:1", "kind": "living", "region_oktmo": "81701000", "region": "Республика Бурятия",
         "settlement": "г. Улан-Удэ", "street": "ул. Примерная", "house": "1", "flat": "2", "date_from": "2014-04-01"}


def residence(**changed: str | None) -> pd.Series:
    cleaned = clean("residence", pd.DataFrame([FOUND | changed], columns=RESIDENCE, dtype="str"))
    assert cleaned.refused.empty
    return cleaned.rows.iloc[0]


def test_the_person_names_the_question_and_repeats_no_name() -> None:
    raw = pd.DataFrame([{"position": "p", "question_id": "zags_births:1", "asked_source": "zags_births", "asked_key": "1"}], columns=PERSON, dtype="str")
    row = clean("person", raw).rows.iloc[0]
    assert (row["source_key"], row["asked_source"], row["asked_key"], row["record_status"]) == ("zags_births:1", "zags_births", "1", "active")
    assert row[["family_name", "given_name", "birth_date", "birth_certificate"]].isna().all()


def test_a_residence_has_its_municipality_and_one_line_of_address() -> None:
    row = residence()
    assert (row["source_key"], row["person_key"], row["oktmo"]) == ("zags_births:1:living", "zags_births:1", "81701000")
    assert row["address"] == "Республика Бурятия, г. Улан-Удэ, ул. Примерная, д. 1, кв. 2"
    assert (row["is_outside_region"], row["is_rural"]) == (False, False)


def test_the_last_day_of_a_stay_belongs_to_it() -> None:
    row = residence(kind="staying", date_to="2026-06-15")
    assert str(row["valid_to"].date()) == "2026-06-16"


@pytest.mark.parametrize(("changed", "outside"), [
    ({"region_oktmo": "25701000", "region": None}, True), ({"region_oktmo": None, "region": "Иркутская область"}, True),
    ({"region_oktmo": None}, False), ({"region_oktmo": "81000000"}, False), ({"region_oktmo": "81624", "region": None}, False),
    ({"region_oktmo": None, "region": None, "unstructured_address": "где-то"}, False)])
def test_a_place_is_outside_when_a_code_or_else_a_name_says_so(changed: dict[str, str | None], outside: bool) -> None:
    assert bool(residence(**changed)["is_outside_region"]) is outside


def test_a_village_is_rural_only_in_its_own_municipality() -> None:
    from transforms.codes import table

    villages = table("settlements").query("kind == 'village'")
    village = villages[~villages["settlement"].duplicated(keep=False)].iloc[0]
    assert bool(residence(region_oktmo=village["oktmo"], settlement=f"с. {village['settlement']}")["is_rural"])
    other = "81701000" if village["oktmo"] != "81701000" else "81624000"
    assert pd.isna(residence(region_oktmo=other, settlement=village["settlement"])["is_rural"])


def test_an_address_of_one_line_is_kept() -> None:
    row = residence(region_oktmo=None, region=None, settlement=None, street=None, house=None, flat=None, unstructured_address="г. Улан-Удэ, ул. Примерная")
    assert row["address"] == "г. Улан-Удэ, ул. Примерная"


def test_citizenship_follows_from_papers_only_citizens_have() -> None:
    raw = pd.DataFrame([{"position": str(n), "question_id": f"q:{n}", "document": paper} for n, paper in enumerate(("russianPassport", "birthCertificate"))],
                       columns=CITIZENSHIP, dtype="str")
    rows = clean("citizenship", raw).rows
    assert rows[["source_key", "citizenship", "document_kind"]].values.tolist() == [["q:0:citizenship", "643", "21"], ["q:1:citizenship", "643", "03"]]
