"""Universities: what passes, how long a stay lasts, which courses are taken."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.transforms.kept_journals import cleaned
from transforms.vuz_scos import clean

EXAM = {"position": "0", "organisation_key": "1020300000005", "id": "m1", "student.id": "s1", "discipline.title": "Анализ", "semester": "1"}


def test_a_kept_university_is_cleaned_without_loss(tmp_path: Path) -> None:
    found = cleaned("vuz_scos", tmp_path)
    assert {entity: (len(one.rows), len(one.refused)) for entity, one in found.items()} == {
        "person": (2, 0), "enrolment": (2, 0), "exam": (2, 0), "course": (2, 0)}
    stays = found["enrolment"].rows
    assert stays["programme"].tolist() == ["higher", "higher"]
    assert stays["exit_reason"].fillna("-").tolist() == ["expelled", "-"]
    assert stays["programme_code"].tolist() == ["09.03.01", "09.03.01"]


@pytest.mark.parametrize(("kind", "value", "is_passed"), [("MARK", "2", False), ("DIF_CREDIT", "3", True), ("CREDIT", "0", False), ("CREDIT", "1", True),
                                                          ("HUNDRED_POINT", "59", False), ("HUNDRED_POINT", "60", True)])
def test_each_kind_of_mark_has_its_threshold(kind: str, value: str, is_passed: bool) -> None:
    rows = clean("exam", pd.DataFrame([{**EXAM, "mark_type": kind, "value": value}], dtype="str")).rows
    assert rows["is_passed"].tolist() == [is_passed]


@pytest.mark.parametrize(("row", "rule"), [
    ({"mark_type": "STARS", "value": "5"}, "exam.mark_type.values"), ({"mark_type": "MARK", "value": "x"}, "exam.exam_value.number"),
    ({"mark_type": "MARK", "value": "101"}, "exam.exam_value.range")])
def test_a_bad_result_is_refused(row: dict[str, str], rule: str) -> None:
    assert clean("exam", pd.DataFrame([{**EXAM, **row}], dtype="str")).refused["rule"].tolist() == [rule]


def test_a_stay_that_nothing_opened_is_refused() -> None:
    stay = {"position": "0", "organisation_key": "1020300000005", "id": "f1", "student.id": "s1", "education_form": "FULL_TIME", "title": None,
            "code_direction": None, "valid_from": None, "valid_to": None, "exit_details": None}
    assert clean("enrolment", pd.DataFrame([stay], dtype="str")).refused["rule"].tolist() == ["enrolment.valid_from.required"]
