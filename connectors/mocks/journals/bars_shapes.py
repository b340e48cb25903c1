"""The shapes inside БАРС answers, and the dirt in their strings."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from connectors.mocks.journals.book import Entry
from connectors.mocks.journals.terms import TITLES, period_code, period_title, quarter_of
from connectors.mocks.journals.wire import iso_date, russian
from connectors.mocks.journals.world import Organisation, Pupil, full_name

SEXES = {"M": "М", "F": "Ж"}
CODES = list(TITLES)


class Dirt:
    """Puts `<span>` and U+200B into about a third of the strings of a school; the same string is always dirtied alike."""

    def __init__(self, school: Organisation) -> None:
        self._salt = school.dialect("dirt", 1 << 16)

    def __call__(self, text: str | None) -> str | None:
        if not text:
            return text
        kind = zlib.crc32(text.encode(), self._salt) % 9
        if kind == 0:
            return f'<span class="ng-binding">{text}</span>'
        if kind == 1:
            return f"\u200b{text}"
        return text.replace(" ", " \u200b", 1) + "\u200b" if kind == 2 else text


def person(local_id: str, pupil: Pupil, dirt: Dirt) -> dict[str, Any]:
    """`GetPersonData`."""
    return {"id": local_id, "fullname": dirt(full_name(pupil)), "birth_date": russian(pupil["birth_date"]), "sex": SEXES.get(pupil["sex"] or ""),
            "snils": dirt(pupil["snils"]), "citizenship": dirt(pupil["citizenship"]), "birth_certificate": dirt(pupil["certificate"])}


def summary(entries: Iterable[Entry], dirt: Dirt) -> list[dict[str, Any]]:
    """`GetSummaryMarks`: by quarter, then by discipline."""
    periods: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries:
        day = iso_date(entry.day)
        if day is not None:
            periods.setdefault(quarter_of(day).code, {}).setdefault(entry.subject, []).append(entry)
    return [{"subperiod": {"code": code, "name": TITLES[code]},
             "dates": sorted({entry.day for entries_ in disciplines.values() for entry in entries_}),
             "discipline_marks": [_discipline(subject, marks, dirt) for subject, marks in disciplines.items()]}
            for code, disciplines in periods.items()]


def totals(report: Iterable[tuple[str, str, str]], dirt: Dirt) -> dict[str, Any]:
    """`GetTotalMarks`: by discipline, one mark a period."""
    disciplines: dict[str, list[dict[str, Any]]] = {}
    periods: dict[str, str] = {}
    for subject, period, value in report:
        periods[period_code(period)] = period_title(period)
        disciplines.setdefault(subject, []).append({"subperiod_code": period_code(period), "mark": dirt(value)})
    return {"subperiods": [{"code": code, "name": periods[code]} for code in sorted(periods, key=_order)],
            "total_marks_data": [{"discipline": dirt(subject), "period_marks": marks} for subject, marks in disciplines.items()]}


def _discipline(subject: str, entries: list[Entry], dirt: Dirt) -> dict[str, Any]:
    values = [int(entry.value or 0) for entry in entries if entry.is_mark]
    average = f"{sum(values) / len(values):.2f}".replace(".", ",") if values else ""
    return {"discipline": dirt(subject), "average_mark": average,
            "marks": [{"date": entry.day, "mark": dirt(entry.value or "."), "description": dirt(entry.work)} for entry in entries]}


def _order(code: str) -> tuple[int, str]:
    return (CODES.index(code) if code in CODES else len(CODES), code)
