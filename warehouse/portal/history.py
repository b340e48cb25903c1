"""How main figures moved: the last published version of each of the latest days, counted once and kept beside the portals."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from warehouse.portal import register
from warehouse.reports import shelf
from warehouse.reports.reader import frame, mart

FOLDER = ".history"
MOST_DAYS = 14
KEPT = 60
"""Counted versions that stay on disk; any of them can be counted again."""
_DAYS = """
    SELECT version.as_of, max(version.version) AS version
    FROM quality.version
    WHERE version.as_of <= :as_of AND version.version <= :version
        AND (version.version = :version OR version.version IN (SELECT publication.version FROM quality.publication))
    GROUP BY version.as_of
    ORDER BY version.as_of DESC
    LIMIT :most
"""
_LOOK = "SELECT set_config('kontingent.version', :version, TRUE), set_config('kontingent.report_date', :day, TRUE)"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Main figures of one version on its day."""

    as_of: date
    version: int
    glance: dict[str, int]
    """Counts of mart `glance` by name."""
    not_enrolled: dict[str, int] = field(default_factory=dict)
    """Children who study nowhere, by ОКТМО."""
    pupils: dict[str, int] = field(default_factory=dict)
    """Children an organisation holds, by ОГРН."""


def read(connection: Connection, *, version: int, as_of: date, folder: Path) -> list[Moment]:
    """The moments up to `version`, the oldest first; `connection` looks at `version` on `as_of` again when this returns.

    `folder` keeps what was counted: a version never changes, so a day costs one look at its own version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    days = connection.execute(text(_DAYS), {"version": version, "as_of": as_of, "most": MOST_DAYS}).all()
    moments = [_moment(connection, int(row.version), row.as_of, folder) for row in reversed(days)]
    _look(connection, version, as_of)
    _forget_old(folder)
    return moments


def _moment(connection: Connection, version: int, as_of: date, folder: Path) -> Moment:
    path = folder / f"{version:08d}-{as_of:%Y-%m-%d}-{_fingerprint()}.json"
    if not path.exists():
        _look(connection, version, as_of)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(_count(connection), sort_keys=True), encoding="utf-8")
        draft.replace(path)
    return Moment(as_of=as_of, version=version, **json.loads(path.read_text(encoding="utf-8")))


def _count(connection: Connection) -> dict[str, dict[str, int]]:
    glance = mart(connection, "glance").iloc[0].to_dict()
    coverage, load = mart(connection, "coverage").dropna(subset=["municipality"]), frame(connection, register.LOAD)
    return {"glance": {str(name): int(value) for name, value in glance.items() if str(name).endswith("_count")},
            "not_enrolled": _by(coverage["oktmo"], coverage["not_enrolled_count"]), "pupils": _by(load["organisation_key"], load["pupil_count"])}


def _by(keys: Any, values: Any) -> dict[str, int]:
    return {str(key): int(value) for key, value in zip(keys, values, strict=True)}


def _look(connection: Connection, version: int, as_of: date) -> None:
    connection.execute(text(_LOOK), {"version": str(version), "day": as_of.isoformat()})


@cache
def _fingerprint() -> str:
    own = b"".join(Path(module.__file__ or "").read_bytes() for module in (register,)) + Path(__file__).read_bytes()
    return hashlib.sha256(shelf.code_fingerprint().encode() + own).hexdigest()[:12]


def _forget_old(folder: Path) -> None:
    for path in sorted(folder.glob("*.json"), key=lambda path: path.name)[:-KEPT]:
        path.unlink(missing_ok=True)
