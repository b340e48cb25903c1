"""Bad records for each rule that looks at one record or at records together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]
ORGANISATION = "1020300000001"


@dataclass(frozen=True, kw_only=True)
class Case:
    """`entity` has rows that break the rule, `bad` of them; `others` lie beside them. Each row is a change of a good one."""

    entity: str
    rows: tuple[Row, ...]
    bad: int = 1
    others: dict[str, tuple[Row, ...]] = field(default_factory=dict)


def _one(entity: str, **row: Any) -> Case:
    return Case(entity=entity, rows=(row,))


def _of_child(born: date, **enrolment: Any) -> Case:
    return Case(entity="enrolment", rows=({"person_key": "child"} | enrolment,), others={"person": ({"source_key": "child", "birth_date": born},)})


BORN = date(2014, 3, 9)

CONTRADICTIONS: dict[str, Case] = {
    "person.birth_act.before_birth": _one("person", birth_date=BORN, birth_act_date=date(2014, 3, 8)),
    "person.death.before_birth": _one("person", birth_date=BORN, death_date=date(2014, 3, 8)),
    "person.birth_certificate_date.before_birth": _one("person", birth_date=BORN, birth_certificate_date=date(2014, 3, 8)),
    "person.birth_certificate_date.before_act": _one("person", birth_date=BORN, birth_act_date=date(2014, 4, 1), birth_certificate_date=date(2014, 3, 31)),
    "person.document_date.before_birth": _one("person", birth_date=BORN, document_date=date(2014, 3, 8)),
    "person.mother_birth_date.too_late": _one("person", birth_date=BORN, mother_birth_date=date(2004, 3, 10)),
    "person.birth_order.over_count": _one("person", birth_count=1, birth_order=2),
    "residence.interval.order": _one("residence", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)),
    "citizenship.interval.order": _one("citizenship", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)),
    "enrolment.interval.order": _one("enrolment", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)),
    "past_contingent.first_shift_count.over_total": _one("past_contingent", pupil_count=10, first_shift_count=11),
    "exam.value_for_type": _one("exam", mark_type="MARK", exam_value=60),
}
"""Judged at cleaning, and again where the rows lie."""

COUNTED: dict[str, Case] = {
    "enrolment.grade_for_programme": _one("enrolment", programme="primary", grade=7),
    "mark.lesson_in_summer": _one("mark", lesson_date=date(2025, 7, 10)),
}
"""Warnings that leave the record as it is."""

TOGETHER: dict[str, Case] = {
    "person.birth.future": _one("person", birth_date=date(2025, 10, 25)),
    "person.death.future": _one("person", death_date=date(2025, 10, 25)),
    "person.birth_act.future": _one("person", birth_act_date=date(2025, 10, 25)),
    "person.sequence_twice": Case(entity="person", rows=({"source_key": "a", "sex": "M"}, {"source_key": "a", "sex": "F"}), bad=2),
    "person.twice_in_list": Case(entity="person", bad=2, rows=tuple(
        {"source_key": key, "organisation_key": ORGANISATION, "family_name": "ДОРЖИЕВ", "given_name": "БАИР", "birth_date": BORN} for key in "ab")),
    "person.snils_shared": Case(entity="person", bad=2, rows=tuple(
        {"source_key": key, "organisation_key": ORGANISATION, "snils": "11223344595", "given_name": name} for key, name in (("a", "БАИР"), ("b", "АЮР")))),
    "enrolment.before_birth": _of_child(date(2025, 10, 1), valid_from=date(2025, 9, 1)),
    "enrolment.far_future": _one("enrolment", valid_from=date(2027, 9, 1)),
    "enrolment.organisation_unknown": Case(entity="enrolment", rows=({"organisation_key": "9999999999999"},)),
    "enrolment.age_impossible": _of_child(date(2022, 3, 9), programme="basic", grade=9, valid_from=date(2025, 9, 1)),
    "enrolment.age_unusual": _of_child(date(2008, 3, 9), programme="primary", grade=2, valid_from=date(2025, 9, 1)),
    "enrolment.active_twice": Case(entity="enrolment", bad=2, rows=tuple({"source_key": key, "person_key": "child"} for key in "ab")),
    "residence.far_future": _one("residence", valid_from=date(2027, 9, 1)),
    "mark.future": _one("mark", lesson_date=date(2025, 10, 25)),
    "attendance.future": _one("attendance", lesson_date=date(2025, 10, 25)),
    "mark.other_year": _one("mark", lesson_date=date(2025, 5, 20)),
    "attendance.other_year": _one("attendance", lesson_date=date(2025, 5, 20)),
    "mark.outside_enrolment": Case(entity="mark", rows=({"person_key": "late", "lesson_date": date(2025, 9, 30)},),
                                   others={"enrolment": ({"person_key": "late", "valid_from": date(2025, 10, 1)},)}),
    "attendance.outside_enrolment": Case(entity="attendance", rows=({"person_key": "late", "lesson_date": date(2025, 9, 30)},),
                                         others={"enrolment": ({"person_key": "late", "valid_from": date(2025, 10, 1)},)}),
    "past_contingent.not_past": _one("past_contingent", school_year=2026),
    "final_mark.future_year": _one("final_mark", period="2026-Q1"),
    "final_mark.early": _one("final_mark", period="2025-Y"),
}
"""Judged where the rows lie; the deliveries of these tests are of 24 October 2025."""
