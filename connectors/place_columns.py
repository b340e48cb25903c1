"""Which raw columns a staging column is made of, whatever the sender: to show the exact value behind a cell."""

from __future__ import annotations

_NAMES = {"family_name": ("surname",), "given_name": ("name",), "patronymic": ("middle_name", "patronymic_absent")}
_CERTIFICATE = ("repeat_series", "repeat_number", "certificate_series", "certificate_number", "document_series", "document_number")
RAW: dict[str, tuple[str, ...]] = {
    **{part: (part, "full_name", *more) for part, more in _NAMES.items()},
    **{f"{part}_raw": (part, "full_name", *more) for part, more in _NAMES.items()},
    **{f"{date}{end}": (date, f"{date}_day", f"{date}_month", f"{date}_year", f"{date}_absent", *more)
       for date, more in (("birth_date", ("date_of_birth",)), ("death_date", ("is_alive",))) for end in ("", "_partial", "_absence")},
    "birth_act_number": ("act_number", "base_act_number"), "birth_act_date": ("act_date", "base_act_date"),
    "birth_act_authority": ("act_authority", "base_act_authority"),
    "birth_certificate": ("birth_certificate", *_CERTIFICATE), "birth_certificate_date": ("repeat_date", "certificate_date", "document_date"),
    "birth_certificate_issuer": ("act_authority_name",),
    "document": ("document_series", "document_number", "birth_certificate", "certificate_series", "certificate_number"),
    "record_status": ("status",), "source_key": ("act_number", "local_id", "id", "question_id"), "sequence": ("version",),
    "citizenship": ("citizenship", "document"), "document_kind": ("document_kind", "document"),
    "oktmo": ("mother_oktmo", "birth_oktmo", "region_oktmo", "oktmo"), "is_rural": ("is_rural", "settlement", "region_oktmo"),
    "is_resident": ("region_oktmo", "region", "mother_oktmo", "birth_oktmo"), "is_outside_region": ("region_oktmo", "region"),
    "address": ("settlement", "street", "house", "building", "flat", "unstructured_address"), "residence_kind": ("kind",),
    "grade": ("grade", "class"), "class_letter": ("letter", "class"), "valid_from": ("entry_date", "valid_from", "date_from"),
    "valid_to": ("exit_date", "valid_to", "date_to"), "exit_reason": ("exit_reason", "exit_details"), "study_form": ("study_form", "education_form"),
    "programme_title": ("title",), "programme_code": ("code_direction",), "programme": ("class", "grade"),
    "subject_raw": ("subject",), "mark_value": ("convert", "value"), "mark_text": ("value",), "mark_weight": ("weight",), "absence_reason": ("value",),
    "is_debt": ("value",), "discipline": ("discipline.title",), "exam_value": ("value",), "is_passed": ("value", "mark_type"), "is_confirmed": ("result",)}


def raw_columns(column: str) -> tuple[str, ...]:
    """The raw columns a staging column may come from, the likeliest first."""
    return RAW.get(column, (column,))
