"""Tables of the report on attendance: missed lessons by reason, pupils with signs that ask for attention, the work list."""

from __future__ import annotations

import pandas as pd

from warehouse.reports.model import Column, Table
from warehouse.reports.progress_tables import PLACE
from warehouse.reports.shape import LEAST, UNKNOWN_PLACE, integer, text, with_total

REASONS = {"ill_count": "По болезни", "valid_count": "По уважительной причине", "absent_count": "Без причины"}
LESSONS = [*REASONS, "missed_count", "late_count"]
SIGNS = {"is_tenth_missed": "пропущено 10 % уроков и больше", "is_absent_three_days": "пропуски без причины три учебных дня подряд и больше",
         "is_failing_russian": "«2» по русскому языку", "is_failing_mathematics": "«2» по математике", "is_school_changed": "смена школы в этом учебном году"}
UNKNOWN_SIGNS = ("оставлен на повторное обучение", "пропущен весь учебный день")
"""What no source tells: printed so, never as 0."""
NO_DATA = "нет данных"
MONTHS = ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")
LESSON_COLUMNS = (*(integer(name, title) for name, title in REASONS.items()), integer("missed_count", "Пропущено всего"), integer("late_count", "Опозданий"))
SIGN_COLUMNS = (integer("pupil_count", "Обучающихся"), integer("signed_count", "С признаками"), *(integer(f"{name}_count", title.capitalize(), 16)
                                                                                                 for name, title in SIGNS.items()))


def month_title(months: pd.Series) -> pd.Series[str]:
    """`сентябрь 2025` for the first day of that month."""
    days = pd.to_datetime(months)
    return days.dt.month.map(dict(enumerate(MONTHS, 1))).astype("string") + " " + days.dt.year.astype("Int64").astype("string")


