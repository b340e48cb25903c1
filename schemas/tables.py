"""The staging relations: what one cleaned source record of each entity looks like."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.fields import FIELDS, Field


@dataclass(frozen=True, kw_only=True)
class Table:
    """A relation: what one row is, its columns in order, which must be present, and its key."""

    name: str
    row: str
    """One English sentence: what a row is."""
    title: str
    """Russian title."""
    columns: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...] = ("source_key",)

    def field(self, column: str) -> Field:
        """The declaration of one column; KeyError if it was never declared."""
        return FIELDS[column]

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that make a record's content, and so its hash."""
        return tuple(c for c in self.columns if c not in META)


META = ("source_key", "sequence", "record_hash", "position")
"""Columns every staging relation opens with."""

PERSON_NAMES = ("family_name", "given_name", "patronymic")

STAGING: dict[str, Table] = {table.name: table for table in (
    Table(
        name="organisation", title="Организация", row="One education organisation, as the ministry's register has it.",
        columns=(*META, "organisation_key", "organisation_name", "organisation_kind", "inn", "oktmo", "settlement", "is_rural",
                 "journal_product", "journal_url", "journal_local_id", "place_count", "shift_count"),
        required=("organisation_key", "organisation_name", "organisation_kind", "oktmo"),
    ),
    Table(
        name="past_contingent", title="Контингент прошлых лет", row="Pupils of one grade of one municipality on 20 September of one past year.",
        columns=(*META, "school_year", "oktmo", "grade", "pupil_count", "first_shift_count"),
        required=("school_year", "oktmo", "grade", "pupil_count"),
    ),
    Table(
        name="person", title="Лицо", row="One person as one source record describes them.",
        columns=(*META, *PERSON_NAMES, "family_name_raw", "given_name_raw", "patronymic_raw", "patronymic_absence",
                 "previous_family_name", "previous_given_name", "previous_patronymic",
                 "birth_date", "birth_date_partial", "birth_date_absence", "sex", "snils",
                 "birth_act_number", "birth_act_date", "birth_act_authority",
                 "birth_certificate", "birth_certificate_date", "birth_certificate_issuer",
                 "document_kind", "document", "document_date",
                 "mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date", "mother_snils",
                 "birth_count", "birth_order", "citizenship", "oktmo", "organisation_key", "death_date", "record_status",
                 "asked_source", "asked_key"),
        required=("record_status",),
    ),
    Table(
        name="snils_validation", title="Проверка СНИЛС", row="One answer of the pension fund: does this number belong to this person.",
        columns=(*META, "person_key", "asked_source", "asked_key", "snils", "is_confirmed"),
        required=("person_key", "asked_source", "asked_key", "snils", "is_confirmed"),
    ),
    Table(
        name="residence", title="Регистрация по месту жительства или пребывания", row="One registration of one person at one address.",
        columns=(*META, "person_key", "residence_kind", "oktmo", "settlement", "is_rural", "is_outside_region", "address", "valid_from", "valid_to"),
        required=("person_key", "residence_kind", "is_outside_region", "valid_from"),
    ),
    Table(
        name="citizenship", title="Гражданство", row="One citizenship of one person and the document it follows from.",
        columns=(*META, "person_key", "citizenship", "document_kind", "valid_from", "valid_to"),
        required=("person_key", "citizenship"),
    ),
    Table(
        name="enrolment", title="Зачисление", row="One stay of one person in one class or group of one organisation.",
        columns=(*META, "person_key", "organisation_key", "programme", "grade", "class_letter", "study_form", "shift",
                 "valid_from", "valid_to", "exit_reason", "programme_title", "programme_code"),
        required=("person_key", "organisation_key", "programme", "study_form", "valid_from"),
    ),
    Table(
        name="mark", title="Текущая отметка", row="One current mark (or debt) of one pupil for one piece of work.",
        columns=(*META, "person_key", "organisation_key", "subject", "subject_raw", "lesson_date", "mark_value", "mark_weight",
                 "work_kind", "is_debt"),
        required=("person_key", "organisation_key", "subject_raw", "lesson_date", "is_debt"),
    ),
    Table(
        name="attendance", title="Посещаемость", row="One missed or late lesson of one pupil.",
        columns=(*META, "person_key", "organisation_key", "subject", "subject_raw", "lesson_date", "absence_reason"),
        required=("person_key", "organisation_key", "lesson_date", "absence_reason"),
    ),
    Table(
        name="final_mark", title="Итоговая отметка", row="One final mark of one pupil for one period; no value means not attested.",
        columns=(*META, "person_key", "organisation_key", "subject", "subject_raw", "period", "mark_value", "mark_text"),
        required=("person_key", "organisation_key", "subject_raw", "period", "mark_text"),
    ),
    Table(
        name="exam", title="Экзамен или зачёт", row="One examination result of one student.",
        columns=(*META, "person_key", "organisation_key", "discipline", "semester", "mark_type", "exam_value", "is_passed"),
        required=("person_key", "organisation_key", "discipline", "semester", "mark_type", "exam_value", "is_passed"),
    ),
    Table(
        name="course", title="Изучаемая дисциплина", row="One discipline a student takes in one semester of a study plan.",
        columns=(*META, "person_key", "organisation_key", "programme_title", "programme_code", "discipline", "semester"),
        required=("person_key", "organisation_key", "discipline", "semester"),
    ),
)}
"""Staging relations by name, in the order they are loaded: what others refer to comes first."""

FACTS = ("snils_validation", "residence", "citizenship", "enrolment", "mark", "attendance", "final_mark", "exam", "course")
"""Relations whose rows belong to a person record of the same source (`person_key`)."""
