"""Tables of the report on students: contingent, examinations, debts, disciplines, flows and where students come from."""

from __future__ import annotations

import pandas as pd

from warehouse.reports.model import Column, Table
from warehouse.reports.shape import UNKNOWN_PLACE, integer, text, with_total

FORMS = {"full_time": "очная", "part_time": "очно-заочная", "correspondence": "заочная"}
KINDS = {"MARK": "экзамен (оценка)", "CREDIT": "зачёт", "DIF_CREDIT": "дифференцированный зачёт", "HUNDRED_POINT": "100-балльная оценка"}
FLOWS = {"entered": "Зачислены", "reinstated": "Восстановлены", "expelled": "Отчислены", "graduated": "Окончили", "left": "Выбыли, причина не названа"}
ABSENCES = {"known": "Школа известна", "before_register": "Окончил до начала регистра", "not_told": "Школа не сообщила"}
ORIGINS = {"residence": "по регистрации МВД", "birth": "по записи о рождении", "unknown": "не известен"}
OTHERS = {"organisation_key": "прочие", "programme_field": "прочие группы", "municipality": "прочие муниципалитеты"}
OTHER_UNIVERSITIES = "прочие вузы"
LEAST = 5
"""A cell of the trajectory with fewer students is shown together with others."""
KEYS = {"organisation_name": text("organisation_name", "Вуз", 60), "organisation_key": text("organisation_key", "ОГРН", 16),
        "programme_code": text("programme_code", "Код", 10), "programme_title": text("programme_title", "Программа", 50),
        "form_title": text("form_title", "Форма", 14), "entry_year": text("entry_year", "Год поступления", 10), "discipline": text("discipline", "Дисциплина", 40),
        "semester": text("semester", "Семестр", 9), "kind_title": text("kind_title", "Вид аттестации", 26), "year_title": text("year_title", "Учебный год", 12),
        "programme_field": text("programme_field", "Группа направлений", 12), "municipality": text("municipality", "Муниципалитет", 28)}
UNIVERSITY = ["organisation_name", "organisation_key"]
PROGRAMME = [*UNIVERSITY, "programme_code", "programme_title"]
_STUDENTS = (integer("student_count", "Студентов"), integer("female_count", "Женщин"), integer("male_count", "Мужчин"), integer("no_sex_count", "Пол не указан"))
_FORMS = tuple(integer(f"{name}_count", title.capitalize()) for name, title in FORMS.items())
_RESULTS = (integer("result_count", "Результатов"), integer("passed_count", "Сдано"), integer("debt_count", "Не сдано"),
            Column(name="passed_share", title="Доля сданных", kind="share"), Column(name="mean_value", title="Средний результат", kind="decimal"))
_DEBTS = (integer("student_count", "Студентов"), integer("assessed_count", "С результатами"), integer("debtor_count", "С долгами"),
          integer("one_debt_count", "Один долг"), integer("two_debt_count", "Два долга"), integer("more_debt_count", "Три и больше"),
          Column(name="debtor_share", title="Доля с долгами", kind="share"))


