"""One pupil's entries in the shape of a NetSchool diary: days, lessons, assignments."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from connectors.mocks.journals.book import Entry

WORKS = ("Ответ на уроке", "Домашняя работа", "Самостоятельная работа", "Контрольная работа", "Диктант", "Сочинение", "Тест",
         "Проверочная работа", "Практическая работа", "Лабораторная работа", "Проект", "Реферат", "Зачёт", "Изложение", "Работа на уроке")
ATTENDANCE = 90
OTHER = 99
TYPE_IDS: dict[str | None, int] = {name: number for number, name in enumerate(WORKS, 1)}
TYPES = [*({"id": number, "name": name, "abbr": name[0], "order": number} for name, number in TYPE_IDS.items() if name),
         {"id": ATTENDANCE, "name": "Посещаемость", "abbr": "П", "order": ATTENDANCE},
         {"id": OTHER, "name": "Другая работа", "abbr": "Д", "order": OTHER}]
"""The answer to `grade/assignment/types`; a kind of work not listed has the type «Другая работа», its name stands in `assignmentName`."""

def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


BELLS = tuple((_clock(510 + 50 * n), _clock(550 + 50 * n)) for n in range(16))
"""Start and end of each lesson, 1st first: 40 minutes and a break of 10."""


def week_days(entries: Iterable[Entry], student: int | str, *, is_numbered: bool) -> list[dict[str, Any]]:
    """Days with their lessons, those without assignments left out; ids are 0 unless `is_numbered`."""
    days: dict[str, dict[tuple[int, str], dict[str, Any]]] = {}
    for entry in entries:
        lessons = days.setdefault(entry.day, {})
        lesson = lessons.get((entry.lesson, entry.subject))
        if lesson is None:
            lesson = lessons[entry.lesson, entry.subject] = _lesson(entry)
        lesson["assignments"].append(_assignment(entry, lesson, student, entry.number if is_numbered else 0))
    return [{"date": f"{day}T00:00:00", "lessons": list(lessons.values())} for day, lessons in days.items()]


def _lesson(entry: Entry) -> dict[str, Any]:
    start, end = BELLS[entry.lesson % len(BELLS) - 1]
    return {"classmeetingId": zlib.crc32(f"{entry.day}|{entry.lesson}|{entry.subject}".encode()), "day": f"{entry.day}T00:00:00",
            "number": entry.lesson, "room": None, "startTime": start, "endTime": end, "subjectName": entry.subject, "assignments": []}


def _assignment(entry: Entry, lesson: dict[str, Any], student: int | str, number: int) -> dict[str, Any]:
    is_attendance = not (entry.is_mark or entry.is_debt)
    name = "---" if is_attendance or entry.work is None else entry.work
    value: int | str | None = None if entry.is_debt else entry.value if is_attendance else int(entry.value or 0)
    return {
        "id": number, "typeId": ATTENDANCE if is_attendance else TYPE_IDS.get(entry.work, OTHER), "dueDate": lesson["day"],
        "assignmentName": name if entry.ordinal == 0 else f"{name} ({entry.ordinal + 1})", "classMeetingId": lesson["classmeetingId"],
        "weight": None if is_attendance else entry.weight,
        "mark": {"assignmentId": number, "studentId": student, "mark": value, "dutyMark": entry.is_debt}, "markComment": None,
    }
