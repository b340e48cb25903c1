"""What speaks of adoption on the wire never becomes a row: acts of that kind are held, the basis of a birth act is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files import ingest
from schemas.consent import REPRESENTATIVES
from schemas.fields import FIELDS
from schemas.warehouse import RELATIONS
from tests.conftest import Warehouse
from tests.flow import wire
from tests.flow.state import keys

pytestmark = pytest.mark.flow
ADOPTION = "04"
"""ТипАГС of an act of adoption."""
BASIS = (f'<z:СведДокОснОтец><f:ЗапАктОсн ТипАГС="{ADOPTION}" НомерЗапис="240000000000000000009"><f:ДатаЗапис>2019-05-06</f:ДатаЗапис>'
         '<f:ОрганЗАГС НаимЗАГС="Отдел ЗАГС" КодЗАГС="R0300001"/></f:ЗапАктОсн></z:СведДокОснОтец>')


def test_an_answer_about_acts_of_adoption_is_held_whole(warehouse: Warehouse, tmp_path: Path) -> None:
    told = wire.answer(wire.act(1)).replace('ТипАГСЗапрос="01"', f'ТипАГСЗапрос="{ADOPTION}"')
    assert ingest("zags_births", [wire.write(tmp_path, "answer.xml", told)])["held"] == 1
    assert keys(warehouse) == []


def test_an_act_of_adoption_that_a_birth_rests_on_is_nowhere_in_the_warehouse(warehouse: Warehouse, tmp_path: Path) -> None:
    act = wire.act(1).replace("<z:ПрСведДокОснОтец>1</z:ПрСведДокОснОтец>", BASIS)
    assert BASIS in act
    assert ingest("zags_births", [wire.write(tmp_path, "push.xml", wire.push(act))])["held_codes"] == {}
    kept = warehouse.scalar("SELECT string_agg(person_record::text, ' ') FROM identity.person_record".replace("::", r"\:\:"))
    assert "ДОРЖИЕВ" in str(kept)
    assert "240000000000000000009" not in str(kept)
    assert "2019-05-06" not in str(kept)


def test_no_column_can_hold_the_proof_of_a_representative() -> None:
    """Proof code 401 is a court's decision on adoption: it has no place to stand."""
    named = [name for name in FIELDS if any(part in name for part in ("proof", "representative", "guardian", "adopt"))]
    kept = [f"{relation.full_name}.{column}" for relation in RELATIONS.values() for column in relation.columns
            if any(part in column for part in ("proof", "representative", "guardian", "adopt"))]
    assert named == []
    assert kept == ["core.consent.representative"], "who gave a consent, one of a closed list of relations: no proof, no document, nothing a source sends"
    assert set(RELATIONS["core.consent"].field("representative").values or ()) == set(REPRESENTATIVES)
    assert not {"401", "adopter", "adoptive_parent"} & set(REPRESENTATIVES)
