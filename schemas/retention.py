"""How long what is kept: the installation's own settings (`config/retention.yaml`), never law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from schemas.errors import ConfigurationError

CONFIG = Path(__file__).resolve().parent.parent / "config" / "retention.yaml"
LEAST = {"checks": 90, "samples": 90, "landing": 30, "staging": 1, "questions": 1, "portal": 1, "logs": 7}
"""What may be deleted, and the shortest period a slip of the pen can set, in days."""
STATUS = {"confirmed": "подтверждён", "unconfirmed": "не подтверждён юристом"}
_KEYS = {"name", "title", "days", "covers", "files", "ground", "status"}


@dataclass(frozen=True, kw_only=True)
class Period:
    """One class of what is kept."""

    name: str
    title: str
    """Russian."""
    days: int | None
    """After how many days it is deleted; None = the program never does."""
    covers: tuple[str, ...]
    """Full names of tables and marts, or `schema.*` for those that nobody names."""
    ground: str
    status: Literal["confirmed", "unconfirmed"]
    files: str | None = None

    @property
    def words(self) -> str:
        """Russian: the period as the dictionary prints it, always as a setting of the installation."""
        span = "программа не удаляет" if self.days is None else f"{self.days} дн."
        return f"{span}; настройка установки, {STATUS[self.status]}: {self.ground}"


def period(name: str) -> Period:
    """The class of that name; ConfigurationError when the file has none."""
    found = next((one for one in periods() if one.name == name), None)
    if found is None:
        raise ConfigurationError("retention.missing", f"{CONFIG} declares no class {name}")
    return found


def period_of(relation: str) -> Period:
    """The class of one table or mart; ConfigurationError when no class, or more than one, covers it."""
    for asked in (relation, relation.split(".")[0] + ".*"):
        found = [one for one in periods() if asked in one.covers]
        if len(found) > 1:
            raise ConfigurationError("retention.twice", f"{asked} stands in {', '.join(one.name for one in found)} of {CONFIG}")
        if found:
            return found[0]
    raise ConfigurationError("retention.missing", f"no class of {CONFIG} covers {relation}")


@cache
def periods(path: Path | None = None) -> tuple[Period, ...]:
    """Every class in the order of the file; ConfigurationError names what is wrong in it."""
    path = path or CONFIG
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ConfigurationError("retention.unreadable", f"{path} is not YAML that can be read") from None
    if not isinstance(read, list):
        raise ConfigurationError("retention.unreadable", f"{path} must be a list of classes")
    made = tuple(_period(entry, number, path) for number, entry in enumerate(read, 1))
    if twice := {one.name for one in made if [other.name for other in made].count(one.name) > 1}:
        raise ConfigurationError("retention.twice", f"{path} declares {', '.join(sorted(twice))} twice")
    return made


def _period(entry: Any, number: int, path: Path) -> Period:
    place = f"class {number} of {path}"
    if not isinstance(entry, dict) or not _KEYS - {"files"} <= entry.keys() <= _KEYS:
        raise ConfigurationError("retention.keys", f"{place} must hold {', '.join(sorted(_KEYS - {'files'}))} and may hold files")
    name, days = str(entry["name"]), entry["days"]
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or name not in LEAST or days < LEAST[name]):
        raise ConfigurationError("retention.days", f"{place} ({name}): days must be null or, for {', '.join(LEAST)}, a whole number of at least "
                                                   + str(LEAST.get(name, "the class's least")))
    if entry["status"] not in STATUS or not str(entry["ground"] or "").strip() or not str(entry["title"] or "").strip():
        raise ConfigurationError("retention.words", f"{place} ({name}) needs a title, a ground and a status of {', '.join(STATUS)}")
    if not isinstance(entry["covers"], list):
        raise ConfigurationError("retention.covers", f"{place} ({name}): covers must be a list of tables")
    return Period(name=name, title=str(entry["title"]), days=days, covers=tuple(map(str, entry["covers"])), ground=str(entry["ground"]),
                  status=entry["status"], files=entry.get("files"))
