"""One run at a time in one folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import ConfigurationError


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """ConfigurationError when another run holds the folder; the lock dies with its process."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError("run.twice", f"another run is at work in {var}; stop it, or set KONTINGENT_VAR to another folder") from None
        yield
