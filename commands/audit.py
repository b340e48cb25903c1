"""The trail at the terminal: who did what, handed out and verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import By, Json, app, out, person, show, warehouse

audit_app = typer.Typer(no_args_is_help=True, help="Read the access trail and hand it to an auditor.")
app.add_typer(audit_app, name="audit")


@audit_app.command("list")
def audit_list(count: Annotated[int, typer.Option("--last", help="How many lines, newest first.")] = 50,
               action: Annotated[str | None, typer.Option(help="One action: look, decide, publish, export, rule, role, …")] = None,
               who: Annotated[str | None, typer.Option(help="Lines of this person.")] = None, by: By = None, as_json: Json = False) -> None:
    """Print the latest lines of the trail; that you read them is a line, too."""
    from services import audit
    with warehouse():
        rows = audit.listed(count, action=action, who=who, by=by or person())
    out.print_json(json.dumps(rows, ensure_ascii=False, default=str)) if as_json else audit.shown(rows, out)


@audit_app.command("export")
def audit_export(to: Annotated[Path, typer.Option("--to", help="An empty or new folder.")],
                 ground: Annotated[str, typer.Option(help="What the export rests on.")] = "проверка журнала", by: By = None, as_json: Json = False) -> None:
    """Write the trail, the list of deliveries, the anchors and a program that verifies them without us into a folder."""
    from services import audit
    with warehouse():
        show(audit.export(to, by=by or person(), ground=ground), as_json)


@app.command()
def verify(by: By = None) -> None:
    """Verify that nothing in the trail, the list of deliveries, the anchors and the landing folder was altered; exit status 1 if something was."""
    from services import audit
    with warehouse():
        status = audit.verify(by or person(), lambda line: out.print(line, markup=False))
    raise typer.Exit(status)


@app.command(name="bench-verify")
def bench_verify(entries: Annotated[int, typer.Option(help="Lines of the trail.")] = 1_000_000, as_json: Json = False) -> None:
    """Make a trail of so many lines and print how many seconds its verification takes."""
    from services import bench_verify as measure
    show(measure.bench(entries), as_json)
