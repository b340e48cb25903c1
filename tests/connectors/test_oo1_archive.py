"""The archive of forms ОО-1 is read as it is, a file a school year."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from connectors import oo1_archive
from connectors.landing import Landing
from connectors.rows import RawBatch
from connectors.sources import BY_NAME
from connectors.target import Target
from schemas.errors import ContractBroken, SourceUnavailable
from tests.connectors.journal_world import TODAY
from tests.connectors.kept import DATA, delivery

SOURCE = BY_NAME["oo1_archive"]
FORM = (DATA / SOURCE.name / "oo1_2023.csv").read_bytes()


def test_each_year_lands_byte_for_byte_and_every_line_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "oo1").mkdir()
    for name in ("oo1_2024.csv", "oo1_2023.csv", "~oo1_2022.csv"):
        (tmp_path / "oo1" / name).write_bytes(FORM.replace(b"2023/24", b"2024/25") if "2024" in name else FORM)
    landing = Landing(tmp_path / "landing")
    oo1_archive.fetch(SOURCE, Target(endpoint=str(tmp_path), as_of=TODAY), landing)
    landed = landing.pending(SOURCE.name)
    assert sorted(one.origin for one in landed) == ["oo1_2023.csv", "oo1_2024.csv"], "a draft of an editor is no form"
    first = next(one for one in landed if one.origin == "oo1_2023.csv")
    with landing.open(first) as stream:
        assert stream.read() == FORM
    with landing.open(first) as stream:
        [batch] = list(oo1_archive.read(first, stream))
    assert isinstance(batch, RawBatch)
    assert batch.rows["school_year"].tolist() == ["2023/24"] * 4
    assert batch.rows["pupil_count"].tolist() == ["101", "102", "105", "55"]


def test_a_form_without_a_column_is_held_and_named() -> None:
    with pytest.raises(ContractBroken, match="Класс"):
        list(oo1_archive.read(delivery(SOURCE.name, "oo1_2023.csv"), io.BytesIO(FORM.replace("Класс".encode(), "Параллель".encode()))))


def test_no_form_at_all_is_a_silent_sender(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        oo1_archive.fetch(SOURCE, Target(endpoint=str(tmp_path), as_of=TODAY), Landing(tmp_path))
