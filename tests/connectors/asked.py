"""Questions and kept answers for the tests of those who are asked."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from connectors.landing import Delivery
from connectors.mocks.region.seen import DDL
from tests.connectors.exchange import EMPTY, message, zipped

QUESTION = {
    "question_id": "zags_births:1", "asked_source": "zags_births", "asked_key": "1", "family_name": "КОРОЛЁВ", "given_name": "БАИР", "patronymic": "БАТОЕВИЧ",
    "birth_date": date(2014, 3, 9), "sex": "M", "birth_certificate": "I-АЖ 600001", "birth_certificate_date": date(2014, 3, 20),
    "birth_certificate_issuer": "Отдел ЗАГС «Северный»", "document_kind": None, "document": None, "document_date": None, "snils": "11223344595",
}


def questions(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "questions.parquet"
    pd.DataFrame([QUESTION | row for row in rows]).to_parquet(path)
    return path


def world(folder: Path) -> Path:
    """A world in which МВД and ПФР know the child of QUESTION."""
    path = folder / "world.duckdb"
    person = {"day": 0, "family_name": "Королёв", "given_name": "Баир", "patronymic": "Батоевич", "birth_date": date(2014, 3, 9),
              "document_series": "I-АЖ", "document_number": "600001", "document_date": date(2014, 3, 20)}
    account = person | {"wire_key": "11223344595", "snils": "11223344595", "sex": "M", "document_type": "BirthCertificate", "document_issuer": "ЗАГС"}
    registration = person | {"wire_key": "r-1", "kind": "living", "document_type": "birthCertificate", "region": "Республика Бурятия",
                             "region_oktmo": "81701000", "settlement": "Улан-Удэ", "date_from": date(2014, 4, 1)}
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
        for table, row in (("pfr_account", account), ("fms_registration", registration)):
            connection.execute(f"INSERT INTO seen.{table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    return path


def delivery(source: str) -> Delivery:
    return Delivery(delivery_id="d", source=source, origin="x", media="tar", sha256="0" * 64, size_bytes=1,
                    received_at="2025-10-24T12:00:00+08:00", as_of="2025-10-24")


def conversation(service: str, extra: str, *answers: bytes, keys: bool = True, said: str | None = None) -> io.BytesIO:
    """The tar of one bulk answer: question n was about record n; an answer that begins with «rejected» is a refusal."""
    entries = {(f"{n}.rejected" if b"RequestRejected" in body else str(n)): body for n, body in enumerate(answers, 1)}
    asked = {"service": service, "attempt": 1, "keys": [[f"zags_births:{n}", "zags_births", str(n), extra] for n in range(1, len(answers) + 1)]}
    members = {"000000-question-keys.json": json.dumps(asked).encode()} if keys else {}
    members["000001-message.xml"] = message(said)[2] if said is not None else EMPTY[2]
    if answers:
        members["000002-attachment-1.zip"] = zipped(**entries)
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, body in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    target.seek(0)
    return target
