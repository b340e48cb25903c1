"""Cleans a reading batch by batch into Parquet files of staging rows, refusals and scopes; memory is bounded by one batch."""

from __future__ import annotations

import importlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, cast, runtime_checkable

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import ConfigurationError
from transforms.arrow import REFUSED_SCHEMA, arrow_schema, arrow_table
from transforms.cleaned import Cleaned

log = logging.getLogger(__name__)

Clean = Callable[[str, pd.DataFrame], Cleaned]


@runtime_checkable
class Batch(Protocol):
    """What a reader gives as `connectors.rows.RawBatch`: raw rows of one entity; anything else it gives is a scope."""

    @property
    def entity(self) -> str: ...
    @property
    def rows(self) -> pd.DataFrame: ...


@dataclass
class Count:
    """Rows of one entity in one delivery; received = accepted + refused."""

    received: int = 0
    accepted: int = 0
    refused: int = 0


@dataclass
class Staged:
    """What one delivery became: counts by entity, and the files (`rows` by entity)."""

    folder: Path
    counts: dict[str, Count] = field(default_factory=dict)
    rows: dict[str, Path] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    """Values left out of accepted rows, by the rule they broke."""

    @property
    def refused(self) -> Path:
        return self.folder / "refused.parquet"

    @property
    def scopes(self) -> Path:
        return self.folder / "scopes.json"


def cleaner(source_name: str) -> Clean:
    """`clean` of `transforms.<source_name>`; ConfigurationError if the project has no such transform."""
    try:
        module = importlib.import_module(f"transforms.{source_name}")
    except ModuleNotFoundError as missing:
        if missing.name != f"transforms.{source_name}":
            raise
        raise ConfigurationError("transform.missing", f"no transform for source {source_name}") from missing
    return cast(Clean, module.clean)


def stage(source_name: str, reading: Iterable[object], folder: Path) -> Staged:
    """Write `<entity>.parquet`, `refused.parquet`, `left_out.parquet`, `scopes.json`, `counts.json` and `left_out.json` into `folder`.

    Whatever the reader or the cleaning raises goes through; the files are then not complete and must not be loaded.
    """
    clean = cleaner(source_name)
    folder.mkdir(parents=True, exist_ok=True)
    staged = Staged(folder)
    scopes: list[dict[str, object]] = []
    with _Files(folder) as files:
        for listed in ("refused", "left_out"):
            files.open(listed, REFUSED_SCHEMA)
        for part in reading:
            if isinstance(part, Batch):
                _settle(clean, part, staged, files)
            else:
                scopes.append(asdict(part))  # type: ignore[call-overload]
    staged.scopes.write_text(json.dumps(scopes, ensure_ascii=False), "utf-8")
    counts = {entity: asdict(count) for entity, count in staged.counts.items()}
    (folder / "counts.json").write_text(json.dumps(counts), "utf-8")
    (folder / "left_out.json").write_text(json.dumps(staged.left_out), "utf-8")
    log.info("%s: %s, left out %d values", source_name, counts, staged.left_out.total())
    return staged


def _settle(clean: Clean, batch: Batch, staged: Staged, files: _Files) -> None:
    cleaned = clean(batch.entity, batch.rows)
    if len(cleaned.rows) + len(cleaned.refused) != len(batch.rows):
        raise RuntimeError(f"{batch.entity}: {len(batch.rows)} in, {len(cleaned.rows)} + {len(cleaned.refused)} out")
    count = staged.counts.setdefault(batch.entity, Count())
    if cleaned.left_out is not None:
        staged.left_out.update(cleaned.left_out["rule"])
        files.write("left_out", arrow_table(cleaned.left_out, REFUSED_SCHEMA))
    count.received += len(batch.rows)
    count.accepted += len(cleaned.rows)
    count.refused += len(cleaned.refused)
    staged.rows[batch.entity] = files.write(batch.entity, arrow_table(cleaned.rows, arrow_schema(batch.entity)))
    files.write("refused", arrow_table(cleaned.refused, REFUSED_SCHEMA))


class _Files:
    """Parquet writers by name, opened at the first row and closed together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for writer in self._writers.values():
            writer.close()

    def open(self, name: str, schema: pa.Schema) -> None:
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", schema, compression="zstd")

    def write(self, name: str, table: pa.Table) -> Path:
        self.open(name, table.schema)
        if table.num_rows:
            self._writers[name].write_table(table)
        return self._folder / f"{name}.parquet"
