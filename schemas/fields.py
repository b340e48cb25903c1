"""Every column of the project, once: type, Russian title, sensitivity, purpose and rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "integer", "decimal", "boolean", "date", "timestamp", "json"]
Sensitivity = Literal["technical", "open", "quasi", "direct"]
"""technical: keys and counters · open: publishable · quasi: identifies in combination · direct: identifies alone."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column: what it holds, who may see it and which rule its values obey."""

    type: Type
    title: str
    """Russian, as officials read it: what a value says, with its unit."""
    sensitivity: Sensitivity = "technical"
    purpose: str
    """Russian: what it is held for."""
    ground: str
    """Russian: law, agreement or rule of ours that allows it."""
    pattern: str | None = None
    """Regular expression the whole text value must match."""
    codes: str | None = None
    """Name of the code list in `schemas/codes/<name>.csv` whose `code` column holds the allowed values."""
    values: tuple[str, ...] | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None


def _direct(title: str, **more: object) -> Field:
    return Field(type="text", title=title, sensitivity="direct", purpose="отождествление ребёнка",
                 ground="273-ФЗ, ст. 98; 152-ФЗ, ст. 6", **more)  # type: ignore[arg-type]


def _quasi(type_: Type, title: str, **more: object) -> Field:
    return Field(type=type_, title=title, sensitivity="quasi", purpose="учёт контингента и отчётность",
                 ground="273-ФЗ, ст. 98", **more)  # type: ignore[arg-type]


def _open(type_: Type, title: str, **more: object) -> Field:
    return Field(type=type_, title=title, sensitivity="open", purpose="отчётность",
                 ground="273-ФЗ, ст. 97", **more)  # type: ignore[arg-type]


def technical(type_: Type, title: str, **more: object) -> Field:
    """A key, counter or state: tells of the work, not of a child."""
    return Field(type=type_, title=title, purpose="учёт поставок и воспроизводимость", ground="служебное поле", **more)  # type: ignore[arg-type]


NAME = r"[А-ЯЁӨҮҺ][А-ЯЁӨҮҺ\-' .]*"
"""A cleaned name: upper-case Cyrillic (with Buryat letters), hyphen, apostrophe, space, full stop."""

