"""The services for parents: consents, and the extract of what is held of a child."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands.shared import By, Json, app, out, person, show, warehouse

consent_app = typer.Typer(no_args_is_help=True, help="Record, withdraw and list consents of representatives.")
app.add_typer(consent_app, name="consent")
Pupil = Annotated[int, typer.Argument(help="A pupil's id; a merged one leads on to the one that lives.")]
Ground = Annotated[str, typer.Option("--ground", help="The legal ground of the look; no names.")]
Document = Annotated[str, typer.Option("--document", help="Number of the paper, no names.")]
_DAY = ["%Y-%m-%d"]
Day = Annotated[datetime, typer.Option(formats=_DAY)]
PerhapsDay = Annotated[datetime | None, typer.Option(formats=_DAY)]


@consent_app.command("give")
def consent_give(pupil_id: Pupil, purpose: Annotated[str, typer.Option(help="A purpose that needs a consent: journal, photo, …")], given: Day, document: Document,
                 representative: Annotated[str, typer.Option(help="parent, guardian, trustee, foster_parent, representative or self")] = "parent",
                 scope: Annotated[str, typer.Option(help="Which data it is about.")] = "отметки и пропуски", until: PerhapsDay = None,
                 form: Annotated[str, typer.Option(help="paper or electronic")] = "paper", by: By = None, as_json: Json = False) -> None:
    """Record a consent that was given; what rests on law needs none and takes none."""
    from pipeline import consent
    from warehouse.consent import Consent
    with warehouse():
        show(consent.give(Consent(
            pupil_id=pupil_id, representative=representative, purpose=purpose, scope=scope, given=given.date(), valid_to=until.date() if until else None, form=form,
            document=document), by=by or person()), as_json)


@consent_app.command("withdraw")
def consent_withdraw(pupil_id: Pupil, consent_id: Annotated[int, typer.Argument(help="The number of the consent (`consent list`).")], document: Document,
                     on: PerhapsDay = None, by: By = None, as_json: Json = False) -> None:
    """Record that a consent was taken back, today unless said otherwise; the statutory record goes on."""
    from pipeline import consent
    with warehouse():
        show(consent.withdraw(pupil_id, consent_id, on=on.date() if on else None, document=document, by=by or person()), as_json)


@consent_app.command("list")
def consent_list(pupil_id: Pupil, ground: Ground, by: By = None, as_json: Json = False) -> None:
    """Print every consent about a child; the look is recorded."""
    from pipeline import consent
    with warehouse():
        rows = consent.listed(pupil_id, by=by or person(), ground=ground)
    if as_json:
        out.print_json(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ("Согласий нет",)))
    for row in rows:
        table.add_row(*row.values())
    out.print(table)


@app.command()
def extract(pupil_id: Pupil, ground: Ground, by: By = None,
            to: Annotated[Path, typer.Option("--to", help="The folder; the files can be read by this account only.")] = Path(), as_json: Json = False) -> None:
    """Write what is held of a child for its parent, as HTML and PDF; only an officer may, and the trail tells of it first."""
    from pipeline import extract as extracts
    from warehouse.explanation import Look
    with warehouse():
        files = extracts.make(pupil_id, Look(role="officer", person=by or person(), ground=ground), to)
    show({file.suffix.removeprefix("."): str(file) for file in files}, as_json)
