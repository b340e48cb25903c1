"""The ministry's register is read as it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from connectors import education_organisations
from connectors.landing import Landing
from connectors.rows import RawBatch
from connectors.sources import BY_NAME
from connectors.target import Target
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.journal_world import TODAY
from tests.connectors.kept import DATA, delivery

SOURCE = BY_NAME["education_organisations"]
REGISTER = (DATA / SOURCE.name / "register.csv").read_bytes()


def test_the_register_lands_byte_for_byte_and_every_line_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_bytes(REGISTER)
    landing = Landing(tmp_path / "landing")
    education_organisations.fetch(SOURCE, Target(endpoint=str(tmp_path), as_of=TODAY), landing)
    [landed] = landing.pending(SOURCE.name)
    with landing.open(landed) as stream:
        assert stream.read() == REGISTER
    with landing.open(landed) as stream:
        [batch] = list(education_organisations.read(landed, stream))
    assert isinstance(batch, RawBatch)
    assert batch.rows["organisation_key"].tolist() == [f"102030000000{number}" for number in range(1, 6)]
    assert batch.rows["journal_local_id"].tolist() == ["1", "2", "3", "4", "5"]


def test_a_register_without_a_column_is_held_and_named() -> None:
    changed = REGISTER.replace("ОКТМО".encode(), "Район".encode())
    with pytest.raises(ContractBroken, match="ОКТМО"):
        list(education_organisations.read(delivery(SOURCE.name, "register.csv"), io.BytesIO(changed)))


def test_a_missing_register_is_a_silent_sender(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        education_organisations.fetch(SOURCE, Target(endpoint=str(tmp_path), as_of=TODAY), Landing(tmp_path))
