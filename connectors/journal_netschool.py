"""«Сетевой город. Образование»: diaries by pupil from its API, the contingent from the file the school drops beside it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import IO, Any

import orjson

from connectors.contingent_file import read_file
from connectors.conversation import Scope, converse, read_scope, scope_of
from connectors.http import Service, each
from connectors.journal_rows import Rows, complete, is_debt, kind_of, shaped
from connectors.landing import Conversation, Delivery, Landing, members
from connectors.rows import RawBatch, Reading
from connectors.sources import Source
from connectors.target import Target
from schemas.errors import ConfigurationError, ContractBroken, SourceUnavailable

CONTINGENT = "contingent.csv"
_OTHER = "Другая работа"


def fetch(source: Source, target: Target, landing: Landing) -> list[str]:
    """One conversation: contingent file, kinds of work, and the diary and final marks of each pupil."""
    contingent = _contingent(target)
    with Service(target.endpoint, open_session=lambda service: _log_in(service, target)) as journal:
        return converse(source, target, landing, lambda talk: _ask(journal, target, talk, contingent))


def read(delivery: Delivery, stream: IO[bytes]) -> Reading:
    """Persons and enrolments of the contingent file, then marks, absences and final marks; the file alone when only that came."""
    if delivery.media in ("csv", "xlsx"):
        yield from read_file(stream, delivery.origin, CONTINGENT, ("contingent",))
        return
    rows = Rows()
    scope: Scope | None = None
    kinds: dict[int, str] = {}
    for member, body in members(stream):
        name = member.split("-", 1)[1]
        if name == "question-scope.json":
            scope = read_scope(body)
            rows = Rows(organisation_key=scope.organisation_key, date_form="iso")
        elif name == CONTINGENT:
            yield from _contingent_rows(member, body, delivery.origin)
        with shaped(member):
            if name == "types.json":
                kinds = {kind["id"]: kind["name"] for kind in orjson.loads(body)}
            elif name.startswith("diary/"):
                _diary(rows, member, name[6:-5], orjson.loads(body), kinds)
            elif name.startswith("finals/") and scope is not None:
                _finals(rows, member, name[7:-5], orjson.loads(body), scope)
        yield from rows.batches()
    if scope is None:
        raise ContractBroken("conversation.no_scope", "the conversation does not say what was asked")
    yield from rows.batches(rest=True)
    yield from complete(scope)


def _contingent_rows(member: str, body: bytes, organisation_key: str) -> Iterator[RawBatch]:
    for part in read_file(io.BytesIO(body), organisation_key, CONTINGENT, ("contingent",)):
        if isinstance(part, RawBatch):
            yield RawBatch(part.entity, part.rows.assign(position=member + "/" + part.rows["position"]))


def _contingent(target: Target) -> bytes:
    if target.drop is None or target.organisation_key is None:
        raise ConfigurationError("target.no_drop", "a NetSchool school needs the drop folder for its contingent file")
    path = target.drop / target.organisation_key / CONTINGENT
    if not path.exists():
        raise SourceUnavailable("drop.empty", f"{target.organisation_key} has dropped no {CONTINGENT}")
    return path.read_bytes()


def _log_in(service: Service, target: Target) -> None:
    """The password goes salted; a salt serves one login."""
    ticket = service.post("auth/getdata", {})
    inner = hashlib.md5((target.password or "").encode("windows-1251"), usedforsecurity=False).hexdigest()
    digest = hashlib.md5(f"{ticket['salt']}{inner}".encode(), usedforsecurity=False).hexdigest()
    form = {"loginType": "1", "scid": target.local_id or target.organisation_key or "", "un": target.login or "",
            "pw": digest[: len(target.password or "")], "pw2": digest, "lt": str(ticket["lt"]), "ver": str(ticket["ver"])}
    service.headers["at"] = str(service.post("login", form)["at"])


def _ask(journal: Service, target: Target, talk: Conversation, contingent: bytes) -> None:
    scope = scope_of(target)
    talk.add(CONTINGENT, contingent)
    talk.add("types.json", journal.get("grade/assignment/types", {"all": "false"}))
    year = orjson.loads(journal.get("years/current"))["id"]
    students = [student["studentId"] for student in orjson.loads(journal.get("student/diary/init"))["students"]]
    common = {"yearId": year, "schoolId": target.local_id or target.organisation_key or ""}
    days = {"weekStart": scope.date_from, "weekEnd": scope.date_to}
    for student, diary in zip(students, each(lambda one: journal.get("student/diary", {"studentId": one, **days, **common}), students), strict=True):
        talk.add(f"diary/{student}.json", diary)
    for student, finals in zip(students, each(lambda one: journal.get("student/finalmarks", {"studentId": one, "yearId": year}), students), strict=True):
        talk.add(f"finals/{student}.json", finals)


def _diary(rows: Rows, member: str, student: str, diary: Any, kinds: dict[int, str]) -> None:
    for number, (lesson, assignment) in enumerate(_assignments(diary)):
        mark = assignment.get("mark")
        if mark is None or (mark["mark"] is None and not mark["dutyMark"]):
            continue  # work that was set and not marked
        entity = "mark" if mark["dutyMark"] else kind_of(mark["mark"])
        kind = kinds.get(assignment["typeId"])
        rows.add(entity, {
            "position": f"{member}/{number}", "local_id": student, "key": _key(student, lesson, assignment), "subject": lesson["subjectName"],
            "lesson_date": lesson["day"], "value": mark["mark"],
            "weight": assignment.get("weight"), "work_kind": assignment["assignmentName"] if kind in (None, _OTHER) else kind,
            "is_debt": "true" if mark["dutyMark"] else is_debt(mark["mark"]),
        })


def _assignments(diary: Any) -> Iterator[tuple[Any, Any]]:
    for day in diary["weekDays"]:
        for lesson in day["lessons"]:
            for assignment in lesson.get("assignments") or ():
                yield lesson, assignment


def _key(student: str, lesson: Any, assignment: Any) -> str:
    """The product's id, or where that is 0 the natural key."""
    if assignment["id"]:
        return f"{student}:{assignment['id']}"
    name = hashlib.blake2s(assignment["assignmentName"].encode(), digest_size=8).hexdigest()
    return f"{student}:{lesson['classmeetingId']}:{assignment['typeId']}:{name}"


def _finals(rows: Rows, member: str, student: str, answer: Any, scope: Scope) -> None:
    given = [(subject["subjectName"], mark) for subject in answer["subjects"] for mark in subject["marks"]]
    for number, (subject, mark) in enumerate(given):
        rows.add("final_mark", {"position": f"{member}/{number}", "local_id": student, "subject": subject,
                                "period": mark["periodName"], "school_year": scope.school_year, "value": mark["mark"]})
