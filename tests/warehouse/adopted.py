"""Draws one adopted child: an act of birth and what others hold under the former name, then the act's new version."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import link as linking
from tests.warehouse.staged import Receipt, Row, mark, person, write
from warehouse import ledger, load, publish

SCHOOL = "1020300000001"
ACT = "190000000000000000001"
BORN = date(2015, 3, 14)
MOTHER = {"mother_family_name": "ПРЕЖНЯЯ", "mother_given_name": "ОЛЬГА", "mother_birth_date": date(1990, 1, 2)}
ADOPTER = {"mother_family_name": "ДОРЖИЕВА", "mother_given_name": "СЭСЭГ", "mother_birth_date": date(1985, 5, 6)}
FORMER: Row = {"family_name": "ПРЕЖНИЙ", "given_name": "ИВАН", "patronymic": "ИВАНОВИЧ", "birth_date": BORN, "sex": "M", "snils": "11223344595",
               "birth_certificate": "I-АЖ 111111"}
LATTER: Row = {"family_name": "ДОРЖИЕВ", "given_name": "БАИР", "patronymic": "БАТОЕВИЧ", "birth_date": BORN, "sex": "M", "snils": "11223344595",
               "birth_certificate": "II-АЖ 222222"}
_minutes = itertools.count()


@dataclass
class Life:
    """Deliveries one after another into one warehouse."""

    folder: Path
    loaded: list[dict[str, Any]] = field(default_factory=list)

    def load(self, source: str, rows: dict[str, list[Row]], **more: list[Row]) -> None:
        receipt = Receipt(source=source, minute=next(_minutes) % 1400, origin=source)
        ledger.register([receipt])
        self.loaded.append(load.accept(receipt.delivery_id, write(self.folder / receipt.delivery_id, rows, **more)))

    def act(self, version: int, who: Row, **more: Any) -> None:
        self.load("zags_births", {"person": [person(ACT, version, **who, **more, birth_act_number=ACT, birth_act_date=date(2015, 3, 20))]})

    def school(self, who: Row, local: str = "7", marks: tuple[str, ...] = ("m1",), **more: list[Row]) -> None:
        key = f"{SCHOOL}:{local}"
        enrolment = {"source_key": key, "sequence": 0, "record_hash": "e" * 32, "position": "1", "person_key": key, "organisation_key": SCHOOL,
                     "programme": "primary", "grade": 4, "class_letter": "А", "study_form": "full_time", "valid_from": date(2022, 9, 1)}
        self.load("journal_file", {"person": [person(key, **who, organisation_key=SCHOOL)], "enrolment": [enrolment],
                                   "mark": [mark(one, key) for one in marks]}, **more)

    def answer(self, who: Row) -> None:
        key = f"zags_births:{ACT}"
        self.load("pfr_snils", {"person": [person(key, **{name: who[name] for name in ("family_name", "given_name", "birth_date", "snils")},
                                                  asked_source="zags_births", asked_key=ACT)]})

    def publish(self) -> int:
        version = linking.link()["version"]
        publish.publish(version, "test")
        return version

    def childhood(self) -> int:
        """Everything under the former name, linked and published, with a stranger beside."""
        self.load("education_organisations", {"organisation": [{
            "source_key": SCHOOL, "sequence": 0, "record_hash": "0" * 32, "position": "1", "organisation_key": SCHOOL, "organisation_name": "Школа",
            "organisation_kind": "school", "oktmo": "81701000"}]})
        self.act(1, FORMER, **MOTHER)
        self.school(FORMER)
        self.answer(FORMER)
        self.load("zags_births", {"person": [person("stranger", family_name="ЧУЖОЙ", given_name="ЛЕВ", birth_date=date(2014, 4, 4), sex="M")]})
        return self.publish()
