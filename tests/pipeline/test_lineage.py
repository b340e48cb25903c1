"""Lineage events have the shape of OpenLineage, name our datasets, and never stand in the way of a step."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import lineage
from pipeline.measure import measured
from schemas.errors import ContractBroken
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person, write
from warehouse import ledger, load

STEPS = (("receive", "zags_births"), ("gate", "zags_births"), ("load", "zags_births"), ("link", ""), ("warehouse gate", ""), ("publish", ""), ("report", ""),
         ("link quality", ""))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "_silenced", set())
    monkeypatch.delenv(lineage.VARIABLE, raising=False)


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted((folder / "lineage").glob("*.ndjson")) for line in path.read_text("utf-8").splitlines()]


def check(event: dict[str, Any]) -> None:
    """The required fields of a RunEvent and of every facet, as the specification 2-0-2 has them."""
    assert event["eventType"] in {"START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"}
    assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
    assert event["producer"].startswith("https://")
    assert event["schemaURL"].startswith("https://openlineage.io/spec/")
    uuid.UUID(event["run"]["runId"])
    facets = [*event["run"]["facets"].values(), *event["job"]["facets"].values()]
    for dataset in [event["job"], *event["inputs"], *event["outputs"]]:
        assert dataset["namespace"]
        assert dataset["name"]
    for dataset in [*event["inputs"], *event["outputs"]]:
        facets += [one for part in ("facets", "inputFacets", "outputFacets") for one in dataset.get(part, {}).values()]
    for facet in facets:
        assert facet["_producer"]
        assert facet["_schemaURL"].startswith("https://openlineage.io/spec/")


def run(step: str, source: str = "") -> None:
    with measured(step, source):
        pass


@pytest.mark.parametrize(("step", "source"), STEPS)
def test_each_step_tells_its_start_and_its_end_in_the_shape_of_the_specification(warehouse: Warehouse, step: str, source: str) -> None:
    run(step, source)
    first, last = events(warehouse.folder)
    check(first)
    check(last)
    assert (first["eventType"], last["eventType"]) == ("START", "COMPLETE")
    assert first["run"]["runId"] == last["run"]["runId"]
    assert first["job"] == last["job"]


def test_a_step_that_fails_tells_the_code_and_not_the_message(warehouse: Warehouse) -> None:
    with pytest.raises(ContractBroken), measured("load", "zags_births"):
        raise ContractBroken("xml.broken", "Доржиев")
    last = events(warehouse.folder)[-1]
    check(last)
    assert last["eventType"] == "FAIL"
    assert last["run"]["facets"]["errorMessage"]["message"] == "ContractBroken xml.broken"
    assert "Доржиев" not in json.dumps(last, ensure_ascii=False)


def test_a_load_names_its_files_and_the_rows_of_each_table(warehouse: Warehouse, tmp_path: Path) -> None:
    receipt = Receipt(size_bytes=77)
    ledger.register([receipt])
    folder = write(tmp_path / "one", {"person": [person("1"), person("2")]})
    with measured("load", "journal_file") as work:
        ledger.begin_reading(receipt.delivery_id)
        ledger.staged(receipt.delivery_id)
        load.accept(receipt.delivery_id, folder)
        work.deliveries.append(receipt.delivery_id)
    last = events(warehouse.folder)[-1]
    check(last)
    assert [one["name"] for one in last["inputs"]] == [f"landing/journal_file/{receipt.sha256[:2]}/{receipt.sha256}.gz"]
    people = next(one for one in last["outputs"] if one["name"] == "identity.person_record")
    assert people["outputFacets"]["outputStatistics"]["rowCount"] == 2
    assert {"name": "family_name", "type": "text", "description": "Фамилия"} in people["facets"]["schema"]["fields"]


def test_a_linking_tells_from_which_columns_each_golden_field_is_taken(warehouse: Warehouse) -> None:
    run("link")
    golden = next(one for one in events(warehouse.folder)[-1]["outputs"] if one["name"] == "core.pupil")
    fields = golden["facets"]["columnLineage"]["fields"]
    assert {one["name"] for one in fields["citizenship"]["inputFields"]} == {"identity.person_record", "core.citizenship"}
    columns = {one["name"] for one in golden["facets"]["schema"]["fields"]}
    assert fields.keys() <= columns


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/api/v1/lineage", "file:///proc/nowhere", "ftp://somewhere", "http://[broken"])
def test_a_target_that_does_not_answer_fails_nothing_and_is_told_once(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch,
                                                                       caplog: pytest.LogCaptureFixture, target: str) -> None:
    monkeypatch.setenv(lineage.VARIABLE, target)
    run("link")
    run("link")
    assert sum("lineage events" in line for line in caplog.messages) == 1


def test_off_writes_nothing(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(lineage.VARIABLE, "off")
    run("link")
    assert not (warehouse.folder / "lineage").exists()


def test_files_are_bounded_in_size_and_number(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "BYTES", 10)
    monkeypatch.setattr(lineage, "DAYS", 3)
    for _ in range(5):
        run("link quality")
    assert len(list((warehouse.folder / "lineage").glob("*.ndjson"))) <= 3


def test_a_task_of_airflow_names_the_run_it_belongs_to(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CTX_DAG_RUN_ID", "manual__1")
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "link")
    run("link")
    parents = [one["run"]["facets"]["parent"] for one in events(warehouse.folder)]
    assert parents[0] == parents[1]
    assert parents[0]["job"] == {"namespace": "kontingent", "name": "link"}
