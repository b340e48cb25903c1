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
review_app = typer.Typer(no_args_is_help=True, help="Decide the pairs of records that linking doubts.")
app.add_typer(review_app, name="review")
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
    from pipeline import quality_of_links
    with _warehouse():
        counts = step.link()
        quality_of_links.measure()
        _show(counts, as_json)


By = Annotated[str | None, typer.Option("--by", help="Who decides; KONTINGENT_USER or the account when not given.")]
Publish = Annotated[bool, typer.Option("--publish", help="Run the warehouse gate and publish, too.")]
Role = Annotated[str, typer.Option("--role", help="steward: both records in full, the look is recorded; auditor: which fields agree.")]


@review_app.command("list")
def review_list(by: By = None, everything: Annotated[bool, typer.Option("--all", help="Also cases that need another person's word.")] = False,
                as_json: Json = False) -> None:
    """List the open cases: keys, reasons, proposals; nothing of a person."""
    from services import review as terminal
    with _warehouse():
        terminal.listed(None if everything else by or _person(), out, as_json=as_json)


@review_app.command("show")
def review_show(case: Annotated[str, typer.Argument(help="A case of the list, like 17-42.")], by: By = None, role: Role = "steward") -> None:
    """Show both records of a case side by side, with reasons and evidence."""
    from services import review as terminal
    with _warehouse():
        terminal.shown(case, role, by or _person(), out)


@review_app.command("decide")
def review_decide(case: Annotated[str, typer.Argument(help="A case of the list, like 17-42.")],
                  opinion: Annotated[str, typer.Argument(help="same, different or unsure.")],
                  reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
                  again: Annotated[bool, typer.Option("--again", help="Take back what was decided.")] = False, as_json: Json = False) -> None:
    """Give an opinion on a case; the next linking obeys what comes into force."""
    from pipeline import review as step
    with _warehouse():
        _show(step.decide(case, opinion, reason, by or _person(), again=again), as_json)


@review_app.command("next")
def review_next(by: By = None) -> None:
    """Go through the open cases one by one at the terminal."""
    from services import review as terminal
    with _warehouse():
        terminal.one_by_one(by or _person(), out)


@app.command()
def release(delivery: Annotated[str, typer.Argument(help="A delivery held because its keys denote other children.")],
            by: Annotated[str, typer.Option(help="Who decides.")], reason: Annotated[str, typer.Option(help="Why.")],
            rekeyed: Annotated[bool, typer.Option("--rekeyed", help="The keys were given to other children; without it: the same children, corrected.")] = False,
            as_json: Json = False) -> None:
    """Load a delivery that was held for its keys, and what waits beside it."""
    from pipeline import swapped_keys as step
    with _warehouse():
        _show(step.release(delivery, by=by, reason=reason, is_renumbered=rekeyed), as_json)


@app.command(name="return")
def give_back(delivery: Annotated[str, typer.Argument(help="A delivery held because its keys denote other children.")],
              by: Annotated[str, typer.Option(help="Who decides.")], reason: Annotated[str, typer.Option(help="Why.")], as_json: Json = False) -> None:
    """Keep a delivery out that was held for its keys: the sender is to send anew."""
    from pipeline import swapped_keys as step
    with _warehouse():
        _show(step.give_back(delivery, by=by, reason=reason), as_json)


@app.command()
def seal(records: Annotated[list[int], typer.Argument(help="Numbers of source records.")],
         ground: Annotated[str, typer.Option(help="The decision this rests on; only the officer reads it.")],
         by: Annotated[str, typer.Option(help="Who seals.")],
         successor: Annotated[int | None, typer.Option(help="The record that goes on for them.")] = None,
         split: Annotated[bool, typer.Option("--split", help="What the records say now belongs to the time after: it goes on under new records.")] = False,
         as_json: Json = False) -> None:
    """Hide records of the time before an adoption from everybody but the officer."""
    from warehouse import seal as step
    with _warehouse():
        _show({"sealed": step.seal(records, ground=ground, by=by, successor=successor, is_split=split)}, as_json)


