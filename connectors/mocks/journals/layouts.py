"""The layouts of LAYOUTS.md as data: which file, which columns in which order, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.mocks.journals.world import Organisation

Columns = tuple[tuple[str, str], ...]
"""(header, name of the value in `cells.VALUES`)."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """How one layout writes values."""

    encoding: Literal["cp1251", "utf-8-sig", "xlsx"]
    dates: Literal["dotted", "iso", "short", "cell"]
    snils: Literal["dashed", "digits", "number"] = "dashed"
    sexes: tuple[str, str] = ("М", "Ж")
    decimals: Literal["comma", "point", "cell"] = "comma"
    class_gap: str = ""
    title_lines: int = 0
    """Lines before the header of a sheet: the organisation's name, then what it is, then an empty one."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One kind of file; `name` may hold {year} and {quarter}."""

    name: str
    form: Form
    columns: Columns
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class Layout:
    pupils: File
    marks: File | None = None
    finals: File | None = None


def _columns(headers: str, values: str) -> Columns:
    return tuple(zip(headers.split("|"), values.split(), strict=True))


_NETSCHOOL = Form(encoding="cp1251", dates="dotted")
_CP1251 = Form(encoding="cp1251", dates="dotted", sexes=("муж", "жен"))
_UTF8 = Form(encoding="utf-8-sig", dates="iso", snils="digits", decimals="point")
_FORM = Form(encoding="xlsx", dates="cell", sexes=("Мужской", "Женский"), decimals="cell", class_gap=" ", title_lines=3)
_PLAIN = Form(encoding="xlsx", dates="short", snils="number")
_PLAIN_CSV = Form(encoding="utf-8-sig", dates="short")
_TAIL = "birth_date sex snils certificate citizenship class study_form shift entry_date exit_date exit_reason"
_TAIL_HEADERS = ("Дата рождения|Пол|СНИЛС|Свидетельство о рождении|Гражданство|Класс|Форма обучения|Смена|"
                 "Дата зачисления|Дата выбытия|Причина выбытия")
_SPLIT, _SPLIT_HEADERS = "family_name given_name patronymic", "Фамилия|Имя|Отчество"

