"""A source is late when the day that is due is not settled, whether or not a scheduler runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources import BY_NAME, SOURCES, patience, starts_at
from pipeline import deadlines
from schemas.errors import GateFailed
from services import summary
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt
from warehouse import ledger

TODAY = date(2025, 10, 24)
moments = st.datetimes(min_value=datetime.fromisoformat("2025-01-01"), max_value=datetime.fromisoformat("2026-12-31"))


def test_every_source_is_due_after_it_may_begin_and_after_those_it_waits_for() -> None:
    for source in SOURCES:
        assert patience(source) > timedelta(0), source.name
        assert all(BY_NAME[name].due <= source.due for name in source.after), source.name
        assert starts_at(source) == (time(int(source.schedule.split()[1])) if source.schedule else max(starts_at(BY_NAME[one]) for one in source.after))


@given(now=moments, gone=st.integers(0, 3))
def test_yesterday_is_enough_until_the_hour_and_not_after_it(now: datetime, gone: int) -> None:
    days = {source.name: now.date() - timedelta(days=gone) for source in SOURCES}
    found = {one.source for one in deadlines.late(days, now)}
    assert found == {source.name for source in SOURCES if gone > 1 or (gone == 1 and now.time() >= source.due)}


@given(now=moments)
def test_a_source_that_never_settled_a_day_is_late(now: datetime) -> None:
    assert [one.source for one in deadlines.late({}, now)] == [source.name for source in SOURCES]


@pytest.mark.warehouse
def test_a_day_is_settled_by_its_verdict_and_not_while_a_delivery_is_held(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import ingest

    monkeypatch.setenv("KONTINGENT_TODAY", TODAY.isoformat())
    ingest.verdict("journal_file")
    assert "journal_file" not in {one.source for one in deadlines.late_now()}
    held = Receipt(source="journal_eljur")
    ledger.register([held])
    ledger.hold(held.delivery_id, "delivery.rows.range", "few")
    with pytest.raises(GateFailed):
        ingest.verdict("journal_eljur")
    found = {one["source"]: one for one in summary.figures()["late"]}
    assert found["journal_eljur"]["expected"] == TODAY
    assert found["journal_eljur"]["settled"] is None


@pytest.mark.warehouse
def test_an_alert_leaves_one_step_in_the_ledger(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.deadlines import late

    monkeypatch.setenv("KONTINGENT_TODAY", TODAY.isoformat())
    late("zags_births")
    assert warehouse.rows("SELECT step, source, as_of FROM quality.run_step") == [("late", "zags_births", TODAY)]
