"""One DAG per source of the catalogue: receive, gate, load.

**Приём поставок.** `receive` забирает байты у ведомства и раскладывает их на записи, `gate` проверяет поставку (Great Expectations),
`load` пишет в хранилище, каждую поставку одной транзакцией, и готовит ответ отправителю; их итоги – в XCom, страница – за кнопкой задачи.
Сбой одного источника не останавливает остальные: `settle` закрывает день в любом случае, `verdict` показывает, что не так. Повтор безопасен."""

from __future__ import annotations

from airflow.sdk import TriggerRule, dag, get_current_context, task

from connectors.sources import SOURCES, Source
from dags.common import DEFAULTS, MANUAL, deadline, staging
from dags.pages import with_page


def ingest(source: Source) -> None:
    @dag(dag_id=f"ingest_{source.name}", dag_display_name=f"Приём: {source.title}", default_args=DEFAULTS, max_active_runs=1,
         schedule=[staging(name) for name in source.after] if source.after else None if MANUAL else source.schedule,
         tags=["ingest", source.wire], deadline=deadline(source), doc_md=f"{__doc__}\n\nВладелец данных: {source.owner}.")
    def pipeline() -> None:
        @task(task_display_name="Кого спросить")
        def targets() -> list[str]:
            from pipeline import ingest as step
            return step.targets(source.name)

        @task(task_display_name="Забрать и разложить", map_index_template="{{ organisation }}", pool="sources")
        def receive(organisation: str) -> dict[str, int]:
            from pipeline import ingest as step
            get_current_context()["organisation"] = organisation or source.name
            return step.receive(source.name, organisation or None)

        @task(task_display_name="Проверить на входе", trigger_rule=TriggerRule.ALL_DONE)
        def gate() -> str:
            from pipeline import task_words as words
            return words.gate(source.name)

        @task(task_display_name="Загрузить", pool="warehouse")
        def load() -> str:
            from pipeline import task_words as words
            return words.load(source.name)

        @task(task_display_name="Закрыть день", outlets=[staging(source.name)], trigger_rule=TriggerRule.ALL_DONE, retries=0)
        def settle() -> None:
            """The day of this source is over, whatever happened: those who wait for it go on."""

        @task(task_display_name="Итог", retries=0)
        def verdict() -> None:
            from pipeline import ingest as step
            step.verdict(source.name)

        received, done = receive.expand(organisation=targets()), verdict()
        checked, loaded = (with_page(made, f"validation/sources/{source.name}.html") for made in (gate(), load()))
        received >> checked >> loaded >> [settle(), done]
        received >> done

    pipeline()


for declared in SOURCES:
    ingest(declared)
