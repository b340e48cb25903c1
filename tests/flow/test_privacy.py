"""Nothing personal is in the log of a day, nor in what auditors of deliveries read."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.flow.lived import Lived

pytestmark = pytest.mark.flow
SHORT = 5
"""Letters: shorter names are words of the language too."""


def personal(lived: Lived) -> dict[str, set[str]]:
    """What must not be seen, by kind, case-folded."""
    people = pd.read_parquet(lived.world / "truth_person.parquet")
    names = pd.concat([people[column] for column in ("family_name", "birth_family_name")]).dropna().str.casefold()
    return {"name": {name for name in names if len(name) >= SHORT}, "snils": set(people["snils"].dropna()),
            "certificate": set((people["certificate_series"] + " " + people["certificate_number"]).dropna().str.casefold())
            | set(people["certificate_number"].dropna())}


def leaks(text: str, known: dict[str, set[str]]) -> dict[str, int]:
    """How many personal values stand in a text, by kind; the values themselves are not told."""
    folded = text.casefold()
    words = set(re.findall(r"[а-яё-]+", folded))
    digits = set(re.findall(r"(?<!\d)\d{11}(?!\d)", folded)) | {re.sub(r"\D", "", one) for one in re.findall(r"(?<!\d)\d{3}-\d{3}-\d{3}[- ]\d{2}(?!\d)", folded)}
    papers = set(re.findall(r"[ivxlcdm]+-[а-я]{2} \d{6}", folded)) | set(re.findall(r"(?<![\d.:\w-])\d{6}(?![\d\w-])", folded))
    found = {"name": words & known["name"], "snils": digits & known["snils"], "certificate": papers & known["certificate"]}
    return {kind: len(values) for kind, values in found.items() if values}


def test_the_search_finds_what_it_looks_for(lived: Lived) -> None:
    child = pd.read_parquet(lived.world / "truth_person.parquet").query("kind == 'child' and family_name.str.len() >= 5 and snils.notna()").iloc[0]
    dashed = re.sub(r"(...)(...)(...)(..)", r"\1-\2-\3 \4", child["snils"])
    planted = f"x {child['family_name'].upper()}, {dashed}; {child['certificate_series']} {child['certificate_number']}"
    assert leaks(planted, personal(lived)) == {"name": 1, "snils": 1, "certificate": 2}, "with its series and without"


def test_no_line_of_the_log_names_anyone(lived: Lived) -> None:
    assert "transforms.stage" in lived.log
    assert leaks(lived.log, personal(lived)) == {}


def test_no_table_of_quality_names_anyone(lived: Lived) -> None:
    columns = lived.warehouse.rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'quality' "
                                   "AND data_type IN ('text', 'character varying', 'json', 'jsonb')")
    known = personal(lived)
    found = {f"{table}.{column}": leaks(str(lived.warehouse.scalar(f'SELECT string_agg(DISTINCT "{column}"::text, chr(10)) FROM quality."{table}"')), known)
             for table, column in columns}
    assert "refused_record.position" in found
    assert {where: what for where, what in found.items() if what} == {}


def test_no_file_of_the_portal_names_anyone(lived: Lived) -> None:
    known = personal(lived)
    pages = [path for path in (lived.warehouse.folder / "portal").rglob("*") if path.suffix in (".html", ".json", ".svg")]
    assert pages != []
    found = {path.name: leaks(path.read_text("utf-8"), {"name": set(), "snils": known["snils"], "certificate": set()}) for path in pages}
    assert {name: what for name, what in found.items() if what} == {}
