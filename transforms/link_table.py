"""Links the records of one CSV table: who is who, and what a person should look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from schemas.errors import ContractBroken
from transforms import columns, documents
from transforms.linkage import weights
from transforms.linkage.link import LinkResult, link

COLUMNS = ("record_id", "source", "snils", "family_name", "given_name", "patronymic", "birth_date", "sex", "birth_act", "document", "oktmo")
ONE_RECORD_SOURCES = ("zags_births", "pfr_snils")
_CERTIFICATE = r"[IVXLCDM]{1,10}-[А-Я]{2} \d{6}"
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")
PIECE, ROWS = 1 << 20, 250_000
"""Bytes read, and rows cleaned, at once."""
LONGEST = 4 << 20
"""Bytes a row may have."""
_NO_DATE = ("1900-01-01", "0001-01-01", "1970-01-01")


def link_table(input: Path, out: Path, review: Path, progress: Callable[[str], None] | None = None) -> dict[str, int]:
    """Link the CSV `input` (COLUMNS; empty = missing) into `out` (one row a record) and `review` (one row a candidate); returns counts.

    UTF-8, or else cp1251. Raises ContractBroken if the table is empty, a quote stays open, columns are missing, a row has more or fewer
    cells than the header, or a record_id is empty or comes twice.
    """
    tell = progress or (lambda step: None)
    tell("reading")
    raw = _read(input)
    result = link(_records(raw), one_record_sources=ONE_RECORD_SOURCES, progress=progress)
    tell("writing")
    return _write(raw["record_id"].to_pandas(), result, out, review)


def read(input: Path) -> tuple[pd.Series, pa.Table]:
    """The record_id of each row as typed, and the rows as linking reads them; errors as `link_table`."""
    raw = _read(input)
    return raw["record_id"].to_pandas(), _records(raw)


def _read(path: Path) -> pa.Table:
    """All cells as text, empty ones missing."""
    rows = _rows(path, _encoding(path))
    _refuse("have no record_id or no source", pc.or_(pc.is_null(rows["record_id"]), pc.is_null(rows["source"])).to_pandas())
    _refuse("repeat a record_id", rows["record_id"].to_pandas().duplicated())
    return rows


def _encoding(path: Path) -> str:
    """utf-8 or, when it is not that, cp1251; read piece by piece. ContractBroken when there is no text, or an open quote."""
    quotes, is_empty = 0, True
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            quotes, is_empty = quotes + piece.count(b'"'), is_empty and not piece.strip(b"\xef\xbb\xbf \t\r\n")
    if is_empty:
        raise ContractBroken("link.empty", "the table is empty")
    if quotes % 2:
        raise ContractBroken("link.quote", f"a quote is opened and not closed; the first line to look at is {_odd_line(path)}")
    return "utf8" if _is_utf8(path) else "cp1251"


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            while file.read(PIECE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _odd_line(path: Path) -> int:
    with path.open("rb") as file:
        return next(number for number, line in enumerate(file, 1) if line.count(b'"') % 2)


def _rows(path: Path, encoding: str) -> pa.Table:
    """COLUMNS as text; ContractBroken unless every row has as many cells as the header."""
    uneven: list[pa_csv.InvalidRow] = []

    def note(row: pa_csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    reading = pa_csv.ReadOptions(use_threads=False, encoding=encoding, block_size=LONGEST)
    try:
        with pa_csv.open_csv(path, read_options=reading, parse_options=_parsing(lambda row: "skip")) as table:
            header = table.schema.names
        lacking = [column for column in COLUMNS if header.count(column) != 1]
        if lacking:
            raise ContractBroken("link.columns", f"the table lacks, or has more than once, {', '.join(lacking)}")
        rows: pa.Table = pa_csv.read_csv(
            path, read_options=reading, parse_options=_parsing(note),
            convert_options=pa_csv.ConvertOptions(include_columns=list(COLUMNS), column_types=dict.fromkeys(COLUMNS, pa.string()), null_values=[""],
                                                  strings_can_be_null=True))
    except UnicodeDecodeError:
        raise ContractBroken("link.encoding", "the table is neither UTF-8 nor cp1251 text") from None
    except pa.ArrowInvalid:
        raise ContractBroken("link.row", f"a row is longer than {LONGEST >> 20} MiB, or no CSV: commas between cells, quotes in pairs") from None
    if uneven:
        first = uneven[0]
        raise ContractBroken("link.cells", f"{len(uneven)} rows have more or fewer cells than the header ({first.expected_columns}); "
                                           f"the first is row {first.number} with {first.actual_columns}")
    return rows
def _parsing(invalid: Callable[[pa_csv.InvalidRow], str]) -> pa_csv.ParseOptions:
    return pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=invalid)


def _refuse(what: str, broken: pd.Series) -> None:
    """ContractBroken naming rows by number (the header is row 1), never by what stands in them."""
    if broken.any():
        numbers = (np.flatnonzero(broken.to_numpy()) + 2).tolist()
        named = ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")
        raise ContractBroken("link.record_id", f"{len(numbers)} rows {what}: row {named}")


def _records(raw: pa.Table) -> pa.Table:
    """The table as linking reads it; `record_id` becomes the row's number, `source_key` keeps the sender's. Cleaned part by part."""
    parts = [_cleaned(raw.slice(first, ROWS).to_pandas().astype("str")) for first in range(0, raw.num_rows, ROWS)]
    rows = pa.concat_tables(parts or [_cleaned(raw.to_pandas().astype("str"))])
    return rows.add_column(0, "record_id", pa.array(range(rows.num_rows), pa.int64()))


def _cleaned(raw: pd.DataFrame) -> pa.Table:
    act = documents.certificate(columns.text(raw["birth_act"]))
    document = documents.certificate(columns.text(raw["document"]))
    act_is_certificate, document_is_certificate = _is_certificate(act), _is_certificate(document)
    birth_date, partial = _birth(columns.text(raw["birth_date"]))
    sex = columns.sex(raw["sex"])
    rows = {
        "source": raw["source"], "source_key": raw["record_id"], "snils": _snils(raw["snils"]),
        **{name: columns.name(raw[name]) for name in ("family_name", "given_name", "patronymic")},
        "birth_date_partial": partial, "sex": sex.where(sex.isin(["M", "F"])),
        "birth_certificate": act.where(act_is_certificate, document.where(document_is_certificate)),
        "birth_act": _opaque(act.mask(act_is_certificate)), "document": _opaque(document.mask(document_is_certificate)),
        "oktmo": columns.text(raw["oktmo"]),
    }
    arrays = {name: pa.Array.from_pandas(column, type=pa.string()) for name, column in rows.items()}
    birth = pa.Array.from_pandas(birth_date, type=pa.timestamp("s")).cast(pa.date32())
    active = pa.repeat("active", len(raw))
    return pa.table({**arrays, "birth_date": birth, "record_status": active})


def _is_certificate(numbers: pd.Series) -> pd.Series:
    return numbers.str.fullmatch(_CERTIFICATE).fillna(False).astype(bool)


def _snils(raw: pd.Series) -> pd.Series:
    """Eleven digits as written; a shorter number has lost digits, and which ones is a guess: missing."""
    digits = columns.snils(raw)
    return digits.where(digits.str.fullmatch(r"\d{11}").fillna(False).astype(bool))


def _opaque(numbers: pd.Series) -> pd.Series:
    """Letters and digits only, look-alikes as Latin; what is too short or one repeated sign names nobody."""
    plain = numbers.str.upper().str.replace(r"№|\bN\b|\bNO\b", "", regex=True).str.translate(_LOOK_ALIKES)
    plain = plain.str.replace(r"[^0-9A-ZА-Я]", "", regex=True)
    names_nobody = (plain.str.len() < 4) | (plain.str.replace("0", "") == "") | (plain.str.count(r"\d") < 3)
    return plain.mask(names_nobody.fillna(True).astype(bool))


def _birth(typed: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Whole dates (ISO or dd.mm.yyyy) and partial ones (`2014`, `2014-03`); a stand-in date is missing."""
    iso = columns.iso_date(typed.mask(typed.isin(_NO_DATE))).values
    russian = columns.date(typed, "%d.%m.%Y").values
    whole = iso.fillna(russian)
    whole = whole.mask(whole.dt.strftime("%Y-%m-%d").isin(_NO_DATE))
    return whole, typed.where(typed.str.fullmatch(r"(19|20)\d{2}(-(0[1-9]|1[0-2]))?").fillna(False).astype(bool))


def _write(record_id: pd.Series, result: LinkResult, out: Path, review: Path) -> dict[str, int]:
    keys = record_id.to_numpy()
    links = result.links.to_pandas().sort_values("record_id")
    links = links.assign(pupil_id=-links["pupil_id"], record_id=keys[links["record_id"]])
    links[["record_id", "pupil_id", "status", "rule", "weight"]].to_csv(out, index=False)
    reviews = result.reviews.to_pandas()
    reviews = reviews.assign(candidate_pupil_id=-reviews["candidate_pupil_id"], record_id=keys[reviews["record_id"]],
                             reasons=reviews["reasons"].map(";".join))
    reviews[["record_id", "candidate_pupil_id", "weight", "reasons"]].to_csv(review, index=False)
    counts = {status: int(count) for status, count in links["status"].value_counts().items()}
    return {"records": len(links), "pupils": int(links["pupil_id"].nunique()), "auto": counts.get("auto", 0), "new": counts.get("new", 0),
            "review": counts.get("review", 0), "reviews": len(reviews), "weights_version": weights.version()}
