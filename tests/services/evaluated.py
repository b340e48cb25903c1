"""Small tables with known persons, as files."""

from __future__ import annotations

from pathlib import Path

from transforms.link_table import COLUMNS

PEOPLE = (
    ("a1", "zags_births", "", "Доржиев", "Баир", "Баирович", "2015-03-02", "М", "I-АЖ 600001", "", "81701000"),
    ("a2", "pfr_snils", "90000000100", "Доржиев", "Баир", "Баирович", "2015-03-02", "MALE", "I-АЖ 600001", "", ""),
    ("b1", "zags_births", "", "Иванова", "Анна", "Петровна", "2014-07-19", "Ж", "I-АЖ 600002", "", "81701000"),
    ("b2", "journal_eljur", "", "Иванова", "Анна", "Петровна", "19.07.2014", "Ж", "", "I-АЖ 600002", "81701000"),
)
TRUTH = "record_id,person_id,sex\na1,1,M\na2,1,M\nb1,2,F\nb2,2,F\n"


def write(folder: Path, *, people: tuple[tuple[str, ...], ...] = PEOPLE, truth: str = TRUTH, encoding: str = "utf-8") -> tuple[Path, Path]:
    """IN.csv and TRUTH.csv."""
    table, known = folder / "IN.csv", folder / "TRUTH.csv"
    table.write_text("\n".join([",".join(COLUMNS), *(",".join(row) for row in people), ""]), encoding)
    known.write_text(truth, encoding)
    return table, known
