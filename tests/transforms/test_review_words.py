"""Every code the linkage can give a person to read has its Russian words."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from schemas.fields import FIELDS
from schemas.tables import STAGING
from transforms import codes, review_words

LINKAGE = Path(__file__).resolve().parents[2] / "transforms" / "linkage"
SQL = {path.name: re.sub(r"--.*", "", path.read_text("utf-8")) for path in sorted(LINKAGE.glob("*.sql")) if not path.name.startswith("golden")}
WEIGHTS = json.loads((LINKAGE / "weights.json").read_text("utf-8"))
PYTHON = {path.name: path.read_text("utf-8") for path in sorted(LINKAGE.glob("*.py"))}


def rules() -> set[str]:
    """Rules: those that have a weight, columns `rule`, and prefixes put before a reason."""
    found = set(WEIGHTS.get("rules", {}))
    for text in SQL.values():
        found |= set(re.findall(r"'([a-z_]+)' AS rule\b", text)) | set(re.findall(r"'([a-z_]+)\.' \|\|", text))
        found |= {rule for pair in re.findall(r"THEN '([a-z_]+)' ELSE '([a-z_]+)' END AS rule\b", text) for rule in pair}
    return found


def whole_reasons() -> set[str]:
    """Literals `rule.reason`."""
    return {code for text in SQL.values() for code in re.findall(r"'([a-z_]+\.[a-z_]+)'", text)}


def bare_reasons() -> set[str]:
    """Reasons that get their rule later: elements of a filtered list, columns `reason`, and those of the clustering."""
    found = {code for text in PYTHON.values() for code in re.findall(r"= \"(near_[a-z_]+)\"", text)}
    for name, text in SQL.items():
        found |= set(re.findall(r"\bTHEN '([a-z_]+)' END(?! AS\b)", text)) | set(re.findall(r"'([a-z_]+)' AS reason\b", text))
        found |= set(re.findall(r"\.n\)?, '([a-z_]+)'\n", text)) if "conflict" in name else set()
    return found


def test_the_codes_are_found_in_the_sql() -> None:
    assert {"snils", "act", "name", "decision"} <= rules()
    assert {"name.not_unique", "near.birth_date"} <= whole_reasons()
    assert {"parent", "siblings", "near_twin", "contested", "contradiction", "one_record_source", "decision", "near_tie"} <= bare_reasons()


def test_every_code_of_the_engine_has_its_russian_text() -> None:
    known_rules = rules()
    needed = whole_reasons() | {f"{rule}.{reason}" for rule, reason in product(known_rules, bare_reasons())}
    assert [code for code in sorted(needed) if not review_words.reason(code).is_known] == []
    assert [rule for rule in sorted(known_rules) if review_words.part(rule) == rule] == []


def test_every_part_and_level_that_is_weighed_has_its_russian_text() -> None:
    for part in WEIGHTS.get("parts", []):
        assert review_words.part(part["part"]) != part["part"]
        assert [level["level"] for level in part["levels"] if review_words.level(level["level"]) == level["level"]] == []


@pytest.mark.parametrize("part", ["prior", "snils", "act", "certificate", "document", "family_name", "given_name", "patronymic", "birth_date", "sex",
                                  "place", "mother"])
def test_every_part_of_the_evidence_has_its_name(part: str) -> None:
    assert re.search("[А-я]", review_words.part(part))


@pytest.mark.parametrize("level", ["equal", "near", "differs", "missing"])
def test_every_level_of_agreement_has_its_name(level: str) -> None:
    assert re.search("[А-я]", review_words.level(level))


def test_a_code_is_listed_once_and_says_what_to_look_at() -> None:
    table = codes.table("link_reasons")
    assert table["code"].is_unique
    assert (table["title"] != "").all()
    assert (table.loc[~table["code"].str.startswith("level."), "advice"] != "").all()


def test_an_unknown_code_stands_for_itself() -> None:
    assert review_words.reason("moon.phase").title == "moon.phase"
    assert not review_words.reason("moon.phase").is_known


def test_a_reason_under_any_rule_names_the_rule() -> None:
    assert review_words.reason("snils.parent").title.startswith("СНИЛС: ")


@pytest.mark.parametrize(("column", "value", "shown"), [
    ("snils", "11223344595", "112-233-445 95"), ("sex", "F", "женский"), ("birth_date", date(2015, 3, 4), "04.03.2015"), ("family_name", "ДОРЖИЕВ", "ДОРЖИЕВ"),
    ("citizenship", "496", "496, Монголия"), ("record_status", "annulled", "аннулирована"), ("birth_order", 2, "2"), ("oktmo", "99999999", "99999999"),
    ("snils", None, None)])
def test_a_value_is_shown_as_an_official_reads_it(column: str, value: object, shown: str | None) -> None:
    assert review_words.shown(column, value) == shown


def test_every_value_of_ours_a_person_record_may_hold_has_its_russian_word() -> None:
    for column in STAGING["person"].content:
        assert set(FIELDS[column].values or ()) <= review_words.VALUES.keys(), column
