"""The table linker reads what people type and accounts for every record."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from schemas.errors import ContractBroken
from transforms.link_table import COLUMNS, link_table


def _link(tmp_path: Path, drawing: str) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    pd.DataFrame(lines[1:], columns=lines[0]).reindex(columns=list(COLUMNS), fill_value="").to_csv(tmp_path / "in.csv", index=False)
    counts = link_table(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "review.csv")
    return pd.read_csv(tmp_path / "out.csv", dtype="str").set_index("record_id"), pd.read_csv(tmp_path / "review.csv", dtype="str"), counts


def test_typed_forms_of_one_person_meet(tmp_path: Path) -> None:
    out, review, counts = _link(tmp_path, """
        record_id | source      | snils          | family_name | given_name | patronymic | birth_date | sex    | birth_act    | document
        a         | zags_births | 112-233-445 95 | ЦЫРЕНОВ     | БАТО       | ДОРЖИЕВИЧ  | 2012-03-05 | 1      | I-АЖ 600001  |
        b         | pfr_snils   | 11223344595    | Цыренов     | Бато       | Доржиевич  | 2012-03-05 | Male   |              |
        c         | school      |                | Цырeнов     | Батo       | Доржиевич  | 05.03.2012 | м      | 1-АЖ №600001 |
        d         | college     |                | Цырэнов     | Бато       |            | 2012       |        |              | І-АЖ 600001""")
    assert out.loc[["a", "b", "c", "d"], "pupil_id"].nunique() == 1
    assert set(out["status"]) == {"auto"}
    assert review.empty
    assert (counts["records"], counts["pupils"], counts["reviews"]) == (4, 1, 0)


def test_every_record_has_one_row_and_every_candidate_another(tmp_path: Path) -> None:
    out, review, counts = _link(tmp_path, """
        record_id | source  | snils       | family_name | given_name | birth_date
        a         | journal | 11223344595 | ИВАНОВ      | ПЕТР       | 2012-03-05
        b         | college | 11223344595 | СИДОРОВА    | ВЕРА       | 2009-11-30
        c         | college |             | КИМ         | ЕГОР       | 2009-11-30""")
    assert out["status"].value_counts().to_dict() == {"new": 2, "review": 1}
    assert len(review) == 1
    assert review.loc[0, "candidate_pupil_id"] in set(out["pupil_id"])
    assert "snils.stranger" in review.loc[0, "reasons"].split(";")
    assert counts["review"] + counts["new"] + counts["auto"] == counts["records"] == 3


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    lines = ["a | journal | 11223344595 | ИВАНОВ", "b | college | 11223344595 | ИВАНОВ", "c | zags_births | | СОМОВ"]
    head = "record_id | source | snils | family_name\n"
    first = _link(tmp_path, head + "\n".join(lines))[0]
    again = _link(tmp_path, head + "\n".join(reversed(lines)))[0]
    pd.testing.assert_frame_equal(first.sort_index(), again.sort_index())


def test_missing_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("record_id,source,snils\n1,a,\n", "utf-8")
    with pytest.raises(ContractBroken, match="family_name"):
        link_table(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "review.csv")


def test_a_record_id_that_comes_twice_is_named_by_its_row_only(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="1 rows repeat a record_id: row 3") as broken:
        _link(tmp_path, "record_id | source\nr17 | a\nr17 | b")
    assert "r17" not in str(broken.value)


_HEAD = ",".join(COLUMNS)
_ROW = "a,journal,,ИВАНОВ,ИВАН,ИВАНОВИЧ,2012-03-05,M,,,"


@pytest.mark.parametrize(("text", "said"), [
    ("", "empty"), ("\n\n", "empty"),
    (f'{_HEAD}\n{_ROW}\nb,journal,,"ИВАНОВ,ИВАН,,,,,,', "line to look at is 3"),
    (f"{_HEAD}\n{_ROW},\n{_ROW.replace('a,', 'b,', 1)},\n", r"2 rows have more or fewer cells than the header \(11\); the first is row 2 with 12"),
    (f"{_HEAD}\n{_ROW}\nb,journal\n", "1 rows have more or fewer .* row 3 with 2"),
    (f"{_HEAD}\n{_ROW}\n,journal,,,,,,,,,\n", "1 rows have no record_id or no source: row 3"),
    (f"{_HEAD},snils\n{_ROW},\n", "more than once, snils"),
    (f"{_HEAD}\n{_ROW.replace('ИВАНОВ', 'И' * 5_000_000)}\n", "longer than 4 MiB"),
])
def test_a_broken_table_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "in.csv").write_text(text, "utf-8")
    with pytest.raises(ContractBroken, match=said) as broken:
        link_table(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "review.csv")
    assert "\n" not in str(broken.value)
    assert "ИВАНОВ" not in str(broken.value)


def test_a_table_in_the_windows_code_page_is_read(tmp_path: Path) -> None:
    text = f"{_HEAD}\n{_ROW}\nb,college,,Иванов,Иван,Иванович,05.03.2012,м,,,\n"
    (tmp_path / "in.csv").write_text(text, "cp1251")
    assert link_table(tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "review.csv")["pupils"] == 1


def test_a_number_that_lost_its_zeros_is_missing(tmp_path: Path) -> None:
    out, _, _ = _link(tmp_path, """
        record_id | source  | snils       | family_name | given_name
        a         | journal | 01234567802 | ИВАНОВ      | ПЕТР
        b         | college | 1234567802  | ИВАНОВ      | ПЕТР""")
    assert out["pupil_id"].nunique() == 2


def test_a_stand_in_birth_date_is_missing(tmp_path: Path) -> None:
    out, _, _ = _link(tmp_path, """
        record_id | source  | snils       | given_name | birth_date
        a         | journal | 11223344595 | ПЕТР       | 1900-01-01
        b         | college | 11223344595 | ПЕТР       | 2012-03-05""")
    assert out["pupil_id"].nunique() == 1
