"""Reports: the catalogue, one report of any version, the portal."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands.shared import By, Json, app, out, person, show, warehouse


@app.command()
def report(which: Annotated[list[str] | None, typer.Argument(help="`list`, or numbers or names (R1 not_enrolled); the whole portal when not given.")] = None,
           version: Annotated[int | None, typer.Option(help="A past version; the published one when not given.")] = None,
           date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Report date; that of the version when not given.")] = None,
           to: Annotated[Path | None, typer.Option(help="Folder for the files; in the run-time folder when not given.")] = None,
           names: Annotated[bool, typer.Option("--names", help="Also lists with children's names, for this account only; needs --ground.")] = False,
           ground: Annotated[str | None, typer.Option(help="The legal ground of a list with names; it is written down.")] = None,
           by: By = None, as_json: Json = False) -> None:
    """Build reports: `report list`, `report R1 --version N --date …`; without a name the portal, made anew where inputs changed."""
    from pipeline import report as step
    if which == ["list"]:
        _list(step.listing(), as_json)
        return
    if names and not ground:
        raise typer.BadParameter("names of children need --ground: on what ground are they taken out?")
    if not which and (date or names):
        raise typer.BadParameter("--date and --names go with a report: kontingent report R1 --date 2025-10-01")
    with warehouse():
        if not which:
            show({"files": step.build(version=version, to=to)}, as_json)
            return
        look = step.Look(person=by or person(), ground=ground) if names and ground else None
        written = step.files(which, version=version, day=date.date() if date else None, to=to, names=look)
    out.print_json(json.dumps({"files": [str(path) for path in written]})) if as_json else out.print("\n".join(map(str, written)))


def _list(rows: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("№", "Имя", "Отчёт", "Формы и разделы", box=None, pad_edge=False)
    for row in rows:
        table.add_row(str(row["code"]), str(row["name"]), str(row["title"]), ", ".join(row["sections"]))  # type: ignore[arg-type]
    out.print(table)
