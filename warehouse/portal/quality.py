"""The page on data quality: gates, what failed, deliveries held, refusals, disagreement."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports import reconciliation
from warehouse.reports.model import Provenance, Table
from warehouse.reports.page import render
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import integer, text
from warehouse.reports.titles import SOURCE_TITLES, subject_title, titled
from warehouse.reports.wording import counted, moment

GATES = {"door": "На входе", "record": "Записи", "warehouse": "Хранилище", "form": "Формы"}
SEVERITIES = {"refuse": "запись отклонена", "hold": "остановлено", "block": "не публикуется", "warn": "предупреждение"}
STATES = {"held": "задержана"}
UNDER_WAY = "в разборе"
"""What any other state is called: it moves on, and the page of a version must not."""
FAILED = """
    SELECT
        result.gate, result.subject_checked, result.expectation, COALESCE(result.kwargs ->> 'title', result.expectation) AS title,
        COALESCE(result.severity, result.kwargs ->> 'severity', 'hold') AS severity, result.evaluated, result.unexpected
    FROM quality.validation_result AS result
    INNER JOIN marts.gate AS latest
        ON latest.gate = result.gate AND latest.run_id = result.run_id AND latest.subject_checked = result.subject_checked
        AND latest.checked_at = result.at
    WHERE NOT result.success
"""


def gates(connection: Connection) -> list[dict[str, Any]]:
    """The latest run of each gate in their order: title, passed, failed (what stops), refusing, warned, at."""
    rows = mart(connection, "gate")
    made = []
    for gate, title in GATES.items():
        part = rows[rows["gate"] == gate]
        if len(part):
            made.append({"title": title, "passed": int(part["passed_count"].sum()), "failed": int(part["failed_count"].sum()),
                         "refusing": int(part["refusing_count"].sum()), "warned": int(part["warned_count"].sum()),
                         "at": part["checked_at"].max()})
    return made


def gate_table(rows: pd.DataFrame) -> Table:
    """The latest run of each gate by what it checked."""
    shown = rows.assign(gate_title=rows["gate"].map(GATES).fillna(rows["gate"]), order=rows["gate"].map({gate: n for n, gate in enumerate(GATES)}),
                        at=[moment(at) for at in rows["checked_at"]], subject_title=rows["subject_checked"].map(subject_title)).sort_values(
        ["order", "subject_title", "suite"])
    columns = (text("gate_title", "Ступень", 14), text("subject_title", "Что проверено", 34), integer("passed_count", "Пройдено"),
               integer("failed_count", "Не пройдено"), integer("refusing_count", "Отклоняют записи"),
               integer("warned_count", "Предупреждений"), integer("unexpected_count", "Строк с отклонением"), text("at", "Когда", 18))
    return Table(name="gates", sheet="Ступени", title="Последний запуск проверок до публикации версии", columns=columns, is_filtered=True,
                 rows=shown[[column.name for column in columns]])


def failed_table(rows: pd.DataFrame) -> Table:
    """Expectations that did not hold, those that only warn among them."""
    shown = rows.assign(gate_title=rows["gate"].map(GATES).fillna(rows["gate"]), effect=rows["severity"].map(SEVERITIES),
                        subject_title=rows["subject_checked"].map(subject_title)).sort_values(["gate", "subject_title", "expectation"])
    columns = (text("gate_title", "Ступень", 14), text("subject_title", "Что проверено", 34), text("title", "Проверка", 60),
               text("expectation", "Код правила", 30),
               text("effect", "Следствие", 24), integer("evaluated", "Проверено"), integer("unexpected", "Не прошло"))
    return Table(name="failed", sheet="Не пройдено", title="Непройденные проверки и предупреждения", columns=columns, is_filtered=True,
                 rows=shown[[column.name for column in columns]])


def held_table(rows: pd.DataFrame) -> Table:
    """Deliveries outside the version: held, with the code of the reason, or under way when it was made."""
    shown = rows.assign(source_title=titled(rows["source"], SOURCE_TITLES), state_title=rows["state"].map(STATES).fillna(UNDER_WAY),
                        at=[moment(at) for at in rows["received_at"]], key=rows["delivery_id"].astype("string"))
    columns = (text("at", "Получена", 18), text("source_title", "Источник", 34), text("origin", "Отправитель", 20), text("state_title", "Состояние", 18),
               text("held_code", "Код причины", 26), text("key", "Поставка", 38))
    return Table(name="held", sheet="Вне версии", title="Поставки, которые не вошли в версию", columns=columns, is_filtered=True,
                 rows=shown.sort_values(["received_at", "key"])[[column.name for column in columns]])


def page(connection: Connection, made: Provenance, *, site: tuple[tuple[str, str], ...]) -> str:
    """`quality.html`: the state when the version was published."""
    held, failed = mart(connection, "not_loaded"), frame(connection, FAILED)
    tables = (gate_table(mart(connection, "gate")), failed_table(failed), held_table(held),
              reconciliation.by_rule(mart(connection, "refused_by_rule"), SOURCE_TITLES),
              reconciliation.snils(mart(connection, "snils_quality"), SOURCE_TITLES),
              reconciliation.disagreement(mart(connection, "disagreement"), SOURCE_TITLES))
    warned, refusing = (int((failed["severity"] == severity).sum()) for severity in ("warn", "refuse"))
    lead = (f"{counted(len(failed) - warned - refusing, 'проверка не пройдена', 'проверки не пройдены', 'проверок не пройдено')}, "
            f"{counted(refusing, 'правило отклоняет', 'правила отклоняют', 'правил отклоняют')} записи, "
            f"{counted(warned, 'предупреждение', 'предупреждения', 'предупреждений')}, "
            f"{counted(len(held), 'поставка', 'поставки', 'поставок')} вне версии, "
            f"{counted(made.review_count, 'спорная запись', 'спорные записи', 'спорных записей')} на рассмотрении.")
    return render("quality.html", title="Качество данных", lead=lead, tables=tables, version=made.version, as_of=made.as_of, site=site, here="quality.html")
