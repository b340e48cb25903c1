"""Draws disputed pairs: records loaded and linked as the pipeline does it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipeline import link
from tests.conftest import Warehouse
from tests.warehouse.staged import Receipt, person
from tests.warehouse.test_load import accept

SNILS, SHOWN = "11223344595", "112-233-445 95"
BORN = date(2015, 3, 4)


def child(key: str, **values: Any) -> dict[str, Any]:
    return person(key, **{"family_name": "ДОРЖИЕВ", "given_name": "БАТОР", "patronymic": "ЦЫРЕНОВИЧ", "birth_date": BORN, "sex": "M"} | values)


def brothers(folder: Path) -> str:
    """Two brothers on one СНИЛС, linked: the case they make."""
    accept(folder, {"person": [child("a", snils=SNILS), child("b", snils=SNILS, given_name="АЮР")]})
    link.link()
    return "1-2"


def namesakes(folder: Path, count: int) -> list[str]:
    """So many pairs (at most 12) that differ in one letter of the family name, linked: the cases they make."""
    rows = [child(f"{number}{side}", family_name=name, given_name="АЛДАР", birth_date=date(2014 - number, 1 + number % 12, 2 + number))
            for number in range(count) for side, name in (("a", "БАДМАЕВ"), ("b", "БАДМААВ"))]
    accept(folder, {"person": rows}, Receipt(source="journal_file"))
    link.link()
    return [f"{2 * number + 1}-{2 * number + 2}" for number in range(count)]


def belong_together(warehouse: Warehouse, *records: int) -> bool:
    """Whether the records are one pupil now."""
    return len(warehouse.rows("SELECT DISTINCT pupil_id FROM identity.link WHERE version_to > 1e18 AND record_id = ANY(:records)", records=list(records))) == 1
