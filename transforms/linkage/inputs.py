"""The relations linking reads, completed to their declared columns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

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
_COMMONNESS = pa_csv.ConvertOptions(column_types={"part": pa.string(), "form": pa.string(), "commonness": pa.int32()})
_NEEDED = ("record_id", "source", "source_key")


def complete(rows: pa.Table | None, schema: pa.Schema) -> pa.Table:
    """The table with exactly the columns of `schema`; what it lacks is missing, what the schema does not know is left out."""
    if rows is None:
        return schema.empty_table()
    columns = [rows[field.name].cast(field.type) if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
               for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def give_records(engine: Engine, records: pa.Table) -> None:
    """Make `record` readable; ContractBroken if a key column is missing or a record_id comes twice."""
    lacking = [column for column in _NEEDED if column not in records.column_names]
    if lacking:
        raise ContractBroken("linkage.columns", f"records lack {', '.join(lacking)}")
    repeated = records.num_rows - pc.count_distinct(records["record_id"]).as_py()
    if repeated:
        raise ContractBroken("linkage.record_id", f"{repeated} record_id come more than once")
    engine.give("record", complete(records, RECORD))


def give_reference(engine: Engine, one_record_sources: Collection[str], birthplace_sources: Collection[str]) -> None:
    """Make the weights, the list of given names and the promises of the sources readable."""
    engine.give("rule_weight", weights.rule_weights())
    engine.give("setting", weights.settings())
    engine.give("name_commonness", pa_csv.read_csv(Path(__file__).with_name("name_commonness.csv"), convert_options=_COMMONNESS))
    engine.give("given_name", pa_csv.read_csv(Path(__file__).with_name("given_names.csv")))
    engine.give("one_record_source", pa.table({"source": pa.array(sorted(set(one_record_sources)), pa.string())}))
    engine.give("birthplace_source", pa.table({"source": pa.array(sorted(set(birthplace_sources)), pa.string())}))
