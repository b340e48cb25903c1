"""The golden record is a pure function of links and facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from transforms.linkage.golden import Golden, golden

Draw = Callable[[str], pa.Table]
AUTHORITY = {"zags_births": {"family_name": 1, "birth_date": 1, "sex": 1, "snils": 3}, "zags_name_changes": {"family_name": 0},
             "pfr_snils": {"snils": 1, "family_name": 4}, "journal": {"*": 5}, "fms_residence": {"citizenship": 1}}
DATE = datetime.date


def _golden(records: pa.Table, **more: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    links = pa.table({"record_id": records["record_id"], "pupil_id": pa.array([7] * records.num_rows, pa.int64())})
    empty = pa.table({"record_id": pa.array([], pa.int64())})
    result: Golden = golden(records, links, more.pop("residences", empty), more.pop("citizenships", empty), AUTHORITY, **more)
    assert result.pupils.num_rows == 1
    return result.pupils.to_pylist()[0], {row["field"]: row for row in result.cells.to_pylist()}


def test_the_name_comes_whole_from_the_record_with_authority(drawn: Draw) -> None:
    pupil, cells = _golden(drawn("""
        id | source            | family  | given | patronymic | born       | sex
        1  | zags_births       | СОМОВА  | ВЕРА  | ПЕТРОВНА   | 2012-03-05 | F
        2  | zags_name_changes | ИВАНОВА | ВЕРА  |            |            |
        3  | journal           | ИВАНОВА | ВЕРА  | ПЕТРОВНА   | 2012-05-03 | F"""))
    assert (pupil["family_name"], pupil["given_name"], pupil["patronymic"]) == ("ИВАНОВА", "ВЕРА", None)
    assert (cells["family_name"]["record_id"], cells["family_name"]["source"], cells["family_name"]["rule"]) == (2, "zags_name_changes", "authority")
    assert pupil["birth_date"] == DATE(2012, 3, 5)
    assert (cells["birth_date"]["disagreement"], cells["birth_date"]["sources"]) == (1, 2)
    assert (cells["sex"]["disagreement"], cells["sex"]["rule"]) == (0, "authority")
    assert "patronymic" not in cells


def test_spelling_variants_are_no_disagreement(drawn: Draw) -> None:
    _, cells = _golden(drawn("""
        id | source      | family   | given
        1  | zags_births | КОРОЛЁВА | НАТАЛЬЯ
        2  | journal     | КОРОЛЕВА | НАТАЛИЯ"""))
    assert cells["family_name"]["disagreement"] == 0


def test_of_equal_authority_the_latest_version_wins_then_the_latest_record(drawn: Draw) -> None:
    head = "id | source | sequence | family\n"
    records = drawn(f"{head}1 | zags_births | | СОМОВ\n2 | zags_births | | ИВАНОВ")
    assert _golden(records)[0]["family_name"] == "ИВАНОВ"
    versions = records.set_column(records.column_names.index("sequence"), "sequence", pa.array([2, 1], pa.int64()))
    pupil, cells = _golden(versions)
    assert (pupil["family_name"], cells["family_name"]["rule"]) == ("СОМОВ", "latest")


def test_an_annulled_record_never_wins(drawn: Draw) -> None:
    pupil, cells = _golden(drawn("""
        id | source      | family | born       | record_status
        1  | zags_births | СОМОВ  | 2012-03-05 | annulled
        2  | journal     | ИВАНОВ |            | active"""))
    assert (pupil["family_name"], pupil["birth_date"]) == ("ИВАНОВ", None)
    assert cells["family_name"]["rule"] == "only"


def test_a_pupil_of_annulled_records_only_keeps_its_id(drawn: Draw) -> None:
    pupil, cells = _golden(drawn("id | source | family | record_status\n1 | zags_births | СОМОВ | annulled"))
    assert pupil["pupil_id"] == 7
    assert cells == {}


def test_the_number_is_the_pension_funds_and_never_a_denied_or_a_wrong_one(drawn: Draw) -> None:
    drawing = """
        id | source      | snils
        1  | journal     | 12345678964
        2  | pfr_snils   | 11223344595
        3  | zags_births | 11223344500"""
    assert _golden(drawn(drawing))[0]["snils"] == "11223344595"
    denied = pa.table({"record_id": [2], "snils": ["11223344595"], "is_confirmed": [False]})
    assert _golden(drawn(drawing), validations=denied)[0]["snils"] == "12345678964"


def test_a_source_without_authority_is_counted_and_not_believed(drawn: Draw) -> None:
    pupil, cells = _golden(drawn("id | source | family\n1 | fms_residence | ИВАНОВ\n2 | journal | СОМОВ"))
    assert pupil["family_name"] == "СОМОВ"
    assert cells["family_name"]["disagreement"] == 1


def test_living_outweighs_staying_and_the_latest_residence_wins(drawn: Draw) -> None:
    residences = pa.table({
        "record_id": [1, 1, 1], "residence_kind": ["living", "living", "staying"], "oktmo": ["81701000", "81618000", "81633000"],
        "is_rural": [False, True, True], "is_outside_region": [False, False, True],
        "valid_from": [DATE(2020, 1, 1), DATE(2024, 1, 1), DATE(2025, 1, 1)]})
    citizenships = pa.table({"record_id": [1], "citizenship": ["643"], "valid_from": [DATE(2020, 1, 1)]})
    pupil, cells = _golden(drawn("id | source | citizenship\n1 | fms_residence |\n2 | journal | 496"), residences=residences, citizenships=citizenships)
    assert (pupil["oktmo"], pupil["is_rural"], pupil["is_resident"]) == ("81618000", True, True)
    assert (pupil["citizenship"], cells["citizenship"]["disagreement"]) == ("643", 1)
    assert cells["oktmo"]["source"] == "fms_residence"
