"""Row and column maps of the state forms, read from `schemas/forms/*.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from schemas.errors import ConfigurationError
from warehouse.reports import equalities
from warehouse.reports.equalities import Equality, Lines

Figure = TypeVar("Figure")
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
    equalities: tuple[Equality, ...] = ()

    @property
    def lines(self) -> Lines:
        """Rows by title and the columns of each section, as equalities name them."""
        return _lines(self.sections)

    @property
    def version_title(self) -> str:
        """What provenance prints."""
        return f"{self.name}, карта строк и граф № {self.map_version}"


def of_line(figures: dict[str, Figure], line: Line) -> Figure:
    """What the report counts for a row of the form; ConfigurationError when the map names a row that is not counted."""
    if line.name not in figures:
        raise ConfigurationError("form.row_unknown", f"the map of the form has a row {line.name}; the report counts {', '.join(figures)}")
    return figures[line.name]


def columns_of(section: Section, counted: Collection[str]) -> tuple[Line, ...]:
    """The columns of a section; ConfigurationError when the map names a column that is said to be available and is not counted."""
    for line in section.columns:
        if line.available and line.name not in counted:
            raise ConfigurationError("form.column_unknown", f"the map of the form has a column {line.name}; the report counts {', '.join(counted)}")
    return section.columns


def _section(raw: dict[str, Any]) -> Section:
    return Section(
        title=raw["title"], code=raw["code"], code_confirmed=raw["code_confirmed"],
        rows=tuple(Line(**line) for line in raw["rows"]), columns=tuple(Line(**line) for line in raw["columns"]))


def _lines(sections: dict[str, Section]) -> Lines:
    return {name: ({line.title: line.name for line in section.rows}, frozenset(line.name for line in section.columns)) for name, section in sections.items()}


@cache
def read(name: str) -> Form:
    """The map of one form; ConfigurationError, in one sentence, when the file is not as it must be."""
    return parse(name, (FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def parse(name: str, content: str) -> Form:
    """The map of one form out of the text of its file."""
    try:
        raw = yaml.safe_load(content)
        sections = {key: _section(section) for key, section in raw["sections"].items()}
        made = Form(name=raw["form"], title=raw["title"], map_version=raw["map_version"], sections=sections)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigurationError("form.not_yaml", f"{name}.yaml is not YAML" + (f": line {mark.line + 1}" if mark else "")) from None
    except KeyError as error:
        raise ConfigurationError("form.broken", f"{name}.yaml: {error.args[0]} is missing") from None
    except (TypeError, AttributeError) as error:
        raise ConfigurationError("form.broken", f"{name}.yaml: a row, column or section is written wrongly ({error})") from None
    return replace(made, equalities=equalities.read(name, raw.get("equalities", []), made.lines))
