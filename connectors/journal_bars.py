"""«БАРС. Электронная школа»: classes, then each pupil's person data, marks and totals; strings may hold tags and U+200B."""

from __future__ import annotations

from functools import partial
from typing import IO, Any

import orjson

from connectors.conversation import SCOPE, Scope, converse, read_scope, scope_of
from connectors.http import Params, Service, each
from connectors.journal_rows import Ordinals, Rows, complete, is_debt, kind_of, plain, shaped
from connectors.landing import Conversation, Delivery, Landing, members
from connectors.rows import Reading
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ContractBroken, SourceUnavailable

_CODES = {"Q1": "1 четверть", "Q2": "2 четверть", "Q3": "3 четверть", "Q4": "4 четверть", "H1": "1 полугодие", "H2": "2 полугодие",
          "T1": "1 триместр", "T2": "2 триместр", "T3": "3 триместр", "Y": "Год"}
"""Codes of subperiods as the words other journals use; another code goes on as it is and is refused by the cleaning."""


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """One conversation: classes with their pupils, then person data, marks and totals of each pupil."""
    with Service(target.endpoint, open_session=lambda service: _log_in(service, target)) as journal:
        return converse(source, target, landing, lambda talk: _ask(journal, target, talk))


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Persons and enrolments, then marks, absences and final marks."""
    rows = Rows()
    scope: Scope | None = None
    for member, body in members(stream):
        name = member.split("-", 1)[1]
        kind, _, local_id = name.removesuffix(".json").partition("/")
        with shaped(member):
            answer = orjson.loads(body)
            if name == SCOPE:
                scope = read_scope(body)
                rows = Rows(organisation_key=scope.organisation_key, date_form="%d.%m.%Y")
            elif kind == "class":
                _enrolments(rows, member, answer)
            elif kind == "person":
                rows.add("person", {"position": member, "local_id": local_id, "full_name": answer["fullname"], "birth_date": answer["birth_date"],
                                    "sex": answer["sex"], "snils": answer["snils"], "birth_certificate": answer["birth_certificate"],
                                    "citizenship": answer["citizenship"]})
            elif kind == "marks":
                _marks(rows, member, local_id, answer)
            elif kind == "totals" and scope is not None:
                _finals(rows, member, local_id, answer, scope)
        yield from rows.batches()
    if scope is None:
        raise ContractBroken("conversation.no_scope", "the conversation does not say what was asked")
    yield from rows.batches(rest=True)
    yield from complete(scope)


def _log_in(service: Service, target: Target) -> None:
    answer = service.post("AuthService/login", {"login": target.login or "", "password": target.password or ""})
    if not answer.get("success"):
        raise SourceUnavailable("http.login_refused", "AuthService/login refused the login")


def _ask(journal: Service, target: Target, talk: Conversation) -> None:
    scope = scope_of(target)
    school = journal.get("SchoolService/getSchoolInfo")
    talk.add("school.json", school)
    pupils: list[str] = []
    years = [{"class_year_id": str(one["class_year_id"])} for one in orjson.loads(school)["class_years"]]
    for number, answer in enumerate(each(partial(journal.get, "SchoolService/getClassYearInfo"), years)):
        talk.add(f"class/{number}.json", answer)
        pupils += [str(pupil["id"]) for pupil in orjson.loads(answer)["pupils"]]
    days = {"date_from": scope.date_from, "date_to": scope.date_to}
    questions: list[tuple[str, str, dict[str, str]]] = [
        ("person", "ProfileService/GetPersonData", {}), ("marks", "MarkService/GetSummaryMarks", days), ("totals", "MarkService/GetTotalMarks", {})]
    for kind, method, more in questions:
        asked: list[Params] = [{"pupil_id": pupil, **more} for pupil in pupils]
        for pupil, answer in zip(pupils, each(partial(journal.get, method), asked), strict=True):
            talk.add(f"{kind}/{pupil}.json", answer)


def _enrolments(rows: Rows, member: str, answer: Any) -> None:
    for pupil in answer["pupils"]:
        rows.add("enrolment", {"position": f"{member}/{pupil['id']}", "local_id": pupil["id"], "grade": answer["study_level"],
                               "letter": answer["letter"], "study_form": pupil.get("study_form"), "shift": pupil.get("shift"),
                               "entry_date": pupil.get("entry_date"), "exit_date": pupil.get("exit_date"), "exit_reason": pupil.get("exit_reason")})


def _marks(rows: Rows, member: str, local_id: str, answer: Any) -> None:
    """No ids here: equal marks of one day are told apart by their order."""
    ordinals = Ordinals()
    given = [(one["discipline"], mark) for period in answer["summary_marks_data"] for one in period["discipline_marks"] for mark in one["marks"]]
    for number, (discipline, mark) in enumerate(given):
        rows.add(kind_of(mark["mark"]), {
            "position": f"{member}/{number}", "local_id": local_id, "key": ordinals.key(local_id, mark["date"], plain(discipline)), "subject": discipline,
            "lesson_date": mark["date"], "date_form": "iso", "value": mark["mark"], "work_kind": mark["description"], "is_debt": is_debt(mark["mark"])})


def _finals(rows: Rows, member: str, local_id: str, answer: Any, scope: Scope) -> None:
    given = [(one["discipline"], mark) for one in answer["total_marks_data"] for mark in one["period_marks"]]
    for number, (discipline, mark) in enumerate(given):
        code = mark["subperiod_code"]
        rows.add("final_mark", {"position": f"{member}/{number}", "local_id": local_id, "subject": discipline, "period": _CODES.get(code, code),
                                "school_year": scope.school_year, "value": mark["mark"]})
