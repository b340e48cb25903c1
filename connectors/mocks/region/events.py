"""Days after the first load: what happened and what each source learned of it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import duckdb
import numpy as np

from connectors.mocks.region import acts, births, moves, organisations, store
from connectors.mocks.region.days import day_date
from connectors.mocks.region.places import republic
from connectors.mocks.region.today import Today

_DAY = "day"


def advance(folder: Path, day: int) -> None:
    """Append the events of day `day`; a day already lived changes nothing. ValueError when day - 1 was not lived.

    Both files are changed as copies and put in place at the end: a reader of the old one is never disturbed.
    """
    _finish(folder)
    lived = _lived(folder / store.WORLD)
    if day <= lived:
        return
    if day != lived + 1:
        raise ValueError(f"day {day} needs day {day - 1}; the region has lived {lived}")
    for name in (store.WORLD, store.TRUTH):
        shutil.copyfile(folder / name, _beside(folder, name))
    with ExitStack() as stack:
        world, truth = (stack.enter_context(duckdb.connect(str(_beside(folder, name)))) for name in (store.WORLD, store.TRUTH))
        _live(world, truth, day)
        store.export_truth(truth, folder)
    (folder / _DAY).write_text(str(day))
    _finish(folder)


def _live(world: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection, day: int) -> None:
    known = store.settings(world)
    seed, children, home = int(known["seed"]), int(known["children"]), known["home"]
    today = Today(day=day, date=np.datetime64(day_date(day)), seed=seed, children=children, home=home, world=world, truth=truth, places=republic(),
                  network=organisations.make(seed, children, home, republic()))
    births.happen(today)
    acts.happen(today)
    moves.happen(today)
    store.put_settings(world, known | {"day": day})


def _finish(folder: Path) -> None:
    """Put finished copies in place; a mark says they are finished, so a crash between two renames is made good next time."""
    mark = folder / _DAY
    if not mark.exists():
        return
    for name in (store.TRUTH, store.WORLD):
        if _beside(folder, name).exists():
            _beside(folder, name).replace(folder / name)
    mark.unlink()


def _beside(folder: Path, name: str) -> Path:
    return folder / f"{name}.next"


def _lived(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        return int(store.settings(connection)[_DAY])
