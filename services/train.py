"""Makes a new scoring model from a table of records and shows what it would change; nothing is adopted by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from transforms import link_table
from transforms.linkage import weights
from transforms.linkage.train import changes
from transforms.linkage.train import train as train_model


def train(records: Path, out: Path, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Write `weights.json` and `name_commonness.csv` into `out`; returns the versions and the changes of each level, in bits.

    `records`: a CSV as `link` takes it, or a Parquet file of `linkage.inputs.RECORD`. To adopt the model, put both files into `transforms/linkage`
    with the reason of the new version. Raises ContractBroken as reading the table does.
    """
    rows: pa.Table = pq.read_table(records) if records.suffix == ".parquet" else link_table.read(records)[1]
    model, commonness = train_model(rows, one_record_sources=link_table.ONE_RECORD_SOURCES, seed=seed, progress=say)
    out.mkdir(parents=True, exist_ok=True)
    (out / weights.FILE.name).write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")
    pa_csv.write_csv(commonness, out / "name_commonness.csv")
    return {"version": model["version"], "before": weights.version(), "records": rows.num_rows, "names": commonness.num_rows,
            "levels": changes(weights.declared(), model).to_pylist(), "out": str(out)}


def show(figures: dict[str, Any], console: Console) -> None:
    """The levels whose weight changes, as a person reads them."""
    table = Table(title=f"weights {figures['before']} → {figures['version']}, {figures['records']:,} records, {figures['names']:,} names that are not rare",
                  title_justify="left")
    for column in ("part", "level", "bits before", "bits now", "change"):
        table.add_column(column, justify="left" if column in ("part", "level") else "right")
    for row in figures["levels"]:
        old, new = row["old"], row["new"]
        table.add_row(row["part"], row["level"], _bits(old), _bits(new), f"{new - old:+.2f}" if None not in (old, new) and abs(new - old) >= 0.005 else "")
    console.print(table)
    console.print(f"written to {figures['out']}; to adopt it, copy both files into transforms/linkage and say why in `reason`")


def _bits(weight: float | None) -> str:
    return "" if weight is None else f"{weight:.2f}"
