"""The nested shapes of ГИС СЦОС when read (they differ from the flat ones when written)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

Row = dict[str, Any]


def student(row: Row) -> dict[str, Any]:
    return {"id": row["wire_key"], "external_id": row["external_id"], "surname": row["surname"], "name": row["name"], "middle_name": row["middle_name"],
            "date_of_birth": _iso(row["date_of_birth"]), "snils": row["snils"], "inn": None, "email": None, "phone": None,
            "study_year": row["study_year"], "study_plans": row["study_plans"] or []}


def study_plan(row: Row) -> dict[str, Any]:
    return {"id": row["plan_id"], "external_id": row["external_id"], "title": row["title"], "direction": row["direction"],
            "code_direction": row["code_direction"], "start_year": row["start_year"], "end_year": row["end_year"],
            "education_form": row["education_form"], "educational_program": {"id": _made("programme", row["plan_id"]), "title": row["direction"]}}


def discipline(row: Row) -> dict[str, Any]:
    return {"id": row["discipline_id"], "external_id": row["external_id"], "title": row["title"]}


def plan_discipline(row: Row) -> dict[str, Any]:
    return {"id": _made("plan_discipline", row["plan_id"], row["discipline_id"], row["semester"]), "study_plan": _plan(row),
            "discipline": {"id": row["discipline_id"], "title": row["discipline_title"]}, "semester": row["semester"]}


def plan_student(row: Row) -> dict[str, Any]:
    return {"id": _made("plan_student", row["plan_id"], row["wire_key"]), "study_plan": _plan(row),
            "student": {"id": row["wire_key"], "external_id": row["external_id"]}}


def flow(row: Row) -> dict[str, Any]:
    day = _iso(row["date"])
    return {"id": row["wire_key"], "external_id": row["external_id"], "student": _student(row), "contingent_flow": {"number": row["order_number"]},
            "flow_type": row["flow_type"], "date": None if day is None else f"{day}T00:00:00.000", "faculty": row["faculty"],
            "education_form": row["education_form"], "form_fin": row["form_fin"], "details": row["details"]}


def mark(row: Row) -> dict[str, Any]:
    return {"id": row["wire_key"], "external_id": row["external_id"], "discipline": {"id": row["discipline_id"], "title": row["discipline_title"]},
            "study_plan": _plan(row), "student": _student(row), "mark_type": row["mark_type"], "value": row["mark_value"], "semester": row["semester"]}


def _plan(row: Row) -> dict[str, Any]:
    return {"id": row["plan_id"], "title": row["plan_title"]}


def _student(row: Row) -> dict[str, Any]:
    return {"id": row["student_id"], "external_id": row["student_external_id"]}


def _made(*parts: object) -> str:
    """A UUID for an object the region has no key for; always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "|".join(map(str, parts))))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
