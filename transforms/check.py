"""Judges typed rows by the rules of `schemas`: each raw row becomes one staging row or one refusal, never both, never neither."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from schemas.errors import ConfigurationError
from schemas.fields import FIELDS, Field
from schemas.rules import BY_ENTITY, RULES, UNTYPED, Rule
from schemas.tables import STAGING
from transforms import codes, columns
from transforms.arrow import arrow_schema, arrow_table
from transforms.cleaned import REFUSED, Cleaned

Mask = npt.NDArray[np.bool_]

_PARSERS = {"date": columns.iso_date, "timestamp": columns.iso_date, "integer": columns.integer, "decimal": columns.decimal,
            "boolean": columns.flag}
_DTYPES = {"text": "str", "json": "str", "integer": "Int64", "decimal": "float64", "boolean": "boolean", "date": "datetime64[s]",
           "timestamp": "datetime64[us]"}
_PREDICATES: dict[str, tuple[tuple[Rule, str], ...]] = {
    entity: tuple((rule, rule.sql) for rule in rules if rule.sql is not None) for entity, rules in BY_ENTITY.items()}
"""The rules across columns of each relation with their SQL."""


def broken(entity: str, position: pd.Series, masks: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Values that could not be typed, as (position, rule); `masks` maps `<column>.<kind>` to a mask of rows."""
    parts = [pd.DataFrame({"position": position[mask], "rule": f"{entity}.{rule}"}) for rule, mask in masks.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"position": [], "rule": []}, dtype="str")


def settle(entity: str, typed: pd.DataFrame, broken: pd.DataFrame | None = None) -> Cleaned:
    """Rows of staging form that pass every rule, and the refusals.

    `typed` has `position` (unique) and any staging columns; those it lacks are missing, `sequence` is then 0. A column of
    text where the field is a date (ISO), number or flag is typed here. `broken` adds (position, rule) found before.
    A value that breaks a rule of severity `warn` is left out and its row goes on.
    """
    frame = typed.reset_index(drop=True)
    frame, untyped = _conform(entity, frame)
    found = _found(frame["position"], broken) | untyped | _contradictions(entity, frame)
    left_out: list[pd.DataFrame] = []
    first = np.full(len(frame), len(BY_ENTITY[entity]), dtype=np.int64)
    for rank, rule in enumerate(BY_ENTITY[entity]):
        failed = _failed(rule, frame) | found.get(rule.id, np.zeros(len(frame), dtype=bool))
        if rule.severity == "warn" and rule.column in frame.columns and failed.any():
            frame[rule.column] = frame[rule.column].mask(failed)
            left_out.append(_refusals(entity, frame[failed], np.full(int(failed.sum()), rank)))
        elif rule.severity == "refuse":
            first[failed & (first > rank)] = rank
    refused = first < len(BY_ENTITY[entity])
    rows = frame[~refused].reset_index(drop=True)
    return Cleaned(rows=rows.assign(record_hash=_hash(entity, rows)), refused=_refusals(entity, frame[refused], first[refused]),
                   left_out=_of_rows_that_go_on(left_out, rows["position"]))


def _of_rows_that_go_on(left_out: list[pd.DataFrame], positions: pd.Series) -> pd.DataFrame | None:
    if not left_out:
        return None
    listed = pd.concat(left_out, ignore_index=True)
    return listed[listed["position"].isin(positions.astype("str"))].reset_index(drop=True)


def _conform(entity: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Mask]]:
    unknown = set(frame.columns) - set(STAGING[entity].columns)
    if unknown:
        raise ValueError(f"{entity} has no columns {sorted(unknown)}")
    conformed: dict[str, pd.Series] = {}
    untyped: dict[str, Mask] = {}
    for column in STAGING[entity].columns:
        field = FIELDS[column]
        values: pd.Series = frame[column] if column in frame.columns else _absent(column, frame.index)
        if field.type in _PARSERS and pd.api.types.is_string_dtype(values) and values.notna().any():
            parsed = _PARSERS[field.type](values.astype("str"))
            values = parsed.values
            untyped[f"{entity}.{column}.{UNTYPED[field.type]}"] = parsed.broken.to_numpy(dtype=bool)
        conformed[column] = values.astype(pd.api.types.pandas_dtype(_DTYPES[field.type]))
    return pd.DataFrame(conformed, index=frame.index), untyped


def _absent(column: str, index: pd.Index) -> pd.Series:
    return pd.Series(0 if column == "sequence" else None, index=index, dtype="object")


