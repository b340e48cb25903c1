"""СФР: one account or several, and a verdict that is no account."""

from __future__ import annotations

import pandas as pd

from connectors.pfr_snils import PERSON, VALIDATION
from transforms.pfr_snils import clean

ASKED = {"question_id": "zags_births:1", "asked_source": "zags_births", "asked_key": "1"}
ACCOUNT = {"family_name": "Королёв", "given_name": "Баир", "snils": "11223344595", "sex": "Male", "birth_date": "2014-03-09"}


def people(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"position": str(number)} | ASKED | row for number, row in enumerate(rows)], columns=PERSON, dtype="str")


def test_an_account_is_a_person_under_the_question() -> None:
    row = clean("person", people(ACCOUNT)).rows.iloc[0]
    assert (row["source_key"], row["asked_key"], row["family_name"], row["sex"], row["snils"]) == ("zags_births:1", "1", "КОРОЛЁВ", "M", "11223344595")
    assert row["patronymic_absence"] == "silent"


def test_several_accounts_have_keys_of_their_own() -> None:
    rows = clean("person", people(ACCOUNT | {"account": "1"}, ACCOUNT | {"account": "2", "snils": "08765430200"})).rows
    assert rows["source_key"].tolist() == ["zags_births:1:1", "zags_births:1:2"]


def test_an_account_whose_number_is_wrong_is_left_without_it() -> None:
    cleaned = clean("person", people(ACCOUNT, ACCOUNT | {"account": "2", "snils": "11223344500"}))
    assert (len(cleaned.rows), len(cleaned.refused), cleaned.rows["snils"].isna().tolist()) == (2, 0, [False, True])


def test_a_verdict_hangs_on_a_person_row_that_never_replaces_the_account() -> None:
    person = clean("person", people({"account": "validation"})).rows.iloc[0]
    raw = pd.DataFrame([{"position": "p", "snils": "11223344595", "result": "false"} | ASKED], columns=VALIDATION, dtype="str")
    verdict = clean("snils_validation", raw).rows.iloc[0]
    assert verdict["person_key"] == person["source_key"] == "zags_births:1:validation"
    assert (verdict["snils"], bool(verdict["is_confirmed"])) == ("11223344595", False)
    assert pd.isna(person["snils"])
