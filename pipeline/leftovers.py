"""Removes what is of no more use: files of runs that were killed, staging of what is loaded."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from warehouse import day
from warehouse import staging as laid_out

OLD = 24 * 3600
"""Seconds: no run writes one file for so long."""


def sweep(scratch: Path, staging: Path) -> None:
    """Drop half-written landing files and staging drafts older than a day."""
    old = time.time() - OLD
    for path in (*scratch.glob("*"), *staging.glob("draft-*")):
        try:
            if path.stat().st_mtime < old:
                remove(path)
        except FileNotFoundError:  # a task beside this one has just finished with it
            continue


def forget_loaded(staging: Path) -> None:
    """Drop staging folders of deliveries that are loaded (a crash came between); landing keeps the bytes."""
    kept = [path.name for path in staging.glob("*-*") if path.is_dir() and not path.name.startswith("draft-")]
    for name in day.settled(kept) if kept else ():
        shutil.rmtree(staging / name, ignore_errors=True)
    laid_out.sweep()


def remove(path: Path) -> None:
    """Drop a file or a folder with all in it."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