def filled(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """`rows` with a word in place of a missing key."""
    return rows.assign(**{key: rows[key].astype(object).where(rows[key].notna(), UNKNOWN_PLACE) for key in keys if key != "month"})


def _sorted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    parts = rows["class_name"].astype("string").str.extract(r"^(\d+)(.*)$") if "class_name" in keys else None
    if parts is None:
        return rows.sort_values(keys)
    ordered = rows.assign(grade_part=pd.to_numeric(parts[0]), letter_part=parts[1])
    by = [part for key in keys for part in (("grade_part", "letter_part") if key == "class_name" else (key,))]
    return ordered.sort_values(by).drop(columns=["grade_part", "letter_part"])


def lessons(rows: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str, least: pd.DataFrame | None = None) -> Table:
    """Missed lessons by reason for each value of `keys`; with `least` (least_lessons of the pupils by the same keys) also their estimated share."""
    sums = _sorted(filled(rows, keys).assign(missed_count=rows[list(REASONS)].sum(axis=1)).groupby(keys, sort=False)[LESSONS].sum().astype(int).reset_index(),
                   keys)
    body = with_total(sums, label="Всего", counts=LESSONS) if keys[0] != "month" else _months(sums)
    shown = [PLACE[key] if key in PLACE else text("month_title", "Месяц", 18) for key in keys]
    columns = (*shown, *LESSON_COLUMNS)
    if least is not None:
        body, columns = body.assign(missed_share=_share(body, least, keys)), (*columns, Column(name="missed_share", title="Доля уроков (оценка)", kind="share"))
    if "month" in keys[1:]:
        body = body.assign(month_title=month_title(body["month"]).astype(object).where(body["month"].notna(), None))
    return Table(name=name, sheet=sheet, title=title, is_filtered=True, is_total_last=True, columns=columns, rows=body[[column.name for column in columns]])


def _months(sums: pd.DataFrame) -> pd.DataFrame:
    named = sums.assign(month_title=month_title(sums["month"]) if len(sums) else pd.Series(dtype="object"))
    return with_total(named[["month_title", *LESSONS]], label="Всего", counts=LESSONS)


def _share(body: pd.DataFrame, least: pd.DataFrame, keys: list[str]) -> pd.Series[float]:
    sums = filled(least, keys).groupby(keys)["least_lessons"].sum().astype(float)
    known = body[keys].astype(object).merge(sums.reset_index().astype(object), on=keys, how="left")["least_lessons"].astype(float)
    known.iloc[-1] = float(sums.sum())
    return body["missed_count"].astype(float).reset_index(drop=True) / known.where(known > 0)


def signs(pupils: pd.DataFrame, roll: pd.DataFrame, keys: list[str], *, name: str, sheet: str, title: str) -> Table:
    """Pupils with each sign by `keys`, of all pupils of `roll`."""
    counts = ["signed_count", *(f"{sign}_count" for sign in SIGNS)]
    flags = {f"{sign}_count": pupils[sign].astype(int) for sign in SIGNS}
    parts = (filled(roll, keys)[[*keys, "pupil_count"]], filled(pupils, keys).assign(signed_count=1, **flags)[[*keys, *counts]])
    body = pd.concat([part for part in parts if len(part)] or parts).reindex(columns=[*keys, "pupil_count", *counts]).groupby(keys)[["pupil_count", *counts]].sum()
    body = body.fillna(0).astype(int).reset_index()
    rows = with_total(_sorted(body, keys), label="Всего", counts=["pupil_count", *counts])
    share = rows["signed_count"].astype(float) / rows["pupil_count"].astype(float).where(rows["pupil_count"].astype(float) >= LEAST)
    columns = (*(PLACE[key] for key in keys), *SIGN_COLUMNS, Column(name="signed_share", title="Доля с признаками", kind="share"))
    rows = rows.assign(signed_share=share)
    return Table(name=name, sheet=sheet, title=title, is_filtered=True, is_total_last=True, rows=rows[[one.name for one in columns]],
                 columns=columns, note=f"Доля не показана там, где обучающихся меньше {LEAST}.")


def by_sign(pupils: pd.DataFrame) -> Table:
    """Pupils by sign; a pupil with two signs stands in two rows, and what no source tells is said to be so."""
    rows = [*([title, int(pupils[sign].sum())] for sign, title in SIGNS.items()), *([title, NO_DATA] for title in UNKNOWN_SIGNS)]
    return Table(name="signs", sheet="По признакам", title="Обучающиеся с признаками, которые требуют внимания",
                 rows=pd.DataFrame(rows, columns=["sign", "pupil_count"]), columns=(text("sign", "Признак", 56), integer("pupil_count", "Обучающихся")),
                 note="Ребёнок с двумя признаками стоит в двух строках.")


def work_list(pupils: pd.DataFrame) -> Table:
    """Pupils with a sign, school by school, every reason named; without names."""
    keys = ["municipality", "organisation_name", "organisation_key", "class_name"]
    words = pd.Series("", index=pupils.index, dtype="object")
    for sign, title in SIGNS.items():
        words = words + pupils[sign].map({True: f"{title}; ", False: ""}).astype(object)
    shown = _sorted(filled(pupils, keys).assign(reasons=words.str.removesuffix("; ")).sort_values("pupil_id"), [*keys, "pupil_id"])
    columns = (*(PLACE[key] for key in keys), text("pupil_id", "Ребёнок"), text("reasons", "Признаки", 60), integer("missed_count", "Пропущено уроков"),
               integer("absent_count", "из них без причины"), integer("least_lesson_count", "Уроков по наименьшей нагрузке", 16),
               integer("unexcused_day_count", "Дней подряд без причины", 14), integer("school_change_count", "Смен школы"))
    return Table(name="work_list", sheet="Рабочий список", title="Рабочий список по школам", is_filtered=True, columns=columns,
                 rows=shown[[column.name for column in columns]],
                 note="Без имён: ребёнок назван внутренним номером; имена – в файле ограниченного доступа.")
