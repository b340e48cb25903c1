from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from connectors.mocks.region import errors, errors_held_out
from schemas.errors import ConfigurationError
from services.link_records import FILES, Wanted, synthesise
from transforms.link_table import COLUMNS
from transforms.linkage.inputs import RECORD


def hashes(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    synthesise(Wanted(children=3_000, seed=5, errors="held_out"), folder)
    return folder


def frames(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_csv(folder / "IN.csv", dtype=str), pd.read_csv(folder / "TRUTH.csv", dtype={"record_id": str, "citizenship": str})


def test_every_record_has_one_person_and_the_columns_that_linking_reads(made: Path) -> None:
    table, truth = frames(made)
    assert list(table.columns) == list(COLUMNS)
    assert list(truth["record_id"]) == list(table["record_id"])
    assert table["record_id"].is_unique
    assert pq.read_schema(made / "records.parquet").names == RECORD.names
    assert 3.5 < len(table) / truth["person_id"].nunique() < 4.3


def test_sources_that_promise_one_record_a_person_keep_their_promise_in_the_births(made: Path) -> None:
    table, truth = frames(made)
    births = table.merge(truth, on="record_id").query("source == 'zags_births'")
    assert births["person_id"].is_unique


def test_training_pupils_are_each_a_person_of_their_own(made: Path) -> None:
    table, truth = frames(made)
    nobody = table.merge(truth, on="record_id").query("person_id < 0")
    assert len(nobody) >= 1
    assert nobody["person_id"].is_unique
    assert set(nobody["family_name"]) == {"Тестов"}


def test_the_same_wish_gives_the_same_bytes_with_any_number_of_workers_and_other_seeds_others(tmp_path: Path) -> None:
    for name, seed, workers in (("one", 1, 1), ("two", 1, 2), ("other", 2, 1)):
        synthesise(Wanted(children=21_000, seed=seed), tmp_path / name, workers=workers)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    assert hashes(tmp_path / "one")["IN.csv"] != hashes(tmp_path / "other")["IN.csv"]


def test_groups_tell_whose_number_a_record_carries(made: Path) -> None:
    table, truth = frames(made)
    both = table.merge(truth, on="record_id")
    number = both["snils"].str.replace(r"\D", "", regex=True)
    known = both.assign(number=number)[~both["snils_is_wrong"] & (number.str.len() == 11)]
    assert known.groupby("number")["person_id"].nunique().max() == 1
    assert both["snils_is_wrong"].sum() > 20
    assert both["snils_is_shared"].sum() > 20
    assert not both.loc[both["snils"].isna(), "snils_is_wrong"].any()


def test_parents_come_only_when_asked_for(tmp_path: Path) -> None:
    synthesise(Wanted(children=500, parents=True), tmp_path)
    _, truth = frames(tmp_path)
    assert (truth["person_id"] >= 1_000_000_000).sum() > 100


def test_every_held_out_error_is_made_and_has_a_reason(made: Path) -> None:
    assert all(error.reason.endswith(".") and all(0 <= rate <= 1 for rate in error.rate.values()) for error in errors_held_out.OWN.values())
    assert set(errors_held_out.ERRORS) == set(errors.ERRORS) | set(errors_held_out.OWN)
    assert not set(errors.ERRORS) & set(errors_held_out.OWN)
    table, _ = frames(made)
    journals = table[table["source"].str.startswith("journal")]
    assert journals["given_name"].str.fullmatch(r"\w\.").any(), "initials"
    assert journals["given_name"].str.contains(r" \w+(?:вна|вич)$", regex=True).any(), "patronymic in the box of the given name"
    assert journals["document"].str.contains("^(?:Ш|П|І|1|l)", regex=True).any(), "Cyrillic numerals"
    assert table["birth_date"].str.contains(r"^\d{4}(?:-\d\d)?$", regex=True).any(), "partial dates"
    assert table["given_name"].str.contains("[үөһ]", regex=True).any(), "letters that cp1251 has not"


def test_the_table_of_errors_in_force_is_the_default_one_again_afterwards() -> None:
    with errors.in_force(errors_held_out.ERRORS):
        assert not errors.makes("typo", "journal")
    assert errors.makes("typo", "journal")


@pytest.mark.parametrize("wanted", [Wanted(children=500, errors="other"), Wanted(children=5)])
def test_an_impossible_wish_is_one_clear_line(tmp_path: Path, wanted: Wanted) -> None:
    with pytest.raises(ConfigurationError):
        synthesise(wanted, tmp_path)
