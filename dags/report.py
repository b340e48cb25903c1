"""Reports and the portal of the published version.

**Отчёты.** Строятся сами, когда опубликована новая версия: контингент на 20 сентября, дети вне обучения, сверка для аудитора.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from dags.common import DEFAULTS, PUBLISHED


@dag(dag_id="report", dag_display_name="Отчёты и портал", schedule=[PUBLISHED], default_args=DEFAULTS, max_active_runs=1,
     tags=["report"], doc_md=__doc__)
def pipeline() -> None:
    @task(task_display_name="Построить отчёты и портал")
    def build() -> int:
        from pipeline import report as step
        return step.build()

    build()


pipeline()
