"""One pupil: why it is one, how it is parted or joined, where its id leads."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.shared import By, Json, Publish, app, numbers, out, person, show, warehouse


@app.command()
def explain(pupil_id: Annotated[int, typer.Argument(help="A pupil's id; a merged one leads on to the one that lives.")],
            role: Annotated[str, typer.Option("--as", help="officer (a ground is needed), steward or auditor (keys and codes, no values).")] = "auditor",
            ground: Annotated[str | None, typer.Option("--ground", help="The legal ground of an officer's look.")] = None,
            by: By = None, version: Annotated[int | None, typer.Option(help="A past version.")] = None, as_json: Json = False) -> None:
    """Explain why a pupil is one pupil: records, links, evidence, golden values, decisions, history; the look is recorded."""
    from services import explain as terminal
    from warehouse.explanation import Look
    with warehouse():
        terminal.shown(pupil_id, Look(role=role, person=by or person(), ground=ground), version, out, as_json=as_json)


@app.command()
def split(pupil_id: Annotated[int, typer.Argument(help="The pupil that holds records of two children.")],
          apart: Annotated[str, typer.Option("--apart", help="The records of the other child: 5,6,7 (`explain` lists them).")],
          reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
          to_publish: Publish = False, as_json: Json = False) -> None:
    """Part a pupil in two: a steward's word, obeyed at once and in every later linking; both ids of before the merge come back."""
    from pipeline import decide
    with warehouse():
        show(decide.split(pupil_id, numbers(apart), reason=reason, by=by or person(), to_publish=to_publish), as_json)


@app.command()
def merge(pupil_id: Annotated[int, typer.Argument(help="One pupil.")], other_pupil_id: Annotated[int, typer.Argument(help="Another, who is the same child.")],
          reason: Annotated[str, typer.Option("--reason", help="Why; no names, no numbers of documents.")], by: By = None,
          to_publish: Publish = False, as_json: Json = False) -> None:
    """Make one pupil of two: a steward's word, obeyed at once and in every later linking; the older id stays."""
    from pipeline import decide
    with warehouse():
        show(decide.merge(pupil_id, other_pupil_id, reason=reason, by=by or person(), to_publish=to_publish), as_json)


@app.command()
def changes(since: Annotated[int, typer.Option("--since", help="The version a copy of the registry stands at.")], as_json: Json = False) -> None:
    """Print what happened to records and pupil ids after a version, up to the published one; --json: one object a line."""
    from services import identity_changes
    with warehouse():
        identity_changes.listed(since, out, as_json=as_json)


@app.command()
def resolve(pupil_id: Annotated[int, typer.Argument(help="An id given at any time.")],
            version: Annotated[int | None, typer.Option(help="At a past version; the latest when not given.")] = None, as_json: Json = False) -> None:
    """Tell where a pupil id leads: living, empty or unknown."""
    from services import identity_changes
    with warehouse():
        show(identity_changes.resolved(pupil_id, version), as_json)