@app.command()
def unseal(records: Annotated[list[int], typer.Argument(help="Numbers of sealed records.")],
           by: Annotated[str, typer.Option(help="Who unseals.")], as_json: Json = False) -> None:
    """Let sealed records be seen and linked again."""
    from warehouse import seal as step
    with _warehouse():
        _show({"unsealed": step.unseal(records, by=by)}, as_json)


@app.command()
def seals(by: Annotated[str, typer.Option(help="Who looks.")]) -> None:
    """List what is sealed; the look is written down."""
    from warehouse import seal as step
    with _warehouse():
        out.print_json(json.dumps(step.seals(by=by), ensure_ascii=False, default=str))


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
def explain(pupil_id: Annotated[int, typer.Argument(help="A pupil's id; a merged one leads on to the one that lives.")],
            role: Annotated[str, typer.Option("--as", help="officer (a ground is needed), steward or auditor (keys and codes, no values).")] = "auditor",
            ground: Annotated[str | None, typer.Option("--ground", help="The legal ground of an officer's look.")] = None,
            by: By = None, version: Annotated[int | None, typer.Option(help="A past version.")] = None, as_json: Json = False) -> None:
    """Explain why a pupil is one pupil: records, links, evidence, golden values, decisions, history; the look is recorded."""
    from services import explain as terminal
    from warehouse.explanation import Look
    with _warehouse():
        terminal.shown(pupil_id, Look(role=role, person=by or _person(), ground=ground), version, out, as_json=as_json)


@app.command()
def split(pupil_id: Annotated[int, typer.Argument(help="The pupil that holds records of two children.")],
          apart: Annotated[str, typer.Option("--apart", help="The records of the other child: 5,6,7 (`explain` lists them).")],
          reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
          to_publish: Publish = False, as_json: Json = False) -> None:
    """Part a pupil in two: a steward's word, obeyed at once and in every later linking; both ids of before the merge come back."""
    from pipeline import decide
    with _warehouse():
        _show(decide.split(pupil_id, _numbers(apart), reason=reason, by=by or _person(), to_publish=to_publish), as_json)


@app.command()
def merge(pupil_id: Annotated[int, typer.Argument(help="One pupil.")], other_pupil_id: Annotated[int, typer.Argument(help="Another, who is the same child.")],
          reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
          to_publish: Publish = False, as_json: Json = False) -> None:
    """Make one pupil of two: a steward's word, obeyed at once and in every later linking; the older id stays."""
    from pipeline import decide
    with _warehouse():
        _show(decide.merge(pupil_id, other_pupil_id, reason=reason, by=by or _person(), to_publish=to_publish), as_json)


@app.command()
def changes(since: Annotated[int, typer.Option("--since", help="The version a copy of the registry stands at.")], as_json: Json = False) -> None:
    """Print what happened to records and pupil ids after a version, up to the published one; --json: one object a line."""
    from services import identity_changes
    with _warehouse():
        identity_changes.listed(since, out, as_json=as_json)


@app.command()
def resolve(pupil_id: Annotated[int, typer.Argument(help="An id given at any time.")],
            version: Annotated[int | None, typer.Option(help="At a past version; the latest when not given.")] = None, as_json: Json = False) -> None:
    """Tell where a pupil id leads: living, empty or unknown."""
    from services import identity_changes
    with _warehouse():
        _show(identity_changes.resolved(pupil_id, version), as_json)


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
        with _warehouse():
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
    _show(figures, True) if as_json else step.show(figures, out)


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


@contextmanager
def _warehouse() -> Iterator[None]:
    """The warehouse up for one command: an embedded server that was down is stopped again."""
    from services import databases
    from services.run import today_of
    os.environ.setdefault("KONTINGENT_TODAY", today_of(settings().var).isoformat())
    with databases.session(settings().var):
        yield


def _numbers(given: str) -> list[int]:
    try:
        return [int(one) for one in given.split(",")]
    except ValueError:
        raise typer.BadParameter("record numbers with commas between: 5,6,7") from None


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