def named(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """`rows` with their keys as texts, unknown ones said to be so."""
    return rows.assign(**{key: rows[key].astype("string").astype(object).where(rows[key].notna(), UNKNOWN_PLACE) for key in keys})


def year_title(years: pd.Series[int]) -> pd.Series[str]:
    """2025 → 2025/26."""
    return years.astype(str) + "/" + (years + 1).mod(100).astype(str).str.zfill(2)


def students(rows: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str) -> Table:
    """Students by `keys` and sex, and by form where form is no key. `rows` has student_count by programme, form, entry_year and sex."""
    count = rows["student_count"]
    sexes = {"female_count": count.where(rows["sex"] == "F", 0), "male_count": count.where(rows["sex"] == "M", 0),
             "no_sex_count": count.where(rows["sex"].isna(), 0)}
    forms = {} if "form_title" in keys else {f"{form}_count": count.where(rows["study_form"] == form, 0) for form in FORMS}
    counts = ["student_count", *sexes, *forms]
    sums = named(rows.assign(form_title=rows["study_form"].map(FORMS), **sexes, **forms), keys).groupby(keys, sort=True)[counts].sum().astype(int).reset_index()
    return Table(name=name, sheet=sheet, title=title, is_filtered=True, is_total_last=True, rows=with_total(sums, label="Всего", counts=counts),
                 columns=(*(KEYS[key] for key in keys), *_STUDENTS, *(_FORMS if forms else ())))


def debts(rows: pd.DataFrame) -> Table:
    """How many debts the students of each programme have."""
    count, owed = rows["student_count"], rows["debt_count"]
    parts = {"assessed_count": rows["is_assessed"], "debtor_count": owed > 0, "one_debt_count": owed == 1, "two_debt_count": owed == 2, "more_debt_count": owed > 2}
    counts = ["student_count", *parts]
    sums = named(rows.assign(**{part: count.where(mask, 0) for part, mask in parts.items()}), PROGRAMME).groupby(PROGRAMME, sort=True)[counts].sum()
    body = with_total(sums.astype(int).reset_index(), label="Всего", counts=counts)
    body["debtor_share"] = _share(body["debtor_count"], body["assessed_count"])
    return Table(name="debts", sheet="Долги", title="Студенты с долгами по программам", rows=body, is_filtered=True, is_total_last=True,
                 columns=(*(KEYS[key] for key in PROGRAMME), *_DEBTS),
                 note="Долг – дисциплина семестра, по которой ни одна попытка не сдана. Студент учится на отчётную дату.")


def _share(part: pd.Series[int], whole: pd.Series[int]) -> pd.Series[float]:
    return pd.to_numeric(part, errors="coerce").astype(float) / whole.astype(float).where(whole.astype(int) > 0)


def _assessed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(passed_share=_share(rows["passed_count"], rows["result_count"]), mean_value=_share(rows["value_sum"], rows["result_count"]))


def exam_kinds(rows: pd.DataFrame) -> Table:
    """Results by university and kind of mark, all kinds of each university and all universities; persons are counted once in each row."""
    whole = rows[rows["exam_level"] != "exam"]
    place = whole["exam_level"].map({"kind": 0, "university": 1, "region": 2})
    titled = whole.assign(kind_title=whole["mark_type"].map(KINDS).where(whole["exam_level"] == "kind", "все виды"), place=place, last=place == 2,
                          organisation_name=whole["organisation_name"].fillna(UNKNOWN_PLACE).where(place < 2, "Всего"))
    ordered = titled.sort_values(["last", "organisation_name", "organisation_key", "place", "kind_title"])
    columns = (*(KEYS[key] for key in [*UNIVERSITY, "kind_title"]), integer("student_count", "Студентов"), integer("debtor_count", "С долгами"), *_RESULTS)
    return Table(name="exam_kinds", sheet="Аттестация по вузам", title="Аттестация по вузам и видам", is_filtered=True, is_total_last=True, columns=columns,
                 rows=_assessed(ordered)[[column.name for column in columns]].reset_index(drop=True),
                 note="Средний результат у видов с оценкой (2–5 или 0–100 баллов); у зачётов и всех видов вместе его нет.")


def exams(rows: pd.DataFrame) -> Table:
    """Results by university, discipline, semester and kind of mark."""
    keys = [*UNIVERSITY, "discipline", "semester", "kind_title"]
    fine = rows[rows["exam_level"] == "exam"].sort_values([*UNIVERSITY, "discipline", "semester", "mark_type"])
    counts = ["result_count", "passed_count", "debt_count"]
    body = named(fine.assign(kind_title=fine["mark_type"].map(KINDS)), keys)[[*keys, *counts, "value_sum"]]
    made = _assessed(with_total(body, label="Всего", counts=counts))
    columns = (*(KEYS[key] for key in keys), *_RESULTS)
    return Table(name="exams", sheet="Экзамены", title="Аттестация по дисциплинам, семестрам и видам", is_filtered=True, is_total_last=True,
                 columns=columns, rows=made[[column.name for column in columns]])


def courses(rows: pd.DataFrame) -> Table:
    """Disciplines of each programme by semester."""
    keys = [*PROGRAMME, "semester", "discipline"]
    body = named(rows.sort_values([*PROGRAMME, "semester", "discipline"]), keys)[[*keys, "student_count"]]
    return Table(name="courses", sheet="Дисциплины", title="Дисциплины программ по семестрам", rows=body.reset_index(drop=True), is_filtered=True,
                 columns=(*(KEYS[key] for key in keys), integer("student_count", "Студентов")), note="По всем учебным планам студента, если их несколько.")


def flows(rows: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str) -> Table:
    """Students who came and went by school year; `rows` has flow_count by year, university and kind of flow."""
    wide = {f"{flow}_count": rows["flow_count"].where(rows["student_flow"] == flow, 0) for flow in FLOWS}
    sums = named(rows.assign(year_title=year_title(rows["flow_year"]), **wide), keys).groupby(keys, sort=True)[list(wide)].sum().astype(int).reset_index()
    return Table(name=name, sheet=sheet, title=title, is_filtered=True, is_total_last=True, rows=with_total(sums, label="Всего", counts=list(wide)),
                 columns=(*(KEYS[key] for key in keys), *(integer(f"{flow}_count", words, 14) for flow, words in FLOWS.items())))


def _is_small(sizes: pd.Series[int]) -> pd.Series[bool]:
    """Which parts are shown together: those below LEAST and, until all of these make LEAST, the smallest of the rest."""
    order = sizes.sort_values(kind="stable")
    merged = (order < LEAST) | ((order.min() < LEAST) & (order.cumsum() - order < LEAST))
    return merged.reindex(sizes.index)


def merged(cells: pd.DataFrame) -> pd.DataFrame:
    """`cells` (organisation_key, programme_field, municipality, student_count): small universities, then fields, then municipalities are named OTHERS."""
    if cells.empty:
        return cells
    parts = ["organisation_key", "programme_field", "municipality"]
    for place, part in enumerate(parts):
        whole = parts[:place]
        sizes = cells.groupby([*whole, part], sort=True)["student_count"].sum()
        small = (sizes.groupby(level=whole, group_keys=False).transform(_is_small) if whole else _is_small(sizes)).astype(bool).rename("is_small")
        cells = cells.join(small, on=[*whole, part])
        cells = cells.assign(**{part: cells[part].where(~cells["is_small"], OTHERS[part])}).drop(columns="is_small")
    return cells


def trajectory(rows: pd.DataFrame) -> Table:
    """Where students of each university and field come from."""
    keys = ["municipality", *UNIVERSITY, "programme_field"]
    cells = named(rows.assign(municipality=rows["origin_municipality"]), keys)
    cells = merged(cells)
    cells = cells.assign(organisation_name=cells["organisation_name"].where(cells["organisation_key"] != OTHERS["organisation_key"], OTHER_UNIVERSITIES))
    sums = cells.groupby(keys, sort=True)["student_count"].sum().astype(int).reset_index()
    return Table(name="trajectory", sheet="Из школы в вуз", title="Путь из школы в вуз: муниципалитет, вуз, группа направлений",
                 is_filtered=True, is_total_last=True, rows=with_total(sums, label="Всего", counts=["student_count"]),
                 columns=(*(KEYS[key] for key in keys), integer("student_count", "Поступили")),
                 note="Муниципалитет школы, а если она неизвестна – проживания. Меньше пяти человек одного вуза, группы или муниципалитета сложены в «прочие»; "
                      "если и их меньше пяти, к ним прибавлены наименьшие из остальных.")


def origins(rows: pd.DataFrame) -> Table:
    """How the school of students is known, by year of entry."""
    keys = ["entry_year"]
    count = rows["student_count"]
    parts = {f"{name}_count": count.where(rows["school_absence"] == name, 0) for name in ABSENCES} | {
        f"place_{name}_count": count.where((rows["origin_kind"] == name) & (rows["school_absence"] != "known"), 0) for name in ORIGINS}
    counts = ["student_count", *parts]
    sums = named(rows.assign(**parts), keys).groupby(keys, sort=True)[counts].sum().astype(int).reset_index()
    titles = {"student_count": "Поступили", **{f"{name}_count": words for name, words in ABSENCES.items()},
              **{f"place_{name}_count": f"Без школы: муниципалитет {words}" for name, words in ORIGINS.items()}}
    return Table(name="origins", sheet="Известна ли школа", title="Известна ли школа студента, по годам поступления", is_total_last=True,
                 rows=with_total(sums, label="Всего", counts=counts), columns=(KEYS["entry_year"], *(integer(key, words, 16) for key, words in titles.items())))
