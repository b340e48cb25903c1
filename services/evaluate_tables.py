"""Reads the tables an evaluation is given, CSV or Parquet; what is wrong with them is said with the column or the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from schemas.errors import ContractBroken
from transforms.linkage_quality import DOUBTFUL_NUMBER

FLAGS = (*DOUBTFUL_NUMBER, "is_twin", "has_patronymic", "is_transliterated")
_YES, _NO = ("true", "1", "yes", "да"), ("false", "0", "no", "нет")


def read(path: Path, name: str, needed: Sequence[str], *, as_text: Sequence[str] = ()) -> pa.Table:
    """All columns of a table: of a CSV as text (UTF-8, or else cp1251; empty = missing). `name` is what errors call it.

    Raises ContractBroken for a file that is not such a table, and for columns that are missing or come twice.
    """
    rows = _parquet(path, name) if path.suffix == ".parquet" else _csv(path, name)
    lacking = [column for column in needed if rows.column_names.count(column) != 1]
    if lacking:
        raise ContractBroken("evaluate.columns", f"{name} lacks, or has more than once, {', '.join(lacking)}")
    for column in as_text:
        rows = rows.set_column(rows.column_names.index(column), column, rows[column].cast(pa.string()))
    return rows


def truth(path: Path) -> pa.Table:
    """record_id and person_id as text, and the groups; a flag that is neither yes nor no is an error that names its row."""
    rows = read(path, "the truth", ("record_id", "person_id"), as_text=("record_id", "person_id"))
    for flag in FLAGS:
        if flag in rows.column_names and not pa.types.is_boolean(rows.schema.field(flag).type):
            rows = rows.set_column(rows.column_names.index(flag), flag, _flag(rows[flag].cast(pa.string()), flag))
    return rows


def _flag(values: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    plain = pc.utf8_lower(values)
    yes, no = (pc.is_in(plain, value_set=pa.array(words)) for words in (_YES, _NO))
    strange = pc.and_not(pc.is_valid(values), pc.or_(yes, no))
    if pc.any(strange).as_py():
        raise ContractBroken("evaluate.flag", f"column {name} of the truth is neither true nor false in row {pc.index(strange, True).as_py() + 2}")
    return pc.if_else(pc.is_valid(values), yes, None)


def _parquet(path: Path, name: str) -> pa.Table:
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid:
        raise ContractBroken("evaluate.parquet", f"{name} is no Parquet file") from None


def _csv(path: Path, name: str) -> pa.Table:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if not text.strip():
        raise ContractBroken("evaluate.empty", f"{name} is empty")
    header = next(line for line in text.splitlines() if line.strip())
    columns = [cell.strip().strip('"') for cell in header.split(",")]
    uneven: list[pa_csv.InvalidRow] = []

    def note(row: pa_csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    try:
        rows = pa_csv.read_csv(
            pa.BufferReader(text.encode()), read_options=pa_csv.ReadOptions(use_threads=False), parse_options=pa_csv.ParseOptions(invalid_row_handler=note),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), null_values=[""], strings_can_be_null=True))
    except pa.ArrowInvalid as error:
        place = re.search(r"[Rr]ow #?(\d+)", str(error))
        raise ContractBroken("evaluate.csv", f"{name} is no CSV table" + (f": row {place[1]}" if place else "")) from None
    if uneven:
        raise ContractBroken("evaluate.cells", f"{len(uneven)} rows of {name} have more or fewer cells than the header ({uneven[0].expected_columns}); "
                                               f"the first is row {uneven[0].number} with {uneven[0].actual_columns}")
    return rows
