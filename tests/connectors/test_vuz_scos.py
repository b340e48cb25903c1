"""ГИС СЦОС: all pages of all entities; stays are built of flows."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from connectors import vuz_scos
from connectors.landing import members
from connectors.sources import BY_NAME
from schemas.errors import ConfigurationError
from tests.connectors.journal_world import region
from tests.connectors.kept import read_all, tar_of

SOURCE = BY_NAME["vuz_scos"]


def flows(*steps: tuple[str, str]) -> bytes:
    return orjson.dumps({"page": 1, "last_page": 1, "results": [
        {"id": f"f{n}", "student": {"id": "s1"}, "flow_type": kind, "date": f"{day}T00:00:00.000", "education_form": "FULL_TIME", "details": None}
        for n, (kind, day) in enumerate(steps)]})


def test_every_page_is_asked_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vuz_scos, "PAGE", 1)
    with region(tmp_path) as world:
        [delivery_id] = vuz_scos.fetch(SOURCE, world.target("scos"), world.landing)
        with world.landing.open(world.delivery(SOURCE.name, delivery_id)) as stream:
            names = [name.split("-", 1)[1] for name, _ in members(stream)]
    assert [name for name in names if name.startswith("students")] == ["students/1.json", "students/2.json"]
    assert [name for name in names if name.startswith("contingent")] == [f"contingent_flows/{page}.json" for page in (1, 2, 3)]


def test_a_wrong_key_is_an_error_of_the_installation(tmp_path: Path) -> None:
    with region(tmp_path) as world, pytest.raises(ConfigurationError, match=r"http\.forbidden"):
        vuz_scos.fetch(SOURCE, world.target("scos", password="wrong"), world.landing)


def test_persons_come_first_then_stays_examinations_and_courses(tmp_path: Path) -> None:
    rows, scopes, order = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path))
    assert order == ["person", "enrolment", "exam", "course"]
    assert {entity: len(frame) for entity, frame in rows.items()} == {"person": 2, "enrolment": 2, "exam": 2, "course": 2}
    assert [scope.entity for scope in scopes] == ["person", "enrolment", "exam", "course"]


@pytest.mark.parametrize(("steps", "stays"), [
    ([("ENROLLMENT", "2023-09-01")], [("2023-09-01", None)]),
    ([("REINSTATEMENT", "2024-09-01"), ("ENROLLMENT", "2023-09-01"), ("DEDUCTION", "2024-02-01")], [("2023-09-01", "2024-02-01"), ("2024-09-01", None)]),
    ([("ENROLLMENT", "2023-09-01"), ("SABBATICAL_TAKING", "2024-01-01"), ("TRANSFER", "2024-05-01")], [("2023-09-01", None)]),
    ([("DEDUCTION", "2024-02-01")], [(None, None)]),  # it closes nothing: a row the cleaning refuses, not a silence
])
def test_a_stay_runs_from_enrolment_to_deduction(tmp_path: Path, steps: list[tuple[str, str]], stays: list[tuple[str | None, str | None]]) -> None:
    rows, _, _ = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path, contingent_flows=flows(*steps)))
    found = rows["enrolment"][["valid_from", "valid_to"]].astype("object").where(rows["enrolment"][["valid_from", "valid_to"]].notna(), None)
    assert [tuple(None if day is None else str(day)[:10] for day in stay) for stay in found.to_numpy().tolist()] == stays
