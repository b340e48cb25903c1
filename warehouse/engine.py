"""The only place that opens the warehouse: one engine a role, with time limits and without parameters in errors."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from schemas.errors import ConfigurationError, KontingentError

OLDEST = 15
URL_VARIABLE = "KONTINGENT_WAREHOUSE_URL"
CONNECTION = {
    "connect_timeout": 10, "keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000,
    "application_name": "kontingent", "client_encoding": "utf8",
    "options": "-c timezone=UTC -c datestyle=ISO -c statement_timeout=2h -c idle_in_transaction_session_timeout=30min",
}


class WarehouseError(KontingentError):
    """PostgreSQL said no: `code` is its SQLSTATE, the message names table and constraint, never values."""


def secrets_folder() -> Path:
    """`secrets` in KONTINGENT_VAR (default `var` beside the code): generated passwords."""
    return Path(os.environ.get("KONTINGENT_VAR", Path(__file__).resolve().parent.parent / "var")) / "secrets"


def url(role: str = "loader") -> str:
    """The URL of one role, as `migrate.prepare` wrote it for this server; KONTINGENT_WAREHOUSE_URL alone serves the loader.

    Raises ConfigurationError.
    """
    given, kept = os.environ.get(URL_VARIABLE), secrets_folder() / "warehouse.json"
    urls: dict[str, str] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if role in urls and (not given or _server(given) == _server(urls[role])):
        return urls[role]
    if given and role == "loader":
        return given
    raise ConfigurationError("warehouse.unknown", f"no connection for role {role}: set {URL_VARIABLE}, or run `kontingent up` to make {kept}")


def _server(address: str) -> tuple[str | None, int]:
    try:
        return make_url(address).host, make_url(address).port or 5432
    except ArgumentError:
        raise ConfigurationError("warehouse.url", f"{URL_VARIABLE} is not a database URL") from None


def engine(role: str = "loader") -> Engine:
    """The engine of one role, made and checked once; raises ConfigurationError in one clear line."""
    return open_engine(url(role))


@cache
def open_engine(address: str) -> Engine:
    """An engine for a URL, checked: it answers, and it is PostgreSQL of version OLDEST or later."""
    try:
        plain = make_url(address).set(drivername="postgresql+psycopg2")
        made = create_engine(plain, hide_parameters=True, pool_pre_ping=True, pool_size=4, pool_recycle=1800, connect_args=CONNECTION)
        with made.connect() as connection:
            version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    except (ArgumentError, ValueError):
        raise ConfigurationError("warehouse.url", f"{URL_VARIABLE} is not a database URL") from None
    except OperationalError as error:
        where = f"{plain.host}:{plain.port or 5432}/{plain.database}"
        raise ConfigurationError("warehouse.unreachable", f"{where} as {plain.username}: {_first_line(error)}") from None
    if version < OLDEST:
        raise ConfigurationError("warehouse.old", f"PostgreSQL {version} is too old: {OLDEST} or later is needed")
    return made


@contextmanager
def without_values() -> Iterator[None]:
    """What PostgreSQL says of an error quotes rows: re-raise it as SQLSTATE, table and constraint."""
    try:
        yield
    except DBAPIError as error:
        raise plain_error(error.orig) from None


def plain_error(error: object) -> WarehouseError:
    """A WarehouseError of a driver's error, without the text it carries."""
    said = getattr(error, "diag", None)
    places = (getattr(said, name, None) for name in ("schema_name", "table_name", "column_name", "constraint_name"))
    code = getattr(error, "pgcode", None) or "connection"
    return WarehouseError(f"warehouse.{code}", " ".join(place for place in places if place) or type(error).__name__)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rsplit("FATAL:", 1)[-1].strip()
