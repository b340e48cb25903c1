"""Deadlines and periods: which sources are late, what is past its time."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from commands.shared import Json, app, out, person, warehouse


@app.command()
def late(as_json: Json = False) -> None:
    """List the sources whose day is due and not settled, from the ledger alone; status 1 when there is one (for a watch outside Airflow)."""
    from pipeline import deadlines as step
    with warehouse():
        found = step.late_now()
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
    else:
        for one in found:
            out.print(f"{one.source:<26}due {one.due}  {one.expected} is not settled, the last was {one.settled or 'never'}  {one.owner}")
    if found:
        raise typer.Exit(1)


@app.command()
def retention(is_dry: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
              only: Annotated[str | None, typer.Option(help="One class of the file.")] = None, as_json: Json = False) -> None:
    """Delete what is past its period (config/retention.yaml); never what a record, refusal or held delivery still needs."""
    from pipeline import retention as step
    with warehouse():
        done = step.clean(by=person(), is_dry=is_dry, only=only)
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in done], ensure_ascii=False))
        return
    for one in done:
        out.print(f"{one.name:<12}{one.count:>8,} {'would go' if is_dry else 'went'}, {one.size_bytes:>14,} bytes, older than {one.before}")
