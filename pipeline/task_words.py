"""One short Russian summary a task, for those who watch the run in Airflow: counts and rule ids, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline import ingest
from pipeline import publish as publication
from pipeline.settings import settings
from warehouse import told

MOST = 5
"""Rules named in one summary; the page has them all."""


def gate(source_name: str) -> str:
    """The door and record gates of one source, and what they said."""
    done = ingest.gate(source_name)
    said = told.results(source_name, ("door", "record"))
    return (f"Проверено записей: {_number(done['records'])}, правил: {said.asked}; не пройдено: {_rules(said.stopped)}; "
            f"отклоняют записи: {_rules(said.refusing)}; предупреждения: {_rules(said.warned)}; задержано поставок: {done['held']}.")


def load(source_name: str) -> str:
    """The load of one source, and what was refused of it."""
    done = ingest.load_staged(source_name)
    refused = told.refused(source_name, settings().today)
    return (f"Получено {_number(done.get('received', 0))}: загружено {_number(done.get('loaded', 0))}, без изменений {_number(done.get('unchanged', 0))}, "
            f"вытеснено {_number(done.get('superseded', 0))}, отказано {_number(done.get('refused', 0))}. Отказы дня: {_rules(refused)}.")


def warehouse_gate() -> dict[str, Any]:
    """The warehouse gate: `version` judged, and `summary`."""
    return _judged(publication.judge_warehouse(), "warehouse")


def form_gate(version: int) -> dict[str, Any]:
    """The gate of the state forms over the same version: `version`, and `summary`."""
    return _judged(publication.judge_forms(version), "form")


def _judged(version: int, gate_name: str) -> dict[str, Any]:
    said = told.results(f"version {version}", (gate_name,))
    return {"version": version, "summary": f"Версия {version}: правил {said.asked}, не пройдено: {_rules(said.stopped)}; "
                                           f"предупреждения: {_rules(said.warned)}."}


def retention(*, is_dry: bool) -> str:
    """What goes, or would go, by its period."""
    from pipeline import retention as step

    done = step.clean(by="airflow", is_dry=is_dry)
    listed = "; ".join(f"{one.title.lower()} – {_number(one.count)}" for one in done if one.count)
    return f"{'Будет удалено' if is_dry else 'Удалено'}: {listed or 'ничего'}."


def _rules(found: Sequence[tuple[str, int]]) -> str:
    named = ", ".join(f"{rule} – {_number(count)}" for rule, count in found[:MOST])
    return (named + (f" и ещё {len(found) - MOST}" if len(found) > MOST else "")) if found else "нет"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", " ")
