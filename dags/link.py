"""From records to pupils, when every source has settled its day.

**Отождествление.** Записи всех источников сводятся в одного ребёнка: СНИЛС с проверкой противоречий, запись акта, свидетельство,
документ, совпадение ФИО, даты рождения и пола; сомнительное уходит на рассмотрение человеку. Читается только то, чего коснулись изменения.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from connectors.sources import SOURCES
from dags.common import DEFAULTS, LINKS, staging


@dag(dag_id="link", dag_display_name="Отождествление детей", schedule=[staging(source.name) for source in SOURCES],
     default_args=DEFAULTS, max_active_runs=1, tags=["identity"], doc_md=__doc__)
def pipeline() -> None:
    @task(task_display_name="Связать записи", pool="warehouse")
    def link() -> dict[str, int]:
        from pipeline import link as step
        return step.link()

    @task(task_display_name="Измерить качество связей", outlets=[LINKS], pool="warehouse")
    def measure() -> dict[str, int]:
        from pipeline import quality_of_links as step
        return step.measure()

    link() >> measure()


pipeline()
