"""Records with known persons for measuring linkage, straight from the synthetic region: no server, no wire, any number of children."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from connectors.mocks.region import assemble, errors, errors_held_out, journals, organisations
from connectors.mocks.region.places import republic
from schemas.errors import ConfigurationError
from services import link_cleaned, link_rows, mocks

ERRORS = ("default", "held_out")
FILES = ("IN.csv", "TRUTH.csv", "records.parquet", "truth.parquet")
A_CHUNK = 1_000_000
"""Record ids of one chunk begin at this multiple; a chunk has fewer records than that."""
_LATER = 9_000_000_000
"""First record id of the training pupils."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which region: `parents` adds the pension fund's accounts of the mothers."""

    children: int
    seed: int = 1
    errors: str = "default"
    parents: bool = False


def synthesise(wanted: Wanted, folder: Path, workers: int | None = None, tell: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """Write FILES into `folder`; returns counts and speed. The same `wanted` gives the same bytes, whatever the number of workers.

    IN.csv has `link_table.COLUMNS` as typed; records.parquet has `inputs.RECORD`, cleaned; both truths `record_id, person_id` and groups.
    Raises ConfigurationError for an unknown set of errors or an impossible number of children.
    """
    if wanted.errors not in ERRORS:
        raise ConfigurationError("errors.unknown", f"--errors must be {' or '.join(ERRORS)}")
    mocks.scale(str(wanted.children))
    folder.mkdir(parents=True, exist_ok=True)
    began, records = time.perf_counter(), 0
    with _Files(folder) as files:
        for chunk, tables in _made(wanted, workers or os.cpu_count() or 1):
            files.write(tables)
            records += tables[0].num_rows
            if tell:
                tell(min(wanted.children, (chunk + 1) * assemble.CHUNK), wanted.children)
    seconds = time.perf_counter() - began
    return {"children": wanted.children, "records": records, "seconds": round(seconds, 1), "records_a_second": round(records / seconds)}


Tables = tuple[pa.Table, pa.Table, pa.Table]


def _made(wanted: Wanted, workers: int) -> Iterator[tuple[int, Tables]]:
    """Tables chunk by chunk in order; never more chunks in the air than twice the workers."""
    jobs = [(wanted, *chunk) for chunk in link_rows.chunks(wanted.children)]
    if workers == 1 or len(jobs) == 1:
        yield from ((chunk, _chunk(which, chunk, first, count)) for which, chunk, first, count in jobs)
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            waiting: deque[tuple[int, Future[Tables]]] = deque()
            for job in jobs:
                waiting.append((job[1], pool.submit(_chunk, *job)))
                if len(waiting) >= 2 * workers:
                    yield waiting[0][0], waiting.popleft()[1].result()
            while waiting:
                yield waiting[0][0], waiting.popleft()[1].result()
    yield len(jobs) - 1, _test_pupils(wanted)


def _chunk(wanted: Wanted, chunk: int, first: int, count: int) -> Tables:
    held_out = wanted.errors == "held_out"
    _, home = mocks.scale(str(wanted.children))
    network = organisations.make(wanted.seed, wanted.children, home, republic())
    with errors.in_force(errors_held_out.ERRORS if held_out else errors.ERRORS):
        children, rows = link_rows.chunk_rows(wanted.seed, chunk, first, count, home, republic(), network, is_held_out=held_out, parents=wanted.parents)
    record_id = chunk * A_CHUNK + np.arange(1, len(rows["person_id"]) + 1)
    return _tables(record_id, rows, children)


def _test_pupils(wanted: Wanted) -> Tables:
    _, home = mocks.scale(str(wanted.children))
    network = organisations.make(wanted.seed, wanted.children, home, republic())
    rows = link_rows.test_rows(journals.test_pupils(wanted.seed, network), republic(), network)
    _, first, _ = next(link_rows.chunks(wanted.children))
    children = assemble.person_chunk(wanted.seed, 0, first, min(200, wanted.children), home, republic(), network)
    return _tables(_LATER + np.arange(1, len(rows["person_id"]) + 1), rows, children)


def _tables(record_id: np.ndarray[Any, Any], rows: Any, children: Any) -> Tables:
    records = link_cleaned.cleaned(record_id, rows)
    return link_cleaned.typed(record_id, rows), records, link_cleaned.truth(record_id, rows, children, records["snils"])


class _Files:
    """The four files, each written beside its name and put in place when all is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Any] = {}

    def __enter__(self) -> _Files:
        return self

    def write(self, tables: Tables) -> None:
        """Append one chunk."""
        typed, records, truth = tables
        for name, table in zip(FILES, (typed, truth, records, truth), strict=True):
            if name not in self._open:
                path = self.folder / f"{name}.new"
                self._open[name] = pa_csv.CSVWriter(path, table.schema) if name.endswith("csv") else pq.ParquetWriter(path, table.schema)
            self._open[name].write_table(table)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name, writer in self._open.items():
            writer.close()
            beside = self.folder / f"{name}.new"
            beside.unlink() if kind else beside.replace(self.folder / name)
