"""One bad value for each rule that follows from a column's declaration."""

from __future__ import annotations

import re

from schemas.fields import FIELDS
from schemas.rules import BY_ENTITY, Rule

TRIES = ("1", "Ж", "?", "x" * 300, "нет такого")
ROWS: dict[str, dict[str, str]] = {
    "organisation": {"organisation_key": "1020300000001", "organisation_name": "Школа", "organisation_kind": "school", "oktmo": "81701000"},
    "past_contingent": {"school_year": "2023", "oktmo": "81701000", "grade": "5", "pupil_count": "100"},
    "person": {"family_name": "ДОРЖИЕВ", "given_name": "БАИР", "birth_date": "2014-03-09", "record_status": "active"},
    "snils_validation": {"person_key": "k", "asked_source": "zags_births", "asked_key": "a", "snils": "11223344595", "is_confirmed": "true"},
    "residence": {"person_key": "k", "residence_kind": "living", "is_outside_region": "false", "valid_from": "2020-01-01"},
    "citizenship": {"person_key": "k", "citizenship": "643"},
    "enrolment": {"person_key": "k", "organisation_key": "1020300000001", "programme": "basic", "grade": "5", "study_form": "full_time",
                  "valid_from": "2025-09-01"},
    "mark": {"person_key": "k", "organisation_key": "1020300000001", "subject_raw": "Алгебра", "lesson_date": "2025-10-01", "is_debt": "false", "mark_value": "5"},
    "attendance": {"person_key": "k", "organisation_key": "1020300000001", "lesson_date": "2025-10-01", "absence_reason": "ill"},
    "final_mark": {"person_key": "k", "organisation_key": "1020300000001", "subject_raw": "Алгебра", "period": "2025-Q1", "mark_text": "5", "mark_value": "5"},
    "exam": {"person_key": "k", "organisation_key": "1020300000001", "discipline": "Право", "semester": "1", "mark_type": "MARK", "exam_value": "5",
             "is_passed": "true"},
    "course": {"person_key": "k", "organisation_key": "1020300000001", "discipline": "Право", "semester": "1"},
}
"""A good row of each relation as text; keys and positions are added where it is used."""

FIELD_RULES: tuple[Rule, ...] = tuple(
    rule for rules in BY_ENTITY.values() for rule in rules
    if rule.scope == "field" and rule.column in FIELDS and rule.kind in (
        "calendar", "number", "flag", "required", "pattern", "values", "codes", "minimum", "maximum", "range"))


def bad_value(rule: Rule) -> str | None:
    """A text that breaks this rule and no rule of the column before it."""
    field = FIELDS[str(rule.column)]
    if rule.kind == "calendar":
        return "2015-02-31"
    if rule.kind in ("number", "flag", "values", "codes"):
        return "нет такого"
    if rule.kind == "required":
        return None
    if rule.kind == "pattern":
        return next(one for one in TRIES if not re.fullmatch(str(field.pattern), one))
    if field.type == "date":
        return "1889-01-01"
    return str(int(field.minimum) - 1 if rule.kind in ("minimum", "range") and field.minimum is not None else int(float(field.maximum or 0)) + 1)
