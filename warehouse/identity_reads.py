"""Reads what linking needs of one part of the registry: records, links, decisions and facts as Arrow tables."""

from __future__ import annotations

import pyarrow as pa

from schemas.tables import STAGING
from schemas.warehouse import TARGETS
from warehouse import bulk
from warehouse.engine import engine, without_values
from warehouse.identity_scope import Touched


def read_person_records(touched: Touched) -> pa.Table:
    """record_id, source and the staging columns of the touched person records that are current."""
    return _read(touched, ("record_id", "source", *STAGING["person"].columns), TARGETS["person"].full_name)


def read_links(touched: Touched) -> pa.Table:
    """record_id, pupil_id of the touched records as linked now."""
    return _read(touched, ("record_id", "pupil_id"), "identity.link")


def read_residences(touched: Touched) -> pa.Table:
    """Staging columns of the touched records' registrations, with `record_id` for `person_key`."""
    return _read_fact(touched, "residence")


def read_citizenships(touched: Touched) -> pa.Table:
    """Staging columns of the touched records' citizenships, with `record_id` for `person_key`."""
    return _read_fact(touched, "citizenship")


def read_validations(touched: Touched) -> pa.Table:
    """record_id (the record asked about), snils, is_confirmed."""
    with without_values(), engine().begin() as connection:
        chosen = touched.choose(connection, "asked.record_id")
        return bulk.read(connection, f"""SELECT asked.record_id, fact.snils, fact.is_confirmed FROM core.snils_validation AS fact
            JOIN identity.source_record AS asked ON asked.source = fact.asked_source AND asked.source_key = fact.asked_key
            WHERE {touched.at('fact')} AND {chosen} ORDER BY asked.record_id, fact.source, fact.source_key""")  # noqa: S608


def read_decisions(touched: Touched) -> pa.Table:
    """record_id_a, record_id_b, verdict (same | different): the latest word of a person on each touched pair."""
    with without_values(), engine().begin() as connection:
        chosen = touched.choose(connection, "record_id")
        return bulk.read(connection, f"""SELECT DISTINCT ON (record_id, other_record_id) record_id AS record_id_a, other_record_id AS record_id_b, verdict
            FROM identity.decision WHERE {chosen} ORDER BY record_id, other_record_id, decision_id DESC""")  # noqa: S608


def read_seals(touched: Touched) -> pa.Table:
    """record_id of the touched records that belong to the time before an adoption: linked with nothing but one another."""
    with without_values(), engine().begin() as connection:
        chosen = touched.choose(connection, "record_id")
        return bulk.read(connection, f"SELECT DISTINCT record_id FROM identity.seal WHERE lifted_version IS NULL AND {chosen} ORDER BY record_id")  # noqa: S608


def read_sealed_pupils() -> pa.Table:
    """pupil_id that only sealed records bear."""
    with without_values(), engine().begin() as connection:
        return bulk.read(connection, "SELECT DISTINCT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL ORDER BY pupil_id")


def _read_fact(touched: Touched, name: str) -> pa.Table:
    columns = tuple("record_id" if column == "person_key" else column for column in STAGING[name].columns)
    return _read(touched, columns, f"core.{name}")


def _read(touched: Touched, columns: tuple[str, ...], table: str) -> pa.Table:
    with without_values(), engine().begin() as connection:
        chosen = touched.choose(connection, "fact.record_id")
        return bulk.read(connection, f"""SELECT {', '.join(f'fact."{column}"' for column in columns)} FROM {table} AS fact
            WHERE {touched.at('fact')} AND {chosen} ORDER BY fact.record_id""")  # noqa: S608
