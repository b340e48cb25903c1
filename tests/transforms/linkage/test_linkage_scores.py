"""What strong evidence leaves joins by score: above the bar, unrivalled, uncontradicted; else a person is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from transforms.engine import Engine
from transforms.linkage import inputs, weights
from transforms.linkage.compare import speak
from transforms.linkage.evidence import evidence
from transforms.linkage.score import score
from transforms.linkage.train import changes, train

Linked = Callable[..., tuple[set[frozenset[int]], set[str]]]
Draw = Callable[[str], pa.Table]
HEAD = "id | source | family | given | patronymic | born | sex | snils | certificate | oktmo\n"
ACT = "1 | zags_births | РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M | | I-АЖ 600001 |\n"


@pytest.mark.parametrize("other", [
    "РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M | | II-БЮ 712345 | 81701000",
    "РИНЧИНОВ | АЛДАР БАИРОВИЧ | | 2014-03-05 | M | | | 81701000",
    "РИНЧИНОВ | БАИРОВИЧ | АЛДАР | 2014-03-05 | M | | | 81701000",
])
def test_a_record_without_the_same_number_joins_when_its_names_and_birth_date_say_enough(linked: Linked, other: str) -> None:
    assert linked(f"{HEAD}{ACT}2 | journal | {other}") == ({frozenset({1, 2})}, set())


@pytest.mark.parametrize(("other", "reason"), [
    ("РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-05-03 | M | | | 81701000", "near.birth_date"),
    ("РИНЧЕНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M | | | 81701000", "near.family_name"),
    ("РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | F | | | 81701000", "name.sex_differs"),
])
def test_a_score_between_the_bars_asks(linked: Linked, other: str, reason: str) -> None:
    parts, reasons = linked(f"{HEAD}{ACT}2 | journal | {other}")
    assert len(parts) == 2
    assert reason in reasons


def test_valid_numbers_that_differ_never_join_by_name(linked: Linked) -> None:
    name = "РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M"
    parts, reasons = linked(f"{HEAD}1 | journal | {name} | 11223344595 | | 81701000\n2 | college | {name} | 08765430300 | | 81701000")
    assert len(parts) == 2
    assert "name.snils_differs" in reasons


def test_a_record_that_comes_as_near_to_two_children_joins_neither(linked: Linked) -> None:
    name = "РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M"
    parts, reasons = linked(f"{HEAD}{ACT}2 | pfr_snils | {name} | 11223344595 | I-АЖ 600001 |\n3 | zags_births | {name} | | I-АЖ 700002 |\n"
                            f"4 | pfr_snils | {name} | 08765430300 | I-АЖ 700002 |\n5 | journal | {name} | | | 81701000")
    assert parts == {frozenset({1, 2}), frozenset({3, 4}), frozenset({5})}
    assert reasons & {"score.near_tie", "name.not_unique"}


def test_the_act_of_a_changed_name_brings_together_who_bore_it_before_and_after(linked: Linked) -> None:
    parts, _ = linked("""
        id | source            | family   | given | patronymic | was      | born       | sex | snils
        1  | zags_births       | РИНЧИНОВ | АЛДАР | БАИРОВИЧ   |          | 2014-03-05 | M   |
        2  | zags_name_changes | ДАМБАЕВ  | АЛДАР | БАИРОВИЧ   | РИНЧИНОВ | 2014-03-05 | M   |
        3  | journal           | ДАМБАЕВ  | АЛДАР | БАИРОВИЧ   |          | 2014-03-05 | M   | 11223344595""")
    assert parts == {frozenset({1, 2, 3})}


def test_two_kinds_of_evidence_outweigh_another_patronymic_and_one_does_not(linked: Linked) -> None:
    rows = ("1 | journal | РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M | 11223344595 | I-АЖ 600001 |\n"
            "2 | college | РИНЧИНОВ | АЛДАР | ОЛЕГОВИЧ | 2014-03-05 | M | 11223344595 | I-АЖ 600001 |")
    assert linked(HEAD + rows)[0] == {frozenset({1, 2})}
    assert len(linked(HEAD + rows.replace("I-АЖ 600001 |", "|"))[0]) == 2


def test_vendors_training_pupils_are_nobody(linked: Linked) -> None:
    rows = "\n".join(f"{n} | journal_{n} | ТЕСТОВ | ТЕСТ | ТЕСТОВИЧ | 2010-01-01 | M | 00000000000 | |" for n in (1, 2))
    assert len(linked(HEAD + rows)[0]) == 2


def test_ten_thousand_equal_records_are_a_bounded_run_and_nobody_is_lost(linked: Linked) -> None:
    rows = "\n".join(f"{n} | journal_{n} | РИНЧИНОВ | АЛДАР | БАИРОВИЧ | 2014-03-05 | M | | |" for n in range(10_000))
    parts, reasons = linked(HEAD + rows)
    assert len(parts) == 10_000
    assert reasons == set()


def test_strangers_chained_by_numbers_and_documents_are_a_bounded_run_and_asked_about(linked: Linked) -> None:
    letters = "БВГДЖЗКЛМНПРСТФХЦ"
    names = [letters[n // 2 % 17] + "А" + letters[n // 34 % 17] + "ОВ" for n in range(600)]
    rows = "\n".join(f"{n} | journal | {name if n % 2 else ''} | {'' if n % 2 else name} | 2012-03-05 | 8115 {100_000 + n // 2} | I-АЖ {600_000 + (n + 1) // 2}"
                     for n, name in enumerate(names))
    parts, reasons = linked(f"id | source | family | given | born | document | certificate\n{rows}")
    assert sum(map(len, parts)) == 600
    assert max(map(len, parts)) <= 200
    assert any(reason.endswith(".crowded") for reason in reasons)


PAIR = pa.table({"record_id_a": [1], "record_id_b": [2]})
TWO = f"{HEAD}{ACT}2 | journal | РИНЧЕНОВ | АЛДАР | БАИРОВИЧ | 2014-05-03 | | | I-АЖ 600002 | 81701000"


def test_the_parts_of_a_pair_add_up_to_what_splink_gives_it(drawn: Draw) -> None:
    told = evidence(drawn(TWO), PAIR)
    with Engine(Path(weights.__file__).parent) as engine:
        inputs.give_records(engine, drawn(TWO))
        engine.give("validation", inputs.complete(None, inputs.VALIDATION))
        inputs.give_reference(engine, (), ())
        engine.run("name_form", "person")
        speak(engine, "SELECT n FROM person")
        engine.give("explained", PAIR)
        engine.run("evidence_row")
        engine.make("rows", "SELECT record_id AS unique_id, * EXCLUDE (record_id, act) FROM evidence_row")
        engine.make("pairs", "SELECT '0' AS match_key, 1 AS join_key_l, 2 AS join_key_r")
        score(engine, "rows", "pairs", "scored")
        given = engine.rows("scored").to_pylist()[0]
    assert sum(told["weight"].to_pylist()) == pytest.approx(given["match_weight"], abs=1e-6)
    for row in told.to_pylist():
        if row["part"] not in ("prior", "act"):
            assert given[f"mw_{row['part']}"] == pytest.approx(row["weight"], abs=1e-6), row["part"]


def test_every_level_of_the_model_has_shares_and_a_judged_one_a_reason() -> None:
    for part in weights.declared()["parts"]:
        assert part["levels"][0]["level"] == "missing"
        assert part["levels"][-1]["sql"] == "ELSE"
        assert all(0 < level["m"] <= 1 and 0 < level["u"] <= 1 for level in part["levels"][1:])
        assert all(level["reason"] for level in part["levels"] if level.get("fixed"))


def _families(draw: Draw) -> pa.Table:
    rows = [f"{4 * n + place} | {source} | {family} | {given} | БАИРОВИЧ | 20{10 + n % 9}-03-{1 + n % 28:02d} | M | | I-АЖ {600_000 + n} |"
            for n in range(120) for place, source in enumerate(("zags_births", "journal"))
            for family, given in [(("РИНЧИНОВ", "ДАМБАЕВ", "ИВАНОВ")[n % 3], ("АЛДАР", "БУЛАТ", "ТИМУР", "ЕГОР")[n % 4])]]
    return draw(HEAD + "\n".join(rows))


def test_training_again_gives_the_same_model_and_leaves_what_is_fixed(drawn: Draw, tmp_path: Path) -> None:
    records: Any = _families(drawn)
    first, names = train(records, one_record_sources=("zags_births",))
    again, _ = train(records, one_record_sources=("zags_births",))
    assert json.dumps(first) == json.dumps(again)
    assert first["version"] == weights.version() + 1
    assert {row["form"] for row in names.to_pylist() if row["part"] == "family_name"} == {"RINXINOV", "DAMBAEV", "IVANOV"}
    fixed = {(part["part"], level["level"]) for part in first["parts"] for level in part["levels"] if level.get("fixed")}
    for row in changes(weights.declared(), first).to_pylist():
        assert row["old"] == row["new"] or (row["part"], row["level"]) not in fixed