FIELDS: dict[str, Field] = {
    # --- keys, positions, versions -------------------------------------------------------------------------------
    "source": technical("text", "Источник"),
    "source_key": technical("text", "Ключ записи у источника", pattern=r".{1,200}"),
    "person_key": technical("text", "Ключ лица у того же источника", pattern=r".{1,200}"),
    "sequence": technical("integer", "Номер версии записи у источника", minimum=0),
    "record_hash": technical("text", "Отпечаток содержания записи", pattern=r"[0-9a-f]{32}"),
    "position": technical("text", "Место записи в поставке"),
    "record_id": technical("integer", "Номер записи источника в реестре"),
    "delivery_id": technical("text", "Поставка"),
    "version_from": technical("integer", "Версия, с которой действует строка"),
    "version_to": technical("integer", "Версия, в которой строка перестала действовать"),
    "pupil_id": technical("integer", "Идентификатор ребёнка (внутренний, не СНИЛС)"),
    "asked_source": technical("text", "Источник записи, о которой спрошено"),
    "asked_key": technical("text", "Ключ записи, о которой спрошено"),
    # --- person ---------------------------------------------------------------------------------------------------
    "family_name": _direct("Фамилия", pattern=NAME),
    "given_name": _direct("Имя", pattern=NAME),
    "patronymic": _direct("Отчество", pattern=NAME),
    "family_name_raw": _direct("Фамилия, как прислана, если отличается"),
    "given_name_raw": _direct("Имя, как прислано, если отличается"),
    "patronymic_raw": _direct("Отчество, как прислано, если отличается"),
    "patronymic_absence": technical("text", "Причина отсутствия отчества", values=("declared_absent", "silent")),
    "previous_family_name": _direct("Прежняя фамилия", pattern=NAME),
    "previous_given_name": _direct("Прежнее имя", pattern=NAME),
    "previous_patronymic": _direct("Прежнее отчество", pattern=NAME),
    "birth_date": _quasi("date", "Дата рождения", minimum="1990-01-01"),
    "birth_date_partial": _quasi("text", "Неполная дата рождения (ГГГГ или ГГГГ-ММ)", pattern=r"\d{4}(?:-\d{2})?"),
    "birth_date_absence": technical("text", "Причина отсутствия даты рождения", values=("declared_absent", "partial", "silent")),
    "sex": _quasi("text", "Пол", values=("M", "F")),
    "snils": _direct("СНИЛС", pattern=r"\d{11}"),
    "birth_act_number": _direct("Номер записи акта о рождении (ЕГР ЗАГС)", pattern=r"\S{21}"),
    "birth_act_date": _quasi("date", "Дата записи акта о рождении"),
    "birth_act_authority": _quasi("text", "Код органа ЗАГС", pattern=r"[0-9A-Z]{8}"),
    "birth_certificate": _direct("Свидетельство о рождении (серия и номер)", pattern=r"[IVXLCDM]{1,10}-[А-Я]{2} \d{6}"),
    "birth_certificate_date": _quasi("date", "Дата выдачи свидетельства о рождении"),
    "birth_certificate_issuer": _quasi("text", "Кем выдано свидетельство о рождении"),
    "document_kind": _quasi("text", "Вид документа (СПДУЛ)", codes="document_kinds"),
    "document": _direct("Документ (серия и номер)", pattern=r"[0-9A-ZА-Я\- ]{1,40}"),
    "document_date": _quasi("date", "Дата выдачи документа"),
    "mother_family_name": _direct("Фамилия матери", pattern=NAME),
    "mother_given_name": _direct("Имя матери", pattern=NAME),
    "mother_patronymic": _direct("Отчество матери", pattern=NAME),
    "mother_birth_date": _quasi("date", "Дата рождения матери"),
    "mother_snils": _direct("СНИЛС матери", pattern=r"\d{11}"),
    "birth_count": _quasi("integer", "Число родившихся детей", minimum=1, maximum=9),
    "birth_order": _quasi("integer", "Порядок рождения среди родившихся", minimum=1, maximum=9),
    "citizenship": _quasi("text", "Гражданство (ОКСМ)", codes="countries"),
    "death_date": _quasi("date", "Дата смерти"),
    "record_status": technical("text", "Состояние записи у источника", values=("active", "annulled")),
    # --- place ----------------------------------------------------------------------------------------------------
    "oktmo": _open("text", "Муниципальное образование (ОКТМО)", codes="municipalities"),
    "settlement": _quasi("text", "Населённый пункт"),
    "is_rural": _open("boolean", "Сельская местность"),
    "address": _direct("Адрес"),
    "residence_kind": _open("text", "Вид регистрации", values=("living", "staying")),
    "is_outside_region": _open("boolean", "Место вне республики"),
    # --- organisation and study -----------------------------------------------------------------------------------
    "organisation_key": _open("text", "Организация (ОГРН)", pattern=r"\d{13}"),
    "school_year": _open("integer", "Учебный год (год начала)", minimum=1990, maximum=2100),
    "pupil_count": _open("integer", "Обучающихся", minimum=0),
    "first_shift_count": _open("integer", "Обучающихся в первую смену", minimum=0),
    "organisation_name": _open("text", "Наименование организации"),
    "organisation_kind": _open("text", "Вид организации", values=("school", "kindergarten", "college", "university")),
    "inn": _open("text", "ИНН организации", pattern=r"\d{10}"),
    "journal_product": _open("text", "Электронный журнал", values=("netschool", "eljur", "bars", "file", "none", "scos")),
    "journal_url": technical("text", "Адрес журнала"),
    "journal_local_id": technical("text", "Код организации в журнале"),
    "place_count": _open("integer", "Число мест", minimum=0),
    "shift_count": _open("integer", "Число смен", minimum=1, maximum=3),
    "grade": _open("integer", "Класс (параллель)", minimum=0, maximum=12),
    "class_letter": _open("text", "Литера класса"),
    "programme": _open("text", "Вид программы", values=("preschool", "primary", "basic", "secondary", "vocational", "higher")),
    "study_form": _open("text", "Форма обучения", values=("full_time", "part_time", "correspondence", "family")),
    "shift": _open("integer", "Смена", minimum=1, maximum=3),
    "valid_from": _quasi("date", "Действует с", minimum="1990-01-01"),
    "valid_to": _quasi("date", "Действует по (не включая)"),
    "exit_reason": _open("text", "Причина выбытия", values=("transfer", "health", "death", "expelled", "graduated", "unknown")),
    # --- progress -------------------------------------------------------------------------------------------------
    "subject": _open("text", "Предмет", codes="subjects"),
    "subject_raw": _open("text", "Предмет, как у источника"),
    "lesson_date": _quasi("date", "Дата урока", minimum="2000-01-01"),
    "mark_value": _quasi("integer", "Отметка", minimum=1, maximum=5),
    "mark_weight": _quasi("decimal", "Вес отметки", minimum=0, maximum=100),
    "work_kind": _open("text", "Вид работы"),
    "is_debt": _quasi("boolean", "Долг («точка»)"),
    "absence_reason": _quasi("text", "Причина отсутствия", values=("absent", "ill", "valid", "late")),
    "period": _open("text", "Учебный период", pattern=r"\d{4}-(?:Q[1-4]|H[12]|T[1-3]|Y)"),
    "mark_text": _quasi("text", "Отметка, как у источника"),
    "discipline": _open("text", "Дисциплина"),
    "semester": _open("integer", "Семестр", minimum=1, maximum=14),
    "mark_type": _open("text", "Вид аттестации", values=("MARK", "CREDIT", "DIF_CREDIT", "HUNDRED_POINT")),
    "exam_value": _quasi("integer", "Результат", minimum=0, maximum=100),
    "is_passed": _quasi("boolean", "Сдано"),
    "programme_title": _open("text", "Образовательная программа"),
    "programme_code": _open("text", "Код направления", pattern=r"\d{2}\.\d{2}\.\d{2}"),
    "is_confirmed": _quasi("boolean", "СНИЛС подтверждён"),
}
