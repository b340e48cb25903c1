"""What is kept: the data dictionary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.shared import Json, app, out, warehouse


@app.command()
def dictionary(to: Annotated[Path | None, typer.Option(help="Folder for the files; `dictionary` in the run-time folder when not given.")] = None,
               as_json: Json = False) -> None:
    """Write the data dictionary (page, XLSX, JSON): every column with meaning, ground, source, retention, rules and readers."""
    from pipeline import dictionary as step
    with warehouse():
        if as_json:
            out.print_json(json.dumps(step.rows(), ensure_ascii=False))
        else:
            out.print("\n".join(map(str, step.build(to))))
