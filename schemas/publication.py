"""What is published as open data and how it is protected (`publication.yaml`), read and checked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from schemas.errors import ConfigurationError

FILE = Path(__file__).parent / "publication.yaml"
Method = Literal["rounding", "suppression"]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The counts that are protected, how far apart their possible values must stay, and the base of rounding."""

    small: tuple[int, int] = (1, 4)
    width: int = 2
    base: int = 5


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """What counts are broken down by; `values` names the values of a mart in Russian, in the order they are shown."""

    name: str
    title: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CubeSource:
    """A mart summed over everything but its dimensions: dimension → column."""

    name: str
    mart: str
    count: str
    columns: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TablePlan:
    """One published table: the dimensions of its cube that it keeps, every margin included."""

    name: str
    sheet: str
    """Name of its sheet in a workbook, at most 31 characters."""
    title: str
    cube: str
    dimensions: tuple[str, ...]
    method: Method


@dataclass(frozen=True, kw_only=True)
class UniversePlan:
    """Counts of the same children on one day."""

    name: str
    title: str
    day: str
    """The column of the first cube's mart that tells the day."""
    same_within_days: int
    cubes: tuple[CubeSource, ...]
    tables: tuple[TablePlan, ...]


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The whole declaration."""

    name: str
    title: str
    declaration_version: int
    rules: Rules
    dimensions: dict[str, Dimension]
    universes: tuple[UniversePlan, ...]

    @property
    def marts(self) -> tuple[str, ...]:
        """Every mart it reads, once."""
        return tuple(dict.fromkeys(cube.mart for universe in self.universes for cube in universe.cubes))


@cache
def publication(path: Path = FILE) -> Publication:
    """The declaration; ConfigurationError names what is wrong in it."""
    try:
        made = _read(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError("publication.unreadable", f"{path.name}: {type(error).__name__} {error}") from None
    for universe in made.universes:
        _check(universe, made)
    return made


def _read(raw: dict[str, Any]) -> Publication:
    least, most = (int(one) for one in raw["small"])
    return Publication(
        name=raw["name"], title=raw["title"], declaration_version=int(raw["declaration_version"]),
        rules=Rules(small=(least, most), width=int(raw["width"]), base=int(raw["base"])),
        dimensions={name: Dimension(name=name, **one) for name, one in raw["dimensions"].items()},
        universes=tuple(UniversePlan(**one | {
            "cubes": tuple(CubeSource(**cube) for cube in one["cubes"]),
            "tables": tuple(TablePlan(**table | {"dimensions": tuple(table["dimensions"])}) for table in one["tables"])}) for one in raw["universes"]))


def _check(universe: UniversePlan, made: Publication) -> None:
    cubes = {cube.name: set(cube.columns) for cube in universe.cubes}
    used = {name: {one for table in universe.tables if table.cube == name for one in table.dimensions} for name in cubes}
    wrong = [table.name for table in universe.tables if table.method not in get_args(Method) or not set(table.dimensions) <= cubes.get(table.cube, set())]
    if wrong:
        raise ConfigurationError("publication.table", f"{', '.join(wrong)}: an unknown method or dimensions that the cube has not")
    if any(len(table.sheet) > 31 or set(table.sheet) & set("[]:*?/\\") for table in universe.tables):
        raise ConfigurationError("publication.sheet", f"{universe.name}: a sheet's name is at most 31 characters, none of []:*?/\\")
    if used != cubes:
        raise ConfigurationError("publication.cube", f"{universe.name}: a cube has exactly the dimensions of its tables")
    if unknown := set().union(*cubes.values()) - set(made.dimensions):
        raise ConfigurationError("publication.dimension", f"{universe.name}: {', '.join(sorted(unknown))} not declared")
    check_chain(universe.name, list(cubes.values()))


def check_chain(universe: str, cubes: list[set[str]]) -> None:
    """Cubes must hang on one another one by one (running intersection): only then do equal margins mean that one table of children fits all of them.

    Otherwise the attacker of `warehouse.disclosure` would know less than there is to know.
    """
    for place, cube in enumerate(cubes[1:], 1):
        shared = cube & set().union(*cubes[:place])
        if not any(shared <= other for other in cubes[:place]):
            raise ConfigurationError("publication.chain", f"{universe}: what cube {place + 1} shares with the others lies in no single one of them")
