"""Universities: students, stays from contingent flows, examinations and the disciplines of study plans."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from transforms import columns
from transforms.check import broken, settle
from transforms.cleaned import Cleaned

STUDY_FORMS = {"FULL_TIME": "full_time", "SHORT_FULL_TIME": "full_time", "PART_TIME": "part_time", "EXTRAMURAL": "correspondence",
               "SHORT_EXTRAMURAL": "correspondence", "EXTERNAL": "correspondence"}
PASSED_FROM = {"MARK": 3, "DIF_CREDIT": 3, "CREDIT": 1, "HUNDRED_POINT": 60}
"""The smallest result that passes; the threshold of 60 of 100 is the usual one, public material is silent."""


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """One batch of what `connectors.vuz_scos` reads; KeyError for an entity it does not."""
    return _CLEANERS[entity](raw)


def _key(raw: pd.DataFrame, column: str) -> pd.Series:
    return raw["organisation_key"].str.cat(raw[column], sep=":")


def _person(raw: pd.DataFrame) -> Cleaned:
    names = columns.person_names(raw["surname"], raw["name"], raw["middle_name"])
    born = columns.iso_date(raw["date_of_birth"])
    typed = names.assign(
        position=raw["position"], source_key=_key(raw, "id"), birth_date=born.values, snils=columns.snils(raw["snils"]),
        birth_date_absence=pd.Series("silent", index=raw.index, dtype="str").where(born.values.isna()),
        organisation_key=raw["organisation_key"], record_status="active")
    return settle("person", typed, broken("person", raw["position"], {
        "test_record": names["family_name"].str.startswith("ТЕСТ").fillna(False).astype(bool),
        "name.required": names["family_name"].isna() | names["given_name"].isna(),
        "birth_date.calendar": born.broken}))


def _enrolment(raw: pd.DataFrame) -> Cleaned:
    start, end = columns.iso_date(raw["valid_from"]), columns.iso_date(raw["valid_to"])
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": _key(raw, "id"), "person_key": _key(raw, "student.id"),
        "organisation_key": raw["organisation_key"], "programme": "higher", "study_form": columns.mapped(raw["education_form"], STUDY_FORMS),
        "valid_from": start.values, "valid_to": end.values, "exit_reason": _exit_reason(raw["exit_details"]).where(end.values.notna()),
        "programme_title": columns.text(raw["title"]), "programme_code": columns.text(raw["code_direction"])})
    return settle("enrolment", typed, broken("enrolment", raw["position"], {
        "valid_from.calendar": start.broken, "valid_to.calendar": end.broken}))


def _exit_reason(details: pd.Series) -> pd.Series:
    said = columns.text(details).str.lower().fillna("")
    graduated = said.str.contains("оконч|выпуск|заверш", regex=True)
    return pd.Series("expelled", index=details.index, dtype="str").mask(graduated, "graduated")


def _exam(raw: pd.DataFrame) -> Cleaned:
    value = columns.integer(raw["value"])
    threshold = raw["mark_type"].map(PASSED_FROM)
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": _key(raw, "id"), "person_key": _key(raw, "student.id"),
        "organisation_key": raw["organisation_key"], "discipline": columns.text(raw["discipline.title"]), "semester": raw["semester"],
        "mark_type": raw["mark_type"], "exam_value": value.values,
        "is_passed": (value.values >= threshold).astype("boolean").mask(threshold.isna())})
    return settle("exam", typed, broken("exam", raw["position"], {"exam_value.number": value.broken}))


def _course(raw: pd.DataFrame) -> Cleaned:
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": _key(raw, "id").str.cat(raw["plan_discipline"], sep=":"),
        "person_key": _key(raw, "student.id"), "organisation_key": raw["organisation_key"], "programme_title": columns.text(raw["title"]),
        "programme_code": columns.text(raw["code_direction"]), "discipline": columns.text(raw["discipline.title"]), "semester": raw["semester"]})
    return settle("course", typed)


_CLEANERS: dict[str, Callable[[pd.DataFrame], Cleaned]] = {"person": _person, "enrolment": _enrolment, "exam": _exam, "course": _course}
