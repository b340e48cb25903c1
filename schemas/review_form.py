"""The form in which a person answers a batch of cases: light, because a DAG file reads it at parse time."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from schemas.review import OPINIONS

SIZE = 10
"""Cases a batch."""
TAKE, LEAVE = "Записать ответы", "Отложить"
OPTIONS = [TAKE, LEAVE]


def grounds() -> dict[str, str]:
    """On what an answer rests: code → Russian title. A list, because what people type into a form would stand in Airflow's database."""
    with (Path(__file__).parent / "codes" / "review_grounds.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def fields() -> dict[str, dict[str, Any]]:
    """The fields of the form as JSON schema with a `default`: one answer a case by its number, and the ground of all of them."""
    answer = {"default": None, "type": ["null", "string"], "enum": [*OPINIONS, None], "values_display": {"null": "– нет ответа –"} | dict(OPINIONS)}
    return {f"case_{number}": {"title": f"Случай {number}"} | answer for number in range(1, SIZE + 1)} | {
        "ground": {"title": "На чём основаны ответы", "default": next(iter(grounds())), "type": "string", "enum": list(grounds()), "values_display": grounds()}}
