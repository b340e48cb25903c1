"""The Arrow form of the staging relations, derived from `schemas.tables`."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from schemas.tables import STAGING

_TYPES = {"text": pa.string(), "integer": pa.int64(), "decimal": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
          "timestamp": pa.timestamp("us", "UTC"), "json": pa.string()}

REFUSED_SCHEMA = pa.schema([("entity", pa.string()), ("position", pa.string()), ("source_key", pa.string()),
                            ("rule", pa.string()), ("rule_version", pa.int64())])


def arrow_schema(entity: str) -> pa.Schema:
    """Columns of a staging relation with their Arrow types, in declared order."""
    table = STAGING[entity]
    return pa.schema([(column, _TYPES[table.field(column).type]) for column in table.columns])


def arrow_table(rows: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The frame as an Arrow table of exactly this schema (missing is null); ArrowInvalid if a value does not fit."""
    arrays = [pa.Array.from_pandas(rows[field.name], type=field.type, safe=True) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
