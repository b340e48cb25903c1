"""A region drawn row by row: organisations, children and deliveries put straight into the tables of one version."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, text

from warehouse.engine import open_engine

OPEN = 9223372036854775807
ULAN_UDE, KABANSK = "81701000", "81624000"
SCHOOL, OTHER_SCHOOL, KINDERGARTEN, COLLEGE = "1020000000001", "1020000000002", "1020000000003", "1020000000004"
AS_OF = date(2025, 10, 24)
RECEIVED = datetime(2025, 10, 24, 3, tzinfo=UTC)
EMPTIED = ("quality.linkage_measure", "quality.delivery_event",
           "quality.refused_record", "quality.left_out_value", "quality.delivery_entity", "quality.delivery", "quality.validation_result",
           "core.final_mark", "core.attendance", "core.enrolment", "core.residence", "core.citizenship", "core.pupil_cell", "core.pupil",
           "core.snils_validation", "core.past_contingent", "core.organisation", "core.municipality", "identity.review", "identity.link", "identity.person_record",
           "identity.pupil", "identity.source_record", "quality.publication", "quality.version")
_DELIVERIES = itertools.count(1)
"""A delivery is received once for ever, also where the test before it was emptied: the receipts of the trail stay."""


@dataclass(frozen=True)
class Database:
    """One migrated database and its engines by role."""

    urls: dict[str, str]

    def engine(self, role: str = "loader") -> Engine:
        return open_engine(self.urls[role])


@dataclass
class Region:
    """Everything is in version 1 from the beginning, unless said otherwise."""

    engine: Engine
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def insert(self, table: str, **values: Any) -> Any:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        with self.engine.begin() as connection:
            connection.execute(text(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})"), values)

    def meta(self, number: int, source: str) -> dict[str, Any]:
        return {"source": source, "source_key": f"{source}:{number}", "sequence": 0, "record_hash": f"{number:032x}", "position": str(number),
                "delivery_id": str(uuid.UUID(int=0)), "version_from": 1, "version_to": OPEN}

    def organisation(self, key: str, name: str, *, kind: str = "school", oktmo: str = ULAN_UDE, is_rural: bool | None = False) -> None:
        self.insert("core.organisation", **self.meta(next(self.numbers), "education_organisations"), organisation_key=key, organisation_name=name,
                    organisation_kind=kind, oktmo=oktmo, is_rural=is_rural)

    def child(self, birth_date: str | None, sex: str | None = "M", *, oktmo: str | None = ULAN_UDE, is_rural: bool | None = False, death_date: str | None = None,
              is_resident: bool | None = True, snils: str | None = None, source: str = "journal_eljur") -> int:
        number = next(self.numbers)
        names = {"family_name": "ЦЫДЫПОВ", "given_name": "БАИР", "patronymic": "ДОРЖИЕВИЧ"}
        person = {"birth_date": birth_date, "sex": sex, "snils": snils}
        self.insert("identity.source_record", record_id=number, source=source, source_key=f"{source}:{number}")
        self.insert("identity.person_record", record_id=number, **self.meta(number, source), **names, **person, record_status="active")
        self.insert("identity.pupil", pupil_id=number, created_version=1)
        self.insert("identity.link", record_id=number, pupil_id=number, rule="new", link_status="new", version_from=1, version_to=OPEN)
        self.insert("core.pupil", pupil_id=number, **names, **person, death_date=death_date, oktmo=oktmo, is_rural=is_rural, is_resident=is_resident,
                    version_from=1, version_to=OPEN)
        return number

    def enrol(self, child: int, valid_from: str, valid_to: str | None = None, *, at: str = SCHOOL, grade: int | None = 1, letter: str = "А",
              programme: str = "primary", study_form: str = "full_time", shift: int | None = 1, exit_reason: str | None = None) -> None:
        self.insert("core.enrolment", **self.meta(next(self.numbers), "journal_eljur"), record_id=child, organisation_key=at, programme=programme,
                    grade=grade, class_letter=letter, study_form=study_form, shift=shift, valid_from=valid_from, valid_to=valid_to, exit_reason=exit_reason)

    def delivery(self, source: str, *, version: int | None = 1, state: str = "loaded", held_code: str | None = None, created: int = 0, updated: int = 0,
                 unchanged: int = 0, superseded: int = 0, refused: int = 0, entity: str = "person",
                 received_at: datetime = RECEIVED) -> str:
        key, loaded = str(uuid.UUID(int=next(_DELIVERIES))), created + updated
        counts = {"received": loaded + unchanged + superseded + refused, "loaded": loaded, "unchanged": unchanged, "superseded": superseded,
                  "refused": refused, "withdrawn": 0}
        self.insert("quality.delivery", delivery_id=key, source=source, origin=SCHOOL, media="xml", sha256="ab" * 32, size_bytes=10, as_of=AS_OF,
                    received_at=received_at, state=state, held_code=held_code, version=version, **counts)
        self.insert("quality.delivery_entity", delivery_id=key, entity=entity, created=created, updated=updated, **counts)
        return key

    def empty(self) -> None:
        """Back to two municipalities, two schools, a kindergarten, a college and nobody, in version 1."""
        with self.engine.begin() as connection:
            for name in EMPTIED:
                connection.execute(text(f"DELETE FROM {name}"))
        self.publish()
        self.insert("core.municipality", oktmo=ULAN_UDE, name="г. Улан-Удэ", kind="town", oktmo_is_confirmed=True, tile_row=4, tile_column=2)
        self.insert("core.municipality", oktmo=KABANSK, name="Кабанский район", kind="district", oktmo_is_confirmed=True, tile_row=3, tile_column=1)
        self.organisation(SCHOOL, "Школа № 1")
        self.organisation(OTHER_SCHOOL, "Школа села Кабанск", oktmo=KABANSK, is_rural=True)
        self.organisation(KINDERGARTEN, "Детский сад", kind="kindergarten")
        self.organisation(COLLEGE, "Колледж", kind="college")

    def publish(self, version: int = 1) -> None:
        self.insert("quality.version", version=version, kind="load", as_of=AS_OF, created_at=datetime(2025, 10, 24, 4, tzinfo=UTC))
