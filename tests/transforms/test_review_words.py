"""Every code the linkage can give a person to read has its Russian words."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from transforms import codes, review_words

LINKAGE = Path(__file__).resolve().parents[2] / "transforms" / "linkage"
SQL = {path.name: re.sub(r"--.*", "", path.read_text("utf-8")) for path in sorted(LINKAGE.glob("*.sql"))}
PYTHON = {path.name: path.read_text("utf-8") for path in sorted(LINKAGE.glob("*.py"))}


def rules() -> set[str]:
    """Rules by name in the SQL, and those that have a weight."""
    weighed = set(json.loads((LINKAGE / "weights.json").read_text("utf-8")).get("rules", {}))
    return weighed | {rule for text in SQL.values() for rule in re.findall(r"'([a-z_]+)' AS rule\b", text)}


def whole_reasons() -> set[str]:
    """Literals `rule.reason`."""
    return {code for text in SQL.values() for code in re.findall(r"'([a-z_]+\.[a-z_]+)'", text)}


def bare_reasons() -> set[str]:
    """Reasons that get their rule later: elements of a filtered list, columns `reason`, and those of the clustering."""
    listed = {code for text in SQL.values() for code in re.findall(r"CASE WHEN [^\n]*? THEN '([a-z_]+)' END", text)}
    listed |= {code for text in SQL.values() for code in re.findall(r"CASE WHEN [^;]*?\n[^\n;]*? THEN '([a-z_]+)' END,?\n", text)}
    conflicts = {code for name, text in SQL.items() if "conflict" in name for code in re.findall(r"\.n\), '([a-z_]+)'\n|, '([a-z_]+)' AS reason\b|\.n, '([a-z_]+)'\n", text)
                 for code in code if code}
    return listed | conflicts | {code for text in PYTHON.values() for code in re.findall(r"= \"(near_[a-z_]+)\"", text)}


def test_the_codes_are_found_in_the_sql() -> None:
    assert {"snils", "act", "near", "name"} <= rules()
    assert {"name.not_unique", "near.birth_date"} <= whole_reasons()
    assert {"parent", "siblings", "near_twin", "contested", "contradiction", "one_record_source", "near_tie"} <= bare_reasons()


def test_every_code_of_the_engine_has_its_russian_text() -> None:
    known_rules = rules()
    needed = whole_reasons() | {f"{rule}.{reason}" for rule, reason in product(known_rules, bare_reasons())}
    assert [code for code in sorted(needed) if not review_words.reason(code).is_known] == []
    assert [rule for rule in sorted(known_rules) if review_words.part(rule) == rule] == []


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
