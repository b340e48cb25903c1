"""Draws profiles of deliveries of one sender, and stages persons and marks to be profiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from schemas.drift import DRIFT
from tests.warehouse.staged import Row, mark, person, write
from transforms.profile import Laid, profile
from transforms.profile_bounds import beyond, bounds

TODAY = date(2025, 11, 20)
Draw = Callable[[np.random.Generator, int], list[Row]]


def persons(chance: np.random.Generator, count: int, **changed: object) -> list[Row]:
    """A school's list: every tenth without СНИЛС, as many girls as boys."""
    rows = [person(f"p{n}", family_name="ДОРЖИЕВ" + "А" * int(chance.integers(0, 4)), given_name="БАИР", sex=str(chance.choice(["M", "F"])),
                   snils=None if chance.random() < 0.1 else f"{n + 1:09}00", birth_date=date(2010, 1, 1) + timedelta(days=int(chance.integers(0, 3000))))
            for n in range(count)]
    return [row | changed for row in rows]


def marks(chance: np.random.Generator, count: int, days: int = 5) -> list[Row]:
    """Marks of the last school days."""
    return [mark(f"m{n}", f"p{n % 40}", lesson_date=TODAY - timedelta(days=int(chance.integers(0, days))), subject="algebra",
                 mark_value=int(chance.choice([2, 3, 4, 5], p=[0.1, 0.3, 0.4, 0.2]))) for n in range(count)]


def laid(folder: Path, name: str, rows: dict[str, list[Row]], refused: int = 0, as_of: date = TODAY) -> Laid:
    """One staged delivery of these rows; `refused` more persons were refused."""
    counts = {entity: (len(lines) + (refused if entity == "person" else 0), refused if entity == "person" else 0) for entity, lines in rows.items()}
    return Laid(folder=write(folder / name, rows), as_of=as_of, counts=counts)


def told(folder: Path, name: str, rows: dict[str, list[Row]], refused: int = 0) -> pa.Table:
    """The profile of one such delivery."""
    return profile({name: laid(folder, name, rows, refused)})


def of_sender(deliveries: Sequence[Laid], kind: str, *, days: int | None = None) -> pa.Table:
    """A history: one delivery a day (or all within `days` days), the same sender and kind."""
    dates = {str(n): TODAY - timedelta(days=n % (days or len(deliveries)) + 1) for n in range(len(deliveries))}
    rows = profile({str(n): one for n, one in enumerate(deliveries)}).to_pandas()
    return pa.Table.from_pandas(rows.assign(sender="school", kind=kind, as_of=rows["delivery_id"].map(dates)), preserve_index=False)


def broken(present: pa.Table, history: pa.Table) -> set[tuple[str, str | None]]:
    """(rule, column) of what is out of its bounds."""
    kind = history["kind"][0].as_py()
    judged = bounds(pa.Table.from_pandas(present.to_pandas().assign(sender="school", kind=kind), preserve_index=False), history)
    assert set(judged["rule"]) <= DRIFT.keys()
    out = judged[beyond(judged) > 0]
    return {(rule, column if isinstance(column, str) else None) for rule, column in zip(out["rule"], out["column_name"], strict=True)}
