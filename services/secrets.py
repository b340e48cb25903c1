"""Secrets of one installation: made once, readable by their owner only, never in the repository."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

USERS = ("engineer", "steward", "reviewer", "analyst", "auditor")


def ensure(folder: Path) -> None:
    """Make what is missing: Airflow's shared keys and the five users' passwords."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _once(folder / "fernet.key", lambda: base64.urlsafe_b64encode(os.urandom(32)).decode())
    _once(folder / "jwt.key", lambda: secrets.token_urlsafe(48))
    _once(folder / "api.key", lambda: secrets.token_urlsafe(48))
    _once(folder / "airflow_passwords.json", lambda: json.dumps({user: secrets.token_urlsafe(12) for user in USERS}))


def write(path: Path, content: str) -> None:
    """Replace one secret in one step, for its owner's eyes only."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(content, "utf-8")
    draft.replace(path)


def password(folder: Path, user: str) -> str:
    """The Airflow password of one of the users."""
    return str(json.loads((folder / "airflow_passwords.json").read_text("utf-8"))[user])


def _once(path: Path, make: object) -> None:
    if not path.exists():
        write(path, make())  # type: ignore[operator]
