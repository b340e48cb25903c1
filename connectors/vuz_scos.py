"""Universities by ГИС СЦОС API v2: students, plans, disciplines, flows and marks, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import IO, Any

import orjson
import pandas as pd

from connectors.conversation import SCOPE, Scope, converse, read_scope
from connectors.http import Service, each
from connectors.journal_rows import shaped
from connectors.landing import Conversation, Delivery, Landing, members
from connectors.rows import BATCH, CompleteScope, RawBatch, Reading
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ContractBroken

PAGE = 500
ENTITIES = ("study_plans", "students", "contingent_flows", "marks", "study_plan_disciplines", "study_plan_students")
"""In the order they are asked: who a later one names comes before it."""


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """One conversation: all pages of all entities; the university's key goes in the header X-CN-UUID."""
    with Service(target.endpoint, headers={"X-CN-UUID": target.password or target.organisation_key or ""}) as service:
        return converse(source, target, landing, partial(_ask, service))


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Persons and stays, then examinations, then courses (disciplines of a plan for each of its students)."""
    scope: Scope | None = None
    held: dict[str, list[pd.DataFrame]] = {entity: [] for entity in ENTITIES}
    for member, body in members(stream):
        name = member.split("-", 1)[1]
        with shaped(member):
            if name == SCOPE:
                scope = read_scope(body)
                continue
            entity = name.split("/")[0]
            page = _flat(member, orjson.loads(body)["results"]).assign(organisation_key=delivery.origin)
        if entity == "students":
            yield RawBatch("person", page)
        elif entity == "marks":
            yield from _stays(held)
            held["contingent_flows"] = []
            yield RawBatch("exam", page)
        if entity not in ("students", "marks") and len(page):
            held[entity].append(page)
        elif entity == "students":
            held[entity].append(page.reindex(columns=["id", "study_plans.0.id"]))
    if scope is None:
        raise ContractBroken("conversation.no_scope", "the conversation does not say what was asked")
    yield from _courses(held)
    yield from (CompleteScope(entity=entity, organisation_key=scope.organisation_key) for entity in ("person", "enrolment", "exam", "course"))


def _ask(service: Service, talk: Conversation) -> None:
    for entity in ENTITIES:
        first = service.get(entity, {"page": 1, "page_size": PAGE})
        talk.add(f"{entity}/1.json", first)
        later = range(2, int(orjson.loads(first)["last_page"]) + 1)
        for page, answer in zip(later, each(partial(_page, service, entity), later), strict=True):
            talk.add(f"{entity}/{page}.json", answer)


def _page(service: Service, entity: str, page: int) -> bytes:
    return service.get(entity, {"page": page, "page_size": PAGE})


def _flat(member: str, results: list[dict[str, Any]]) -> pd.DataFrame:
    """Nested objects as columns `student.id`; of a student's plans the first."""
    for result in results:
        if "study_plans" in result:
            result["study_plans.0.id"] = result["study_plans"][0]["id"] if result["study_plans"] else None
            del result["study_plans"]
    flat = pd.json_normalize(results)
    return flat.astype("str").where(flat.notna()).astype("str").assign(position=[f"{member}/{number}" for number in range(len(flat))])


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.reindex(columns=columns).astype("str")


def _stays(held: dict[str, list[pd.DataFrame]]) -> Iterator[RawBatch]:
    """One stay for each ENROLLMENT or REINSTATEMENT, up to the next DEDUCTION; a DEDUCTION that closes nothing is a row too."""
    flows = _joined(held["contingent_flows"], ["position", "organisation_key", "id", "student.id", "flow_type", "date", "education_form", "details"])
    if flows.empty:
        return
    ends = flows[flows["flow_type"].isin(("ENROLLMENT", "REINSTATEMENT", "DEDUCTION"))].sort_values(["student.id", "date", "id"], kind="stable")
    after = ends.groupby("student.id", sort=False)[["flow_type", "date", "details"]].shift(-1)
    before = ends.groupby("student.id", sort=False)["flow_type"].shift(1)
    closed = after["flow_type"] == "DEDUCTION"
    stays = ends.assign(valid_from=ends["date"].where(ends["flow_type"] != "DEDUCTION"), valid_to=after["date"].where(closed),
                        exit_details=after["details"].where(closed))
    stays = stays[(ends["flow_type"] != "DEDUCTION") | before.isna() | (before == "DEDUCTION")]
    students = _joined(held["students"], ["id", "study_plans.0.id"]).rename(columns={"id": "student.id", "study_plans.0.id": "plan"})
    plans = _joined(held["study_plans"], ["id", "title", "code_direction"]).rename(columns={"id": "plan"})
    known = stays.merge(students.drop_duplicates("student.id"), on="student.id", how="left").merge(plans, on="plan", how="left")
    yield from _sliced("enrolment", known)


def _courses(held: dict[str, list[pd.DataFrame]]) -> Iterator[RawBatch]:
    """Disciplines × students of each plan, a few hundred students at a time."""
    disciplines = _joined(held["study_plan_disciplines"], ["id", "study_plan.id", "discipline.title", "semester"])
    students = _joined(held["study_plan_students"], ["id", "position", "organisation_key", "study_plan.id", "student.id"])
    plans = _joined(held["study_plans"], ["id", "title", "code_direction"]).rename(columns={"id": "study_plan.id"})
    step = max(1, BATCH // max(1, len(disciplines)))
    taken = disciplines.rename(columns={"id": "plan_discipline"})
    for start in range(0, len(students), max(step, 500)):
        some = students.iloc[start:start + max(step, 500)].merge(plans, on="study_plan.id", how="left").merge(taken, on="study_plan.id")
        yield from _sliced("course", some.assign(position=some["position"] + "/" + some["plan_discipline"]))


def _sliced(entity: str, rows: pd.DataFrame) -> Iterator[RawBatch]:
    for start in range(0, len(rows), BATCH):
        yield RawBatch(entity, rows.iloc[start:start + BATCH].reset_index(drop=True))
