"""The relations linking reads, completed to their declared columns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from schemas.errors import ContractBroken
from transforms.arrow import arrow_schema
from transforms.engine import Engine
from transforms.linkage import weights

_PERSON = arrow_schema("person")
RECORD = pa.schema([("record_id", pa.int64()), ("source", pa.string()), *_PERSON, ("birth_act", pa.string())])
"""`birth_act` is optional: an opaque act or certificate number from tables that do not say which."""
PREVIOUS = pa.schema([("record_id", pa.int64()), ("pupil_id", pa.int64())])
DECISION = pa.schema([("record_id_a", pa.int64()), ("record_id_b", pa.int64()), ("verdict", pa.string())])
VALIDATION = pa.schema([("record_id", pa.int64()), ("snils", pa.string()), ("is_confirmed", pa.bool_())])
GIVEN = {"previous": PREVIOUS, "decision": DECISION, "validation": VALIDATION}
"""What linking may be given beside the records."""
_SQL = {pa.int64(): "BIGINT", pa.string(): "VARCHAR", pa.date32(): "DATE", pa.bool_(): "BOOLEAN"}
_COMMONNESS = pa_csv.ConvertOptions(column_types={"part": pa.string(), "form": pa.string(), "commonness": pa.int32()})
_NEEDED = ("record_id", "source", "source_key")


def complete(rows: pa.Table | None, schema: pa.Schema) -> pa.Table:
    """The table with exactly the columns of `schema`; what it lacks is missing, what the schema does not know is left out."""
    if rows is None:
        return schema.empty_table()
    columns = [rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
               for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def give_records(engine: Engine, records: pa.Table | Path) -> None:
    """Make `record` readable (`records`: a table, or a Parquet file of one); ContractBroken if a key column is missing or a record_id comes twice."""
    names = records.column_names if isinstance(records, pa.Table) else pq.read_schema(records).names
    lacking = [column for column in _NEEDED if column not in names]
    if lacking:
        raise ContractBroken("linkage.columns", f"records lack {', '.join(lacking)}")
    if isinstance(records, pa.Table):
        engine.show("record", complete(records, RECORD))
    else:
        engine.show("given_record", records)
        columns = ", ".join(f'CAST({field.name if field.name in names else "NULL"} AS {_SQL[field.type]}) AS {field.name}' for field in RECORD)
        engine.view("record", f"SELECT {columns} FROM given_record")  # noqa: S608
    repeated = engine.query("SELECT count(*) - count(DISTINCT record_id) AS repeated FROM record")["repeated"][0].as_py()
    if repeated:
        raise ContractBroken("linkage.record_id", f"{repeated} record_id come more than once")
    _number(engine)


def _number(engine: Engine) -> None:
    """Relation `number`: record_id, n; records in the order of a hash of source and key, so that the order in which they came decides nothing.

    By numpy: a window over millions of rows costs the database several times as much.
    """
    keys = engine.query("SELECT record_id, hash(source, source_key) AS key FROM record")
    order = np.argsort(keys["key"].to_numpy(), kind="stable")
    n = np.empty(len(order), dtype=np.int32)
    n[order] = np.arange(len(order), dtype=np.int32)
    engine.give("number", pa.table({"record_id": keys["record_id"], "n": n}))


def give_reference(engine: Engine, one_record_sources: Collection[str], birthplace_sources: Collection[str]) -> None:
    """Make the weights, the list of given names and the promises of the sources readable."""
    engine.give("rule_weight", weights.rule_weights())
    engine.give("setting", weights.settings())
    engine.give("name_commonness", pa_csv.read_csv(Path(__file__).with_name("name_commonness.csv"), convert_options=_COMMONNESS))
    engine.give("given_name", pa_csv.read_csv(Path(__file__).with_name("given_names.csv")))
    engine.give("one_record_source", pa.table({"source": pa.array(sorted(set(one_record_sources)), pa.string())}))
    engine.give("birthplace_source", pa.table({"source": pa.array(sorted(set(birthplace_sources)), pa.string())}))
