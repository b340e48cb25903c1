"""The day: departments, warehouse, loads, publication, reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import Json, app, err, out, person, show, warehouse
from pipeline.settings import settings


@app.command()
def run(scale: Annotated[str, typer.Option(help="district, republic or a number of children.")] = "district",
        seed: Annotated[int, typer.Option(help="Seed of the synthetic region.")] = 1,
        wait: Annotated[bool, typer.Option(help="Leave the Airflow UI up until Ctrl-C.")] = True,
        port: Annotated[int, typer.Option(help="Port of the Airflow UI; another free one when it is taken.")] = 8080,
        faults: Annotated[str | None, typer.Option(help="demo: the departments make the mistakes of a bad day, to see them found.")] = None) -> None:
    """Run one day of the whole pipeline under Airflow, with mock departments; again = the next day."""
    from services.run import Wanted
    from services.run import run as run_day
    raise typer.Exit(run_day(settings().var, Wanted(scale=scale, seed=seed, wait=wait, port=port, say=out.print, faults=faults)))


@app.command()
def up() -> None:
    """Start the embedded PostgreSQL and prepare the warehouse; it stays up until `down`."""
    from services import databases
    databases.up(settings().var)
    out.print("the warehouse is up; connection settings of each role are in", settings().secrets / "warehouse.json")


@app.command()
def down() -> None:
    """Stop the embedded PostgreSQL."""
    from services import databases
    databases.down(settings().var)
    out.print("stopped")


@app.command()
def status(as_json: Json = False) -> None:
    """Print the ledger: what was received, loaded, refused, linked, published."""
    from services import summary
    with warehouse():
        figures = summary.figures()
    out.print_json(json.dumps(figures, ensure_ascii=False, default=str)) if as_json else summary.table(figures, out)


@app.command()
def ingest(source: Annotated[str, typer.Argument(help="A source of the catalogue (`kontingent sources` lists them).")],
           files: Annotated[list[Path], typer.Argument(help="Files or folders in the source's wire format.", exists=True)],
           organisation: Annotated[str | None, typer.Option(help="ОГРН of the sender, for sources that come from schools.")] = None,
           as_json: Json = False) -> None:
    """Take files from outside through landing, gates and load, as a fetch would."""
    from pipeline import files as step
    with warehouse():
        counts = step.ingest(source, files, organisation)
    show(counts, as_json)
    if counts["held"]:
        raise typer.Exit(1)


@app.command()
def sources() -> None:
    """List the sources of the catalogue."""
    from connectors.sources import SOURCES
    for source in SOURCES:
        out.print(f"{source.name:<26}{source.title}")


@app.command()
def publish(as_json: Json = False) -> None:
    """Run the warehouse gate on the latest version and publish it."""
    from pipeline import publish as step
    with warehouse():
        version = step.publish(step.gate(), by=person())
    show({"published_version": version}, as_json)


@app.command()
def rollback(version: Annotated[int, typer.Argument(help="A version that was published before.")], as_json: Json = False) -> None:
    """Publish an earlier version again: one UPDATE."""
    from pipeline import publish as step
    with warehouse():
        show({"published_version": step.rollback(version, by=person())}, as_json)


@app.command()
def bench(scale: Annotated[str, typer.Option(help="district, republic or a number of children.")] = "district",
          seed: Annotated[int, typer.Option()] = 1,
          registries: Annotated[bool, typer.Option("--registries", help="Leave out what comes from organisations: journals and universities.")] = False,
          as_json: Json = False) -> None:
    """Run every step without Airflow on a fresh region, two days; print seconds, rows a second and peak memory of each."""
    from services import bench as measure
    measure.bench(scale, seed, registries=registries, say=err.print, show=lambda figures: show(figures, as_json) if as_json else measure.table(figures, out))


@app.command(name="bench-gates")
def bench_gates(rows: Annotated[int, typer.Option(help="Marks to pass through the record gate.", min=1)] = 10_000_000, as_json: Json = False) -> None:
    """Lay out drawn marks in a scratch PostgreSQL and ask every rule of them; print rows a minute and the peak memory of the client."""
    from services import bench_gates as measure
    figures = measure.bench(rows, say=err.print)
    if as_json:
        show(figures, as_json)
    else:
        out.print(measure.table(figures))


@app.command(name="bench-pages")
def bench_pages(runs: Annotated[int, typer.Option(min=2, help="Business days of the ledger.")] = 400,
                sources: Annotated[int, typer.Option(min=1, max=99, help="Sources that send each day.")] = 40,
                as_json: Json = False) -> None:
    """Build the pages on checks of a large invented ledger; print seconds, files, bytes and the largest page."""
    from services import bench_pages as measure
    figures = measure.bench(runs, sources, say=err.print)
    show(figures, as_json) if as_json else measure.table(figures, out)


@app.command(name="bench-reports")
def bench_reports(children: Annotated[int, typer.Option(min=1000, help="Children of the drawn region.")] = 250_000,
                  marks: Annotated[int, typer.Option(min=1000, help="Current marks.")] = 10_000_000, as_json: Json = False) -> None:
    """Build heavy marts and every report of a drawn region in a scratch PostgreSQL; print seconds, client memory, and analysts' queries in milliseconds."""
    from services import bench_reports as measure
    figures = measure.bench(children, marks, say=err.print)
    show(figures, as_json) if as_json else measure.table(figures, out)
