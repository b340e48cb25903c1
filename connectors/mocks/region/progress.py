"""Marks, absences and final marks of pupils: never stored, made class by class from hashes, always the same.

Every cell (pupil, lesson) has its own number, so a mark does not depend on who else is in the class or on what was asked.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from connectors.mocks.region import store
from connectors.mocks.region.chance import Array, Columns, key, keys, mix, share, where
from connectors.mocks.region.days import QUARTERS, YEAR_START, day_date, school_days

MARKED, ABSENT, LATE, DEBT, CORRECTED = 0.225, 0.038, 0.002, 0.003, 0.004
"""Of lessons: marked (about 200 a pupil a year), missed, come late to, owed; of marks: corrected some school days later."""
KINDS = np.array(["Ответ на уроке", "Домашняя работа", "Самостоятельная работа", "Контрольная работа", "Тест", "Практическая работа"], dtype=object)
_WEIGHTS = np.array([1.0, 1.0, 1.5, 2.0, 1.5, 1.0])
_KIND_EDGES = np.array([0.4, 0.65, 0.8, 0.88, 0.95])
_MARKS = np.array(["2", "3", "4", "5"], dtype=object)
_CREDIT_SUBJECTS = ("physical_education", "art", "music")
COLUMNS = ["local_id", "subject", "subject_name", "lesson_date", "lesson_number", "value", "weight", "work_kind", "mark_id"]
FINAL_COLUMNS = ["local_id", "subject", "subject_name", "period", "value"]
_PUPILS = """
SELECT wire_key AS local_id, grade, letter, entry_date, exit_date
FROM (SELECT * FROM seen.journal_pupil WHERE organisation_key = $organisation_key AND day <= $day
      QUALIFY row_number() OVER (PARTITION BY wire_key ORDER BY day DESC) = 1)
