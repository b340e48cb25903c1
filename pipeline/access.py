"""Who of those logged in to Airflow is what in the warehouse: read from `config/access.json`, which the installation edits."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from schemas.errors import ConfigurationError

CONFIG = Path(__file__).resolve().parent.parent / "config" / "access.json"
ROLES = ("steward", "auditor", "officer")


def role_of(user: str, airflow_role: str | None) -> str | None:
    """The warehouse role of a person: by name, else by Airflow's role (any case); None = none, and nothing personal is shown."""
    declared = _declared()
    return declared["users"].get(user) or declared["roles"].get((airflow_role or "").lower())


def named(role: str) -> list[str]:
    """The names that have this warehouse role by themselves, in order."""
    return sorted(user for user, given in _declared()["users"].items() if given == role)


@cache
def _declared() -> dict[str, dict[str, str]]:
    try:
        read = json.loads(CONFIG.read_text("utf-8"))
        declared = {part: {str(name): str(role) for name, role in read[part].items()} for part in ("users", "roles")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ConfigurationError("access.unreadable", f"{CONFIG} must hold `users` and `roles`, each name: role") from None
    if unknown := {role for part in declared.values() for role in part.values()} - set(ROLES):
        raise ConfigurationError("access.role_unknown", f"{CONFIG} names {', '.join(sorted(unknown))}; known are {', '.join(ROLES)}")
    return declared
