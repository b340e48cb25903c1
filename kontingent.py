"""The command line: each command calls one function."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline.settings import settings
from schemas.errors import KontingentError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="ГИС «Контингент», regional segment: the pipeline's steps without Airflow, and the whole of it.")
WIDTH = None if sys.stdout.isatty() else 120
"""Columns of a table that goes to a file or a pipe."""
out = Console(highlight=False, soft_wrap=True, width=WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="Print figures for machines.")]


@app.command()
def run(scale: Annotated[str, typer.Option(help="district, republic or a number of children.")] = "district",
        seed: Annotated[int, typer.Option(help="Seed of the synthetic region.")] = 1,
        wait: Annotated[bool, typer.Option(help="Leave the Airflow UI up until Ctrl-C.")] = True,
        port: Annotated[int, typer.Option(help="Port of the Airflow UI; another free one when it is taken.")] = 8080) -> None:
    """Run one day of the whole pipeline under Airflow, with mock departments; again = the next day."""
    from services.run import Wanted
    from services.run import run as run_day
    raise typer.Exit(run_day(settings().var, Wanted(scale=scale, seed=seed, wait=wait, port=port, say=out.print)))


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
    with _warehouse():
        figures = summary.figures()
    out.print_json(json.dumps(figures, ensure_ascii=False, default=str)) if as_json else summary.table(figures, out)


@app.command()
def ingest(source: Annotated[str, typer.Argument(help="A source of the catalogue (`kontingent sources` lists them).")],
           files: Annotated[list[Path], typer.Argument(help="Files or folders in the source's wire format.", exists=True)],
           organisation: Annotated[str | None, typer.Option(help="ОГРН of the sender, for sources that come from schools.")] = None,
           as_json: Json = False) -> None:
    """Take files from outside through landing, gates and load, as a fetch would."""
    from pipeline import files as step
    with _warehouse():
        counts = step.ingest(source, files, organisation)
    _show(counts, as_json)
    if counts["held"]:
        raise typer.Exit(1)


@app.command()
def sources() -> None:
    """List the sources of the catalogue."""
    from connectors.sources import SOURCES
    for source in SOURCES:
        out.print(f"{source.name:<26}{source.title}")


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
        _show(link_table(table, output, review), as_json)
        return
    from pipeline import link as step
    with _warehouse():
        _show(step.link(), as_json)


@app.command()
def publish(as_json: Json = False) -> None:
    """Run the warehouse gate on the latest version and publish it."""
    from pipeline import publish as step
    with _warehouse():
        version = step.publish(step.gate(), by=_person())
    _show({"published_version": version}, as_json)


@app.command()
def rollback(version: Annotated[int, typer.Argument(help="A version that was published before.")], as_json: Json = False) -> None:
    """Publish an earlier version again: one UPDATE."""
    from pipeline import publish as step
    with _warehouse():
        _show({"published_version": step.rollback(version, by=_person())}, as_json)


@app.command()
def report(version: Annotated[int | None, typer.Option(help="A past version; the published one when not given.")] = None,
           to: Annotated[Path | None, typer.Option(help="Folder for the files; the portal when not given.")] = None,
           as_json: Json = False) -> None:
    """Build the reports and the portal."""
    from pipeline import report as step
    with _warehouse():
        _show({"files": step.build(version=version, to=to)}, as_json)


@app.command()
def bench(scale: Annotated[str, typer.Option(help="district, republic or a number of children.")] = "district",
          seed: Annotated[int, typer.Option()] = 1,
          registries: Annotated[bool, typer.Option("--registries", help="Leave out what comes from organisations: journals and universities.")] = False,
          as_json: Json = False) -> None:
    """Run every step without Airflow on a fresh region, two days; print seconds, rows a second and peak memory of each."""
    from services import bench as measure
    measure.bench(scale, seed, registries=registries, say=err.print, show=lambda figures: _show(figures, as_json) if as_json else measure.table(figures, out))


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
    _show(link_records.synthesise(wanted, output, tell=lambda done, of: err.print(f"{done:,} of {of:,} children")), as_json)


@contextmanager
def _warehouse() -> Iterator[None]:
    """The warehouse up for one command: an embedded server that was down is stopped again."""
    from services import databases
    from services.run import today_of
    os.environ.setdefault("KONTINGENT_TODAY", today_of(settings().var).isoformat())
    with databases.session(settings().var):
        yield


def _person() -> str:
    return os.environ.get("KONTINGENT_USER") or os.environ.get("USER") or "unknown"


def _show(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps(figures, ensure_ascii=False, default=str))
        return
    for name, value in figures.items():
        out.print(f"{name:<28}{value:,}" if isinstance(value, int) else f"{name:<28}{value}")


def _closed_to_others() -> None:
    """What a run writes is for its own account; `var` itself may be passed through, for PostgreSQL has an account of its own."""
    os.umask(0o077)
    if not (var := settings().var).exists():
        var.mkdir(parents=True)
        var.chmod(0o711)


def main(call: Callable[[], object] = app) -> None:
    """Errors of ours are one clear line and status 2; Ctrl-C is status 130."""
    _closed_to_others()
    try:
        call()
    except KontingentError as error:
        err.print(f"kontingent: {error}", style="red", markup=False)
        sys.exit(2)
    except OSError as error:
        err.print(f"kontingent: {type(error).__name__}: {error.strerror or error}; {error.filename or ''}".rstrip("; "), style="red", markup=False)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("KONTINGENT_DEBUG"):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        err.print(f"kontingent: unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}; "
                  "KONTINGENT_DEBUG=1 shows the whole of it", style="red", markup=False)
        sys.exit(3)
    except KeyboardInterrupt:
        err.print("kontingent: interrupted; what was committed stays, the next run goes on from there")
        sys.exit(130)


if __name__ == "__main__":
    main()
