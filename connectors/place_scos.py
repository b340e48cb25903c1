"""Where the answers of ГИС СЦОС keep a row: a result of a page, and what is joined to it from other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from connectors.place import Place
from connectors.place_json import Path, locate, scalars
from connectors.place_members import Members
from schemas.errors import ContractBroken

_POSITION = re.compile(r"(?P<member>\d{6}-(?P<entity>[a-z_]+)/\d+\.json)/(?P<number>\d+)(?:/(?P<more>.+))?")


def place(members: Members, position: str) -> Place:
    """The place of one row; a course is a student of a plan and a discipline of it. ContractBroken `place.position`."""
    told = _POSITION.fullmatch(position)
    if told is None:
        raise ContractBroken("place.position", "a position of a form this source does not write")
    name, body, start = members.read(told["member"])
    results = orjson.loads(body)["results"]
    number = int(told["number"])
    if number >= len(results):
        raise ContractBroken("place.position", f"{name} has no result {number}")
    main = _result(name, body, start, number, told["entity"])
    return replace(main, also=tuple(_joined(members, told["entity"], results[number], told["more"])))


def _result(name: str, body: bytes, start: int | None, number: int, entity: str, columns: dict[str, str] | None = None) -> Place:
    path: Path = ("results", number)
    text = body.decode("utf-8")
    named = {one: ".".join(map(str, one[2:])) for one, *_ in scalars(text, 0, ()) if one[:2] == path}
    if columns is not None:
        named = {one: columns[column] for one, column in named.items() if column in columns}
    elif entity == "contingent_flows":
        named = {one: {"date": "valid_from"}.get(column, column) for one, column in named.items()}
    return locate(name, body, start, path, named)


def _joined(members: Members, entity: str, row: dict[str, Any], more: str | None) -> Iterator[Place]:
    if entity == "contingent_flows":
        yield from _closing(members, row)
        student = next(_matching(members, "students", lambda one: one["id"] == row["student"]["id"]), None)
        if student is not None:
            plans = student[3].get("study_plans") or []
            yield _result(*student[:3], student[4], "students", {"study_plans.0.id": "plan"})
            yield from _plan(members, plans[0]["id"] if plans else None)
    elif entity == "study_plan_students":
        yield from _plan(members, row["study_plan"]["id"])
        discipline = next(_matching(members, "study_plan_disciplines", lambda one: str(one["id"]) == more), None)
        if discipline is not None:
            yield _result(*discipline[:3], discipline[4], "study_plan_disciplines",
                          {"id": "plan_discipline", "discipline.title": "discipline.title", "semester": "semester"})


def _plan(members: Members, plan_id: object) -> Iterator[Place]:
    found = next(_matching(members, "study_plans", lambda one: one["id"] == plan_id), None)
    if found is not None:
        yield _result(*found[:3], found[4], "study_plans", {"title": "title", "code_direction": "code_direction"})


def _closing(members: Members, row: dict[str, Any]) -> Iterator[Place]:
    """The DEDUCTION that follows a stay, in the order the reader has them."""
    ends = [one for one in _matching(members, "contingent_flows", lambda one: one["student"]["id"] == row["student"]["id"])
            if one[3]["flow_type"] in ("ENROLLMENT", "REINSTATEMENT", "DEDUCTION")]
    ends.sort(key=lambda one: (str(one[3]["date"]), str(one[3]["id"])))
    at = [one[3]["id"] for one in ends].index(row["id"]) + 1
    if at < len(ends) and ends[at][3]["flow_type"] == "DEDUCTION":
        yield _result(*ends[at][:3], ends[at][4], "contingent_flows", {"date": "valid_to", "details": "exit_details"})


def _matching(members: Members, entity: str, fits: Any) -> Iterator[tuple[str, bytes, int | None, dict[str, Any], int]]:
    """(member, body, start, result, its number) of each result that fits."""
    for name, body, start in members.named(f"{entity}/"):
        for number, result in enumerate(orjson.loads(body)["results"]):
            if fits(result):
                yield name, body, start, result, number
