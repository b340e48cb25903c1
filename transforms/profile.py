"""The profile of deliveries: measures of each column, counted in DuckDB over the staged Parquet; no value of a person is kept."""

# ruff: noqa: S608  every name below comes from the declarations

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from schemas.drift import DISCLOSED_FROM, RARE_BELOW, UNITS, is_coded, measured
from schemas.fields import FIELDS
from transforms.engine import Engine

PROFILE = pa.schema([("delivery_id", pa.string()), ("entity", pa.string()), ("column_name", pa.string()), ("measure", pa.string()),
                     ("code", pa.string()), ("value", pa.float64())])
"""One measure of one delivery: `column_name` is missing for measures of the whole entity, `code` for all but shares of codes."""
FILES = 100
"""Deliveries profiled by one statement: bounds the memory of its groups."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """One staged delivery: its folder, its business date, and (received, refused) by entity."""

    folder: Path
    as_of: date
    counts: Mapping[str, tuple[int, int]]


def profile(deliveries: Mapping[str, Laid]) -> pa.Table:
    """PROFILE of some deliveries by id.

    Measures of an entity: received, refused (share), rate (rows, or rows a lesson day). Of a column with enough rows: missing, distinct (shares of rows, of
    known values), mean and mean_deviation (dates: days before the business date), length and length_deviation (characters), latin, digits, lost (shares), code.
    """
    parts = [_received(deliveries)]
    with Engine(Path(__file__).parent) as engine:
        for entity in sorted({entity for laid in deliveries.values() for entity in laid.counts}):
            there = {one: laid for one, laid in deliveries.items() if (laid.folder / f"{entity}.parquet").exists()}
            for some in _pieces(there):
                parts.append(_entity(engine, entity, some))
    return pa.concat_tables(parts)


def _received(deliveries: Mapping[str, Laid]) -> pa.Table:
    rows = [{"delivery_id": one, "entity": entity, "measure": measure, "value": value}
            for one, laid in deliveries.items() for entity, (received, refused) in laid.counts.items() if received
            for measure, value in (("received", float(received)), ("refused", refused / received))]
    return pa.Table.from_pylist(rows, PROFILE)


def _pieces(deliveries: Mapping[str, Laid]) -> Iterator[dict[str, Laid]]:
    items = list(deliveries.items())
    for start in range(0, len(items), FILES):
        yield dict(items[start:start + FILES])


def _entity(engine: Engine, entity: str, deliveries: dict[str, Laid]) -> pa.Table:
    engine.give("laid", pa.table({"delivery_id": list(deliveries), "as_of": pa.array([laid.as_of for laid in deliveries.values()], pa.date32()),
                                  "filename": [str(laid.folder / f"{entity}.parquet") for laid in deliveries.values()]}))
    files = ", ".join(f"'{_quoted(laid.folder / f'{entity}.parquet')}'" for laid in deliveries.values())
    columns = measured(entity)
    measures = {f"{column}.{name}": asked for column in columns for name, asked in _measures(column).items()}
    rate = f"count(*) / greatest(count(DISTINCT {UNITS[entity]}), 1)" if entity in UNITS else "count(*)"
    codes = [f'histogram(CAST("{column}" AS VARCHAR)) AS "{column}.code"' for column in columns if is_coded(column)]
    engine.make("counted", f"""
        SELECT delivery_id, count(*) AS row_count, {rate} AS rate,
            {', '.join([f'{asked} AS "{name}"' for name, asked in measures.items()] + codes)}
        FROM read_parquet([{files}], filename = true) JOIN laid USING (filename) GROUP BY delivery_id""")
    told = [engine.query(_RATE.format(entity=entity)), *(engine.query(_told(entity, column)) for column in columns)]
    return pa.concat_tables([part.cast(PROFILE) for part in told])


_RATE = """SELECT delivery_id, '{entity}' AS entity, NULL::VARCHAR AS column_name, 'rate' AS measure, NULL::VARCHAR AS code, rate::DOUBLE AS value
    FROM counted WHERE row_count > 0"""


def _measures(column: str) -> dict[str, str]:
    """Aggregate of each measure of one column; `known` is what the others are shares of."""
    name, kind = f'"{column}"', FIELDS[column].type
    asked = {"known": f"count({name})", "distinct": f"approx_count_distinct({name})"}
    if is_coded(column) or column in UNITS.values():  # the calendar moves lesson days and periods, not the sender
        return {"known": asked["known"]}
    if kind == "text":
        asked |= {"length": f"avg(length({name}))", "length_deviation": f"stddev_pop(length({name}))"}
        return asked if FIELDS[column].pattern else asked | {share: f"count(*) FILTER ({test.format(name)})" for share, test in _LETTERS.items()}
    number = f"date_diff('day', {name}, as_of)" if kind == "date" else name
    return asked | {"mean": f"avg({number})", "mean_deviation": f"stddev_pop({number})"}


_LETTERS = {"latin": "regexp_matches({}, '[A-Za-z]')", "digits": "regexp_matches({}, '[0-9]')", "lost": "contains({}, '?')"}
"""Lexical shape of a text that has no declared form."""
_SHARES = ("distinct", *_LETTERS)
_RARE = "*"
"""Stands for the codes few persons of a delivery have, in columns that may identify."""


def _told(entity: str, column: str) -> str:
    """SELECT of PROFILE rows of one column out of the counted ones: those of deliveries large enough to be told of."""
    head = f"SELECT delivery_id, '{entity}' AS entity, '{column}' AS column_name"
    known = f'"{column}.known"'
    told = [f"{head}, 'missing' AS measure, NULL::VARCHAR AS code, 1 - {known} / row_count AS value FROM counted WHERE row_count >= {DISCLOSED_FROM}"]
    for measure in _measures(column):
        if measure != "known":
            value = f'least("{column}.{measure}" / {known}, 1)' if measure in _SHARES else f'"{column}.{measure}"'
            told.append(f"{head}, '{measure}', NULL, {value} FROM counted WHERE {known} >= {DISCLOSED_FROM}")
    if is_coded(column):
        code = "entry.key" if FIELDS[column].sensitivity == "open" else f"CASE WHEN entry.value < {RARE_BELOW} THEN '{_RARE}' ELSE entry.key END"
        told.append(f"{head}, 'code', {code} AS code, sum(entry.value) / any_value({known}) FROM (SELECT *, unnest(map_entries(\"{column}.code\")) AS entry "
                    f"FROM counted WHERE {known} >= {DISCLOSED_FROM}) GROUP BY delivery_id, {code}")
    return " UNION ALL ".join(told)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
