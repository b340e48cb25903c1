"""Quarantine: what was refused or held, and running it again after what was wrong is mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.shared import By, Json, app, out, person, show, warehouse

OfSource = Annotated[str | None, typer.Option("--source", help="Of this source only.")]
OfRule = Annotated[str | None, typer.Option("--rule", help="By this rule only.")]
OfDelivery = Annotated[str | None, typer.Option("--delivery", help="Of this delivery only.")]


@app.command()
def refused(source: OfSource = None, rule: OfRule = None, delivery: OfDelivery = None,
            every: Annotated[bool, typer.Option("--all/--open", help="Also those that a replay took up.")] = False,
            by: Annotated[str, typer.Option(help="Group by source, rule or delivery.")] = "rule",
            limit: Annotated[int, typer.Option(help="List so many records one by one.", min=0)] = 20,
            held: Annotated[bool, typer.Option("--held", help="List held deliveries instead.")] = False,
            left_out: Annotated[bool, typer.Option("--left-out", help="List values that were left out of loaded records instead.")] = False,
            as_json: Json = False) -> None:
    """List what was refused, with what it means and what to do: keys and places, never values."""
    from pipeline import refused as step
    with warehouse():
        found: dict[str, list[dict[str, Any]]] = {"held": step.held(source=source, delivery_id=delivery)} if held else step.left_out(
            source=source, rule=rule, delivery_id=delivery, limit=limit) if left_out else {
            "groups": step.groups(by, source=source, rule=rule, delivery_id=delivery, is_open=not every),
            "records": step.records(source=source, rule=rule, delivery_id=delivery, is_open=not every, limit=limit)}
    if as_json:
        out.print_json(json.dumps(found, ensure_ascii=False, default=str))
        return
    for title, rows in found.items():
        _print(title, rows)


@app.command()
def replay(source: OfSource = None, rule: OfRule = None, delivery: OfDelivery = None, by: By = None,
           reason: Annotated[str, typer.Option(help="What was mended.")] = "правило или перечень исправлены",
           dependents: Annotated[bool, typer.Option(help="Also facts that were refused for want of these persons.")] = True, as_json: Json = False) -> None:
    """Run refused records again after a rule, a mapping or a code list was mended; a held delivery whole."""
    from pipeline import replay as step
    with warehouse():
        figures = step.replay(source=source, rule=rule, delivery_id=delivery, by=by or person(), reason=reason, with_dependents=dependents)
    show(figures, as_json)
    if figures.get("state") == "held":
        raise typer.Exit(1)


SECOND = ("source", "origin", "rule_version", "replayed_by", "received_at", "held_message")
"""Columns of the records and of what is held that only `--json` shows: a terminal is narrow."""


def _print(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        out.print(f"{title}: none")
        return
    shown = Table(title=title, title_justify="left")
    names = [name for name in rows[0] if title == "groups" or name not in SECOND]
    for name in names:
        shown.add_column(name, overflow="fold", no_wrap=name == "delivery_id")
    for row in rows:
        cells = [str(row[name])[:16] if name == "sha256" else row[name] for name in names]
        shown.add_row(*("" if cell is None else f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell) for cell in cells))
    out.print(shown, markup=False)


@app.command()
def feedback(delivery: Annotated[str, typer.Argument(help="A delivery that was loaded, held or known already.")],
             to: Annotated[Path, typer.Option(help="Folder for the files.")], as_json: Json = False) -> None:
    """Write what the sender is told of one delivery, as XML and as a workbook."""
    from pipeline import feedback as step
    with warehouse():
        show({"files": [str(path) for path in step.write_one(delivery, to)]}, as_json)
