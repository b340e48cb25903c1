"""What is past its period goes: once a week, after telling what it will be.

**Сроки хранения.** Удаляется то, чей срок вышел по `config/retention.yaml` (настройка установки, не норма закона): присланные файлы, записи
которых загружены и больше никому не нужны, старые результаты проверок, промежуточные и служебные файлы. Сведения о детях, связи, решения и
журналы программа не удаляет. Об удалённом файле остаются строка учёта поставок, событие, строка журнала доступа и пометка рядом с файлом.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from dags.common import DEFAULTS, MANUAL


@dag(dag_id="retention", dag_display_name="Сроки хранения", schedule=None if MANUAL else "0 5 * * 0", default_args=DEFAULTS, max_active_runs=1,
     tags=["warehouse"], doc_md=__doc__)
def pipeline() -> None:
    @task(task_display_name="Что будет удалено")
    def plan() -> str:
        from pipeline import task_words as words
        return words.retention(is_dry=True)

    @task(task_display_name="Удалить", pool="warehouse")
    def clean() -> str:
        from pipeline import task_words as words
        return words.retention(is_dry=False)

    plan() >> clean()


pipeline()
