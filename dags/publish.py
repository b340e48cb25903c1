"""The warehouse gate, the heavy marts, the gate of the state forms, then one UPDATE that publishes the version.

**Публикация.** Great Expectations проверяет новую версию хранилища, строятся тяжёлые витрины, затем проверяются контрольные равенства форм;
если правило нарушено, опубликованной остаётся прежняя версия.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from dags.common import DEFAULTS, LINKS, PUBLISHED
from dags.pages import with_page

PAGE = "checks/index.html"


@dag(dag_id="publish", dag_display_name="Проверка и публикация версии", schedule=[LINKS], default_args=DEFAULTS, max_active_runs=1,
     tags=["warehouse"], doc_md=__doc__)
def pipeline() -> None:
    @task(task_display_name="Проверить хранилище", pool="warehouse")
    def gate() -> dict[str, Any]:
        from pipeline import task_words as words
        return words.warehouse_gate()

    @task(task_display_name="Построить витрины", pool="warehouse")
    def marts(version: int) -> int:
        from pipeline import publish as step
        return step.build_marts(version)

    @task(task_display_name="Проверить формы", pool="warehouse")
    def forms(version: int) -> dict[str, Any]:
        from pipeline import task_words as words
        return words.form_gate(version)

    @task(task_display_name="Опубликовать", outlets=[PUBLISHED], pool="warehouse")
    def publish(version: int) -> int:
        from pipeline import publish as step
        return step.publish(version, by="airflow")

    judged = with_page(gate(), PAGE)
    publish(with_page(forms(marts(judged["version"])), PAGE)["version"])


pipeline()
