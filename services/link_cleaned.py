"""Synthetic rows as linking reads them: as a table a person could have typed, and cleaned with all a source says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from connectors.mocks.region import mistakes
from connectors.mocks.region.chance import Array, Columns, has, where
from services.link_rows import DATES, TEXTS
from transforms import columns, documents
from transforms.link_table import COLUMNS
from transforms.linkage.inputs import RECORD, complete

GROUPS = ("sex", "citizenship", "has_patronymic", "is_transliterated", "is_twin", "snils_is_wrong", "snils_is_shared")
_CERTIFICATE = r"[IVXLCDM]{1,10}-[А-Я]{2} \d{6}"
_NAMED = (*mistakes.NAMES, *(f"previous_{name}" for name in mistakes.NAMES), "mother_family_name", "mother_given_name", "mother_patronymic")


def typed(record_id: Array, rows: Columns) -> pa.Table:
    """COLUMNS of a table to link, values as the sources write them: journals dates as dd.mm.yyyy, all others as ISO."""
    journal = np.char.startswith(rows["source"].astype(str), "journal")
    texts = {name: _text(rows[name]) for name in ("source", "snils", *mistakes.NAMES, "sex", "oktmo")}
    paper = np.where(has(rows["document"]) & ~has(rows["certificate"]), rows["document"], rows["certificate"])
    texts |= {"birth_act": _text(rows["birth_act_number"]), "document": _text(paper), "birth_date": _text(_dates(rows, journal))}
    return pa.table({"record_id": pa.array(record_id)} | texts).select(COLUMNS)


def cleaned(record_id: Array, rows: Columns) -> pa.Table:
    """The same records with the columns of RECORD, cleaned as the transforms of the sources clean them."""
    text = {name: pd.Series(rows[name], dtype="str") for name in TEXTS}
    passport = documents.passport(text["certificate"])
    is_passport = passport.notna()
    certificate = documents.certificate(text["certificate"]).where(~is_passport)
    is_foreign = certificate.notna() & ~certificate.str.fullmatch(_CERTIFICATE).fillna(False).astype(bool)
    document = documents.certificate(text["document"]).where(text["document_kind"] == "03", text["document"])
    number = columns.snils(text["snils"])
    done = {name: columns.name(text[name]) for name in _NAMED} | {
        "source": text["source"], "source_key": text["source_key"], "birth_date_partial": text["birth_date_partial"], "sex": columns.sex(text["sex"]),
        "snils": number.where(number.str.fullmatch(r"\d{11}").fillna(False).astype(bool)), "birth_act_number": text["birth_act_number"],
        "birth_act_authority": text["birth_act_authority"], "birth_certificate": certificate.mask(is_foreign), "mother_snils": text["mother_snils"],
        "document": passport.where(is_passport, certificate.where(is_foreign, document)),
        "document_kind": text["document_kind"].mask(is_passport, "21"), "citizenship": columns.country(text["citizenship"]),
        "oktmo": text["oktmo"], "organisation_key": text["organisation_key"]}
    arrays = {name: pa.Array.from_pandas(column, type=pa.string()) for name, column in done.items()}
    arrays |= {name: pa.array(rows[name], pa.date32()) for name in DATES}
    arrays |= {name: pa.array(rows[name], pa.int64(), mask=rows[name] == 0) for name in ("birth_count", "birth_order")}
    return complete(pa.table({"record_id": pa.array(record_id, pa.int64()), **arrays, "record_status": pa.repeat("active", len(record_id))}), RECORD)


def truth(record_id: Array, rows: Columns, children: Columns, cleaned_numbers: pa.ChunkedArray) -> pa.Table:
    """`record_id, person_id` and GROUPS: facts of the person; of this record whether it has a patronymic, whose number it carries, and whether
    its name is brought from another alphabet (foreign citizens, and letters that Russian has not)."""
    person = rows["person_id"]
    place = person - children["person_id"][0]
    child = (place >= 0) & (place < len(children["person_id"]))
    at = np.where(child, place, 0)
    number = np.array([value or "" for value in cleaned_numbers.to_pylist()], dtype=object)
    known = [children["snils"][at], children["second_snils"][at], children["mother_snils"][at]]
    own = np.where(child, (number == known[0]) | (number == known[1]), number == known[2])
    own = np.where(person >= 1_000_000_000, True, own)
    foreign = child & (children["citizenship"][at] != "643")
    beyond = pd.Series(rows["given_name"], dtype="str").str.contains("[A-Za-zҮӨҺүөһ?]", regex=True).fillna(False).to_numpy(dtype=bool)
    return pa.table({
        "record_id": pa.array(record_id, pa.int64()), "person_id": pa.array(person, pa.int64()),
        "sex": _text(where(child, children["sex"][at], None)), "citizenship": _text(where(child, children["citizenship"][at], None)),
        "has_patronymic": pa.array(has(rows["patronymic"])), "is_transliterated": pa.array(foreign | beyond),
        "is_twin": pa.array((children["birth_count"][at] > 1) & child), "snils_is_wrong": pa.array((number != "") & ~own),
        "snils_is_shared": pa.array(_shared(number, person))})


def _shared(number: Array, person: Array) -> Array:
    """Whether records of two persons of this chunk carry the number."""
    frame = pd.DataFrame({"number": number, "person": person})
    counted = frame.groupby("number", sort=False)["person"].transform("nunique")
    shared: Array = ((counted > 1) & (frame["number"] != "")).to_numpy()
    return shared


def _text(values: Array) -> pa.Array:
    return pa.array(values, pa.string(), from_pandas=True)


def _dates(rows: Columns, journal: Array) -> Array:
    iso = np.datetime_as_string(rows["birth_date"].astype("datetime64[D]")).astype(object)
    russian = pd.Series(iso).str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3.\2.\1", regex=True).to_numpy(dtype=object)
    result = np.where(journal, russian, iso)
    missing = np.isnat(rows["birth_date"].astype("datetime64[D]"))
    result[missing] = rows["birth_date_partial"][missing]
    return result