def _found(position: pd.Series, broken: pd.DataFrame | None) -> dict[str, Mask]:
    if broken is None or broken.empty:
        return {}
    unknown = set(broken["rule"]) - RULES.keys()
    if unknown:
        raise ValueError(f"no such rules: {sorted(unknown)}")
    return {str(rule): position.isin(part["position"]).to_numpy(dtype=bool) for rule, part in broken.groupby("rule")}


def _contradictions(entity: str, frame: pd.DataFrame) -> dict[str, Mask]:
    """Which rows break the rules across columns: each one's own SQL, all in one query."""
    rules = _PREDICATES[entity]
    if not rules or frame.empty:
        return {}
    columns_ = [name for name in STAGING[entity].columns if any(_names(name, sql) for _, sql in rules)]
    schema = arrow_schema(entity)
    given = arrow_table(frame[columns_], pa.schema([schema.field(name) for name in columns_]))
    asked = ", ".join(f'coalesce({sql}, false) AS "{rule.id}"' for rule, sql in rules)
    with _session().cursor() as connection:
        connection.register("given", given)
        try:
            answers = connection.execute(f"SELECT {asked} FROM given").fetchnumpy()  # noqa: S608 - the rules' own words
        except duckdb.Error as error:
            raise ConfigurationError("rule.sql", f"a rule of {', '.join(rule.id for rule, _ in rules)} is not SQL: {type(error).__name__}") from None
    return {name: np.asarray(mask, dtype=np.bool_) for name, mask in answers.items()}


def _names(column: str, sql: str) -> bool:
    return re.search(rf"\b{column}\b", sql) is not None


def _failed(rule: Rule, frame: pd.DataFrame) -> Mask:
    if rule.sql is not None or rule.column is None or rule.column not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    values = frame[rule.column]
    if rule.kind == "required":
        return values.isna().to_numpy(dtype=bool)
    if not values.notna().any():
        return np.zeros(len(frame), dtype=bool)
    return _bad(rule.kind, FIELDS[rule.column], values) & values.notna().to_numpy(dtype=bool)


def _bad(kind: str, field: Field, values: pd.Series) -> Mask:
    if kind == "pattern":
        good = values.str.fullmatch(str(field.pattern))
    elif kind == "values":
        good = values.isin(field.values or ())
    elif kind == "codes":
        good = values.isin(codes.allowed(str(field.codes)))
    elif kind == "control_number":
        good = columns.snils_is_valid(values) | (values.str.len() != 11)
    elif kind in ("minimum", "maximum", "range"):
        return ~_within(field, values)
    else:
        return np.zeros(len(values), dtype=bool)
    return ~good.fillna(False).to_numpy(dtype=bool)


def _within(field: Field, values: pd.Series) -> Mask:
    good = np.ones(len(values), dtype=bool)
    for bound, over in ((field.minimum, values.ge), (field.maximum, values.le)):
        if bound is not None:
            limit = pd.Timestamp(bound) if isinstance(bound, str) else bound
            good &= over(limit).fillna(False).to_numpy(dtype=bool)
    return good


def _refusals(entity: str, refused: pd.DataFrame, ranks: npt.NDArray[np.int64]) -> pd.DataFrame:
    rules = [BY_ENTITY[entity][rank] for rank in ranks]
    return pd.DataFrame({
        "entity": pd.Series([entity] * len(rules), dtype="str"), "position": refused["position"].to_numpy(),
        "source_key": refused["source_key"].to_numpy(), "rule": pd.Series([rule.id for rule in rules], dtype="str"),
        "rule_version": pd.Series([rule.version for rule in rules], dtype="int64"),
    }, columns=list(REFUSED)).astype({"position": "str", "source_key": "str"})


def _hash(entity: str, rows: pd.DataFrame) -> pd.Series:
    """MD5 of the content columns joined by the unit separator, missing as the record separator: any engine can recompute it."""
    if rows.empty:
        return pd.Series([], dtype="str")
    content = arrow_table(rows, arrow_schema(entity))
    joined = ", ".join(_spelled(STAGING[entity].content))
    with _session().cursor() as connection:  # a connection of its own in one engine: starting one costs more than a small batch
        connection.register("content", content)
        digests = connection.execute(f"SELECT md5(concat_ws(chr(31), {joined})) AS digest FROM content").df()["digest"]  # noqa: S608 - declared names
    return pd.Series(digests.astype("str").to_numpy(), index=rows.index, dtype="str")


@cache
def _session() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"temp_directory": tempfile.gettempdir()})  # by default it spills into the working folder


def _spelled(content: tuple[str, ...]) -> Iterator[str]:
    for column in content:
        yield f'coalesce(CAST("{column}" AS VARCHAR), chr(30))'
