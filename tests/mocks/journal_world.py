"""A tiny world for tests of the journals: one organisation of each product, a few pupils, marks that are handed in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
from starlette.testclient import TestClient

from connectors.mocks.application import application
from connectors.mocks.faults import CALM, Shares
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.world import World
from connectors.mocks.region.seen import DDL

TODAY = date(2025, 10, 24)
NETSCHOOL, ELJUR, BARS, FILE, GARDEN, UNIVERSITY = (f"10203000000{n:02d}" for n in range(10, 16))
PASSWORD = "тайна-1"
_ORGANISATIONS = [(NETSCHOOL, "school", "netschool", "501"), (ELJUR, "school", "eljur", "502"), (BARS, "school", "bars", "503"),
                  (FILE, "school", "file", None), (GARDEN, "kindergarten", "file", None), (UNIVERSITY, "university", "scos", None)]
_MARKS = [("7", date(2025, 9, 1), 2, "5", 1.5, "Контрольная работа", 11), ("7", date(2025, 9, 1), 2, "4", 1.5, "Контрольная работа", 12),
          ("7", date(2025, 10, 2), 1, "н", None, None, 13), ("7", date(2025, 10, 3), 1, ".", 1.0, "Тест", 14), ("8", date(2025, 9, 1), 2, "3", 1.0, "Тест", 15)]


def marks(folder: Path, organisation_key: str, first: date, last: date, day: int) -> pd.DataFrame:
    rows = [(pupil, "math", "Математика", on, lesson, value, weight, kind, number)
            for pupil, on, lesson, value, weight, kind, number in _MARKS if first <= on <= last]
    return pd.DataFrame(rows, columns=["local_id", "subject", "subject_name", "lesson_date", "lesson_number", "value", "weight", "work_kind", "mark_id"])


def finals(folder: Path, organisation_key: str, day: int) -> pd.DataFrame:
    rows = [("7", "math", "Математика", "2025-Q1", "5"), ("8", "math", "Математика", "2025-Q1", "н/а")]
    return pd.DataFrame(rows, columns=["local_id", "subject", "subject_name", "period", "value"])


def make(folder: Path) -> World:
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / "world.duckdb")) as world:
        world.execute(DDL)
        for key, kind, product, local_id in _ORGANISATIONS:
            password = "11111111-2222-3333-4444-555555555555" if product == "scos" else PASSWORD
            world.execute("""INSERT INTO seen.organisation VALUES
                (0, ?, '0323000000', ?, ?, '81624000', 'Кабанский район', 'Кабанск', true, ?, NULL, ?, 100, 1, ?, ?)""",
                          [key, f"Школа {key[-2:]}", kind, product, local_id, f"user{key[-2:]}", password])
            if product != "scos":
                _pupils(world, key, kind)
        _university(world)
    return World(folder, day=0, today=TODAY, marks=marks, finals=finals)


def client(folder: Path, *, shares: Shares = CALM, sessions: dict[str, Sessions] | None = None) -> TestClient:
    return TestClient(application(make(folder), seed=7, shares=shares, sessions=sessions))


def _pupils(world: duckdb.DuckDBPyConnection, key: str, kind: str) -> None:
    rows = [("7", 0, None, "Дүгаров", "Баир", "Өлзыевич", "0112233445 95"), ("8", 0, None, "Иванова", "Анна", None, "112-233-445 95"),
            ("9", 0, 0, "Ушедший", "Пётр", None, None), ("10", 1, None, "Завтрашний", "Олег", None, None)]
    for local_id, day, removed, family, given, patronymic, snils in rows:
        grade, letter, group = (None, None, "Старшая № 1") if kind == "kindergarten" else (5, "А", None)
        world.execute("""INSERT INTO seen.journal_pupil (day, removed_day, organisation_key, wire_key, family_name, given_name, patronymic, birth_date, sex, snils,
            certificate, citizenship, grade, letter, group_name, shift, study_form, entry_date)
            VALUES (?, ?, ?, ?, ?, ?, ?, DATE '2014-03-09', 'M', ?, 'I-АЖ 600001', 'РФ', ?, ?, ?, 1, 'очная', DATE '2025-09-01')""",
                      [day, removed, key, local_id, family, given, patronymic, snils, grade, letter, group])


def _university(world: duckdb.DuckDBPyConnection) -> None:
    for number in range(3):
        world.execute("INSERT INTO seen.student VALUES (0, ?, ?, ?, 'Доржиев', 'Баир', NULL, DATE '2006-03-09', NULL, 2, 'p1', ?)",
                      [UNIVERSITY, f"e{number}", f"s{number}", "p2" if number == 0 else None])
    for plan in ("p1", "p2"):
        world.execute("INSERT INTO seen.study_plan VALUES (?, ?, 'x', 'Физика', 'Физика', '03.03.02', 2024, 2028, 'FULL_TIME')", [UNIVERSITY, plan])
    world.execute("INSERT INTO seen.discipline VALUES (?, 'd1', 'x', 'Оптика')", [UNIVERSITY])
    world.execute("INSERT INTO seen.plan_discipline VALUES (?, 'p1', 'd1', 3)", [UNIVERSITY])
    for number, kind in enumerate(("ENROLLMENT", "DEDUCTION", "REINSTATEMENT")):
        world.execute("INSERT INTO seen.contingent_flow VALUES (0, ?, 'f', ?, 's0', ?, DATE '2024-09-01', 'ФТФ', 'FULL_TIME', 'budget', NULL, '12-с')",
                      [UNIVERSITY, f"f{number}", kind])
    world.execute("INSERT INTO seen.student_mark VALUES (0, ?, 'm', 'm1', 's0', 'p1', 'd1', 3, 'CREDIT', 1)", [UNIVERSITY])
    world.execute("INSERT INTO seen.student_mark VALUES (5, ?, 'm', 'm1', 's0', 'p1', 'd1', 3, 'CREDIT', 0)", [UNIVERSITY])
