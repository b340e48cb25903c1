from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connectors.mocks import region
from connectors.mocks.region import store
from tests.mocks.region_made import DISTRICT, ask, district, fingerprint


def test_day_zero_is_the_last_friday_of_the_quarter_and_breaks_are_skipped() -> None:
    days = [region.day_date(day) for day in range(40)]
    assert days[0] == date(2025, 10, 24)
    assert days[1] == date(2025, 11, 5)  # 3 and 4 November are days off
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    assert not any(date(2025, 12, 31) <= day <= date(2026, 1, 11) for day in days)


def test_the_same_day_again_changes_nothing(tmp_path: Path) -> None:
    region.build(tmp_path, seed=4, children=800, home=DISTRICT)
    region.advance(tmp_path, 1)
    before, truth = fingerprint(tmp_path), (tmp_path / "truth.parquet").read_bytes()
    region.advance(tmp_path, 1)
    assert fingerprint(tmp_path) == before
    assert (tmp_path / "truth.parquet").read_bytes() == truth


def test_a_day_cannot_be_left_out(tmp_path: Path) -> None:
    region.build(tmp_path, seed=4, children=200, home=DISTRICT)
    with pytest.raises(ValueError, match="day 2 needs day 1"):
        region.advance(tmp_path, 2)


def test_a_day_broken_off_before_it_was_put_in_place_is_lived_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region.build(tmp_path / "whole", seed=4, children=400, home=DISTRICT)
    region.build(tmp_path / "broken", seed=4, children=400, home=DISTRICT)
    region.advance(tmp_path / "whole", 1)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "export_truth", fail)
        with pytest.raises(OSError, match="disk full"):
            region.advance(tmp_path / "broken", 1)
    region.advance(tmp_path / "broken", 1)
    assert fingerprint(tmp_path / "broken") == fingerprint(tmp_path / "whole")


def test_a_later_day_only_adds_rows() -> None:
    before, after = district(), district(days=6)
    for table in ("zags_act", "pfr_account", "fms_registration", "journal_pupil"):
        old = ask(before, f"SELECT * FROM seen.{table} ORDER BY ALL")
        new = ask(after, f"SELECT * FROM seen.{table} WHERE day = 0 ORDER BY ALL")
        assert old[old.day == 0].reset_index(drop=True).equals(new)
        assert len(ask(after, f"SELECT 1 FROM seen.{table} WHERE day BETWEEN 1 AND 6")) > 0


def test_no_source_learns_of_a_birth_before_it_happens() -> None:
    found = ask(district(days=6), """SELECT day, act_date, birth_date FROM seen.zags_act
        WHERE day BETWEEN 1 AND 6 AND act_kind = 'birth' AND version = 1 AND birth_date IS NOT NULL""")
    assert len(found) > 0
    today = found.day.map(region.day_date)
    assert (found.act_date.dt.date <= today).all()
    assert (found.birth_date <= found.act_date).all()


def test_versions_of_an_act_go_up() -> None:
    found = ask(district(days=6), "SELECT wire_key, version, version_date FROM seen.zags_act ORDER BY wire_key, version")
    assert not found.duplicated(["wire_key", "version"]).any()
    assert found.groupby("wire_key").version_date.is_monotonic_increasing.all()


def test_a_pupil_who_changes_school_leaves_the_old_list_and_joins_the_new_one() -> None:
    left = ask(district(days=6), "SELECT * FROM seen.journal_pupil WHERE exit_reason = 'перевод в другую школу'")
    gone = left[left.removed_day.notna()]
    assert len(gone) > 0
    assert (gone.removed_day == gone.day).all()
    assert (left.exit_date.dt.date <= region.day_date(6)).all()
    new = ask(district(days=6), "SELECT * FROM seen.journal_pupil WHERE day > 0 AND exit_date IS NULL AND CAST(wire_key AS BIGINT) > 20000000")
    assert len(new) > 0


def test_a_move_ends_the_old_registration_and_begins_another() -> None:
    found = ask(district(days=6), """SELECT t.person_id, count(*) FILTER (r.date_to IS NOT NULL) AS ended, count(*) FILTER (r.wire_key LIKE 'l%-%') AS begun
        FROM seen.fms_registration AS r JOIN truth AS t ON t.wire_key = r.wire_key AND t.source = 'fms_residence'
        WHERE r.kind = 'living' AND r.day BETWEEN 1 AND 6 AND t.person_id < 10000000 GROUP BY 1""")
    assert (found.begun > 0).any()
    assert (found.ended <= found.begun).all()


def test_the_truth_follows_the_days() -> None:
    sql = "SELECT person_id, organisation_key, oktmo, settlement FROM person WHERE kind = 'child'"
    before, after = ask(district(), sql), ask(district(days=6), sql)
    both = before.merge(after, on="person_id")
    assert len(both) == len(before) == 6000
    assert len(after) > len(before)
    assert (both.organisation_key_x.fillna("") != both.organisation_key_y.fillna("")).any()
    assert (both.settlement_x != both.settlement_y).any()
