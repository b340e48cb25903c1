"""Links a table whose persons are known, says how good that was, and draws it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from schemas.errors import ConfigurationError, ContractBroken
from services import evaluate_draw, evaluate_tables
from transforms import link_table, linkage_quality
from transforms.linkage_quality import ALL, Measure

SHOWN = ("records", "persons", "pupils", "true_pairs", "linked_pairs", "right_pairs", "precision", "recall", "f1", "b3_precision", "b3_recall", "b3_f1",
         "over_merged_pupils", "under_merged_persons", "twins_merged_pupils", "automatic_links", "false_links", "false_links_per_10000",
         "doubtful_number_links", "false_doubtful_number_links", "false_doubtful_number_links_per_10000", "records_in_review", "review_share")
"""Measures in the order they are printed."""
_PAIR = ("record_id", "other_record_id", "weight")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`table` is linked unless `links` (OUT.csv of `kontingent link`) is given; `pair` names two records to draw the waterfall of."""

    table: Path
    truth: Path
    links: Path | None = None
    out: Path | None = None
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class _Linked:
    """`links` record_id (text), pupil_id, status; `in_review` record_id; `pairs` (`_PAIR`): what the linking compared and weighed."""

    links: pa.Table
    in_review: pa.Table
    pairs: pa.Table
    seconds: float | None


