"""Where one fetch goes and what it may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Target:
    """One endpoint of one source on one day; credentials never reach a log (`repr` hides them)."""

    endpoint: str
    """URL, or folder of a file source."""
    as_of: date
    organisation_key: str | None = None
    local_id: str | None = None
    login: str | None = None
    password: str | None = None
    questions: Path | None = None
    since: date | None = None
    drop: Path | None = None
    """Folder where schools drop files; a NetSchool school's contingent file lies there."""

    def __repr__(self) -> str:
        return f"Target({self.endpoint!r}, organisation_key={self.organisation_key!r}, as_of={self.as_of})"
