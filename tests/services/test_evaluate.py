from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import ConfigurationError, ContractBroken
from services import evaluate_draw
from services.evaluate import Wanted, by_group, evaluate, overall
from tests.services import evaluated

ROOT = Path(__file__).parents[2]


def test_a_linked_table_is_compared_with_the_truth(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path)
    found = evaluate(Wanted(table=table, truth=truth))
    figures = overall(found)
    assert (figures["records"], figures["persons"], figures["pupils"]) == (4, 2, 2)
    assert figures["precision"] == figures["recall"] == figures["f1"] == 1
    assert by_group(found)["sex=F"]["records"] == 2
    assert found["files"] == []


def test_links_made_before_are_judged_without_linking(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path)
    links = tmp_path / "OUT.csv"
    links.write_text("record_id,pupil_id,status\na1,7,auto\na2,7,new\nb1,7,auto\nb2,8,new\n", "utf-8")
    found = evaluate(Wanted(table=table, truth=truth, links=links))
    assert found["seconds"] is None
    assert (overall(found)["linked_pairs"], overall(found)["right_pairs"], overall(found)["false_links"]) == (3, 1, 1)


def test_the_drawing_is_one_russian_page_that_asks_nothing_of_the_network_and_names_nobody(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path)
    found = evaluate(Wanted(table=table, truth=truth, out=tmp_path / "drawn"))
    page = (tmp_path / "drawn" / "quality.html").read_text("utf-8")
    assert "Качество отождествления" in page
    assert "пол: женский" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)|https?://", page)
    assert not any(name in page for row in evaluated.PEOPLE for name in row[3:6])
    assert len(json.loads((tmp_path / "drawn" / "measures.json").read_text("utf-8"))) == len(found["measures"])


def points(*pairs: tuple[float, bool]) -> list[evaluate_draw.Point]:
    rows = pa.table({"record_id": [f"a{n}" for n in range(len(pairs))], "other_record_id": [f"b{n}" for n in range(len(pairs))],
                     "weight": pa.array([weight for weight, _ in pairs], pa.float64())})
    truth = pa.table({"record_id": [*rows["record_id"].to_pylist(), *rows["other_record_id"].to_pylist()],
                      "person_id": [str(n) for n in range(len(pairs))] + [str(n) if same else "x" for n, (_, same) in enumerate(pairs)]})
    return evaluate_draw.curve(rows, truth)


def test_a_higher_bar_joins_fewer_pairs_and_the_curve_counts_them() -> None:
    drawn = points((5, False), (5, True), (10, True), (20, True), (-3, False))
    assert [(point.bar, point.joined, point.right) for point in drawn] == [(-3, 5, 3), (5, 4, 3), (10, 2, 2), (20, 1, 1)]
    assert [(point.precision, point.recall) for point in drawn] == [(3 / 5, 1), (3 / 4, 1), (1, 2 / 3), (1, 1 / 3)]


def test_the_waterfall_shows_every_part_that_weighs_in_the_order_given_and_their_sum() -> None:
    parts = [{"part": "prior", "level": "prior", "weight": -18.0}, {"part": "snils", "level": "equal", "weight": 20.5},
             {"part": "sex", "level": "missing", "weight": 0.0}, {"part": "given_name", "level": "differs", "weight": -6.25}]
    page = evaluate_draw.pair_page(("7", "8"), parts)
    assert [*re.findall(r"<text x=\"0\" y=\"\d+\">([^<]+)<", page)] == ["До сравнения записей", "СНИЛС", "Имя", "Вес пары"]
    assert [*re.findall(r"text-anchor=\"end\">([+−][^<]+)<", page)] == ["−18,0", "+20,5", "−6,2", "−3,8"]


@pytest.mark.parametrize(("truth", "message"), [
    ("", "the truth is empty"),
    ("record_id,who\na1,1\n", "the truth lacks, or has more than once, person_id"),
    ("record_id,person_id\na1,1\na2,1,5\n", "1 rows of the truth have more or fewer cells than the header (2); the first is row 3 with 3"),
    ("record_id,person_id\na1,1\na1,1\na2,1\nb1,2\nb2,2\n", "1 record_id of the truth come more than once"),
    ("record_id,person_id\na1,1\na2,1\nb1,2\nb2,\n", "1 rows of the truth have no record_id or no person_id"),
    ("record_id,person_id\na1,1\na2,1\nb1,2\nb2,2\nz9,3\n", "1 records of the truth are not in the links; the first is z9"),
    ("record_id,person_id\na1,1\na2,1\nb1,2\n", "1 records of the links are not in the truth; the first is b2"),
    ("record_id,person_id,is_twin\na1,1,да\na2,1,maybe\nb1,2,0\nb2,2,0\n", "column is_twin of the truth is neither true nor false in row 3"),
])
def test_a_truth_that_does_not_fit_is_one_clear_line(tmp_path: Path, truth: str, message: str) -> None:
    table, known = evaluated.write(tmp_path, truth=truth)
    with pytest.raises(ContractBroken) as told:
        evaluate(Wanted(table=table, truth=known))
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_table_without_a_column_is_named_and_one_in_cp1251_is_read(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path, encoding="cp1251")
    assert overall(evaluate(Wanted(table=table, truth=truth)))["f1"] == 1
    table.write_text(table.read_text("cp1251").replace("oktmo", "place"), "utf-8")
    with pytest.raises(ContractBroken, match="oktmo"):
        evaluate(Wanted(table=table, truth=truth))


def test_a_waterfall_needs_a_folder(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path)
    with pytest.raises(ConfigurationError, match="--out"):
        evaluate(Wanted(table=table, truth=truth, pair=("a1", "a2")))


def test_the_command_prints_json_and_ends_with_2_on_a_bad_table(tmp_path: Path) -> None:
    table, truth = evaluated.write(tmp_path)
    command = [sys.executable, str(ROOT / "kontingent.py"), "evaluate", str(table), "--truth", str(truth), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["measures"][0] == {"subgroup": "", "measure": "records", "value": 4.0, "low": None, "high": None}
    truth.write_text("record_id\na1\n", "utf-8")
    bad = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert bad.returncode == 2
    assert "person_id" in bad.stderr
    assert bad.stderr.count("\n") == 1
