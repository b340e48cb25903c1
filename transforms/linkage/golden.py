"""The golden record of each pupil: a pure function of links and facts, each cell with the record and rule it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from transforms.arrow import arrow_schema
from transforms.engine import Engine
from transforms.linkage import inputs
from transforms.linkage.compare import speak

Authority = Mapping[str, Mapping[str, int]]
"""Rank by source and field (`*` = all other fields); the smaller wins, a field not named is not believed."""

_LINK = pa.schema([("record_id", pa.int64()), ("pupil_id", pa.int64())])
_RESIDENCE = pa.schema([("record_id", pa.int64()), *arrow_schema("residence")])
_CITIZENSHIP = pa.schema([("record_id", pa.int64()), *arrow_schema("citizenship")])


@dataclass(frozen=True, kw_only=True)
class Golden:
    """`pupils`: pupil_id, the name (whole, from one record), birth_date, sex, snils, citizenship, death_date, oktmo, is_rural, is_resident.
    `cells`: pupil_id, field, record_id, source, rule only | authority | latest, disagreement (other sources with another value),
    sources (how many state the field)."""

    pupils: pa.Table
    cells: pa.Table


def golden(records: pa.Table, links: pa.Table, residences: pa.Table, citizenships: pa.Table, authority: Authority, *,
           validations: pa.Table | None = None) -> Golden:
    """Golden records of the pupils named in `links`.

    `residences`, `citizenships`: staging columns with `record_id` instead of `person_key`. Annulled records, invalid numbers and numbers
    denied by `validations` never win. Raises ContractBroken as `link` does.
    """
    ranks = [(source, field, rank) for source, fields in authority.items() for field, rank in fields.items()]
    with Engine(Path(__file__).parent) as engine:
        inputs.give_records(engine, records)
        engine.give("validation", inputs.complete(validations, inputs.VALIDATION))
        inputs.give_reference(engine, (), ())
        engine.give("link", inputs.complete(links, _LINK))
        engine.give("residence", inputs.complete(residences, _RESIDENCE))
        engine.give("citizenship", inputs.complete(citizenships, _CITIZENSHIP))
        engine.give("authority", pa.table({"source": pa.array([each[0] for each in ranks], pa.string()),
                                           "field": pa.array([each[1] for each in ranks], pa.string()),
                                           "rank": pa.array([each[2] for each in ranks], pa.int64())}))
        engine.run("name_form", "person")
        speak(engine, "SELECT n FROM person")
        engine.run("golden_source", "golden_value", "golden_winner", "golden_pupil", "golden_cell")
        return Golden(pupils=engine.rows("golden_pupil"), cells=engine.rows("golden_cell"))
