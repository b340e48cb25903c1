"""A bad day after a good one: the pages on checks tell every mistake the departments made, and nothing of it reaches what is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.mocks import region
from connectors.mocks.bad_day.demo import read
from connectors.mocks.bad_day.mistakes import Made
from connectors.sources import SOURCES
from schemas.errors import KontingentError
from tests.conftest import Warehouse
from tests.flow.departments import departments

HOLDS = {"keys_renumbered": "identity.keys_swapped", "column_renamed": "table.columns", "list_halved": "delivery.rows.shrink",
         "file_cut_off": "table.not_a_workbook", "act_breaks_schema": "xml.xsd_invalid"}
LEAVES_OUT = {"snils_wrong_digit": "person.snils.control_number"}
REFUSES = {"birth_after_enrolment": "enrolment.before_birth", "name_missing": "person.name.required",
           "municipality_unknown": "organisation.oktmo.codes", "mark_in_future": "mark.future", "mark_unknown": "mark.value.unknown",
           "act_before_birth": "person.birth_act.before_birth"}
CHILDREN, PORT = 1200, 18_431
"""One port for both days: an address that moves would be a change of every organisation in the register."""


def _day(warehouse: Warehouse, patch: pytest.MonkeyPatch, day: int, *, is_bad: bool) -> None:
    from pipeline import ingest, link, publish, report

    patch.setenv("KONTINGENT_TODAY", region.day_date(day).isoformat())
    with departments(warehouse.folder / "mocks", CHILDREN, day=day, is_bad=is_bad, port=PORT) as mocks:
        mocks.point(warehouse.folder)
        for source in SOURCES:
            for organisation_key in ingest.targets(source.name):
                if is_bad and source.name == "journal_bars":
                    continue  # the journal is silent: asking it again and again is the subject of another test
                ingest.receive(source.name, organisation_key or None)
            ingest.gate(source.name)
            ingest.load_staged(source.name)
            try:
                ingest.verdict(source.name)
            except KontingentError:
                assert is_bad
    link.link()
    publish.publish(publish.judge_forms(publish.judge_warehouse()), by="test")
    report.build()


def _pages(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(f"{kind}-*.json"))]


def test_the_pages_tell_every_mistake_of_a_bad_day(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    _day(warehouse, monkeypatch, 0, is_bad=False)
    _day(warehouse, monkeypatch, 1, is_bad=True)
    made = {one.mistake: one for one in read(warehouse.folder / "mocks" / "bad_day.json")}
    checks = warehouse.folder / "portal" / "current" / "checks"
    deliveries = _pages(checks, "delivery")
    for mistake in HOLDS.keys() & made.keys():
        _is_held(made[mistake], HOLDS[mistake], deliveries)
    for mistake in REFUSES.keys() & made.keys():
        _is_refused(made[mistake], REFUSES[mistake], warehouse, checks)
    for mistake in LEAVES_OUT.keys() & made.keys():
        _is_refused(made[mistake], LEAVES_OUT[mistake], warehouse, checks, table="left_out_value")
    assert len(made.keys() & (HOLDS.keys() | REFUSES.keys() | LEAVES_OUT.keys())) >= 10
    assert set(made) - set(HOLDS) - set(REFUSES) - set(LEAVES_OUT) == {"journal_silent"}
    assert "без поставки" in json.loads((checks / "index.json").read_text("utf-8"))["lead"]


def _is_held(made: Made, code: str, deliveries: list[dict[str, Any]]) -> None:
    """A page of one delivery of that sender names the reason."""
    own = [page for page in deliveries if made.sender in json.dumps(page["facts"], ensure_ascii=False) or made.sender in page["key"]["source"]]
    assert any(code in json.dumps(page, ensure_ascii=False) for page in own), made.mistake


def _is_refused(made: Made, rule: str, warehouse: Warehouse, checks: Path, table: str = "refused_record") -> None:
    """Exactly the records made wrong are refused (or a value of them left out) by this rule at this sender, more than on the day before; the rule has its page."""
    count = (f"SELECT count(*) FROM quality.{table} JOIN quality.delivery USING (delivery_id) WHERE rule = :rule AND as_of = :as_of "
             "AND (origin LIKE :sender || '%' OR source LIKE '%' || :sender || '%' OR :sender = source_key OR right(source, 6) = :sender || 's')")
    today, before = (int(str(warehouse.scalar(count, rule=rule, as_of=region.day_date(day), sender=made.sender))) for day in (1, 0))
    assert today - before == made.count, made.mistake
    assert (checks / f"rule-{rule}.html").exists(), sorted(path.name for path in checks.glob("rule-*"))
