"""«БАРС. Электронная школа»: tags and invisible signs do not reach staging."""

from __future__ import annotations

from pathlib import Path

from tests.transforms.kept_journals import cleaned, drawn
from transforms.journal_bars import clean


def test_a_kept_school_is_cleaned_without_loss(tmp_path: Path) -> None:
    found = cleaned("journal_bars", tmp_path)
    assert {entity: (len(one.rows), len(one.refused)) for entity, one in found.items()} == {
        "person": (3, 1), "enrolment": (4, 0), "mark": (16, 0), "attendance": (4, 0), "final_mark": (4, 0)}
    for one in found.values():
        texts = one.rows.select_dtypes("str").fillna("")
        assert not texts.apply(lambda column: column.str.contains("[<\u200b]", regex=True)).any(axis=None)


def test_dirty_strings_are_the_same_as_clean_ones() -> None:
    clean_row = {"full_name": "Доржиев Баир", "birth_date": "2014-03-09", "snils": "112-233-445 95", "citizenship": "РФ", "sex": "М"}
    dirty_row = {"full_name": '<span class="x">Доржиев \u200bБаир</span>', "birth_date": "2014-03-09", "snils": "112-233-445 \u200b95\u200b",
                 "citizenship": "<span>РФ</span>", "sex": "М"}
    rows = clean("person", drawn("person", clean_row, dirty_row)).rows
    assert rows["record_hash"].nunique() == 1
