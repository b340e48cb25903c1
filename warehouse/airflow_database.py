"""A database and a role of its own for Airflow's metadata, on the same server as the warehouse."""

from __future__ import annotations

import json
import secrets as random
from contextlib import closing
from pathlib import Path

from psycopg2 import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from schemas.errors import ConfigurationError

NAME = "kontingent_airflow"


def prepare(admin_url: str, secrets: Path) -> str:
    """Make role and database when missing; returns the URL Airflow connects with. May be repeated: the password stays."""
    password = _password(secrets / "airflow_database.json")
    admin = create_engine(make_url(admin_url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with admin.connect() as connection:
            verb = "ALTER" if connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": NAME}).scalar() else "CREATE"
            statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(NAME), sql.Literal(password))
            with closing(connection.connection.cursor()) as cursor:
                cursor.execute(statement)
            if not connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": NAME}).scalar():
                if verb == "CREATE":
                    connection.exec_driver_sql(f"GRANT {NAME} TO CURRENT_USER")
                connection.exec_driver_sql(f"CREATE DATABASE {NAME} OWNER {NAME} TEMPLATE template0 ENCODING 'UTF8'")
    except ProgrammingError:
        raise ConfigurationError("airflow.rights", f"this user may not create role and database {NAME}: CREATEROLE and CREATEDB are needed") from None
    finally:
        admin.dispose()
    return make_url(admin_url).set(drivername="postgresql+psycopg2", username=NAME, password=password,
                                   database=NAME).render_as_string(hide_password=False)


def _password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"password": random.token_urlsafe(24)}), "utf-8")
    return str(json.loads(path.read_text("utf-8"))["password"])
