"""Every DAG parses, is light at parse time, and says in Russian what it is."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.sources import SOURCES, patience

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.dags


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """All DAGs of the folder by id, as Airflow's own loader sees them."""
    os.environ |= {"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert not bag.import_errors
    return dict(bag.dags)


def test_each_source_of_the_catalogue_has_its_dag_and_the_chain_is_there(dags: dict[str, object]) -> None:
    assert set(dags) == {f"ingest_{source.name}" for source in SOURCES} | {"link", "publish", "report", "retention", "review"}


def test_each_dag_has_a_russian_name_a_doc_and_a_tag_and_runs_one_at_a_time(dags: dict[str, object]) -> None:
    for dag in dags.values():
        assert any("а" <= letter <= "я" for letter in dag.dag_display_name.lower())  # type: ignore[attr-defined]
        assert dag.doc_md  # type: ignore[attr-defined]
        assert dag.tags  # type: ignore[attr-defined]
        assert dag.max_active_runs == 1  # type: ignore[attr-defined]


def test_each_task_has_a_time_limit_and_its_retries_depend_on_the_error(dags: dict[str, object]) -> None:
    for dag in dags.values():
        for task in dag.tasks:  # type: ignore[attr-defined]
            assert task.execution_timeout is not None or task.response_timeout is not None, task.task_id
            assert task.retry_policy is not None, task.task_id


def test_the_linking_waits_for_every_source(dags: dict[str, object]) -> None:
    waited = {asset.name for asset in dags["link"].timetable.asset_condition.objects}  # type: ignore[attr-defined]
    assert waited == {f"staging.{source.name}" for source in SOURCES}


def test_a_source_settles_its_day_even_when_a_task_before_failed(dags: dict[str, object]) -> None:
    for source in SOURCES:
        settle = dags[f"ingest_{source.name}"].get_task("settle")  # type: ignore[attr-defined]
        assert settle.trigger_rule.value == "all_done"
        assert [asset.name for asset in settle.outlets] == [f"staging.{source.name}"]


def test_a_source_has_its_deadline_whose_callback_can_be_imported_where_it_runs(dags: dict[str, object]) -> None:
    from airflow.sdk import SyncCallback

    for source in SOURCES:
        alert = dags[f"ingest_{source.name}"].deadline[0]  # type: ignore[attr-defined]
        assert alert.interval == patience(source)
        assert isinstance(alert.callback, SyncCallback), "an asynchronous one needs a triggerer, which no installation of ours runs"
        assert alert.callback.kwargs == {"source": source.name}
        module, name = alert.callback.path.rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), name))


def test_a_gate_leads_to_its_page(dags: dict[str, object]) -> None:
    for source in SOURCES:
        for task_id in ("gate", "load"):
            task = dags[f"ingest_{source.name}"].get_task(task_id)  # type: ignore[attr-defined]
            assert [link.get_link(task, ti_key=None) for link in task.operator_extra_links] == [f"/portal/validation/sources/{source.name}.html"]
            assert f"/portal/validation/sources/{source.name}.html" in task.doc_md
    assert [link.name for link in dags["publish"].get_task("gate").operator_extra_links] == ["Страница проверки"]  # type: ignore[attr-defined]


def test_a_batch_that_nobody_answers_is_put_off_and_only_stewards_may_answer(dags: dict[str, object]) -> None:
    from pipeline.access import named
    from schemas.review_form import LEAVE

    ask = dags["review"].get_task("batch.ask")  # type: ignore[attr-defined]
    assert ask.defaults == [LEAVE]
    assert [user["id"] for user in ask.assigned_users] == named("steward")
    assert ask.execution_timeout is None, "it would end the waiting"


def test_no_field_of_a_batchs_form_takes_free_text(dags: dict[str, object]) -> None:
    form = dags["review"].get_task("batch.ask").serialized_params  # type: ignore[attr-defined]
    assert form
    assert all(field["schema"]["enum"] for field in form.values())


def test_parsing_imports_no_heavy_library() -> None:
    code = ("import sys; import dags.common; base = set(sys.modules); import dags.ingest, dags.link, dags.publish, dags.report, dags.retention, dags.review; "
            "print([m for m in ('pandas', 'pyarrow', 'lxml', 'great_expectations', 'duckdb') if m in sys.modules])")
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert found.stdout.strip().splitlines()[-1] == "[]"


def test_dag_files_are_short() -> None:
    for path in (ROOT / "dags").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 60, path.name