LAYOUTS: dict[str, Layout] = {
    "netschool_contingent": Layout(pupils=File(name="contingent.csv", form=_NETSCHOOL, columns=_columns(
        f"ID|{_SPLIT_HEADERS}|{_TAIL_HEADERS}", f"local_id {_SPLIT} {_TAIL}"))),
    "netschool_contingent_joined": Layout(pupils=File(name="contingent.csv", form=_NETSCHOOL, columns=_columns(
        f"ID|ФИО|{_TAIL_HEADERS}", f"local_id full_name {_TAIL}"))),
    "school_cp1251_split": Layout(
        pupils=File(name="pupils.csv", form=_CP1251, columns=_columns(
            f"Номер личного дела|Класс|{_SPLIT_HEADERS}|Дата рождения|Пол|СНИЛС|Свидетельство о рождении|Гражданство|Форма обучения|Смена|"
            "Дата зачисления|Дата выбытия|Причина выбытия",
            f"local_id class {_SPLIT} birth_date sex snils certificate citizenship study_form shift entry_date exit_date exit_reason")),
        marks=File(name="marks_{year}_{quarter}.csv", form=_CP1251, columns=_columns(
            "Номер записи|Номер личного дела|Предмет|Дата|Урок|Отметка|Вес|Вид работы",
            "mark_id local_id subject_name lesson_date lesson_number value weight work_kind")),
        finals=File(name="finals_{year}.csv", form=_CP1251, columns=_columns("Номер личного дела|Предмет|Период|Отметка", "local_id subject_name period value"))),
    "school_utf8_joined": Layout(
        pupils=File(name="spisok.csv", form=_UTF8, columns=_columns(
            "Код|ФИО|Д.р.|Пол|Параллель|Литера|СНИЛС|Документ|Гражданство|Форма|Смена|Принят|Выбыл|Причина",
            "local_id full_name birth_date sex grade letter snils certificate citizenship study_form shift entry_date exit_date exit_reason")),
        marks=File(name="ocenki_{year}_{quarter}.csv", form=_UTF8, columns=_columns(
            "Дата|Код|Предмет|№ урока|Оценка|Вес|Тип работы|ID записи", "lesson_date local_id subject_name lesson_number value weight work_kind mark_id")),
        finals=File(name="itogi_{year}.csv", form=_UTF8, columns=_columns("Код|Предмет|Период|Оценка", "local_id subject_name period value"))),
    "school_xlsx_form": Layout(
        pupils=File(name="Контингент.xlsx", sheet="Контингент", form=_FORM, columns=_columns(
            "№ п/п|Личное дело|ФИО обучающегося|Дата рождения|Пол|СНИЛС|Свидетельство о рождении|Гражданство|Класс|Форма обучения|Смена|"
            "Дата приказа о зачислении|Дата выбытия|Причина выбытия",
            "number local_id full_name birth_date sex snils certificate citizenship class study_form shift entry_date exit_date exit_reason")),
        marks=File(name="Отметки_{year}_{quarter}.xlsx", sheet="Отметки", form=_FORM, columns=_columns(
            "Личное дело|Предмет|Дата|Урок|Отметка|Вес|Вид работы|Запись", "local_id subject_name lesson_date lesson_number value weight work_kind mark_id")),
        finals=File(name="Итоги_{year}.xlsx", sheet="Итоги", form=_FORM, columns=_columns(
            "Личное дело|Предмет|Период|Отметка", "local_id subject_name period value"))),
    "school_xlsx_plain": Layout(
        pupils=File(name="pupils.xlsx", sheet="Лист1", form=_PLAIN, columns=_columns(
            f"Класс|{_SPLIT_HEADERS}|СНИЛС|Дата рождения|Пол|Гражданство|Свид. о рожд.|№ личного дела|Форма обучения|Смена|Зачислен|Отчислен|Причина",
            f"class {_SPLIT} snils birth_date sex citizenship certificate local_id study_form shift entry_date exit_date exit_reason")),
        marks=File(name="marks_{year}_{quarter}.csv", form=_PLAIN_CSV, columns=_columns(
            "№ личного дела|Дата|Предмет|Урок|Отметка|Вес|Работа|№ записи", "local_id lesson_date subject_name lesson_number value weight work_kind mark_id")),
        finals=File(name="finals_{year}.csv", form=_PLAIN_CSV, columns=_columns("№ личного дела|Предмет|Период|Отметка", "local_id subject_name period value"))),
    "kindergarten_cp1251": Layout(pupils=File(name="deti.csv", form=Form(encoding="cp1251", dates="dotted", sexes=("м", "ж")), columns=_columns(
        f"Номер|Группа|{_SPLIT_HEADERS}|Дата рождения|Пол|СНИЛС|Свидетельство о рождении|Гражданство|Дата зачисления|Дата отчисления|Причина отчисления",
        f"local_id group {_SPLIT} birth_date sex snils certificate citizenship entry_date exit_date exit_reason"))),
    "kindergarten_xlsx": Layout(pupils=File(
        name="Воспитанники.xlsx", sheet="Воспитанники", form=Form(encoding="xlsx", dates="cell", snils="digits", sexes=("мальчик", "девочка"), title_lines=1),
        columns=_columns("№|ФИО ребёнка|Дата рождения|Пол|Группа|СНИЛС|Св-во о рождении|Гражданство|Дата поступления|Дата выбытия|Причина|Учётный номер",
                         "number full_name birth_date sex group snils certificate citizenship entry_date exit_date exit_reason local_id"))),
    "kindergarten_utf8": Layout(pupils=File(
        name="children.csv", form=Form(encoding="utf-8-sig", dates="iso", snils="digits", sexes=("M", "F")),
        columns=_columns("id|fio|birth_date|sex|group|snils|certificate|citizenship|entry_date|exit_date|exit_reason",
                         "local_id full_name birth_date sex group snils certificate citizenship entry_date exit_date exit_reason"))),
}
NETSCHOOL = ("netschool_contingent", "netschool_contingent", "netschool_contingent_joined")
SCHOOLS = ("school_cp1251_split", "school_utf8_joined", "school_xlsx_form", "school_xlsx_plain")
KINDERGARTENS = ("kindergarten_cp1251", "kindergarten_xlsx", "kindergarten_utf8")


def layout_name(organisation: Organisation) -> str | None:
    """The organisation's layout, by hash of its key where the region names none; None when it drops no file."""
    if organisation.product == "netschool":
        choices: tuple[str, ...] = NETSCHOOL
    elif organisation.product == "file":
        choices = KINDERGARTENS if organisation.kind == "kindergarten" else SCHOOLS
    else:
        return None
    return organisation.layout if organisation.layout in choices else choices[organisation.dialect("layout", len(choices))]
