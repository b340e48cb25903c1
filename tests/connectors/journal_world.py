"""A tiny invented region: one school of each journal, a university, their mock servers and their drop folder."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import uvicorn

from connectors.landing import Delivery, Landing
from connectors.mocks.application import application
from connectors.mocks.drop import write_drop
from connectors.mocks.faults import CALM, Shares
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.world import World
from connectors.mocks.region.seen import DDL
from connectors.target import Target

TODAY = date(2025, 10, 24)
SCHOOLS = {"netschool": "1020300000001", "eljur": "1020300000002", "bars": "1020300000003", "file": "1020300000004", "scos": "1020300000005"}
PRODUCT_OF = {key: product for product, key in SCHOOLS.items()}
PUPILS = [("501", "Доржиев", "Баир", "Батоевич", "M", "112-233-445 95", "А"), ("502", "Дугарова", "Сэсэг", None, "F", None, "А"),
          ("503", "Цыренов", "Аюр", "Дашиевич", "M", "100-009-999 99", "Б"), ("504", "Тестов", "Тест", "Тестович", "M", "000-000-000 00", "Б")]
WORK = "Контрольная работа"


@dataclass(frozen=True)
class Region:
    """Where the mocks answer, where the files lie and where deliveries land."""

    url: str
    drop: Path
    landing: Landing

    def target(self, product: str, **more: Any) -> Target:
        key = SCHOOLS[product]
        paths = {"netschool": "netschool/webapi", "eljur": f"eljur/school-{key[-1]}/apiv3", "bars": "bars/api", "scos": "vam/api/v2"}
        endpoint = str(self.drop) if product == "file" else f"{self.url}/{paths[product]}"
        given = {"endpoint": endpoint, "as_of": TODAY, "organisation_key": key, "local_id": key[-1], "login": f"login{key[-1]}",
                 "password": "пароль" if product == "netschool" else "secret", "since": date(2025, 10, 13), "drop": self.drop}
        return Target(**(given | more))

    def delivery(self, source: str, delivery_id: str) -> Delivery:
        return next(one for one in self.landing.pending(source) if one.delivery_id == delivery_id)


def marks(folder: Path, organisation_key: str, first: date, last: date, day: int) -> pd.DataFrame:
    """A five, an absence, a debt and two equal fours of one lesson for each pupil."""
    rows = [{"local_id": pupil[0], "subject": "mathematics", "subject_name": "Матем.", "lesson_date": pd.Timestamp(when), "lesson_number": 2, "value": value,
             "weight": weight, "work_kind": work, "mark_id": f"{organisation_key}-{pupil[0]}-{number}"}
            for pupil in PUPILS for number, (when, value, weight, work) in enumerate((
                ("2025-10-14", "5", 1.5, WORK), ("2025-10-15", "н", None, None), ("2025-10-16", None, None, None),
                ("2025-10-17", "4", 1.0, WORK), ("2025-10-17", "4", 1.0, WORK), ("2025-09-02", "3", 1.0, WORK)))]
    frame = pd.DataFrame(rows)
    return frame[(frame["lesson_date"] >= pd.Timestamp(first)) & (frame["lesson_date"] <= pd.Timestamp(last))]


def finals(folder: Path, organisation_key: str, day: int) -> pd.DataFrame:
    rows = [(pupil[0], "mathematics", "Матем.", "2025-Q1", value) for pupil, value in zip(PUPILS, ("5", "н/а", "4", "3"), strict=True)]
    return pd.DataFrame(rows, columns=["local_id", "subject", "subject_name", "period", "value"])


@contextmanager
def region(folder: Path, *, shares: Shares = CALM, requests: int = 5_000, layout: str = "school_cp1251_split") -> Iterator[Region]:
    """The mocks of the tiny region on a free port, until the block ends."""
    world = _world(folder / "world", layout)
    sessions = {product: Sessions(requests=requests) for product in ("netschool", "eljur", "bars")}
    server = uvicorn.Server(uvicorn.Config(application(world, shares=shares, sessions=sessions), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    write_drop(world, folder / "drop", url=url)
    try:
        yield Region(url, folder / "drop", Landing(folder / "landing"))
    finally:
        server.should_exit = True
        thread.join()


def _world(folder: Path, layout: str) -> World:
    folder.mkdir()
    with duckdb.connect(str(folder / "world.duckdb")) as connection:
        connection.execute(DDL)
        for product, key in SCHOOLS.items():
            _insert(connection, "organisation", {
                "day": 0, "organisation_key": key, "inn": "0326000001", "name": f"Школа {key[-1]}", "kind": "university" if product == "scos" else "school",
                "oktmo": "81701000", "settlement": "Улан-Удэ", "is_rural": False, "product": product, "layout": layout if product == "file" else None,
                "local_id": key[-1], "login": f"login{key[-1]}", "password": "пароль" if product == "netschool" else "secret"})
            if product != "scos":
                for pupil in PUPILS:
                    _insert(connection, "journal_pupil", _pupil(key, *pupil))
        _university(connection, SCHOOLS["scos"])
    return World(folder, day=0, today=TODAY, marks=marks, finals=finals)


def _pupil(key: str, local_id: str, family: str, given: str, patronymic: str | None, sex: str, snils: str | None, letter: str) -> dict[str, Any]:
    return {"day": 0, "organisation_key": key, "wire_key": local_id, "family_name": family, "given_name": given, "patronymic": patronymic,
            "birth_date": date(2014, 3, 9), "sex": sex, "snils": snils, "certificate": "I-АЖ № 600001", "citizenship": "РФ", "grade": 5, "letter": letter,
            "shift": 1, "study_form": "очная", "entry_date": date(2021, 9, 1)}


def _university(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    common = {"day": 0, "organisation_key": key}
    _insert(connection, "study_plan", {"organisation_key": key, "plan_id": "p1", "external_id": "e", "title": "Информатика", "direction": "Информатика",
                                       "code_direction": "09.03.01", "start_year": 2023, "end_year": 2027, "education_form": "FULL_TIME"})
    _insert(connection, "discipline", {"organisation_key": key, "discipline_id": "d1", "external_id": "e", "title": "Анализ"})
    _insert(connection, "plan_discipline", {"organisation_key": key, "plan_id": "p1", "discipline_id": "d1", "semester": 1})
    for number in ("s1", "s2"):
        _insert(connection, "student", common | {"external_id": number, "wire_key": number, "surname": "Очирова", "name": "Дарима", "middle_name": None,
                                                 "date_of_birth": date(2005, 5, 5), "snils": "11223344595", "study_year": 3, "plan_id": "p1"})
    for number, kind, day in (("f1", "ENROLLMENT", "2023-09-01"), ("f2", "DEDUCTION", "2024-02-01"), ("f3", "REINSTATEMENT", "2024-09-01")):
        _insert(connection, "contingent_flow", common | {"external_id": number, "wire_key": number, "student_id": "s1", "flow_type": kind, "date": day,
                                                         "education_form": "FULL_TIME", "details": "по собственному желанию"})
    for number, kind, value in (("m1", "DIF_CREDIT", 4), ("m2", "CREDIT", 0)):
        _insert(connection, "student_mark", common | {"external_id": number, "wire_key": number, "student_id": "s1", "plan_id": "p1",
                                                      "discipline_id": "d1", "semester": 1, "mark_type": kind, "mark_value": value})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    connection.execute(f"INSERT INTO seen.{table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
