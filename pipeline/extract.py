"""«Что хранится о моём ребёнке»: the extract for a parent, made by the officer on a ground, in words, as HTML and PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipeline import explain_words as say
from pipeline import extract_words as words
from pipeline.consent import worded
from schemas.mart_fields import MART_FIELDS
from schemas.trail import ACTIONS
from warehouse import extract
from warehouse.dictionary_words import ROLES
from warehouse.explanation import Look, Row
from warehouse.extract import Held
from warehouse.extract_files import Document, Section, save
from warehouse.reports.benefits_words import CONTRADICTIONS, STATUSES

NOTHING = "–"
GOLDEN = ("family_name", "given_name", "patronymic", "birth_date", "sex", "snils", "citizenship", "death_date", "oktmo", "is_rural", "is_resident")


def make(pupil_id: int, look: Look, folder: Path) -> list[Path]:
    """Write the extract of a child into `folder`; the trail tells of it before anything is read. Raises as `warehouse.extract.read`."""
    held = extract.read(pupil_id, look)
    return save(document(held), folder, f"extract-{held.explanation.pupil_id}-{held.as_of:%Y-%m-%d}")


def document(held: Held) -> Document:
    """The extract in words."""
    return Document(
        title="Что хранится о моём ребёнке", version=held.explanation.version, as_of=held.as_of, notes=words.NOTES,
        lead=f"Выписка из ГИС «Контингент», региональный сегмент Республики Бурятия: {_name(held)}. Записей источников: {len(_shown(held))}.",
        sections=(_golden(held), _records(held), _enrolments(held), _residences(held), _citizenships(held), _benefits(held), _progress(held), _consents(held),
                  _accesses(held)))


def _name(held: Held) -> str:
    return " ".join(str(held.explanation.pupil.get(part)) for part in ("family_name", "given_name", "patronymic") if held.explanation.pupil.get(part)) or NOTHING


def _golden(held: Held) -> Section:
    """Each golden value with its source, the day it came, why and on what ground it is held."""
    received = {row["record_id"]: row["received_at"] for row in _shown(held)}
    cells = {row["field"]: row for row in held.explanation.cells if row["record_id"] in received}
    rows = tuple(
        (say.title(field), say.value(field, held.explanation.pupil.get(field)) or NOTHING, say.source(cell["source"]),
         say.moment(received.get(cell["record_id"])) or NOTHING, MART_FIELDS[field].purpose, MART_FIELDS[field].ground)
        for field in GOLDEN if (cell := cells.get(field)))
    return Section(title="Сведения о ребёнке", columns=("Сведения", "Значение", "Источник", "Получено", "Зачем", "Основание"), rows=rows)


def _shown(held: Held) -> list[Row]:
    """Records of the child but those of the time before an adoption: an extract never tells of it."""
    return [row for row in held.explanation.records if not row["is_sealed"]]


def _records(held: Held) -> Section:
    rows = tuple((say.source(row["source"]), say.moment(row["received_at"]) or NOTHING, str(row["delivery_id"])) for row in _shown(held))
    return Section(title="Откуда сведения", columns=("Источник", "Получено", "Поставка"), rows=rows)


def _enrolments(held: Held) -> Section:
    return _listed(held, "enrolments", "Зачисления", ("Организация", "Образование", "Класс", "Форма", "С", "По (не включая)", "Источник"), lambda row: (
        row["organisation_name"] or row["organisation_key"], words.PROGRAMMES[row["programme"]], _class(row), words.STUDY_FORMS[row["study_form"]],
        row["valid_from"], row["valid_to"], say.source(row["source"])), "Зачислений нет.")


def _residences(held: Held) -> Section:
    return _listed(held, "residences", "Регистрация", ("Вид", "Муниципалитет", "Населённый пункт", "С", "По (не включая)", "Источник"), lambda row: (
        words.RESIDENCES[row["residence_kind"]], "вне республики" if row["is_outside_region"] else row["municipality"], row["settlement"],
        row["valid_from"], row["valid_to"], say.source(row["source"])), "МВД о регистрации не сообщало.", words.NO_ADDRESS)


def _citizenships(held: Held) -> Section:
    return _listed(held, "citizenships", "Гражданство", ("Страна", "С", "По (не включая)", "Источник"), lambda row: (
        say.value("citizenship", row["citizenship"]), row["valid_from"], row["valid_to"], say.source(row["source"])), "МВД о гражданстве не сообщало.")


def _benefits(held: Held) -> Section:
    """Each benefit, then what proves it or what paper is needed."""
    days = {row["benefit"]: (row["valid_from"], row["valid_to"], row["amount_percent"]) for row in held.sections["benefits"]}
    return _listed(held, "evidence", "Льготы и чем они подтверждены", (
        "Льгота", "С", "По (не включая)", "Размер, %", "Подтверждение", "Состояние", "Источник", "Получено"), lambda row: (
        words.BENEFITS.get(row["benefit"], row["benefit"]), *days[row["benefit"]], words.EVIDENCE_TITLES[row["evidence"]], _state(row),
        say.source(row["source"]), row["received_date"]), "Льгот, о которых спрашивают правила, на эту дату нет.")


def _progress(held: Held) -> Section:
    if not held.is_journal_open:
        return Section(title="Отметки и пропуски", columns=(), rows=(), note=words.NO_CONSENT)
    return _listed(held, "progress", "Отметки и пропуски с начала учебного года", (
        "Организация", "Предмет", "Отметок", "Средняя", "Долгов", "Пропусков", "Опозданий", "Последний период", "Итог"), lambda row: (
        row["organisation_name"], row["subject_title"], row["mark_count"], row["average_mark"], row["debt_count"], row["missed_count"], row["late_count"],
        row["period"], row["mark_text"]), "Отметок и пропусков с начала учебного года нет.")


def _consents(held: Held) -> Section:
    made = [worded(row, held.as_of) for row in held.consents]
    return Section(title="Согласия", columns=tuple(made[0]) if made else (), rows=tuple(tuple(row.values()) for row in made), note="" if made else "Согласий нет.")


def _accesses(held: Held) -> Section:
    return _listed(held, "accesses", "Кто обращался к записи", ("Когда", "Роль", "Что сделано", "Цель", "Основание"), lambda row: (
        say.moment(row["at"]), ROLES.get(row["role"], row["role"]), ACTIONS.get(row["action"], row["action"]), row["purpose"], row["ground"]), "Обращений не было.")


def _listed(held: Held, name: str, title: str, columns: tuple[str, ...], row: Callable[[Row], Iterable[Any]], empty: str, note: str = "") -> Section:
    rows = tuple(tuple(_said(value) for value in row(one)) for one in held.sections[name])
    return Section(title=title, columns=columns, rows=rows, note=note if rows else empty)


def _said(value: Any) -> str:
    if value is None:
        return NOTHING
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value).replace(".", ",") if hasattr(value, "as_tuple") else str(value)


def _class(row: Row) -> str:
    return f"{row['grade']} {row['class_letter'] or ''}".strip() if row["grade"] is not None else row["class_letter"] or NOTHING


def _state(row: Row) -> str:
    said = STATUSES[row["evidence_status"]]
    return f"{said}: {CONTRADICTIONS[row['contradiction']]}" if row["contradiction"] else said
