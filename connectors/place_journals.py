"""Where the answers of journals keep what a position names: the path of the row, and of each raw column of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from connectors.conversation import SCOPE
from connectors.journal_rows import items
from connectors.place import Place
from connectors.place_json import Path, locate
from connectors.place_members import Members
from schemas.errors import ContractBroken

Columns = dict[Path, str]
Found = tuple[Path, Columns]
POSITION = re.compile(r"(?P<member>\d{6}-.+?\.json)(?:/(?P<rest>.*))?")
_R: Path = ("response", "result")


def place(source: str, members: Members, position: str) -> Place:
    """The place of one row of a journal. ContractBroken `place.position` for a position of another form."""
    told = POSITION.fullmatch(position)
    if told is None:
        raise ContractBroken("place.position", "a position of a form this source does not write")
    member, body, start = members.read(told["member"])
    document = orjson.loads(body)
    name = member.split("-", 1)[1]
    kind = re.split(r"[/\-.]", name, maxsplit=1)[0]
    try:
        path, columns = _WHERE[source, kind](document, told["rest"] or "")
    except (KeyError, IndexError, TypeError, ValueError, StopIteration):
        raise ContractBroken("place.position", f"{member} has no such row") from None
    main = locate(member, body, start, path, columns)
    outside = [one for one in columns if one[:len(path)] != path]
    beside = [locate(member, body, start, one, {one: columns[one]}) for one in outside]
    return replace(main, also=(*beside, *_elsewhere(source, kind, members, told["rest"] or "", _at(document, path))))


def _elsewhere(source: str, kind: str, members: Members, rest: str, row: Any) -> Iterator[Place]:
    """What the row takes from other answers: the scope asked for, the whole name in ЭлЖур's rules, the kinds of work of «Сетевой город»."""
    for name, body, start in members.named(SCOPE):
        yield locate(name, body, start, ("organisation_key",), {("organisation_key",): "organisation_key"})
    if (source, kind) == ("journal_netschool", "diary"):
        name, body, start = members.read("types.json")
        for number, one in enumerate(orjson.loads(body)):
            if one["id"] == row["typeId"]:
                yield locate(name, body, start, (number,), {(number, "name"): "work_kind"})
    if source == "journal_eljur" and kind == "profiles":
        name, body, start = members.read("rules.json")
        listed = orjson.loads(body)["response"]["result"]["relations"]["students"]
        if rest in dict(items(listed)):
            path = (*_R, "relations", "students", _of(listed, rest))
            yield locate(name, body, start, path, {(*path, "title"): "full_name"})


def _of(keyed: Any, local_id: str) -> str | int:
    """The step to one pupil of an object by id, or of a list."""
    if isinstance(keyed, dict):
        return local_id
    return next(number for number, item in enumerate(keyed) if str(item["name"]) == local_id)


def _named(path: Path, **columns: str) -> Columns:
    """Raw column = key, as columns by path."""
    return {(*path, *key.split("__")): column for column, key in columns.items()}


def _nth(document: Any, rest: str, outer: Path, *lists: str) -> Path:
    """The path of the `rest`-th element of lists inside lists, in the order the reader walks them."""
    paths: list[tuple[Path, Any]] = [(outer, _at(document, outer))]
    for key in lists:
        paths = [((*path, key, number), child) for path, value in paths for number, child in enumerate(value.get(key) or ())]
    return paths[int(rest)][0]


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _bars_class(document: Any, rest: str) -> Found:
    number = next(n for n, pupil in enumerate(document["pupils"]) if str(pupil["id"]) == rest)
    path: Path = ("pupils", number)
    return path, _named(path, local_id="id", study_form="study_form", shift="shift", entry_date="entry_date", exit_date="exit_date",
                        exit_reason="exit_reason") | {("study_level",): "grade", ("letter",): "letter"}


def _bars_person(document: Any, _: str) -> Found:
    return (), _named((), full_name="fullname", birth_date="birth_date", sex="sex", snils="snils", birth_certificate="birth_certificate", citizenship="citizenship")


def _bars_marks(document: Any, rest: str) -> Found:
    path = _nth(document, rest, (), "summary_marks_data", "discipline_marks", "marks")
    return path, _named(path, lesson_date="date", value="mark", work_kind="description") | {(*path[:-2], "discipline"): "subject"}


def _bars_totals(document: Any, rest: str) -> Found:
    path = _nth(document, rest, (), "total_marks_data", "period_marks")
    return path, _named(path, period="subperiod_code", value="mark") | {(*path[:-2], "discipline"): "subject"}


def _eljur_profile(document: Any, rest: str) -> Found:
    path: Path = (*_R, "students", _of(document["response"]["result"]["students"], rest))
    return path, _named(path, family_name="lastname", given_name="firstname", birth_date="birthday", sex="gender", snils="snils",
                        birth_certificate="certificate", citizenship="citizenship", study_form="study_form", shift="shift", entry_date="enrolled",
                        exit_date="left", exit_reason="left_reason") | {(*path, "class"): "class"}


def _eljur_marks(document: Any, rest: str) -> Found:
    local_id, _, number = rest.rpartition("/")
    pupil: Path = (*_R, "students", _of(document["response"]["result"]["students"], local_id))
    path = _nth(document, number, pupil, "lessons", "marks")
    weight = "weight_float" if _at(document, path).get("weight_float") else "weight"
    return path, _named(path, lesson_date="date", value="value", convert="convert", weight=weight, work_kind="mtype__type") | {(*path[:-2], "name"): "subject"}


def _eljur_finals(document: Any, rest: str) -> Found:
    local_id, _, number = rest.rpartition("/")
    pupil: Path = (*_R, "students", _of(document["response"]["result"]["students"], local_id))
    path = _nth(document, number, pupil, "items", "assessments")
    return path, _named(path, period="period", value="value", convert="convert") | {(*path[:-2], "name"): "subject"}


def _netschool_diary(document: Any, rest: str) -> Found:
    path = _nth(document, rest, (), "weekDays", "lessons", "assignments")
    lesson = path[:-2]
    return path, _named(path, value="mark__mark", weight="weight", work_kind="assignmentName") | {
        (*lesson, "subjectName"): "subject", (*lesson, "day"): "lesson_date"}


def _netschool_finals(document: Any, rest: str) -> Found:
    path = _nth(document, rest, (), "subjects", "marks")
    return path, _named(path, period="periodName", value="mark") | {(*path[:-2], "subjectName"): "subject"}


_WHERE: dict[tuple[str, str], Callable[[Any, str], Found]] = {
    ("journal_bars", "class"): _bars_class, ("journal_bars", "person"): _bars_person, ("journal_bars", "marks"): _bars_marks,
    ("journal_bars", "totals"): _bars_totals, ("journal_eljur", "profiles"): _eljur_profile, ("journal_eljur", "marks"): _eljur_marks,
    ("journal_eljur", "finals"): _eljur_finals, ("journal_netschool", "diary"): _netschool_diary, ("journal_netschool", "finals"): _netschool_finals}
"""By source and the beginning of a member's name."""
