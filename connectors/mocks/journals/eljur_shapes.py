"""The shapes inside ЭлЖур answers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from connectors.mocks.journals.book import Entry
from connectors.mocks.journals.terms import Quarter, period_title, weeks
from connectors.mocks.journals.wire import russian
from connectors.mocks.journals.world import Organisation, Pupil, class_name, full_name

GENDERS = {"M": "male", "F": "female"}


def rules(school: Organisation, vendor: str, roll: dict[str, Pupil]) -> dict[str, Any]:
    """`getrules`: who there is; the patronymic stands in `title` only."""
    groups = {class_name(pupil): _group(pupil) for pupil in roll.values()}
    return {
        "vuid": f"{vendor}#{school.login}", "roles": ["teacher"],
        "relations": {"students": {local_id: _student(school, local_id, pupil) for local_id, pupil in roll.items()} or [], "groups": groups or [],
                      "schools": [{"number": school.local_id, "title": school.name, "title_full": school.name, "inn": school.inn, "kpp": None}]},
    }


def profile(school: Organisation, local_id: str, pupil: Pupil) -> dict[str, Any]:
    """`getprofileuserinfo` of one pupil."""
    return {
        "id": local_id, "lastname": pupil["family_name"], "firstname": pupil["given_name"], "gender": GENDERS.get(pupil["sex"] or ""),
        "snils": pupil["snils"], "schoolName": school.name, "parallel": _text(pupil["grade"]), "class": class_name(pupil),
        "birthday": russian(pupil["birth_date"]), "citizenship": pupil["citizenship"], "certificate": pupil["certificate"],
        "study_form": pupil["study_form"], "shift": _text(pupil["shift"]), "enrolled": _iso(pupil["entry_date"]), "left": _iso(pupil["exit_date"]),
        "left_reason": pupil["exit_reason"],
    }


def period(quarter: Quarter, year: int) -> dict[str, Any]:
    """One item of `getperiods`."""
    return {"name": quarter.title, "fullname": f"{quarter.title} {year}/{year + 1}", "start": f"{quarter.first:%Y%m%d}", "end": f"{quarter.last:%Y%m%d}",
            "weeks": [{"title": f"{first:%d.%m} - {last:%d.%m}", "start": f"{first:%Y%m%d}", "end": f"{last:%Y%m%d}"}
                      for first, last in weeks(quarter.first, quarter.last)]}


def journal(local_id: str, pupil: Pupil, entries: Iterable[Entry]) -> dict[str, Any]:
    """One pupil of `getmarks`: marks by subject."""
    lessons: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        lessons.setdefault(entry.subject, []).append(_mark(entry))
    return {"name": local_id, "title": full_name(pupil),
            "lessons": [{"name": subject, "average": _average(marks), "marks": marks} for subject, marks in lessons.items()]}


def finals(local_id: str, pupil: Pupil, report: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """One pupil of `getfinalassessments`."""
    items: dict[str, list[dict[str, Any]]] = {}
    for subject, code, value in report:
        items.setdefault(subject, []).append({"value": value, "period": period_title(code), "convert": _digit(value), "comment": None})
    return {"name": local_id, "title": full_name(pupil), "items": [{"name": subject, "assessments": marks} for subject, marks in items.items()]}


def keyed(students: dict[str, dict[str, Any]], *, is_list: bool) -> Any:
    """The same pupils as an object or as a list; an empty object comes as an empty list."""
    return list(students.values()) if is_list or not students else students


def _student(school: Organisation, local_id: str, pupil: Pupil) -> dict[str, Any]:
    return {"name": local_id, "title": full_name(pupil), "lastname": pupil["family_name"], "firstname": pupil["given_name"],
            "gender": GENDERS.get(pupil["sex"] or ""), "class": class_name(pupil), "parallel": _text(pupil["grade"]), "city": school.settlement}


def _group(pupil: Pupil) -> dict[str, Any]:
    return {"name": class_name(pupil), "parallel": _text(pupil["grade"]), "balls": "5", "hometeacher_id": None, "hometeacher_name": None}


def _mark(entry: Entry) -> dict[str, Any]:
    lesson = str(zlib.crc32(f"{entry.day}|{entry.lesson}|{entry.subject}".encode()))
    weight = None if entry.weight is None or not entry.is_mark else f"{entry.weight:g}"
    return {"value": "." if entry.value is None else entry.value, "date": entry.day, "convert": _digit(entry.value), "count": entry.is_mark,
            "countas": entry.value if entry.is_mark else "", "weight": weight, "weight_float": weight, "mtype": _type(entry), "lesson_id": lesson,
            "nm": "", "comment": None}


def _type(entry: Entry) -> dict[str, str] | None:
    if entry.work is None or not entry.is_mark:
        return None
    return {"id": str(zlib.crc32(entry.work.encode()) % 1000), "short": "".join(word[0] for word in entry.work.split()).upper(), "type": entry.work}


def _average(marks: list[dict[str, Any]]) -> str:
    counted = [mark["convert"] for mark in marks if mark["count"]]
    return f"{sum(counted) / len(counted):.2f}" if counted else "0"


def _digit(value: str | None) -> int | None:
    return int(value) if value is not None and value in "12345" and len(value) == 1 else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
