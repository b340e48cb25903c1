"""Linking of tables and of the warehouse, and how good it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import Json, app, err, out, show, warehouse


@app.command()
def link(table: Annotated[Path | None, typer.Argument(help="CSV of person records; without it the warehouse's records are linked.")] = None,
         output: Annotated[Path | None, typer.Option("--out", help="Where the decisions go.")] = None,
         review: Annotated[Path | None, typer.Option("--review", help="Where doubtful pairs go.")] = None,
         as_json: Json = False) -> None:
    """Link person records: of a table, or of the warehouse."""
    if table is not None:
        from transforms.link_table import link_table
        if output is None or review is None:
            raise typer.BadParameter("--out and --review are needed with a table")
        show(link_table(table, output, review), as_json)
        return
    from pipeline import link as step
    from pipeline import quality_of_links
    with warehouse():
        counts = step.link()
        quality_of_links.measure()
        show(counts, as_json)


@app.command()
def synthesise(output: Annotated[Path, typer.Option("--out", help="Folder for IN.csv, TRUTH.csv, records.parquet and truth.parquet.")],
               children: Annotated[int, typer.Option(help="Children of the synthetic region; about four records each.")] = 6_000,
               seed: Annotated[int, typer.Option(help="Seed of the region.")] = 1,
               errors: Annotated[str, typer.Option(help="default, or held_out: patterns set aside for testing.")] = "default",
               parents: Annotated[bool, typer.Option("--parents", help="With the pension accounts of the mothers.")] = False,
               as_json: Json = False) -> None:
    """Make person records whose persons are known, to measure linking with."""
    from services import link_records
    wanted = link_records.Wanted(children=children, seed=seed, errors=errors, parents=parents)
    show(link_records.synthesise(wanted, output, tell=lambda done, of: err.print(f"{done:,} of {of:,} children")), as_json)


@app.command()
def evaluate(table: Annotated[Path | None, typer.Argument(help="CSV of person records, as `link` takes it, or records.parquet.", exists=True)] = None,
             truth: Annotated[Path | None, typer.Option(help="record_id, person_id and columns to group by; with --warehouse: truth.parquet.",
                                                        exists=True)] = None,
             links: Annotated[Path | None, typer.Option(help="OUT.csv of `link`: it is judged, and nothing is linked.", exists=True)] = None,
             output: Annotated[Path | None, typer.Option("--out", help="Folder for the pages: figures, threshold curve, waterfall.")] = None,
             in_warehouse: Annotated[bool, typer.Option("--warehouse", help="Judge the warehouse's own links.")] = False,
             pair: Annotated[tuple[str, str] | None, typer.Option(help="Two record_id: why they are, or are not, one person.")] = None,
             as_json: Json = False) -> None:
    """Say how good the linking of a table is, where the persons of its records are known."""
    from services import evaluate as judge
    if in_warehouse and truth is not None:
        from pipeline import quality_of_links
        with warehouse():
            judged = judge.of_warehouse(quality_of_links.against_truth(truth))
        out.print_json(json.dumps(judged, ensure_ascii=False)) if as_json else judge.table(judged, out)
        return
    if table is None or truth is None:
        raise typer.BadParameter("a table and --truth are needed")
    found = judge.evaluate(judge.Wanted(table=table, truth=truth, links=links, out=output, pair=pair), tell=err.print)
    out.print_json(json.dumps(found, ensure_ascii=False)) if as_json else judge.table(found, out)


@app.command()
def train(table: Annotated[Path, typer.Argument(help="CSV of person records, as `link` takes it, or records.parquet.", exists=True)],
          output: Annotated[Path, typer.Option("--out", help="Folder for the new weights.json and name_commonness.csv.")],
          seed: Annotated[int, typer.Option(help="Seed of the random pairs: same records and seed, same model.")] = 1,
          as_json: Json = False) -> None:
    """Make a new scoring model from records and print what it would change; nothing is adopted by itself."""
    from services import train as step
    figures = step.train(table, output, seed, err.print)
    show(figures, True) if as_json else step.show(figures, out)


@app.command(name="bench-link")
def bench_link(scale: Annotated[str, typer.Option(help="district, republic or a number of children.")] = "district",
               seed: Annotated[int, typer.Option()] = 1,
               errors: Annotated[str, typer.Option(help="default or held_out.")] = "default",
               records: Annotated[Path | None, typer.Option(help="A folder of `synthesise` to use.", exists=True)] = None,
               registry: Annotated[bool, typer.Option(help="Also 1,000 changed records against all of them in a warehouse.")] = True,
               as_json: Annotated[bool, typer.Option("--json", help="Print figures for machines and keep them in docs/measured.")] = False) -> None:
    """Link the same records with the engine and with Splink alone; print seconds, memory and quality of both."""
    from services import bench_link as measure
    wanted = measure.Wanted(children=measure.children(scale), seed=seed, errors=errors, records=records, registry=registry)
    figures = measure.bench(wanted, say=err.print)
    if as_json:
        measure.keep(figures)
        out.print_json(json.dumps(figures, ensure_ascii=False))
    else:
        measure.table(figures, out)
