"""«ЭлЖур»: rules, profiles, marks and final marks class by class; the true state of an answer is inside it."""

from __future__ import annotations

from functools import partial
from typing import IO, Any

import orjson

from connectors.conversation import SCOPE, Scope, converse, read_scope, scope_of
from connectors.http import Service, each
from connectors.journal_rows import Ordinals, Rows, complete, is_debt, items, kind_of, shaped
from connectors.landing import Conversation, Delivery, Landing, members
from connectors.rows import Reading
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ContractBroken

DEVKEY = "kontingent"


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """One conversation: who there is, then profiles, marks and final marks of each class."""
    vendor = target.endpoint.rstrip("/").split("/")[-2]
    common = {"devkey": DEVKEY, "vendor": vendor, "out_format": "json"}
    with Service(target.endpoint, params=common, status_of=_state, open_session=lambda service: _log_in(service, target)) as journal:
        return converse(source, target, landing, lambda talk: _ask(journal, target, talk))


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Persons and enrolments of rules and profiles, then marks, absences and final marks."""
    rows, ordinals = Rows(), Ordinals()
    scope: Scope | None = None
    listed: dict[str, Any] = {}
    for member, body in members(stream):
        name = member.split("-", 1)[1]
        with shaped(member):
            if name == SCOPE:
                scope = read_scope(body)
                rows = Rows(organisation_key=scope.organisation_key, date_form="iso")
            elif name == "rules.json":
                listed = dict(items(_result(body)["relations"]["students"]))
            elif name.startswith("profiles-"):
                for local_id, profile in items(_result(body)["students"]):
                    _person(rows, member, local_id, listed.get(local_id, {}), profile)
            elif name.startswith("marks-"):
                _marks(rows, ordinals, member, _result(body))
            elif name.startswith("finals-") and scope is not None:
                _finals(rows, member, _result(body), scope)
        yield from rows.batches()
    if scope is None:
        raise ContractBroken("conversation.no_scope", "the conversation does not say what was asked")
    yield from rows.batches(rest=True)
    yield from complete(scope)


def _state(document: Any) -> int:
    return int(document["response"]["state"]) if isinstance(document, dict) and "response" in document else 200


def _result(body: bytes) -> Any:
    return orjson.loads(body)["response"]["result"]


def _log_in(service: Service, target: Target) -> None:
    service.params.pop("auth_token", None)
    answer = service.post("auth", {"login": target.login or "", "password": target.password or ""})
    service.params["auth_token"] = answer["response"]["result"]["token"]


def _ask(journal: Service, target: Target, talk: Conversation) -> None:
    scope = scope_of(target)
    rules = journal.get("getrules")
    talk.add("rules.json", rules)
    groups = _result(rules)["relations"]["groups"]
    classes = sorted(groups if isinstance(groups, dict) else [group["name"] for group in groups])
    days = {"days": f"{scope.date_from.replace('-', '')}-{scope.date_to.replace('-', '')}"}
    questions = [("profiles", "getprofileuserinfo", {}), ("marks", "getmarks", days), ("finals", "getfinalassessments", {})]
    for prefix, method, more in questions:
        answers = each(partial(_ask_class, journal, method, more), classes)
        for number, answer in enumerate(answers):
            talk.add(f"{prefix}-{number}.json", answer)


def _ask_class(journal: Service, method: str, more: dict[str, str], name: str) -> bytes:
    return journal.get(method, {"class": name, **more})


def _person(rows: Rows, member: str, local_id: str, listed: Any, profile: Any) -> None:
    """The patronymic stands only in the rules, inside the whole name."""
    position = f"{member}/{local_id}"
    rows.add("person", {"position": position, "local_id": local_id, "full_name": listed.get("title"), "family_name": profile["lastname"],
                        "given_name": profile["firstname"], "birth_date": profile.get("birthday"), "date_form": "%d.%m.%Y", "sex": profile["gender"],
                        "snils": profile["snils"], "birth_certificate": profile.get("certificate"), "citizenship": profile.get("citizenship")})
    rows.add("enrolment", {"position": position, "local_id": local_id, "class": profile.get("class"), "study_form": profile.get("study_form"),
                           "shift": profile.get("shift"), "entry_date": profile.get("enrolled"), "exit_date": profile.get("left"),
                           "exit_reason": profile.get("left_reason")})


def _marks(rows: Rows, ordinals: Ordinals, member: str, result: Any) -> None:
    for local_id, student in items(result["students"]):
        given = [(lesson["name"], mark) for lesson in student["lessons"] for mark in lesson["marks"]]
        for number, (subject, mark) in enumerate(given):
            kind = mark.get("mtype") or {}
            rows.add(kind_of(mark["value"]), {
                "position": f"{member}/{local_id}/{number}", "local_id": local_id, "subject": subject, "lesson_date": mark["date"],
                "key": ordinals.key(local_id, mark["date"], mark.get("lesson_id"), kind.get("id")), "value": mark["value"],
                "convert": mark.get("convert"), "weight": mark.get("weight_float") or mark.get("weight"), "work_kind": kind.get("type"),
                "is_debt": is_debt(mark["value"])})


def _finals(rows: Rows, member: str, result: Any, scope: Scope) -> None:
    for local_id, student in items(result["students"]):
        given = [(item["name"], mark) for item in student["items"] for mark in item["assessments"]]
        for number, (subject, mark) in enumerate(given):
            rows.add("final_mark", {"position": f"{member}/{local_id}/{number}", "local_id": local_id, "subject": subject, "period": mark["period"],
                                    "school_year": scope.school_year, "value": mark["value"], "convert": mark.get("convert")})
