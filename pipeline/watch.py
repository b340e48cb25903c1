"""Notices that a rule, a code list, a layout, a form, a weight, a role or a right is not what it was, and tells the trail."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pipeline.settings import ROOT
from warehouse import trail_watch
from warehouse.trail_watch import Change

RULES = ("schemas/**/*.py", "schemas/**/*.csv", "schemas/**/*.yaml", "schemas/**/*.xsd", "connectors/layouts/*.yaml",
         "transforms/linkage/weights.json", "transforms/linkage/name_commonness.csv")
"""What decides which record is refused, which code means what, which cell of a form holds what, who is one child."""
ROLES = ("config/access.json",)


def notice(by: str | None = None, root: Path = ROOT) -> list[Change]:
    """One line of the trail for each thing that changed since the last look; returns them. `by`: under whose run it was noticed, not who did it."""
    person = by or os.environ.get("KONTINGENT_USER") or os.environ.get("USER") or "kontingent"
    return (trail_watch.note_changes("rule", _files(root, RULES), person)
            + trail_watch.note_changes("role", _files(root, ROLES) | trail_watch.grants(), person))


def _files(root: Path, patterns: tuple[str, ...]) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for pattern in patterns for path in root.glob(pattern) if "__pycache__" not in path.parts}
