"""Cleaning shared by all school journals and files: raw columns of one shape in, staging rows and refusals out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from transforms import columns
from transforms.check import broken, settle
from transforms.cleaned import Cleaned
from transforms.columns import Parsed
from transforms.documents import certificate, passport

STUDY_FORMS = {"ОЧНАЯ": "full_time", "ОЧНО": "full_time", "ОЧНО-ЗАОЧНАЯ": "part_time", "ЗАОЧНАЯ": "correspondence", "СЕМЕЙНАЯ": "family",
               "СЕМЕЙНОЕ ОБРАЗОВАНИЕ": "family", "САМООБРАЗОВАНИЕ": "family", "СЕМЕЙНОЕ": "family", "НА ДОМУ": "full_time"}
ABSENCES = {"Н": "absent", "НБ": "absent", "НП": "absent", "Б": "ill", "ОП": "late", "П": "valid", "У": "valid", "УП": "valid"}
EXIT_REASONS = (("смерт|умер", "death"), ("здоров|болезн|медицин", "health"), ("оконч|выпуск|заверш", "graduated"),
                ("перевод|переве|переезд|друг|выезд|смен", "transfer"), ("отчисл|исключ|неуспева|дисциплин", "expelled"))
"""What a reason of leaving speaks of, the first that fits; else `unknown`."""
_PERIODS = {"ЧЕТВЕРТЬ": "Q", "ПОЛУГОДИЕ": "H", "ТРИМЕСТР": "T"}
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_PROGRAMMES = {0: "preschool", **dict.fromkeys(range(1, 5), "primary"), **dict.fromkeys(range(5, 10), "basic"),
               **dict.fromkeys(range(10, 13), "secondary")}


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """One batch of `connectors.journal_rows.RAW[entity]`; KeyError for an entity journals do not send."""
    return _CLEANERS[entity](raw)


def key(raw: pd.DataFrame, *parts: str) -> pd.Series:
    """`<organisation_key>:<part>:…`; missing when a part is."""
    joined = raw["organisation_key"]
    for part in parts:
        joined = joined.str.cat(raw[part].str.strip(), sep=":")
    return joined


def dates(raw: pd.DataFrame, column: str) -> Parsed:
    """Dates of a column, each row by its own `date_form`."""
    values = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[s]")
    wrong = pd.Series(False, index=raw.index)
    for form, rows in raw.groupby("date_form", sort=False):
        parsed = _one_form(rows[column], str(form))
        values[rows.index], wrong[rows.index] = parsed.values, parsed.broken
    return Parsed(values, wrong)


def _one_form(raw: pd.Series, form: str) -> Parsed:
    if form == "iso":
        return columns.iso_date(raw)
    short = raw.str.replace(r"^(\d\d\.\d\d\.)([0-4]\d)$", r"\g<1>20\2", regex=True) if form == "%d.%m.%y" else raw
    short = short.str.replace(r"^(\d\d\.\d\d\.)([5-9]\d)$", r"\g<1>19\2", regex=True) if form == "%d.%m.%y" else short
    return columns.date(short, form.replace("%y", "%Y"))


def _person(raw: pd.DataFrame) -> Cleaned:
    whole = columns.full_name(raw["full_name"])
    parts = {column: whole[column].fillna(raw[column]) for column in ("family_name", "given_name")}
    names = columns.person_names(parts["family_name"], parts["given_name"], whole["patronymic"].fillna(raw["patronymic"]))
    born = dates(raw, "birth_date")
    snils = columns.snils(raw["snils"])
    lost = (raw["snils_form"] == "number") & snils.str.fullmatch(r"\d{7,10}").fillna(False).astype(bool)
    russian_passport = passport(raw["birth_certificate"])
    is_passport = russian_passport.notna()
    typed = names.assign(
        position=raw["position"], source_key=key(raw, "local_id"), birth_date=born.values, sex=columns.sex(raw["sex"]),
        birth_date_absence=pd.Series("silent", index=raw.index, dtype="str").where(born.values.isna()),
        snils=snils.where(~lost, snils.str.zfill(11)), birth_certificate=certificate(raw["birth_certificate"]).where(~is_passport),
        document=russian_passport, document_kind=pd.Series("21", index=raw.index, dtype="str").where(is_passport),
        citizenship=columns.country(raw["citizenship"]), organisation_key=raw["organisation_key"], record_status="active")
    return settle("person", typed, broken("person", raw["position"], {
        "test_record": names["family_name"].str.startswith("ТЕСТ").fillna(False).astype(bool),
        "name.lost_letters": parts["family_name"].str.contains("?", regex=False).fillna(False).astype(bool)
        | parts["given_name"].str.contains("?", regex=False).fillna(False).astype(bool),
        "name.required": names["family_name"].isna() | names["given_name"].isna(),
        "birth_date.calendar": born.broken,
        "birth.required": born.values.isna() & ~born.broken}))


def _enrolment(raw: pd.DataFrame) -> Cleaned:
    split = columns.text(raw["class"]).str.extract(r"^(?P<grade>\d{1,2})\s*[-–]?\s*(?P<letter>.*)$")
    is_kindergarten = raw["programme"] == "preschool"
    grade = columns.integer(split["grade"].fillna(raw["grade"]))
    grades = grade.values.mask(is_kindergarten, 0)
    letter = columns.text(split["letter"].fillna(raw["letter"]))
    study_form = columns.mapped(raw["study_form"], STUDY_FORMS)
    entry, exit_ = dates(raw, "entry_date"), dates(raw, "exit_date")
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": key(raw, "local_id"), "person_key": key(raw, "local_id"),
        "organisation_key": raw["organisation_key"], "programme": raw["programme"].fillna(grades.map(_PROGRAMMES).astype("str")), "grade": grades,
        "class_letter": letter.where(is_kindergarten, letter.str.strip("\"«»' ").str.upper()).mask(letter == ""),
        "study_form": study_form.mask(study_form.isna() & is_kindergarten, "full_time"), "shift": columns.text(raw["shift"]),
        "valid_from": entry.values, "valid_to": exit_.values, "exit_reason": _exit_reason(raw["exit_reason"]).where(exit_.values.notna())})
    return settle("enrolment", typed, broken("enrolment", raw["position"], {
        "class.unknown": grade.broken | (raw["class"].notna() & split["grade"].isna()),
        "valid_from.calendar": entry.broken, "valid_to.calendar": exit_.broken}))


def _exit_reason(raw: pd.Series) -> pd.Series:
    said = columns.text(raw).str.lower().fillna("")
    fits = [said.str.contains(words, regex=True).to_numpy(dtype=bool) for words, _ in EXIT_REASONS]
    return pd.Series(np.select(fits, [code for _, code in EXIT_REASONS], default="unknown"), index=raw.index, dtype="str")


def _lesson(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    day = dates(raw, "lesson_date")
    subject_raw = columns.text(raw["subject"])
    lesson = pd.DataFrame({
        "position": raw["position"], "source_key": key(raw, "key"), "person_key": key(raw, "local_id"),
        "organisation_key": raw["organisation_key"], "subject": columns.subject(raw["subject"]), "subject_raw": subject_raw, "lesson_date": day.values})
    return lesson, day.broken


def _mark(raw: pd.DataFrame) -> Cleaned:
    lesson, no_date = _lesson(raw)
    value = columns.integer(raw["convert"].fillna(raw["value"]))
    debt = columns.flag(raw["is_debt"]).values.fillna(False).astype(bool)
    typed = lesson.assign(mark_value=value.values, mark_weight=columns.text(raw["weight"]), work_kind=columns.text(raw["work_kind"]), is_debt=debt)
    return settle("mark", typed, broken("mark", raw["position"], {
        "lesson_date.calendar": no_date, "value.unknown": ~debt & value.values.isna()}))


def _attendance(raw: pd.DataFrame) -> Cleaned:
    lesson, no_date = _lesson(raw)
    typed = lesson.assign(absence_reason=columns.mapped(raw["value"], ABSENCES))
    return settle("attendance", typed, broken("attendance", raw["position"], {"lesson_date.calendar": no_date}))


def _final_mark(raw: pd.DataFrame) -> Cleaned:
    period, subject_raw = _period(raw), columns.text(raw["subject"])
    value = columns.integer(raw["convert"].fillna(raw["value"])).values
    typed = pd.DataFrame({
        "position": raw["position"], "source_key": key(raw.assign(subject=subject_raw, period=period.fillna(raw["period"])), "local_id", "subject", "period"),
        "person_key": key(raw, "local_id"), "organisation_key": raw["organisation_key"], "subject": columns.subject(raw["subject"]),
        "subject_raw": subject_raw, "period": period, "mark_value": value, "mark_text": columns.text(raw["value"])})
    return settle("final_mark", typed, broken("final_mark", raw["position"], {"period.unknown": raw["period"].notna() & period.isna()}))


def _period(raw: pd.DataFrame) -> pd.Series:
    """`1 четверть`, `II полугодие`, `Год` with the school year as `2025-Q1`, `2025-H2`, `2025-Y`."""
    said = columns.text(raw["period"]).str.upper()
    parts = said.str.extract(r"^(?P<number>[1-4]|I{1,3}|IV)(?:-Я|-Й|-Е)?\s+(?P<kind>\S+)$")
    code = parts["kind"].map(_PERIODS).astype("str") + parts["number"].replace(_ROMAN)
    code = code.mask(said.str.fullmatch(r"ГОД|ГОДОВАЯ|ГОД\.").fillna(False).astype(bool), "Y")
    return raw["school_year"] + "-" + code


_CLEANERS: dict[str, Callable[[pd.DataFrame], Cleaned]] = {
    "person": _person, "enrolment": _enrolment, "mark": _mark, "attendance": _attendance, "final_mark": _final_mark}
