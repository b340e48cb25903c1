"""«БАРС. Электронная школа»: dirt in strings, no ids of marks, a cookie for a session."""

from __future__ import annotations

from pathlib import Path

import orjson

from connectors import journal_bars
from connectors.landing import members
from connectors.mocks.faults import Shares
from connectors.sources import BY_NAME
from tests.connectors.journal_world import region
from tests.connectors.kept import read_all, tar_of

SOURCE = BY_NAME["journal_bars"]


def summary(*marks: tuple[str, str], discipline: str = "Алгебра") -> bytes:
    return orjson.dumps({"summary_marks_data": [{"subperiod": {"code": "Q1", "name": "1 четверть"}, "dates": [], "discipline_marks": [
        {"discipline": discipline, "average_mark": "4,5", "marks": [{"date": day, "mark": mark, "description": "Устно"} for day, mark in marks]}]}]})


def test_a_school_lands_through_faults_and_expired_cookies(tmp_path: Path) -> None:
    with region(tmp_path, requests=4, shares=Shares(error=0.05, page=0.05, slow=0, expired=0)) as world:
        [delivery_id] = journal_bars.fetch(SOURCE, world.target("bars"), world.landing)
        with world.landing.open(world.delivery(SOURCE.name, delivery_id)) as stream:
            kept = dict(members(stream))
    assert sum("person/" in name for name in kept) == 4
    assert not any(b"secret" in body for body in kept.values())


def test_rows_come_in_loading_order(tmp_path: Path) -> None:
    rows, scopes, order = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path))
    assert order == ["person", "enrolment", "mark", "attendance", "final_mark"]
    assert len(rows["mark"]) == 16
    assert "final_mark" not in {scope.entity for scope in scopes}  # one school year only: the years before stay


def test_dirt_does_not_hide_an_absence_nor_change_a_key(tmp_path: Path) -> None:
    dirty = summary(("2025-10-14", "<span>н</span>"), ("2025-10-14", "5\u200b"), ("2025-10-14", "5"), discipline="<span>Алгебра</span>")
    clean = summary(("2025-10-14", "н"), ("2025-10-14", "5"), ("2025-10-14", "5"))
    keys = []
    for number, body in enumerate((dirty, clean)):
        rows, _, _ = read_all(SOURCE.name, tar_of(SOURCE.name, tmp_path / str(number), **{"marks/501": body}))
        keys.append([rows[entity].query("local_id == '501'")["key"].tolist() for entity in ("attendance", "mark")])
    assert keys[0] == keys[1] == [["501:2025-10-14:Алгебра:1"], ["501:2025-10-14:Алгебра:2", "501:2025-10-14:Алгебра:3"]]
