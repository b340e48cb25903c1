"""Starts and stops the PostgreSQL that serves when no URL is given: one folder, one port of 127.0.0.1, one generated password."""

from __future__ import annotations

import os
import secrets as random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg2
from sqlalchemy import URL

from schemas.errors import ConfigurationError
from warehouse.postgres_binaries import Postgres, locked, place

SUPERUSER = "postgres"
SETTINGS: dict[str, str] = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC", "max_connections": "100",
    "shared_buffers": "256MB", "work_mem": "32MB", "maintenance_work_mem": "256MB", "max_wal_size": "4GB",
    "password_encryption": "scram-sha-256", "logging_collector": "off",
    # Personal values never reach the server log: no DETAIL, no CONTEXT, no statement, and no ERROR line (casts quote the value).
    "log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_min_messages": "log", "log_statement": "none",
    "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Server:
    """A running server; `dsn` opens its database `postgres` as the superuser (SQLAlchemy form, with the password)."""

    data: Path
    port: int
    password: str = field(repr=False)

    @property
    def dsn(self) -> str:
        return self.url("postgres")

    def url(self, database: str) -> str:
        """The superuser's URL of one database."""
        return URL.create("postgresql+psycopg2", SUPERUSER, self.password, "127.0.0.1", self.port, database).render_as_string(False)


def start(data: Path, *, secrets: Path | None = None, settings: Mapping[str, str] | None = None) -> Server:
    """Serve `data`, made if new; a server that already runs there is returned as it is.

    The password stays in `secrets/postgres` (default: folder `secrets` beside `data`). Raises ConfigurationError.
    """
    secrets = secrets or data.parent / "secrets"
    home = place(data)
    with locked(home):
        server = _running(home, secrets)
        return server or _start(home, secrets, {**SETTINGS, **(settings or {})})


def status(data: Path, *, secrets: Path | None = None) -> Server | None:
    """The server that runs on `data`, or None."""
    return _running(place(data), secrets or data.parent / "secrets")


def stop(data: Path) -> bool:
    """Stop the server of `data`, sessions included; False if none ran. Committed work is safe."""
    home = place(data)
    with locked(home):
        if _postmaster(home) is None:
            return False
        Postgres.find(home).run("pg_ctl", "-D", home, "-w", "-m", "fast", "stop")
        return True


def _start(home: Path, secrets: Path, settings: Mapping[str, str]) -> Server:
    postgres = Postgres.find(home)
    password = _password(secrets)
    if not (home / "PG_VERSION").exists():
        postgres.initialise(home, SUPERUSER, password)
    (home / "postmaster.pid").unlink(missing_ok=True)  # `_running` found nobody behind it; its number may be another process by now
    postgres.write(home / "kontingent.conf", "".join(f"{name} = '{value}'\n" for name, value in settings.items()))
    port = _free_port(home)
    postgres.write(home / "kontingent.port", str(port))
    postgres.run("pg_ctl", "-D", home, "-w", "-t", "120", "-l", home / "server.log", "-o", f"-p {port}", "start")
    server = Server(home, port, password)
    if not _is_own(server):
        raise ConfigurationError("postgres.foreign", f"port {port} answers, but not from {home}")
    return server


def _running(home: Path, secrets: Path) -> Server | None:
    if _postmaster(home) is None:
        return None
    port = int((home / "postmaster.pid").read_text("utf-8").splitlines()[3])
    server = Server(home, port, _password(secrets))
    if not _is_own(server):
        raise ConfigurationError("postgres.foreign", f"port {port} answers, but not from {home}")
    return server


def _postmaster(home: Path) -> psutil.Process | None:
    """The process of postmaster.pid, if it is a PostgreSQL of this folder; after a crash the number may be anybody's."""
    try:
        process = psutil.Process(int((home / "postmaster.pid").read_text("utf-8").split("\n", 1)[0]))
        return process if process.name().startswith("postgres") and str(home) in process.cmdline() else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def _is_own(server: Server) -> bool:
    try:
        session = psycopg2.connect(host="127.0.0.1", port=server.port, user=SUPERUSER, password=server.password,
                                   dbname="postgres", connect_timeout=10)
    except psycopg2.OperationalError:
        raise ConfigurationError("postgres.password", f"the server of {server.data} runs and does not accept the password of secrets/postgres") from None
    with session, session.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone() or ("",)
    session.close()
    return Path(folder).resolve() == server.data.resolve()


def _password(secrets: Path) -> str:
    kept = secrets / "postgres"
    if not kept.exists():
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.touch(mode=0o600)
        kept.write_text(random.token_urlsafe(24), "utf-8")
    return kept.read_text("utf-8").strip()


def _free_port(home: Path) -> int:
    """The port of last time when nobody took it (addresses written down stay true), else any free one."""
    kept = home / "kontingent.port"
    wanted = int(kept.read_text("utf-8")) if kept.exists() else int(os.environ.get("KONTINGENT_PG_PORT", "0"))
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigurationError("postgres.port", "no free port on 127.0.0.1")
