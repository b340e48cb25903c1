"""Which columns of which staging relation each source fills: what its transform assigns; a day of a whole region is held against it."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = ("family_name", "given_name", "patronymic", "family_name_raw", "given_name_raw", "patronymic_raw", "patronymic_absence")
_BIRTH = ("birth_date", "birth_date_absence")
_CIVIL = (*_NAMES, *_BIRTH, "birth_date_partial", "record_status", "snils")
_ACT = ("birth_act_number", "birth_act_date", "birth_act_authority")
_PAPER = ("document_kind", "document", "document_date", "birth_certificate", "birth_certificate_date")
_MOTHER = ("mother_family_name", "mother_given_name", "mother_patronymic", "mother_birth_date", "mother_snils")
_PREVIOUS = ("previous_family_name", "previous_given_name", "previous_patronymic")
_ASKED = ("asked_source", "asked_key")
_LESSON = ("organisation_key", "subject", "subject_raw")

_JOURNAL: dict[str, tuple[str, ...]] = {
    "person": (*_NAMES, *_BIRTH, "sex", "snils", "birth_certificate", "document", "document_kind", "citizenship", "organisation_key", "record_status"),
    "enrolment": ("organisation_key", "programme", "grade", "class_letter", "study_form", "shift", "valid_from", "valid_to", "exit_reason"),
    "mark": (*_LESSON, "lesson_date", "mark_value", "mark_weight", "work_kind", "is_debt"),
    "attendance": (*_LESSON, "lesson_date", "absence_reason"),
    "final_mark": (*_LESSON, "period", "mark_value", "mark_text"),
}

FILLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "education_organisations": {"organisation": (
        "organisation_key", "organisation_name", "organisation_kind", "inn", "oktmo", "settlement", "is_rural", "journal_product", "journal_url",
        "journal_local_id", "place_count", "shift_count")},
    "oo1_archive": {"past_contingent": ("school_year", "oktmo", "grade", "pupil_count", "first_shift_count")},
    "zags_births": {"person": (*_CIVIL, *_ACT, *_PAPER, *_MOTHER, "birth_certificate_issuer", "birth_count", "birth_order", "sex", "oktmo", "death_date")},
    "zags_name_changes": {"person": (*_CIVIL, *_ACT, *_PAPER, *_PREVIOUS, "citizenship")},
    "zags_paternity": {"person": (*_CIVIL, *_ACT, *_MOTHER, *_PREVIOUS, "sex")},
    "zags_deaths": {"person": (*_CIVIL, *_PAPER, "sex", "citizenship", "death_date")},
    "journal_netschool": _JOURNAL, "journal_eljur": _JOURNAL, "journal_bars": _JOURNAL, "journal_file": _JOURNAL,
    "vuz_scos": {
        "person": (*_NAMES, *_BIRTH, "snils", "organisation_key", "record_status"),
        "enrolment": ("organisation_key", "programme", "study_form", "valid_from", "valid_to", "exit_reason", "programme_title", "programme_code"),
        "exam": ("organisation_key", "discipline", "semester", "mark_type", "exam_value", "is_passed"),
        "course": ("organisation_key", "programme_title", "programme_code", "discipline", "semester")},
    "fms_residence": {
        "person": (*_ASKED, "birth_date_absence", "patronymic_absence", "record_status"),
        "residence": ("residence_kind", "oktmo", "settlement", "is_rural", "is_outside_region", "address", "valid_from", "valid_to"),
        "citizenship": ("citizenship", "document_kind")},
    "pfr_snils": {
        "person": (*_NAMES, *_BIRTH, *_ASKED, "sex", "snils", "record_status"),
        "snils_validation": (*_ASKED, "snils", "is_confirmed")},
}
"""Source → entity → columns, without those every record has (`META`) and the key of its person."""


def senders(entity: str, column: str) -> tuple[str, ...]:
    """The sources that fill one column of one staging relation, in the order of the catalogue."""
    return tuple(source for source, entities in FILLS.items() if column in entities.get(entity, ()))
