"""An explanation in Russian: what each role is told, at the terminal and for machines."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline import decide
from pipeline.explain import View, explain
from pipeline.explain_words import EVENTS
from services import explain as terminal
from services import identity_changes
from tests.conftest import Warehouse
from tests.warehouse.test_explanation import AUDITOR, BAIR, NUMBER, OFFICER, STEWARD, WORD, two, values
from warehouse.explanation import Look
from warehouse.identity_feed import KINDS

__all__ = ["two"]
pytestmark = pytest.mark.warehouse
SHOWN_NUMBER = "112-233-445 95"


def printed(pupil_id: int, look: Look, *, as_json: bool = False) -> str:
    console = Console(file=io.StringIO(), width=140)
    terminal.shown(pupil_id, look, None, console, as_json=as_json)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_every_kind_of_change_has_its_sentence_and_its_title() -> None:
    assert EVENTS.keys() == KINDS.keys()


def test_a_link_is_explained_by_the_parts_of_its_evidence(two: None) -> None:
    view = explain(1, STEWARD)
    record = next(record for record in view.records if record.record_id == 2)
    assert (record.rule, record.evidence_record_id) == ("СНИЛС", 1)
    told = {part.title: (part.level, part.weight) for part in record.parts}
    assert told["СНИЛС"] == ("совпадает", "+17,6")
    assert told["Дата рождения"][0] == "совпадает"


def test_golden_values_name_source_rule_and_who_disagrees(two: None) -> None:
    cell = next(cell for cell in explain(1, STEWARD).golden if cell.field == "family_name")
    assert (cell.value, cell.source, cell.rule) == ("ДОРЖИЕВ", "ЗАГС: рождения", "главный источник для этого поля")
    assert cell.others == ("Файлы школ и детских садов, запись 2: ДОРЖАЕВ",)


@pytest.mark.parametrize("look", [OFFICER, STEWARD])
def test_those_who_may_read_values_at_the_terminal(two: None, look: Look) -> None:
    said = printed(1, look)
    for value in ("Ребёнок 1", "ДОРЖИЕВ", SHOWN_NUMBER, "09.03.2014", "ключ s:7", "дан идентификатор 1", "журнал доступа"):
        assert value in said


@pytest.mark.parametrize("as_json", [False, True])
def test_the_auditor_reads_keys_codes_and_no_value(two: None, as_json: bool) -> None:
    said = printed(1, AUDITOR, as_json=as_json)
    assert "s:7" in said
    assert not values(said)
    assert SHOWN_NUMBER not in said
    assert not values(explain(1, AUDITOR))


def test_machines_read_the_same(two: None) -> None:
    read = json.loads(printed(1, STEWARD, as_json=True))
    assert read["pupil_id"] == 1
    assert {record["source_key"] for record in read["records"]} == {"act", "s:7"}


def test_a_merged_id_leads_on_with_a_note_and_decisions_say_who_and_why(two: None) -> None:
    decide.merge(1, 2, **WORD)
    said = printed(2, STEWARD)
    assert "Идентификатор 2 объединён с 1" in said
    assert "сверка документов" in said
    assert "один ребёнок" in said
    assert "2 объединён с 1" in "".join(explain(1, STEWARD).history[0].events)


def test_markup_of_a_sender_is_text_at_the_terminal(warehouse: Warehouse, two: None, tmp_path: Path) -> None:
    from tests.warehouse.staged import Receipt, person
    from tests.warehouse.test_load import accept
    accept(tmp_path, {"person": [person("[red]x[/red]", **BAIR)]}, Receipt(source="vuz_scos", origin="[bold]o", minute=3))
    decide.link.link()
    assert "[red]x[/red]" in printed(1, STEWARD)


def test_the_feed_is_read_line_by_line(two: None) -> None:
    console = Console(file=io.StringIO(), width=40)
    identity_changes.listed(0, console, as_json=True)
    lines = [json.loads(line) for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert [(line["kind"], line["to_pupil_id"]) for line in lines if line["kind"] == "created"] == [("created", 1), ("created", 2)]
    assert identity_changes.resolved(2, None) == {"asked": 2, "pupil_id": 2, "state": "living"}
    assert NUMBER not in console.file.getvalue()  # type: ignore[attr-defined]


def test_what_is_said_is_one_view_for_page_and_terminal(two: None) -> None:
    assert isinstance(explain(1, AUDITOR), View)
