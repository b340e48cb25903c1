"""From a figure or a cell back to the bytes that were received."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.shared import By, Json, app, out, person, warehouse


@app.command()
def trace(table: Annotated[str, typer.Argument(help="report/<report>/<table>, marts.<mart>, core.<table>, identity.person_record|link, quality.refused_record.")],
          key: Annotated[str, typer.Argument(help="The row: its name in a report; source:source_key, a record's or a pupil's number; delivery:entity:position.")],
          column: Annotated[str | None, typer.Argument(help="The column of the cell.")] = None,
          version: Annotated[int | None, typer.Option(help="A past version; the published one when not given.")] = None,
          record: Annotated[int | None, typer.Option("--record", help="Which of several rows behind a figure, from 1.")] = None,
          role: Annotated[str, typer.Option("--role", help="auditor (keys, masked bytes), steward or officer (bytes; an officer names a ground).")] = "auditor",
          by: By = None, purpose: Annotated[str | None, typer.Option("--purpose", help="What the look is for.")] = None,
          ground: Annotated[str | None, typer.Option("--ground", help="The legal ground of the look.")] = None, as_json: Json = False) -> None:
    """Trace a cell to the rule that won, the record, the delivery, the file's SHA-256 and the exact bytes; the look is recorded."""
    from pipeline.trace import Asked
    from services import trace as terminal
    from warehouse.explanation import Look
    with warehouse():
        look = Look(role=role, person=by or person(), ground=ground)
        terminal.shown(Asked(table=table, key=key, column=column, version=version, record=record, look=look, purpose=purpose), out, as_json=as_json)
