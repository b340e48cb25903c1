"""Brings a server and a database to what this code needs: `prepare` once with rights, `upgrade` at each new release."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError

from schemas.errors import ConfigurationError
from warehouse import roles
from warehouse.engine import open_engine

DATABASE = "kontingent"
SCRIPTS = Path(__file__).parent / "migrations"


def prepare(admin_url: str, secrets: Path, database: str = DATABASE) -> dict[str, str]:
    """Make database and roles on a PostgreSQL ≥ 15; returns role → URL (`owner` included) and keeps it in `secrets/warehouse.json`.

    May be repeated: passwords stay, addresses follow the server. Raises ConfigurationError saying what right is missing.
    """
    open_engine(admin_url)
    admin = create_engine(make_url(admin_url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT", hide_parameters=True)
    with admin.connect() as connection:
        passwords = roles.create_roles(connection, roles.saved_passwords(secrets))
        _create_database(connection, database)
        roles.grant_database(connection, database)
        is_superuser = roles.is_superuser(connection)
        if is_superuser and _is_embedded(admin_url, secrets):
            roles.close_server(connection)
    admin.dispose()
    if is_superuser:
        _close_large_objects(admin_url, database)
    urls = {role.removeprefix("kontingent_"): _address(admin_url, database, role, password) for role, password in passwords.items()}
    roles.save(passwords, urls, secrets)
    return urls


def upgrade(url: str) -> None:
    """Apply what migrations are missing, then make views and grants anew; `url` is the owner's."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        raise ConfigurationError("warehouse.migration", str(error.orig).splitlines()[0]) from None


def downgrade(url: str, revision: str) -> None:
    """Undo migrations back to `revision`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    command.downgrade(config, revision)


def _create_database(connection: Connection, database: str) -> None:
    owner = roles.OWNER
    if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}).scalar():
        return
    try:
        if not connection.execute(text("SELECT pg_has_role(current_user, :owner, 'SET')" if _major(connection) >= 16
                                       else "SELECT pg_has_role(current_user, :owner, 'MEMBER')"), {"owner": owner}).scalar():
            connection.exec_driver_sql(f"GRANT {owner} TO CURRENT_USER")
        connection.exec_driver_sql(f"CREATE DATABASE \"{database}\" OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'")
    except ProgrammingError:
        raise ConfigurationError("warehouse.rights", f"this user may not create database {database}: ALTER ROLE … CREATEDB is needed") from None


def _is_embedded(admin_url: str, secrets: Path) -> bool:
    """Our own server, whose superuser's password we keep: another's databases are not ours to close."""
    kept = secrets / "postgres"
    return kept.exists() and kept.read_text("utf-8").strip() == make_url(admin_url).password


def _close_large_objects(admin_url: str, database: str) -> None:
    inside = create_engine(make_url(admin_url).set(drivername="postgresql+psycopg2", database=database), hide_parameters=True)
    with inside.begin() as connection:
        roles.close_large_objects(connection)
    inside.dispose()


def _major(connection: Connection) -> int:
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def _address(admin_url: str, database: str, role: str, password: str) -> str:
    return make_url(admin_url).set(drivername="postgresql+psycopg2", username=role, password=password,
                                   database=database).render_as_string(hide_password=False)
