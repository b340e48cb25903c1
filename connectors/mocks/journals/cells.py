"""Values of pupils and marks as a layout writes them, column by column."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from connectors.mocks.journals.layouts import Columns, Form
from connectors.mocks.journals.terms import period_title

Value = Callable[[pd.DataFrame, Form], pd.Series]
DATE_FORMS = {"dotted": "%d.%m.%Y", "iso": "%Y-%m-%d", "short": "%d.%m.%y"}


def table(rows: pd.DataFrame, columns: Columns, form: Form) -> pd.DataFrame:
    """The file's columns, named by their headers; texts, numbers and dates as the form wants them."""
    return pd.DataFrame({header: VALUES[name](rows, form) for header, name in columns})


def _as_is(column: str) -> Value:
    return lambda rows, form: rows[column]


def _text(column: str) -> Value:
    return lambda rows, form: rows[column].astype("str")


def _whole(column: str) -> Value:
    return lambda rows, form: rows[column].astype("Int64")


def _day(column: str) -> Value:
    def value(rows: pd.DataFrame, form: Form) -> pd.Series:
        days = pd.to_datetime(rows[column])
        return days if form.dates == "cell" else days.dt.strftime(DATE_FORMS[form.dates])
    return value


def _full_name(rows: pd.DataFrame, form: Form) -> pd.Series:
    family, given, patronymic = (rows[name].fillna("") for name in ("family_name", "given_name", "patronymic"))
    return (family + " " + given + " " + patronymic).str.strip(" ")


def _class(rows: pd.DataFrame, form: Form) -> pd.Series:
    grade, letter = rows["grade"].astype("Int64").astype("str"), rows["letter"].fillna("")
    return grade + letter.where(letter == "", form.class_gap + letter)


def _sex(rows: pd.DataFrame, form: Form) -> pd.Series:
    return rows["sex"].map(dict(zip("MF", form.sexes, strict=True)))


def _snils(rows: pd.DataFrame, form: Form) -> pd.Series:
    typed = rows["snils"].astype("str")
    digits = typed.str.replace(r"\D", "", regex=True)
    is_whole = digits.str.len() == 11
    if form.snils == "dashed":
        return typed.where(~is_whole, digits.str.replace(r"(...)(...)(...)(..)", r"\1-\2-\3 \4", regex=True))
    if form.snils == "digits":
        return typed.where(~is_whole, digits)
    return typed.astype("object").where(~is_whole, pd.to_numeric(digits, errors="coerce").astype("Int64").astype("object"))


def _weight(rows: pd.DataFrame, form: Form) -> pd.Series:
    weight = pd.to_numeric(rows["weight"])
    if form.decimals == "cell":
        return weight
    text = weight.map("{:g}".format, na_action="ignore").astype("str")
    return text.str.replace(".", ",", regex=False) if form.decimals == "comma" else text


def _value(rows: pd.DataFrame, form: Form) -> pd.Series:
    return rows["value"].astype("str").fillna(".")


def _period(rows: pd.DataFrame, form: Form) -> pd.Series:
    return rows["period"].map(period_title)


def _number(rows: pd.DataFrame, form: Form) -> pd.Series:
    return pd.Series(range(1, len(rows) + 1), index=rows.index)


VALUES: dict[str, Value] = {
    "number": _number, "full_name": _full_name, "class": _class, "sex": _sex, "snils": _snils, "weight": _weight, "value": _value, "period": _period,
    "group": _as_is("group_name"), "grade": _whole("grade"), "shift": _whole("shift"), "lesson_number": _whole("lesson_number"), "mark_id": _text("mark_id"),
    **{name: _day(name) for name in ("birth_date", "entry_date", "exit_date", "lesson_date")},
    **{name: _as_is(name) for name in ("local_id", "family_name", "given_name", "patronymic", "certificate", "citizenship", "letter", "study_form",
                                       "exit_reason", "subject_name", "work_kind")},
}
"""Name of a value to the column it becomes."""
