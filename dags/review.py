"""Clerical review: what the machine does not decide is handed to people, their answers become decisions, and linking obeys.

**Спорные случаи.** Утром рабочего дня открытые случаи раздаются пачками, по одной задаче «человек в контуре» на пачку. В задаче только номера
и причины: записи детей показывает страница «Спорные случаи» тому, кому положено, и каждый просмотр заносится в журнал доступа. Ответ даётся
по номеру случая; часть пар независимо решают двое. Без ответа за сутки пачка откладывается, и назавтра раздаётся то, что осталось.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, TriggerRule, dag, task, task_group

from dags.common import DEFAULTS, LINKS, MANUAL
from pipeline.access import named
from schemas.review_form import LEAVE, OPTIONS, fields


@dag(dag_id="review", dag_display_name="Спорные случаи", schedule=None if MANUAL else "0 8 * * 1-5", default_args=DEFAULTS, max_active_runs=1,
     tags=["identity"], doc_md=__doc__)
def pipeline() -> None:
    @task(task_display_name="Раздать пачки")
    def batches() -> list[dict[str, Any]]:
        from pipeline import review_batches as step
        return step.batches()

    @task_group(group_id="batch")
    def one(batch: dict[str, Any]) -> None:
        @task(task_display_name="Описать пачку")
        def describe(batch: dict[str, Any]) -> str:
            from pipeline import review_batches as step
            return step.body(batch)

        @task(task_display_name="Записать ответы")
        def record(batch: dict[str, Any], answer: dict[str, Any]) -> dict[str, int]:
            from pipeline import review_batches as step
            return step.record(batch, answer)

        ask = HITLOperator(task_id="ask", task_display_name="Решить случаи", subject="Спорные случаи: один ребёнок или разные?", body=describe(batch),
                           options=OPTIONS, defaults=LEAVE, params={name: Param(**field) for name, field in fields().items()},
                           assigned_users=[{"id": user, "name": user} for user in named("steward")],
                           execution_timeout=None, response_timeout=timedelta(hours=20), retries=0)
        record(batch, ask.output)

    @task(task_display_name="Связать заново", pool="warehouse", trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def link() -> dict[str, int]:
        from pipeline import link as step
        return step.link()

    @task(task_display_name="Измерить качество связей", outlets=[LINKS], pool="warehouse")
    def measure() -> dict[str, int]:
        from pipeline import quality_of_links as step
        return step.measure()

    one.expand(batch=batches()) >> link() >> measure()


pipeline()
