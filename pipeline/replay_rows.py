"""Of the bytes of one delivery only the records whose refusal stands, read and cleaned with today's code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.rows import RawBatch
from schemas.tables import FACTS
from transforms.stage import stage

SIBLINGS = {"mark": "attendance", "attendance": "mark"}
"""A cell of a journal is one or the other by its value: a mended code list moves it."""
UNKNOWN = ".person_unknown"
Known = Callable[[list[str]], set[str]]


@dataclass
class Selection:
    """Which records are wanted (`standing`: entity, position, rule), and which the bytes gave."""

    standing: pd.DataFrame
    taken: list[pd.DataFrame] = field(default_factory=list)

    def of(self, reading: Iterable[object]) -> Iterator[RawBatch]:
        """The batches of a reading, wanted rows only; without scopes: what is not among them is not withdrawn."""
        for part in reading:
            if isinstance(part, RawBatch):
                yield from self._wanted(part)

    def _wanted(self, part: RawBatch) -> Iterator[RawBatch]:
        for entity in (part.entity, SIBLINGS.get(part.entity)):
            positions = self.standing.loc[self.standing["entity"] == entity, "position"]
            rows = part.rows[part.rows["position"].isin(positions)]
            if len(rows):
                self.taken.append(pd.DataFrame({"entity": entity, "now": part.entity, "position": rows["position"].astype("str")}))
                yield RawBatch(part.entity, rows.reset_index(drop=True))

    def all_taken(self) -> pd.DataFrame:
        """entity (as refused), now (as read today), position of the rows given so far."""
        return pd.concat(self.taken, ignore_index=True) if self.taken else pd.DataFrame({"entity": [], "now": [], "position": []}, dtype="str")


def stage_standing(source_name: str, reading: Iterable[object], standing: pa.Table, folder: Path, known: Known) -> int:
    """Write into `folder` what `warehouse.load.accept` takes, and `taken.parquet` (entity, position); returns the number of records.

    Facts refused for want of a person are left alone while the person is not `known`: their refusals go on standing.
    """
    selection = Selection(standing.to_pandas())
    stage(source_name, selection.of(reading), folder)
    taken = selection.all_taken()
    persons = _column(folder / "person.parquet", "source_key")
    waiting = standing.filter(pc.ends_with(standing["rule"], UNKNOWN)).to_pandas()
    for entity in FACTS:
        left = _leave_unknown(folder, entity, set(waiting["position"]), lambda keys: known(keys) | persons)
        taken = taken[~((taken["now"] == entity) & taken["position"].isin(left))]
    pq.write_table(pa.Table.from_pandas(taken[["entity", "position"]], pa.schema([("entity", pa.string()), ("position", pa.string())]), preserve_index=False),
                   folder / "taken.parquet")
    return len(taken)


def _leave_unknown(folder: Path, entity: str, positions: set[str], known: Known) -> list[str]:
    """Take rows of these positions whose person is still unknown out of the files; returns their positions."""
    path = folder / f"{entity}.parquet"
    if not path.exists() or not positions:
        return []
    rows = pq.read_table(path)
    persons = known(rows["person_key"].unique().drop_null().to_pylist())
    leave = pc.and_(pc.is_in(rows["position"], pa.array(sorted(positions), pa.string())),
                    pc.invert(pc.is_in(rows["person_key"], pa.array(sorted(persons), pa.string()))))
    left: list[str] = rows.filter(leave)["position"].to_pylist()
    if left:
        pq.write_table(rows.filter(pc.invert(leave)), path, compression="zstd")
        counts = json.loads((folder / "counts.json").read_text("utf-8"))
        for name in ("received", "accepted"):
            counts[entity][name] -= len(left)
        (folder / "counts.json").write_text(json.dumps(counts), "utf-8")
    return left


def _column(path: Path, name: str) -> set[str]:
    return set(pq.read_table(path, columns=[name])[name].to_pylist()) if path.exists() else set()