def evaluate(wanted: Wanted, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """`seconds` of linking (None with `links`), `measures` (one dict each), and the `files` that were drawn.

    Raises ContractBroken, naming column or row, for a table that is not what it should be or a record that only one of the tables has.
    """
    if wanted.pair and not wanted.out:
        raise ConfigurationError("evaluate.out", "--pair needs --out: a folder for the drawing")
    truth = evaluate_tables.truth(wanted.truth)
    record_id, records = _records(wanted.table)
    linked = _given(wanted.links, record_id) if wanted.links else _linked(record_id, records, tell)
    linkage_quality.needs(truth, "truth", ("record_id", "person_id"))
    linkage_quality.check(linked.links, truth)
    measures = linkage_quality.measure(linked.links, truth, linked.in_review)
    files = _draw(wanted, wanted.out, record_id, records, linked, truth, measures) if wanted.out else []
    return {"seconds": linked.seconds, "measures": [asdict(each) for each in measures], "files": files}


def _records(path: Path) -> tuple[pa.Array, pa.Table]:
    if path.suffix == ".parquet":
        records = evaluate_tables.read(path, "the table", ("record_id", "source", "source_key"))
        return records["record_id"].cast(pa.string()).combine_chunks(), records
    typed, records = link_table.read(path)
    return pa.Array.from_pandas(typed, type=pa.string()), records


def _linked(record_id: pa.Array, records: pa.Table, tell: Callable[[str], None] | None) -> _Linked:
    from transforms.linkage.link import link

    began = time.perf_counter()
    result = link(records, one_record_sources=link_table.ONE_RECORD_SOURCES, progress=tell)
    seconds = round(time.perf_counter() - began, 2)
    named = _names(record_id, records)
    links = result.links.select(["record_id", "pupil_id", "status"]).set_column(0, "record_id", named(result.links["record_id"]))
    with_evidence = result.links.filter(pc.is_valid(result.links["evidence_record_id"]))
    near = result.reviews.filter(pc.is_valid(result.reviews["candidate_record_id"]))
    pairs = [pa.table(dict(zip(_PAIR, (named(rows["record_id"]), named(rows[other]), rows["weight"].cast(pa.float64())), strict=True)))
             for rows, other in ((with_evidence, "evidence_record_id"), (near, "candidate_record_id"))]
    return _Linked(links=links, in_review=pa.table({"record_id": named(result.reviews["record_id"])}), pairs=pa.concat_tables(pairs), seconds=seconds)


def _names(record_id: pa.Array, records: pa.Table) -> Callable[[pa.ChunkedArray], pa.ChunkedArray]:
    """From the numbers linking works with to the record_id of the table."""
    numbers = records["record_id"].combine_chunks()
    return lambda wanted: pa.chunked_array([record_id.take(pc.index_in(wanted.combine_chunks(), value_set=numbers))])


def _given(path: Path, record_id: pa.Array) -> _Linked:
    links = evaluate_tables.read(path, "the links", ("record_id", "pupil_id", "status"), as_text=("record_id", "pupil_id"))
    linkage_quality.needs(links, "links", ("record_id", "pupil_id", "status"))
    linkage_quality.check(links, pa.table({"record_id": record_id}))
    nothing = pa.table({name: pa.array([], pa.float64() if name == "weight" else pa.string()) for name in _PAIR})
    return _Linked(links=links, in_review=nothing.select(["record_id"]), pairs=nothing, seconds=None)


def _draw(wanted: Wanted, out: Path, record_id: pa.Array, records: pa.Table, linked: _Linked, truth: pa.Table, measures: list[Measure]) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    pages = {"quality.html": evaluate_draw.quality_page(measures, evaluate_draw.curve(linked.pairs, truth))}
    if wanted.pair:
        pages["pair.html"] = evaluate_draw.pair_page(wanted.pair, _evidence(wanted.pair, record_id, records))
    (out / "measures.json").write_text(json.dumps([asdict(each) for each in measures], ensure_ascii=False, indent=1), "utf-8")
    for name, html in pages.items():
        (out / name).write_text(html, "utf-8")
    return [str(out / name) for name in (*pages, "measures.json")]


def _evidence(pair: tuple[str, str], record_id: pa.Array, records: pa.Table) -> list[dict[str, Any]]:
    from transforms.linkage.evidence import evidence
    from transforms.linkage.link import BIRTHPLACE_SOURCES

    places = [pc.index(record_id, name).as_py() for name in pair]
    if unknown := [name for name, place in zip(pair, places, strict=True) if place < 0]:
        raise ContractBroken("evaluate.pair", f"the table has no record {', '.join(unknown)}")
    numbers = records["record_id"].take(pa.array(places))
    parts = evidence(records, pa.table({"record_id_a": numbers.slice(0, 1), "record_id_b": numbers.slice(1, 1)}), birthplace_sources=BIRTHPLACE_SOURCES)
    return list(parts.select(["part", "level", "weight"]).to_pylist())


def of_warehouse(measures: Sequence[Measure]) -> dict[str, Any]:
    """Measures of the warehouse's links in the form of `evaluate`."""
    return {"seconds": None, "measures": [asdict(each) for each in measures], "files": []}


def overall(figures: dict[str, Any]) -> dict[str, float]:
    """The measures of all records by name, in the order of SHOWN."""
    known = {each["measure"]: each["value"] for each in figures["measures"] if each["subgroup"] == ALL}
    return {name: known[name] for name in SHOWN if name in known}


def by_group(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Measures by subgroup and name, without ALL."""
    groups: dict[str, dict[str, float]] = {}
    for each in figures["measures"]:
        if each["subgroup"] != ALL:
            groups.setdefault(each["subgroup"], {})[each["measure"]] = each["value"]
    return groups


def table(figures: dict[str, Any], console: Console) -> None:
    """The figures as a person reads them."""
    if figures["seconds"] is not None:
        console.print(f"linked in {figures['seconds']:.1f} s")
    for name, value in overall(figures).items():
        console.print(f"{name:<42}{value:,.6f}".rstrip("0").rstrip(".") if value % 1 else f"{name:<42}{value:,.0f}")
    columns = ("records", "precision", "recall", "f1", "b3_f1", "false_links", "false_links_per_10000", "review_share")
    grouped = Table(title="groups", title_justify="left")
    for column in ("group", *columns):
        grouped.add_column(column, justify="left" if column == "group" else "right", overflow="fold", no_wrap=column == "group")
    for group, known in by_group(figures).items():
        grouped.add_row(group, *(f"{known[name]:,.5f}" if known[name] % 1 else f"{known[name]:,.0f}" for name in columns))
    console.print(grouped)
    for path in figures["files"]:
        console.print(f"drawn: {path}", markup=False)
