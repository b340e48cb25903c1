"""The keys by which a neighbourhood of records is closed before it is linked on its own."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from transforms.engine import Engine
from transforms.linkage import inputs


def link_keys(records: pa.Table, *, validations: pa.Table | None = None) -> pa.Table:
    """Columns record_id, key (text), is_block.

    What a change of some records can influence: the records reached from them over keys that are no `is_block`, over present pupils, decisions and
    open reviews; then the records that share an `is_block` key with one of these; then whatever is reached from those in the first way.
    Raises ContractBroken as `link` does.
    """
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        engine.give("validation", inputs.complete(validations, inputs.VALIDATION))
        inputs.give_reference(engine, (), ())
        engine.run("name_form", "person", "keys")
        return engine.rows("keys")
