"""A release read back from its files, and audited as anybody can: from the files alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from schemas.errors import ContractBroken
from schemas.publication import Rules
from warehouse.disclosure import spreadsheet
from warehouse.disclosure.audit import KIND_TITLES, Auditor, Finding
from warehouse.disclosure.bundle import AUDIT, PACKAGE, sha256
from warehouse.disclosure.cells import TOTAL, Axis, Release, Shown, Universe, meaning


def read(folder: Path) -> Release:
    """The release in `folder`; ContractBroken when a file is missing, was altered or does not say what it must."""
    try:
        package = json.loads((folder / PACKAGE).read_bytes())
        for name, told in package["files"].items():
            if Path(name).name != name or sha256((folder / name).read_bytes()) != told["sha256"]:
                raise ContractBroken("release.altered", f"{folder.name}: {name[:60]} is not the file its data package names")
        return _release(folder, package)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ContractBroken("release.unreadable", f"{folder.name}: {type(error).__name__}: no release that can be read") from None


def _release(folder: Path, package: dict[str, Any]) -> Release:
    told = package["release"]
    rules = Rules(small=tuple(told["rules"]["small"]), width=int(told["rules"]["width"]), base=int(told["rules"]["base"]))
    tables = [(one["universe"], _table(folder, one, rules, package["files"])) for one in package["resources"]]
    return Release(name=package["version"], as_of=date.fromisoformat(told["as_of"]), version=int(told["version"]), rules=rules, universes=tuple(
        Universe(name=one["name"], title=one["title"], day=date.fromisoformat(one["day"]), same_within_days=int(one["same_within_days"]),
                 tables=tuple(table for of, table in tables if of == one["name"])) for one in told["universes"]))


def _table(folder: Path, resource: dict[str, Any], rules: Rules, files: dict[str, Any]) -> Shown:
    if resource["path"] != f"{resource['name']}.csv" or resource["path"] not in files:
        raise ContractBroken("release.altered", f"{folder.name}: a table lies in no file that the data package names")
    rows = spreadsheet.read((folder / resource["path"]).read_bytes())
    names = [one["name"] for one in resource["schema"]["fields"]][:-3]
    axes: tuple[Axis, ...] = tuple((name, tuple(dict.fromkeys(row[name] for row in rows if row[name] != TOTAL))) for name in names)
    shape = [len(values) + 1 for _, values in axes]
    lower, upper = np.full(shape, -1.0), np.full(shape, -1.0)
    for row in rows:
        place = tuple((*values, TOTAL).index(row[name]) for name, values in axes)
        lower[place], upper[place] = meaning(row["value"], resource["method"], rules)
        if row["value_from"] != f"{lower[place]:.0f}" or row["value_to"] != ("" if np.isinf(upper[place]) else f"{upper[place]:.0f}"):
            raise ContractBroken("release.cell", f"{folder.name}: a cell of {resource['name']} says one thing and its bounds another")
    if len(rows) != lower.size or (lower < 0).any():
        raise ContractBroken("release.cells", f"{folder.name}: {resource['name']} has not every combination of its values once")
    return Shown(name=resource["name"], title=resource["title"], cube=resource["cube"], method=resource["method"], axes=axes, lower=lower, upper=upper)


def earlier(releases: Sequence[Release]) -> dict[str, list[tuple[str, Universe]]]:
    """The universes of releases by name, in the order of their data."""
    found: dict[str, list[tuple[str, Universe]]] = {}
    for release in sorted(releases, key=lambda one: (one.as_of, one.version, one.name)):
        for universe in release.universes:
            found.setdefault(universe.name, []).append((release.name, universe))
    return found


def audit(releases: Sequence[Release], rules: Rules) -> dict[str, tuple[list[str], float | None]]:
    """For each universe: what was found, in words that tell no count, and the narrowest interval of a small count."""
    result = {}
    for name, universes in earlier(releases).items():
        auditor = Auditor(universes, rules)
        done = auditor.audit()
        result[name] = ([_words(auditor, one) for one in done.findings], done.narrowest)
    return result


def _words(auditor: Auditor, finding: Finding) -> str:
    row = auditor.layout.rows[finding.row]
    return f"{KIND_TITLES[finding.kind]} ({', '.join(finding.releases)}): {row.table or 'пересечение таблиц'}, {' / '.join(row.values)}"


def compared(folder: Path) -> list[dict[str, str]]:
    """The releases that the one in `folder` was audited with."""
    read(folder)
    found: list[dict[str, str]] = json.loads((folder / AUDIT).read_bytes())["compared"]
    return found
