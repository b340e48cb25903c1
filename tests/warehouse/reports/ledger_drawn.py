"""A ledger of two runs drawn row by row: what each sender did wrong is known, and must be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from drawn import SCHOOL, Region
from sqlalchemy import text

YESTERDAY, TODAY = date(2025, 10, 23), date(2025, 10, 24)
SILENT, LATE_SCHOOL = "journal_bars", "1020000000009"


def at(day: date, minute: int = 0) -> datetime:
    """A moment of the morning of `day`."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC) + timedelta(minutes=minute)


@dataclass
class Ledger:
    """Draws into `region`; version 1 is yesterday's, 2 is today's, each published two hours after its first delivery."""

    region: Region
    ids: dict[str, str] = field(default_factory=dict)

    def publish(self, version: int, day: date) -> None:
        with self.region.engine.begin() as connection:
            connection.execute(text("INSERT INTO quality.version (version, kind, as_of, created_at) VALUES (:version, 'load', :day, :at) "
                                    "ON CONFLICT (version) DO UPDATE SET as_of = :day, created_at = :at"), {"version": version, "day": day, "at": at(day, 100)})
        self.result(day, "warehouse", "link.every_record", version=version, severity="block", minute=120)

    def delivery(self, name: str, source: str, day: date, *, version: int | None, state: str = "loaded", held_code: str | None = None, created: int = 0,
                 refused: dict[str, int] | None = None, origin: str = SCHOOL, minute: int = 0, replay_of: str | None = None, entity: str = "person",
                 loaded_at: datetime | None = None) -> str:
        key = self.ids[name] = str(uuid.UUID(int=len(self.ids) + 1000))
        count = sum((refused or {}).values())
        counts = {"received": created + count, "loaded": created, "unchanged": 0, "superseded": 0, "refused": count, "withdrawn": 0}
        self.region.insert("quality.delivery", delivery_id=key, source=source, origin=origin, media="csv", sha256=f"{len(self.ids):02x}" * 32, size_bytes=10,
                           as_of=day, received_at=at(day, minute), state=state, held_code=held_code, version=version, attempts=0, replay_of=replay_of, **counts)
        if state == "loaded":
            self.region.insert("quality.delivery_entity", delivery_id=key, entity=entity, created=created, updated=0, **counts)
        self.event(key, "received", at(day, minute))
        self.event(key, state, loaded_at or at(day, minute + 1), held_code=held_code, version=version)
        for rule, wrong in (refused or {}).items():
            for number in range(wrong):
                self.region.insert("quality.refused_record", delivery_id=key, entity=entity, position=f"строка {number + 2}", source_key=f"{origin}:{number}",
                                   rule=rule, rule_version=1, refused_at_version=version)
        return key

    def event(self, delivery: str, state: str, moment: datetime, **values: Any) -> None:
        number = next(self.region.numbers)
        self.region.insert("quality.delivery_event", event_id=number, delivery_id=delivery, state=state, at=moment, **values)

    def result(self, day: date, gate: str, rule: str, *, source: str | None = None, delivery: str | None = None, version: int | None = None,
               entity: str | None = None, severity: str = "hold", success: bool = True, unexpected: int = 0, minute: int = 10) -> None:
        subject = f"version {version}" if version else f"{source}/{entity}" if entity else str(source)
        self.region.insert("quality.validation_result", run_id=f"run {day}", as_of=day, gate=gate, source=source, entity=entity, delivery_id=delivery,
                           version=version, subject_checked=subject, suite=subject, expectation=rule, rule_version=1, severity=severity, success=success,
                           evaluated=100, unexpected=unexpected, at=at(day, minute))


def bad_day(region: Region) -> Ledger:
    """Yesterday: one refusal, all three sources. Today: a list halved, an act against the schema, numbers wrong, one journal silent, one warning."""
    drawn = Ledger(region)
    drawn.delivery("acts", "zags_births", YESTERDAY, version=1, created=5, refused={"person.birth.required": 1})
    drawn.delivery("bars", SILENT, YESTERDAY, version=1, created=7)
    drawn.delivery("school", "journal_file", YESTERDAY, version=1, created=9, origin=f"{LATE_SCHOOL}/list.csv")
    drawn.publish(1, YESTERDAY)
    bad = drawn.delivery("numbers", "zags_births", TODAY, version=2, created=20, refused={"person.snils.control_number": 150})
    halved = drawn.delivery("halved", "journal_file", TODAY, version=None, state="held", held_code="delivery.rows.shrink", minute=3)
    drawn.delivery("schema", "zags_paternity", TODAY, version=None, state="held", held_code="xml.schema", minute=4)
    drawn.result(TODAY, "door", "delivery.rows.shrink", source="journal_file", delivery=halved, success=False, unexpected=1)
    drawn.result(TODAY, "door", "delivery.rows.range", source="journal_file", delivery=halved)
    drawn.result(TODAY, "record", "person.snils.control_number", source="zags_births", delivery=bad, entity="person", severity="refuse")
    drawn.result(TODAY, "record", "person.inn.pattern", source="zags_births", delivery=bad, entity="person", severity="warn", success=False, unexpected=2)
    drawn.publish(2, TODAY)
    return drawn