WHERE grade >= 2 AND (removed_day IS NULL OR removed_day > $day) AND family_name <> 'Тестов' ORDER BY grade, letter, wire_key
"""
_SUBJECTS = """
SELECT grade, letter, subject, subject_name, lessons_per_week FROM seen.class_subject WHERE organisation_key = $organisation_key AND grade >= 2
ORDER BY grade, letter, subject
"""
Region = Path | duckdb.DuckDBPyConnection


def progress_marks(region: Region, organisation_key: str, date_from: date, date_to: date, day: int) -> pd.DataFrame:
    """Marks and absences of one organisation's pupils for lessons of `date_from`..`date_to`, as its journal shows them on day `day`.

    One row a mark or absence, columns COLUMNS; `value` is '5'..'2', 'н', 'оп', 'б' (ill) or '.' (a debt). Grade 1 has none.
    """
    connection, seed = _open(region)
    try:
        parameters = {"organisation_key": organisation_key, "day": day}
        pupils = connection.execute(_PUPILS, parameters).df()
        subjects = connection.execute(_SUBJECTS, {"organisation_key": organisation_key}).df()
    finally:
        if isinstance(region, Path):
            connection.close()
    today = day_date(day)
    days = [d for d in school_days() if date_from <= d <= min(date_to, today)]
    parts = [_class_marks(seed, organisation_key, members, subjects[(subjects["grade"] == grade) & (subjects["letter"] == letter)], days, today)
             for (grade, letter), members in pupils.groupby(["grade", "letter"], sort=True)] if days else []
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _open(region: Region) -> tuple[duckdb.DuckDBPyConnection, int]:
    connection = duckdb.connect(str(region / store.WORLD), read_only=True) if isinstance(region, Path) else region.cursor()
    return connection, int(store.settings(connection)["seed"])


def _timetable(subjects: pd.DataFrame, days: list[date]) -> Columns:
    """The lessons of one class on these days: each subject on as many weekdays as it has hours, places in the day from the first."""
    weekday = np.array([d.weekday() for d in days])
    offset = np.cumsum(subjects["lessons_per_week"].to_numpy()) - subjects["lessons_per_week"].to_numpy()
    pairs = [(number, (start + hour) % 5) for number, (start, hours) in enumerate(zip(offset, subjects["lessons_per_week"], strict=True)) for hour in range(hours)]
    subject, on = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    place = np.array([int((on[:n] == on[n]).sum()) + 1 for n in range(len(on))])
    lesson, day = np.nonzero(on[:, None] == weekday[None, :])
    return {"subject": subject[lesson], "day": day, "number": place[lesson]}


def _class_marks(seed: int, organisation_key: str, members: pd.DataFrame, subjects: pd.DataFrame, days: list[date], today: date) -> pd.DataFrame:
    table = _timetable(subjects, days)
    dates = np.array(days, dtype="datetime64[D]")[table["day"]]
    codes = subjects["subject"].to_numpy(dtype=object)
    lesson = keys(codes)[table["subject"]] ^ mix((dates.astype(np.int64) * 16 + table["number"]).astype(np.uint64))
    pupil = keys(members["local_id"].to_numpy(dtype=object)) ^ key(seed, organisation_key)
    cell = mix(mix(pupil)[:, None] ^ lesson[None, :])
    luck = share(cell)
    present = _listed(members, dates) & (luck < MARKED + ABSENT + LATE + DEBT)
    row, column = np.nonzero(present)
    hashes, luck = cell[row, column], luck[row, column]
    ability = share(mix(pupil))[row] * 0.5 + share(mix(hashes)) * 0.65
    mark = _MARKS[np.searchsorted(np.array([0.1, 0.42, 0.75]), ability)]
    mark = _corrected(mark, hashes, dates[column], today)
    kind = np.searchsorted(_KIND_EDGES, share(mix(lesson)))[column]
    is_mark = luck < MARKED
    absence = np.array(["н", "б", "оп", "."], dtype=object)[np.searchsorted(MARKED + np.array([ABSENT * 0.5, ABSENT, ABSENT + LATE]), luck, side="right")]
    return pd.DataFrame({
        "local_id": members["local_id"].to_numpy(dtype=object)[row], "subject": codes[table["subject"]][column],
        "subject_name": subjects["subject_name"].to_numpy(dtype=object)[table["subject"]][column],
        "lesson_date": dates[column].astype(object), "lesson_number": table["number"][column], "value": np.where(is_mark, mark, absence),
        "weight": _WEIGHTS[kind], "work_kind": KINDS[kind], "mark_id": (hashes >> np.uint64(11)).astype(np.int64)}, columns=COLUMNS)


def _listed(members: pd.DataFrame, dates: Array) -> Array:
    """Pupils by lessons: whether the pupil was listed on that date."""
    entry = members["entry_date"].to_numpy().astype("datetime64[D]")[:, None]
    leaving = members["exit_date"].to_numpy().astype("datetime64[D]")[:, None]
    listed: Array = (np.isnat(entry) | (entry <= dates[None, :])) & (np.isnat(leaving) | (dates[None, :] < leaving))
    return listed


def _corrected(mark: Array, hashes: Array, dates: Array, today: date) -> Array:
    """A few marks are raised (a five lowered) one to eight days after the lesson."""
    again = mix(hashes ^ np.uint64(0xC0))
    due = dates + 1 + (again % np.uint64(8)).astype(int)
    change = (share(mix(again)) < CORRECTED) & (due <= np.datetime64(today))
    return where(change, where(mark == "5", "4", (mark.astype(int) + 1).astype("U1").astype(object)), mark)


def final_marks(region: Region, organisation_key: str, day: int) -> pd.DataFrame:
    """Final marks of all quarters finished by day `day`, columns FINAL_COLUMNS; `value` '2'..'5', 'зач', or 'н/а' where no mark was given."""
    today = day_date(day)
    parts = [_quarter(progress_marks(region, organisation_key, first, last, day), period)
             for period, (first, last) in QUARTERS.items() if last <= today]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FINAL_COLUMNS)


def _quarter(marks: pd.DataFrame, period: str) -> pd.DataFrame:
    """Weighted means of the current marks, rounded half up."""
    if marks.empty:
        return pd.DataFrame(columns=FINAL_COLUMNS)
    is_mark = marks["value"].isin(list(_MARKS))
    five = pd.to_numeric(marks["value"].where(is_mark), errors="coerce")
    sums = marks.assign(points=five * marks["weight"], weights=marks["weight"].where(is_mark, 0.0)).groupby(
        ["local_id", "subject", "subject_name"], sort=True)[["points", "weights"]].sum().reset_index()
    mean = np.floor(sums["points"] / sums["weights"].where(sums["weights"] > 0) + 0.5)
    text = mean.map(lambda value: "н/а" if pd.isna(value) else str(int(value)))
    credit = sums["subject"].isin(_CREDIT_SUBJECTS) & mean.notna() & (keys(sums["local_id"].to_numpy(dtype=object)) % np.uint64(4) == 0)
    return sums.assign(period=period, value=text.where(~credit, "зач"))[FINAL_COLUMNS]


__all__ = ["COLUMNS", "FINAL_COLUMNS", "YEAR_START", "final_marks", "progress_marks"]
