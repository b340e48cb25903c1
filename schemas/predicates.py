"""The SQL of each rule of a laid out row, as PostgreSQL understands it: true for a row that breaks the rule."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from schemas.errors import ConfigurationError
from schemas.fields import FIELDS, Field
from schemas.rule import Rule

CODES = Path(__file__).parent / "codes"
"""Where the code lists are."""


@cache
def codes(name: str, folder: Path = CODES) -> tuple[str, ...]:
    """The allowed values of one code list, in its order; ConfigurationError if there is no such list or a code comes twice."""
    path = folder / f"{name}.csv"
    if not path.exists():
        raise ConfigurationError("codes.missing", f"no code list {name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        column = "code" if "code" in (rows.fieldnames or ()) else (rows.fieldnames or ["code"])[0]
        listed = tuple(row[column] for row in rows)
    twice = sorted({code for code in listed if listed.count(code) > 1}) if len(set(listed)) < len(listed) else []
    if twice:
        raise ConfigurationError("codes.twice", f"code list {name}.csv has {', '.join(twice)} more than once")
    return listed


def predicate(rule: Rule) -> str | None:
    """The rule's own SQL over the columns of `one`, or one derived from its column; None for what shows only before a value has its type."""
    if rule.sql is not None:
        return rule.sql
    if rule.scope != "field" or rule.column not in FIELDS:
        return None
    return _of_value(rule.kind, f'one."{rule.column}"', FIELDS[rule.column])


def _of_value(kind: str, value: str, field: Field) -> str | None:
    if kind == "required":
        return f"{value} IS NULL"
    if kind == "pattern":
        return f"{value} !~ {_text(f'^(?:{field.pattern})$')}"
    if kind in ("values", "codes"):
        allowed = field.values or () if kind == "values" else codes(str(field.codes))
        return f"{value} NOT IN ({', '.join(map(_text, allowed))})"
    if kind in ("minimum", "maximum", "range"):
        bounds = ((field.minimum, "<"), (field.maximum, ">"))
        return " OR ".join(f"{value} {over} {_bound(bound)}" for bound, over in bounds if bound is not None)
    return _control_number(value) if kind == "control_number" else None


def _control_number(value: str) -> str:
    """СНИЛС: digits weighed 9 to 1, modulo 101, 100 as 0; numbers up to 001-001-998 have none; digits all alike are nobody's."""
    weighed = " + ".join(f"substring({value} FROM {place} FOR 1)::integer * {10 - place}" for place in range(1, 10))
    return (f"CASE WHEN {value} ~ '^[0-9]+$' AND length({value}) = 11 THEN {value} ~ '^(.)\\1+$' OR left({value}, 9) > '001001998' "
            f"AND mod(mod({weighed}, 101), 100) <> right({value}, 2)::integer ELSE false END")


def _bound(bound: float | str) -> str:
    return f"DATE {_text(bound)}" if isinstance(bound, str) else str(bound)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
