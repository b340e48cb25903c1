"""Row and column maps of the state forms, read from `schemas/forms/*.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "schemas" / "forms"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row or column of a form's section."""

    name: str
    title: str
    code: str
    code_confirmed: bool
    available: bool = True

    @property
    def printed_code(self) -> str:
        """The official code, or a dash where nobody has confirmed it."""
        return self.code if self.code_confirmed and self.code else "–"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of a form."""

    title: str
    code: str
    code_confirmed: bool
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]

    @property
    def heading(self) -> str:
        """The title, after the section's number when that is confirmed."""
        return f"{self.code}. {self.title}" if self.code_confirmed else self.title


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form: its name, the version of the map and its sections by name."""

    name: str
    title: str
    map_version: int
    sections: dict[str, Section]

    @property
    def version_title(self) -> str:
        """What provenance prints."""
        return f"{self.name}, карта строк и граф № {self.map_version}"


def _section(raw: dict[str, Any]) -> Section:
    return Section(
        title=raw["title"], code=raw["code"], code_confirmed=raw["code_confirmed"],
        rows=tuple(Line(**line) for line in raw["rows"]), columns=tuple(Line(**line) for line in raw["columns"]))


@cache
def read(name: str) -> Form:
    """The map of one form; KeyError or TypeError if a key is missing or unknown."""
    raw = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Form(name=raw["form"], title=raw["title"], map_version=raw["map_version"],
                sections={key: _section(section) for key, section in raw["sections"].items()})
