"""One unmoving look at one version of the warehouse: every figure of a report comes from the same snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, quoted_name, text

from schemas.errors import ConfigurationError

DTYPES = {16: "boolean", 20: "Int64", 21: "Int64", 23: "Int64", 25: "string", 1043: "string", 1700: "Float64"}
"""PostgreSQL type number → pandas dtype; dates, times and the rest stay objects."""


@contextmanager
def snapshot(engine: Engine, *, version: int, as_of: date) -> Iterator[Connection]:
    """A read-only, repeatable-read transaction whose views show `version` on the report date `as_of`.

    Raises ConfigurationError when the role may not choose its version.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text("SELECT set_config('kontingent.version', :version, TRUE), set_config('kontingent.report_date', :day, TRUE)"),
                           {"version": str(version), "day": as_of.isoformat()})
        seen = connection.execute(text("SELECT core.visible_version()")).scalar_one()
        if seen != version:
            raise ConfigurationError("reports.version", f"this role sees version {seen}, not {version}: reports are made by the loader")
        yield connection


def frame(connection: Connection, statement: str) -> pd.DataFrame:
    """The rows of one SELECT with nullable types; dates stay dates."""
    result = connection.execute(text(statement))
    kinds = {str(column[0]): DTYPES.get(int(column[1]), "object") for column in result.cursor.description}  # type: ignore[call-overload]
    return pd.DataFrame(result.all(), columns=list(kinds), dtype="object").astype(kinds)


def mart(connection: Connection, name: str) -> pd.DataFrame:
    """All rows of `marts.<name>`; `name` is ours, never data."""
    return frame(connection, f"SELECT * FROM marts.{quoted_name(name, quote=True)}")  # noqa: S608
