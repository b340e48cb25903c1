"""The ministry's register: what it never said before is refused, not guessed."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from connectors.education_organisations import read
from connectors.rows import RawBatch
from tests.connectors.kept import DATA, delivery
from transforms.education_organisations import clean


def register() -> pd.DataFrame:
    body = (DATA / "education_organisations" / "register.csv").read_bytes()
    return pd.concat([part.rows for part in read(delivery("education_organisations", "register.csv"), io.BytesIO(body)) if isinstance(part, RawBatch)])


def test_kinds_and_products_become_codes() -> None:
    found = clean("organisation", register())
    assert found.refused.empty
    assert found.rows["journal_product"].tolist() == ["netschool", "eljur", "bars", "file", "scos"]
    assert found.rows["organisation_kind"].tolist() == ["school"] * 4 + ["university"]
    assert not found.rows["is_rural"].any()


def test_no_journal_is_a_product_and_not_a_missing_value() -> None:
    assert clean("organisation", register().assign(journal_product="Нет")).rows["journal_product"].tolist() == ["none"] * 5


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("journal_product", "Дневник", "organisation.journal_product.values"), ("organisation_kind", "Кружок", "organisation.organisation_kind.values"),
    ("oktmo", "84701000", "organisation.oktmo.codes"), ("organisation_key", "123", "organisation.organisation_key.pattern"),
    ("is_rural", "степная", "organisation.is_rural.flag")])
def test_an_unknown_value_is_refused(column: str, value: str, rule: str) -> None:
    assert clean("organisation", register().assign(**{column: value})).refused["rule"].unique().tolist() == [rule]
