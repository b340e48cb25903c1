"""File schools and kindergartens: any declared layout, no code of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import journal_file
from connectors.sources import BY_NAME
from schemas.errors import SourceUnavailable
from tests.connectors.journal_world import SCHOOLS, region
from transforms.stage import stage

SOURCE = BY_NAME["journal_file"]


@pytest.mark.parametrize("layout", ["school_cp1251_split", "school_utf8_joined", "school_xlsx_form", "school_xlsx_plain"])
def test_every_layout_gives_the_same_pupils_and_marks(tmp_path: Path, layout: str) -> None:
    with region(tmp_path, layout=layout) as world:
        ids = journal_file.fetch(SOURCE, world.target("file"), world.landing)
        counts: dict[str, int] = {}
        for delivery_id in ids:
            delivery = world.delivery(SOURCE.name, delivery_id)
            with world.landing.open(delivery) as stream:
                staged = stage(SOURCE.name, journal_file.read(delivery, stream), tmp_path / "staged" / delivery_id)
            counts |= {entity: count.accepted for entity, count in staged.counts.items()}
    assert counts == {"person": 3, "enrolment": 4, "mark": 20, "attendance": 4, "final_mark": 4}


def test_the_contingent_lands_before_the_marks_and_other_files_stay(tmp_path: Path) -> None:
    with region(tmp_path) as world:
        folder = world.drop / SCHOOLS["file"]
        for name in ("~$pupils.xlsx", ".hidden.csv", "new.csv.tmp", "readme.txt"):
            (folder / name).write_bytes(b"x")
        ids = journal_file.fetch(SOURCE, world.target("file"), world.landing)
        assert [world.delivery(SOURCE.name, one).origin.split("/")[1] for one in ids] == ["pupils.csv", "finals_2025.csv", "marks_2025_1.csv"]
        assert [one.delivery_id for one in world.landing.pending(SOURCE.name)] == ids


def test_an_empty_folder_is_a_silent_sender(tmp_path: Path) -> None:
    with region(tmp_path) as world, pytest.raises(SourceUnavailable, match=r"drop\.empty"):
        journal_file.fetch(SOURCE, world.target("file", organisation_key="1020300000099"), world.landing)
